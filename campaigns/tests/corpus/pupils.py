"""Whole lists of pupils: exports, class lists, several sheets, statuses, lines that are nobody."""

# ruff: noqa: E501  (a row of a table is a line)

from campaigns.importers.layouts import PUPILS
from campaigns.tests.corpus.case import Case
from campaigns.tests.corpus.files import csv, html, xls, xlsx

NATIONAL = """
    SỞ GIÁO DỤC VÀ ĐÀO TẠO THÀNH PHỐ HẢI PHÒNG
    DANH SÁCH HỌC SINH LỚP 4A

    STT | Mã định danh Bộ GD&ĐT | Họ tên | Ngày sinh | Giới tính | Dân tộc | Trạng thái | SĐT liên hệ | Tên cha | Nghề nghiệp cha | Lớp học | Khối học | Số định danh cá nhân
    #1 | 0312345601 | Lê Thị An | 05/09/2016 | Nữ | Kinh | Đang học | 0912345678 | Trần Văn Cha | Thợ xây | 4A | Khối 4 | 031215001234
    #2 | 0312345602 | Vũ Văn Bình | 6/1/2016 | Nam | Kinh | Đã chuyển trường | 0912345678 | Trần Văn Cha | Thợ xây | 4A | Khối 4 | 031215001234
    #3 | 0312345603 | Đỗ Chi | 17/12/2016 | Nữ | Tày | Đang học | 0912345678 | Trần Văn Cha | Thợ xây | 4A | Khối 4 | 031215001234
    #4 | 0312345604 | Hà Dũng | 17/12/2015 | Nam | Tày | Thôi học | 0912345678 | Trần Văn Cha | Thợ xây | 4A | Khối 4 | 031215001234
"""
CLASS_LIST = """
    PHÒNG VĂN HÓA - XÃ HỘI
    TRƯỜNG TIỂU HỌC A
    DANH SÁCH HỌC SINH LỚP 4A NĂM HỌC 2025-2026
    STT | Họ và tên | Giới tính | Ngày sinh | Dân tộc | Ghi chú
    #1 | Trần Thị Bé | Nữ | 05/09/2016 | Kinh
    #2 | Đỗ Văn An | Nam | @2016-01-02 | Kinh

    ~ | Danh sách này gồm có 2 em
    ~ | ~ | ~ | Hà Bắc, ngày 05 tháng 9 năm 2025
    ~ | Giáo viên chủ nhiệm: Phạm Thị Hoa
    ~ | Phạm Thị Hoa
"""
TWO = """
    4 | Trần Thị Bé | 05/09/2016 | Nữ | 4A
    5 | Đỗ Văn An | 02/01/2016 | Nam | 4A
"""
TWO_FROM_5 = """
    5 | Trần Thị Bé | 05/09/2016 | Nữ | 4A
    6 | Đỗ Văn An | 02/01/2016 | Nam | 4A
"""
ONE = """
    DANH SÁCH HỌC SINH
    STT | Họ và tên | Ngày sinh
    #1 | Lê An | 05/09/2016
"""

