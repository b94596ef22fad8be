"""Lists of households, of one village or several; lists of members from which households are taken."""

from campaigns.importers.layouts import HOUSEHOLDS, RESIDENTS
from campaigns.tests.corpus.case import Case
from campaigns.tests.corpus.files import csv, xls, xlsx

LIST = """
    ỦY BAN NHÂN DÂN XÃ HÀ BẮC
    DANH SÁCH HỘ GIA ĐÌNH THÔN ĐÔNG NĂM 2026
    STT | Mã hộ | Họ và tên chủ hộ | Địa chỉ | Số nhân khẩu | Điện thoại | Ghi chú
    #1 | H001 | Nguyễn Văn Sơn | Xóm 1 | #4 | 0912345678 | Hộ nghèo
    #2 | H002 | Trần Thị Tâm | nt | #2 | ~ | Hộ cận nghèo
    #3 | H003 | Lê Văn Út | Xóm 2 | #5 | ~ | Thoát nghèo năm 2025
    ~ | Tổng cộng | ~ | ~ | #11
    ~ | ~ | Trưởng thôn
    ~ | ~ | Hoàng Văn Việt
"""
ACCEPTED = """
    4 | Nguyễn Văn Sơn | H001 | THÔN ĐÔNG | Xóm 1 | 4 | 0912345678 | nghèo
    5 | Trần Thị Tâm | H002 | THÔN ĐÔNG | Xóm 1 | 2 | | nghèo
    6 | Lê Văn Út | H003 | THÔN ĐÔNG | Xóm 2 | 5
"""
CASES = [
    Case(
        "ho-gia-dinh-mot-thon", HOUSEHOLDS, xlsx(LIST), accepted=ACCEPTED,
        columns="ordinal=A code=B full_name=C address=D member_count=E phone=F note=G",
    ),
    Case("ho-gia-dinh-xls", HOUSEHOLDS, xls(LIST), accepted=ACCEPTED),
    Case(
        "ho-gia-dinh-nhieu-thon", HOUSEHOLDS, xlsx("""
            DANH SÁCH HỘ GIA ĐÌNH
            STT | Chủ hộ | Số khẩu
            I | Thôn Đông
            #1 | Nguyễn Văn Sơn | #4
            II | Thôn Đoài
            #2 | Trần Thị Tâm | #2
        """),
        accepted="""
            4 | Nguyễn Văn Sơn | | Thôn Đông | | 4
            6 | Trần Thị Tâm | | Thôn Đoài | | 2
        """,
    ),
    Case(
        "ho-gia-dinh-cot-thon-va-cot-ngheo", HOUSEHOLDS, csv("""
            STT | Tên chủ hộ | Thôn | Hộ nghèo | Hộ cận nghèo
            1 | Nguyễn Văn Sơn | Thôn Đông | x
            2 | Trần Thị Tâm | Thôn Đông | ~ | x
            3 | Lê Văn Út | Thôn Đoài
        """, separator=";"),
        accepted="""
            2 | Nguyễn Văn Sơn | | Thôn Đông | | | | nghèo
            3 | Trần Thị Tâm | | Thôn Đông | | | | nghèo
            4 | Lê Văn Út | | Thôn Đoài
        """,
    ),
    Case(
        "ho-gop-o-tren-cac-thanh-vien", HOUSEHOLDS, recognised=RESIDENTS, write=xlsx("""
            DANH SÁCH HỘ THÔN ĐÔNG
            STT | Mã hộ | Họ và tên | Quan hệ với chủ hộ | Địa chỉ
            #1 | H001 | Nguyễn Văn Sơn | Chủ hộ | Xóm 1
            ~ | ~ | Trần Thị Tâm | Vợ
            ~ | ~ | Nguyễn Văn Con | Con
            #2 | H002 | Lê Văn Út | Con | Xóm 2
            ~ | ~ | Vũ Thị Xuân | Chủ hộ
        """, merges=["A3:A5", "B3:B5", "E3:E5", "A6:A7", "B6:B7", "E6:E7"]),
        accepted="""
            3 | Nguyễn Văn Sơn | H001 | THÔN ĐÔNG | Xóm 1 | 3
            7 | Vũ Thị Xuân | H002 | THÔN ĐÔNG | Xóm 2 | 2
        """,
        left_out=("4 Thành viên của hộ ở dòng 3", "5 Thành viên của hộ ở dòng 3", "6 Thành viên của hộ ở dòng 7"),
    ),
    Case(
        "ho-gia-dinh-o-sai", HOUSEHOLDS, xlsx("""
            STT | Họ và tên chủ hộ | Số nhân khẩu
            #1 | Nguyễn Văn Sơn | bốn
            #2 | ~ | #4
            #3 | Lê Văn Út | #400
            #4 | Trần Thị Tâm | #4
        """),
        accepted="5 | Trần Thị Tâm | | | | 4",
        rejected=("2 C Số nhân khẩu là số từ 1", "3 B Chưa có tên chủ hộ", "4 C Số nhân khẩu là số từ 1"),
    ),
    Case("khong-phai-ho", HOUSEHOLDS, xlsx("STT | Tên sách\n#1 | Truyện Kiều"), refused="Không tìm thấy bảng hộ"),
]  # fmt: skip
