"""Lists of teachers, managers, staff, officials and workers."""

# ruff: noqa: E501  (a row of a table is a line)

from campaigns.importers.layouts import STAFF
from campaigns.tests.corpus.case import Case
from campaigns.tests.corpus.files import xls, xlsx

EXPORT = """
    SỞ GIÁO DỤC VÀ ĐÀO TẠO THÀNH PHỐ HẢI PHÒNG
    DANH SÁCH CÁN BỘ, GIÁO VIÊN, NHÂN VIÊN

    STT | Trường/Đơn vị công tác | Mã định danh/Mã CBGVNV | Họ tên | Ngày sinh | Giới tính | Trạng thái | Vị trí việc làm | Số ĐT
    #1 | Trường Tiểu học A | 0312300001 | Phạm Thị Hoa | 05/09/1980 | Nữ | Đang làm việc | Hiệu trưởng | 0912345678
    #2 | Trường Tiểu học A | 0312300002 | Trần Văn Lâm | 06/09/1981 | Nam | Đang làm việc | Phó hiệu trưởng | 0912345678
    #3 | Trường Tiểu học A | 0312300003 | Lê Thị Mai | 07/09/1982 | Nữ | Đang làm việc | Giáo viên | 0912345678
    #4 | Trường Tiểu học A | 0312300004 | Vũ Thị Nga | 08/09/1983 | Nữ | Nghỉ hưu | Giáo viên | 0912345678
    #5 | Trường Tiểu học A | 0312300005 | Đỗ Văn Phú | 09/09/1984 | Nam | Đang làm việc | Nhân viên kế toán | 0912345678
    #6 | Trường Tiểu học A | 0312300006 | Hà Thị Quý | 10/09/1985 | Nữ | Chuyển công tác | Giáo viên | 0912345678
"""
PEOPLE = """
    5 | Phạm Thị Hoa | 05/09/1980 | Nữ | MANAGER | 0312300001 | Trường Tiểu học A
    6 | Trần Văn Lâm | 06/09/1981 | Nam | MANAGER | 0312300002 | Trường Tiểu học A
    7 | Lê Thị Mai | 07/09/1982 | Nữ | TEACHER | 0312300003 | Trường Tiểu học A
    9 | Đỗ Văn Phú | 09/09/1984 | Nam | SCHOOL_STAFF | 0312300005 | Trường Tiểu học A
"""
LEFT = ("8 Trạng thái “Nghỉ hưu”: Vũ Thị Nga", "10 Trạng thái “Chuyển công tác”: Hà Thị Quý")
CASES = [
    Case("can-bo-csdl-nganh", STAFF, xlsx({"CBGVNV": EXPORT}), accepted=PEOPLE, left_out=LEFT),
    Case("can-bo-csdl-nganh-xls", STAFF, xls(EXPORT), accepted=PEOPLE, left_out=LEFT),
    Case(
        "giao-vien-truong-lap", STAFF, xlsx("""
            TRƯỜNG TIỂU HỌC A
            DANH SÁCH CÁN BỘ, GIÁO VIÊN NĂM HỌC 2025-2026
            TT | Họ và tên | Năm sinh | ~ | Chức vụ
            ~ | ~ | Nam | Nữ
            #1 | Phạm Thị Hoa | ~ | #1980 | Hiệu trưởng
            #2 | Trần Văn Lâm | 06/09/1981 | ~ | GV dạy Toán
            #3 | Lê Thị Mai | ~ | 07/09/1982 | Văn thư
            ~ | Tổng số: 3 người
            ~ | NGƯỜI LẬP BIỂU | ~ | ~ | HIỆU TRƯỞNG
            ~ | Lê Thị Mai | ~ | ~ | Phạm Thị Hoa
        """, merges=["A3:A4", "B3:B4", "C3:D3", "E3:E4"]),
        accepted="""
            5 | Phạm Thị Hoa | | Nữ | MANAGER
            6 | Trần Văn Lâm | 06/09/1981 | Nam | TEACHER
            7 | Lê Thị Mai | 07/09/1982 | Nữ | SCHOOL_STAFF
        """,
        warned=("5 C Không đủ ngày",),
    ),
    Case(
        "giao-vien-khong-stt-khong-ngay-sinh", STAFF, xlsx("""
            Họ và tên | Chức danh
            Ban giám hiệu
            Phạm Thị Hoa | Hiệu trưởng
            Tổ 1
            Lê Thị Mai | Giáo viên
            Vũ Thị Nga | nt
            Kỳ Văn Ký | Văn thư
            Người lập
            Lê Thị Mai
        """),
        accepted="""
            3 | Phạm Thị Hoa | | | MANAGER
            5 | Lê Thị Mai | | | TEACHER
            6 | Vũ Thị Nga | | | TEACHER
            7 | Kỳ Văn Ký | | | SCHOOL_STAFF
        """,
    ),
    Case(
        "can-bo-nhieu-truong-o-gop", STAFF, xlsx("""
            DANH SÁCH GIÁO VIÊN
            STT | Đơn vị | Họ và tên | Ngày sinh | Chức danh
            #1 | Trường Tiểu học A | Phạm Thị Hoa | 05/09/1980 | Hiệu trưởng
            #2 | ~ | Lê Thị Mai | 07/09/1982 | Giáo viên
            #3 | Trường Mầm non B | Vũ Thị Nga | 08/09/1983 | Giáo viên
        """, merges=["B3:B4"]),
        accepted="""
            3 | Phạm Thị Hoa | 05/09/1980 | | MANAGER | | Trường Tiểu học A
            4 | Lê Thị Mai | 07/09/1982 | | TEACHER | | Trường Tiểu học A
            5 | Vũ Thị Nga | 08/09/1983 | | TEACHER | | Trường Mầm non B
        """,
    ),
    Case("khong-phai-can-bo", STAFF, xlsx("STT | Tên sách\n#1 | Truyện Kiều"), refused="Không tìm thấy bảng cán bộ"),
]  # fmt: skip
