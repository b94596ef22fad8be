"""Lists of residents, grouped into households in every way that villages group them."""

from campaigns.importers.layouts import RESIDENTS
from campaigns.tests.corpus.case import Case
from campaigns.tests.corpus.files import csv, xls, xlsx

MERGED = """
    DANH SÁCH NHÂN KHẨU THÔN ĐÔNG
    STT | Họ và tên | Ngày sinh | Giới tính | Địa chỉ
    #1 | Nguyễn Văn Sơn | 05/09/1980 | Nam | Xóm 1
    ~ | Trần Thị Tâm | 06/09/1982 | Nữ
    #2 | Lê Văn Út | #1950 | Nam | Xóm 2
    ~ | Vũ Thị Xuân | 08/09/1955 | Nữ
"""
CASES = [
    Case(
        "nguoi-dan-theo-quan-he", RESIDENTS, xlsx("""
            DANH SÁCH NHÂN KHẨU
            STT | Họ và tên | Ngày sinh | Giới tính | Quan hệ với chủ hộ | Thôn | Số CCCD
            #1 | Nguyễn Văn Sơn | 05/09/1980 | Nam | Chủ hộ | Thôn Đông | 031215001234
            #2 | Trần Thị Tâm | 06/09/1982 | Nữ | Vợ | nt | 031215001234
            #3 | Lê Văn Út | 07/09/1950 | Nam | CH | Thôn Đoài | 031215001234
            #4 | Vũ Thị Xuân | 08/09/1955 | Nữ | Vợ | " | 031215001234
        """),
        accepted="""
            3 | Nguyễn Văn Sơn | 05/09/1980 | Nam | hộ 1 | chủ hộ | | Thôn Đông
            4 | Trần Thị Tâm | 06/09/1982 | Nữ | hộ 1 | | | Thôn Đông
            5 | Lê Văn Út | 07/09/1950 | Nam | hộ 2 | chủ hộ | | Thôn Đoài
            6 | Vũ Thị Xuân | 08/09/1955 | Nữ | hộ 2 | | | Thôn Đoài
        """,
    ),
    Case(
        "nguoi-dan-theo-ma-ho", RESIDENTS, csv("""
            Mã hộ | Họ và tên | Ngày sinh | Quan hệ với chủ hộ
            H001 | Trần Thị Tâm | 06/09/1982 | Vợ
            H001 | Nguyễn Văn Sơn | 05/09/1980 | Chủ hộ
            H002 | Lê Văn Út | 07/09/1950 | Chủ hộ
            H002 | Vũ Thị Xuân | 08/09/1955 | Chủ hộ
        """),
        accepted="""
            2 | Trần Thị Tâm | 06/09/1982 | | hộ 1 | | H001
            3 | Nguyễn Văn Sơn | 05/09/1980 | | hộ 1 | chủ hộ | H001
            4 | Lê Văn Út | 07/09/1950 | | hộ 2 | chủ hộ | H002
        """,
        rejected=("5 D Hộ này đã có chủ hộ ở dòng 4",),
    ),
    Case(
        "nguoi-dan-so-ho-dien-mot-lan", RESIDENTS, xlsx("""
            DANH SÁCH NGƯỜI DÂN
            Hộ số | TT | Họ và tên | Ngày sinh | Địa chỉ
            #1 | #1 | Nguyễn Văn Sơn | 05/09/1980 | Xóm 1
            #1 | #2 | Trần Thị Tâm | 06/09/1982 | Xóm 1
            #2 | #1 | Lê Văn Út | 07/09/1950 | Xóm 2
        """),
        accepted="""
            3 | Nguyễn Văn Sơn | 05/09/1980 | | hộ 1 | chủ hộ | | | Xóm 1
            4 | Trần Thị Tâm | 06/09/1982 | | hộ 1 | | | | Xóm 1
            5 | Lê Văn Út | 07/09/1950 | | hộ 2 | chủ hộ | | | Xóm 2
        """,
    ),
    Case(
        "nguoi-dan-o-gop", RESIDENTS, xlsx(MERGED, merges=["A3:A4", "E3:E4", "A5:A6", "E5:E6"]),
        accepted="""
            3 | Nguyễn Văn Sơn | 05/09/1980 | Nam | hộ 1 | chủ hộ | | THÔN ĐÔNG | Xóm 1
            4 | Trần Thị Tâm | 06/09/1982 | Nữ | hộ 1 | | | THÔN ĐÔNG | Xóm 1
            5 | Lê Văn Út | | Nam | hộ 2 | chủ hộ | | THÔN ĐÔNG | Xóm 2
            6 | Vũ Thị Xuân | 08/09/1955 | Nữ | hộ 2 | | | THÔN ĐÔNG | Xóm 2
        """,
        warned=("5 C Không đủ ngày",),
    ),
    Case(
        "nguoi-dan-o-gop-xls", RESIDENTS, xls(MERGED, merges=[(2, 3, 0, 0), (2, 3, 4, 4), (4, 5, 0, 0), (4, 5, 4, 4)]),
        accepted="""
            3 | Nguyễn Văn Sơn | 05/09/1980 | Nam | hộ 1 | chủ hộ | | THÔN ĐÔNG | Xóm 1
            4 | Trần Thị Tâm | 06/09/1982 | Nữ | hộ 1 | | | THÔN ĐÔNG | Xóm 1
            5 | Lê Văn Út | | Nam | hộ 2 | chủ hộ | | THÔN ĐÔNG | Xóm 2
            6 | Vũ Thị Xuân | 08/09/1955 | Nữ | hộ 2 | | | THÔN ĐÔNG | Xóm 2
        """,
        warned=("5 C Không đủ ngày",),
    ),
    Case(
        "nguoi-dan-khong-ro-ho", RESIDENTS, xlsx("""
            DANH SÁCH NHÂN KHẨU
            STT | Họ và tên | Ngày sinh | Quan hệ với chủ hộ | Tình trạng cư trú
            #1 | Trần Thị Tâm | 06/09/1982 | ~ | Thường trú
            #2 | Nguyễn Văn Sơn | 05/09/1980 | Chủ hộ | Thường trú
            #3 | Lê Văn Út | 07/09/1950 | Bố | Đã chết
        """),
        accepted="4 | Nguyễn Văn Sơn | 05/09/1980 | | hộ 1 | chủ hộ",
        rejected=("3 D Chưa biết người này thuộc hộ nào",), left_out=("5 Trạng thái “Đã chết”: Lê Văn Út",),
    ),
]  # fmt: skip