CASES = [
    Case(
        "csdl-nganh", PUPILS, xlsx({"Danh sách": NATIONAL}),
        accepted="""
            5 | Lê Thị An | 05/09/2016 | Nữ | 4A | 0312345601
            7 | Đỗ Chi | 17/12/2016 | Nữ | 4A | 0312345603
        """,
        left_out=("6 Trạng thái “Đã chuyển trường”: Vũ Văn Bình", "8 Trạng thái “Thôi học”: Hà Dũng"),
        columns="ordinal=A code=B full_name=C birth_date=D gender=E status=G class_name=K",
    ),
    Case(
        "csdl-nganh-xls", PUPILS, xls(NATIONAL),
        accepted="""
            5 | Lê Thị An | 05/09/2016 | Nữ | 4A | 0312345601
            7 | Đỗ Chi | 17/12/2016 | Nữ | 4A | 0312345603
        """,
        left_out=("6 Trạng thái", "8 Trạng thái"),
    ),
    Case("danh-sach-lop", PUPILS, xlsx(CLASS_LIST), accepted=TWO_FROM_5),
    Case("danh-sach-lop-xls", PUPILS, xls(CLASS_LIST), accepted=TWO_FROM_5),
    Case(
        "trang-web-luu-thanh-xls", PUPILS, html(CLASS_LIST.replace("@2016-01-02", "02/01/2016")), accepted=TWO_FROM_5,
    ),
    Case(
        "moi-lop-mot-trang", PUPILS, xlsx({"4A": ONE, "Lớp 4B": ONE, "5_1": ONE}),
        accepted="""
            4A!3 | Lê An | 05/09/2016 | | 4A
            Lớp 4B!3 | Lê An | 05/09/2016 | | 4B
            5_1!3 | Lê An | 05/09/2016 | | 5/1
        """,
    ),
    Case(
        "chi-doc-trang-da-chon", PUPILS, xlsx({"4A": ONE, "4B": ONE}), sheets=("4B",),
        accepted="3 | Lê An | 05/09/2016 | | 4B",
    ),
    Case(
        "nhieu-bang-noi-nhau", PUPILS, xlsx("""
            TRƯỜNG TIỂU HỌC A
            Lớp 4A
            STT | Họ và tên | Ngày sinh
            #1 | Lê An | 05/09/2016
            ~ | Danh sách này gồm có 1 em
            ~ | Giáo viên chủ nhiệm
            ~ | Phạm Thị Hoa
            Lớp 4B
            STT | Họ và tên | Ngày sinh
            #1 | Vũ Bình | 06/09/2016
            ~ | Danh sách này gồm có 1 em
            ~ | Giáo viên chủ nhiệm
            ~ | Ngô Thị Lan
        """),
        accepted="""
            4 | Lê An | 05/09/2016 | | 4A
            10 | Vũ Bình | 06/09/2016 | | 4B
        """,
    ),
    Case(
        "dong-nhom-theo-lop", PUPILS, xlsx("""
            STT | Họ và tên | Ngày sinh
            ~ | Khối 4
            ~ | Lớp 4A
            #1 | Lê An | 05/09/2016
            I | Lớp 4B
            #2 | Vũ Bình | 06/09/2016
            Tổng cộng | ~ | #2
        """),
        accepted="""
            4 | Lê An | 05/09/2016 | | 4A
            6 | Vũ Bình | 06/09/2016 | | 4B
        """,
    ),
    Case(
        "dong-khoi-to-khong-phai-nguoi", PUPILS, xlsx("""
            STT | Họ và tên | Ngày sinh | Lớp
            I | Khối 4
            #1 | Lê An | 05/09/2016 | 4A
            ~ | Tổ 1
            #2 | Tô Văn Tổ | 06/09/2016 | 4A
            #3 | Tống Công Minh | 07/09/2016 | 4A
            II | Khối 5
            ~ | Tổ 2
            #4 | Vũ Bình | 06/09/2015 | 5A
            ~ | Tổng số: 4 em
        """),
        accepted="""
            3 | Lê An | 05/09/2016 | | 4A
            5 | Tô Văn Tổ | 06/09/2016 | | 4A
            6 | Tống Công Minh | 07/09/2016 | | 4A
            9 | Vũ Bình | 06/09/2015 | | 5A
        """,
    ),
    Case(
        "danh-so-truoc-ma-khong-ghi", PUPILS, xlsx("""
            STT | Họ và tên | Ngày sinh | Lớp | Dân tộc
            #1 | Lê An | 05/09/2016 | 4A | Kinh
            #2
            #3 | ~ | ~ | 4A | Kinh
            #4 | Vũ Bình | 06/09/2016 | 4A | Kinh
        """),
        accepted="""
            2 | Lê An | 05/09/2016 | | 4A
            5 | Vũ Bình | 06/09/2016 | | 4A
        """,
    ),
    Case(
        "lop-o-o-gop", PUPILS, xlsx("""
            STT | Họ và tên | Ngày sinh | Lớp
            #1 | Lê An | 05/09/2016 | 4A
            #2 | Vũ Bình | 06/09/2016
            #3 | Đỗ Chi | 07/09/2016 | 4B
        """, merges=["D2:D3"]),
        accepted="""
            2 | Lê An | 05/09/2016 | | 4A
            3 | Vũ Bình | 06/09/2016 | | 4A
            4 | Đỗ Chi | 07/09/2016 | | 4B
        """,
    ),
    Case(
        "lop-xls-o-gop", PUPILS, xls("""
            STT | Họ và tên | Ngày sinh | Lớp
            #1 | Lê An | @2016-09-05 | 4A
            #2 | Vũ Bình | @2016-09-06
        """, merges=[(1, 2, 3, 3)]),
        accepted="""
            2 | Lê An | 05/09/2016 | | 4A
            3 | Vũ Bình | 06/09/2016 | | 4A
        """,
    ),
    Case(
        "dau-nhu-tren", PUPILS, xlsx("""
            STT | Họ và tên | Ngày sinh | Lớp | Giới tính
            #1 | Lê An | 05/09/2016 | 4A | Nữ
            #2 | Vũ Bình | 06/09/2016 | " | nt
            #3 | Đỗ Chi | 07/09/2016 | -"- | như trên
            #4 | nt | 08/09/2016 | 4B | Nam
        """),
        accepted="""
            2 | Lê An | 05/09/2016 | Nữ | 4A
            3 | Vũ Bình | 06/09/2016 | Nữ | 4A
            4 | Đỗ Chi | 07/09/2016 | Nữ | 4A
        """,
        rejected=("5 B Ô này ghi “như trên”; mỗi người",),
    ),
    Case(
        "dau-nhu-tren-o-dong-dau", PUPILS, xlsx("""
            STT | Họ và tên | Ngày sinh | Lớp
            #1 | Lê An | 05/09/2016 | nt
        """),
        rejected=("2 D Ô này ghi “như trên” nhưng dòng trên không có",),
    ),
    Case(
        "trang-an-duoc-hoi", PUPILS, xlsx({"4A": ONE, "4B": ONE}, hidden=["4B"]),
        asked=("hidden_sheets",), hidden=("4B",), accepted="3 | Lê An | 05/09/2016 | | 4A",
    ),
    Case(
        "trang-an-duoc-doc-khi-dong-y", PUPILS, xlsx({"4A": ONE, "4B": ONE}, hidden=["4B"]),
        asked=("hidden_sheets",), reply={"hidden_sheets": ("4B",)},
        accepted="""
            4A!3 | Lê An | 05/09/2016 | | 4A
            4B!3 | Lê An | 05/09/2016 | | 4B
        """,
    ),
    Case(
        "chi-co-trang-an", PUPILS, xlsx({"Hướng dẫn": "Điền theo mẫu", "4B": ONE}, hidden=["4B"]),
        asked=("hidden_sheets",), hidden=("4B",), others=("Hướng dẫn",),
    ),
    Case(
        "trang-ghi-chu-co-ngay-khong-giu-lai", PUPILS,
        xlsx({"4A": ONE, "Ghi chú": "Nội dung họp | Hôm nào\nHọp phụ huynh | 05/09/2026", "Lịch": "STT | Nội dung | Hôm nào\n#1 | Họp phụ huynh | 05/09/2026"}),
        asked=("columns", "columns"), blocks=False, others=("Ghi chú", "Lịch"), accepted="3 | Lê An | 05/09/2016 | | 4A",
    ),
    Case(
        "trang-thu-hai-la-danh-sach-thi-giu-lai", PUPILS,
        xlsx({"4A": ONE, "4B": "STT | Họ và tên | Sanh nhựt\n#1 | Vũ Thị Bình | 06/09/2016"}),
        asked=("columns",), others=("4B",), accepted="3 | Lê An | 05/09/2016 | | 4A",
    ),
    Case(
        "trang-khac-duoc-neu-ten", PUPILS, xlsx({"4A": ONE, "Tổng hợp": "Lớp | Sĩ số\n4A | #35"}),
        others=("Tổng hợp",), accepted="3 | Lê An | 05/09/2016 | | 4A",
    ),
    Case("khong-co-bang", PUPILS, xlsx("STT | Tên sách\n#1 | Truyện Kiều"), refused="Không tìm thấy bảng học sinh"),
    Case("trang-trong", PUPILS, xlsx("~"), refused="Không tìm thấy bảng học sinh"),
    Case("bang-duoi-dong-40", PUPILS, xlsx("Danh sách" + "\n" * 41 + "STT | Họ và tên | Ngày sinh\n#1 | Lê An | 05/09/2016"),
         refused="Không tìm thấy bảng học sinh"),
    Case(
        "csv-cham-phay", PUPILS, csv("STT|Họ và tên|Ngày sinh|Lớp\n1|Lê, An|05/09/2016|4A".replace("Lê, An", "Lê An"), separator=";"),
        accepted="2 | Lê An | 05/09/2016 | | 4A",
    ),
    Case(
        "csv-phay-khong-bom", PUPILS, csv("STT|Họ và tên|Ngày sinh|Lớp\n1|Lê An|05/09/2016|4A", encoding="utf-8"),
        accepted="2 | Lê An | 05/09/2016 | | 4A",
    ),
    Case(
        "csv-utf16-tab", PUPILS,
        csv("STT|Họ và tên|Ngày sinh|Lớp\n1|Lê An|05/09/2016|4A", separator="\t", encoding="utf-16"),
        accepted="2 | Lê An | 05/09/2016 | | 4A",
    ),
    Case(
        "csv-sep-va-ma-boc", PUPILS,
        csv('Mã học sinh|Họ và tên|Ngày sinh|Lớp\n="0001234"|Lê An|05/09/2016|4A', separator=";", first_line="sep=;"),
        accepted="2 | Lê An | 05/09/2016 | | 4A | 0001234",
    ),
]  # fmt: skip
