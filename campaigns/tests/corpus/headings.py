"""Headings: several rows, merged, repeated, in capitals, without marks, with machine names, unknown ones."""

# ruff: noqa: E501  (a row of a table is a line)

from campaigns.importers.layouts import PUPILS
from campaigns.tests.corpus.case import Case
from campaigns.tests.corpus.files import csv, xlsx

ONE_ROW = "3 | Lê An | 05/09/2016 | | 4A"
CASES = [
    Case(
        "tieu-de-chu-hoa-xuong-dong-sao", PUPILS, xlsx(r"""
            TT | HỌ VÀ\nTÊN (*) | NGÀY SINH\n(dd/mm/yyyy) * | LỚP:
            #1 | Lê An | 05/09/2016 | 4A
        """),
        accepted="2 | Lê An | 05/09/2016 | | 4A", columns="ordinal=A full_name=B birth_date=C class_name=D",
    ),
    Case(
        "tieu-de-khong-dau", PUPILS, xlsx("""
            STT | Ho va ten | Ngay sinh | Gioi tinh | Lop | Ma hoc sinh
            #1 | Lê An | 05/09/2016 | Nữ | 4A | HS01
        """),
        accepted="2 | Lê An | 05/09/2016 | Nữ | 4A | HS01",
    ),
    Case(
        "ten-may-lam-tieu-de", PUPILS, xlsx("""
            stt | ma_hs | ho_ten | ngay_sinh | gioi_tinh | lop
            #1 | HS01 | Lê An | 05/09/2016 | Nữ | 4A
        """),
        accepted="2 | Lê An | 05/09/2016 | Nữ | 4A | HS01",
    ),
    Case(
        "ten-may-duoi-tieu-de", PUPILS, xlsx("""
            STT | Mã học sinh | Họ và tên | Ngày sinh | Lớp
            stt | ma_hs | ho_ten | ngay_sinh | lop
            #1 | HS01 | Lê An | 05/09/2016 | 4A
        """),
        accepted="3 | Lê An | 05/09/2016 | | 4A | HS01",
    ),
    Case(
        "dong-danh-so-trong-ngoac", PUPILS, xlsx("""
            STT | Họ và tên | Ngày sinh | Lớp
            (1) | (2) | (3) | (4)
            #1 | Lê An | 05/09/2016 | 4A
        """), accepted=ONE_ROW,
    ),
    Case(
        "dong-danh-so-tran", PUPILS, xlsx("""
            STT | Họ và tên | Ngày sinh | Lớp
            #1 | #2 | #3 | #4
            #1 | Lê An | 05/09/2016 | 4A
        """), accepted=ONE_ROW,
    ),
    Case(
        "dong-danh-so-chu-cai", PUPILS, xlsx("""
            STT | Họ và tên | Ngày sinh | Lớp
            A | B | (1) | (2)
            #1 | Lê An | 05/09/2016 | 4A
        """), accepted=ONE_ROW,
    ),
    Case(
        "hai-dong-tieu-de-gop", PUPILS, xlsx("""
            DANH SÁCH
            STT | Thông tin học sinh | ~ | Lớp
            ~ | Họ và tên | Ngày sinh
            #1 | Lê An | 05/09/2016 | 4A
        """, merges=["A1:D1", "A2:A3", "B2:C2", "D2:D3"]),
        accepted="4 | Lê An | 05/09/2016 | | 4A", columns="ordinal=A full_name=B birth_date=C class_name=D",
    ),
    Case(
        "ba-dong-tieu-de", PUPILS, xlsx("""
            STT | Thông tin chung | ~ | ~ | Lớp
            ~ | Họ và tên | Ngày sinh
            ~ | ~ | Nam | Nữ
            #1 | Lê An | ~ | 05/09/2016 | 4A
        """, merges=["A1:A3", "B1:D1", "B2:B3", "C2:D2", "E1:E3"]),
        accepted="4 | Lê An | 05/09/2016 | Nữ | 4A",
    ),
    Case(
        "tieu-de-ngat-hai-dong-khong-gop", PUPILS, xlsx("""
            STT | Họ và | Ngày | Lớp
            ~ | tên | sinh
            #1 | Lê An | 05/09/2016 | 4A
        """), accepted=ONE_ROW,
    ),
    Case(
        "tieu-de-lap-lai-moi-trang-in", PUPILS, xlsx("""
            STT | Họ và tên | Ngày sinh | Lớp
            #1 | Lê An | 05/09/2016 | 4A
            STT | Họ và tên | Ngày sinh | Lớp
            #2 | Vũ Bình | 06/09/2016 | 4A
        """),
        accepted="""
            2 | Lê An | 05/09/2016 | | 4A
            4 | Vũ Bình | 06/09/2016 | | 4A
        """,
    ),
    Case(
        "tieu-de-o-dong-40", PUPILS, xlsx("Danh sách\n" + "\n" * 38 + "STT | Họ và tên | Ngày sinh | Lớp\n#1 | Lê An | 05/09/2016 | 4A"),
        accepted="41 | Lê An | 05/09/2016 | | 4A",
    ),
    Case(
        "cot-la-duoc-hoi", PUPILS, xlsx("""
            STT | Tên cháu | Sanh nhựt | Lớp
            #1 | Lê Thị An | 05/09/2016 | 4A
            #2 | Vũ Bình | 06/09/2016 | 4A
        """),
        asked=("columns",), others=("Sheet1",),
    ),
    Case(
        "cot-la-duoc-tra-loi", PUPILS, xlsx("""
            STT | Tên cháu | Sanh nhựt | Lớp
            #1 | Lê Thị An | 05/09/2016 | 4A
            #2 | Vũ Bình | 06/09/2016 | 4A
        """),
        asked=("columns",), reply={"columns": {"ten chau": "full_name", "sanh nhut": "birth_date"}},
        accepted="""
            2 | Lê Thị An | 05/09/2016 | | 4A
            3 | Vũ Bình | 06/09/2016 | | 4A
        """,
        columns="full_name=B birth_date=C ordinal=A class_name=D",
    ),
    Case(
        "cot-khong-tieu-de-duoc-tra-loi", PUPILS, xlsx("""
            STT | Họ và tên | Lớp
            #1 | Lê Thị An | 4A | 05/09/2016
        """),
        asked=("columns",), reply={"columns": {"cot d": "birth_date"}}, accepted="2 | Lê Thị An | 05/09/2016 | | 4A",
    ),
    Case(
        "khong-co-cot-nao-thay-duoc-ngay-sinh", PUPILS, xlsx("""
            STT | Họ và tên | Lớp | Ghi chú
            #1 | Lê Thị An | 4A | Ngoan
        """),
        refused="Không tìm thấy bảng học sinh",
    ),
    Case(
        "cot-thua-khong-hoi", PUPILS, xlsx("""
            STT | Họ và tên | Ngày sinh | Lớp | Chiều cao | Sở thích
            #1 | Lê An | 05/09/2016 | 4A | #132 | Đá cầu
        """), accepted="2 | Lê An | 05/09/2016 | | 4A",
    ),
    Case(
        "bang-chia-hai-ben-duoc-neu", PUPILS, xlsx("""
            STT | Họ và tên | Ngày sinh | Lớp | STT | Họ và tên | Ngày sinh | Lớp
            #1 | Lê An | 05/09/2016 | 4A | #2 | Vũ Bình | 06/09/2016 | 4A
        """),
        accepted="2 | Lê An | 05/09/2016 | | 4A", told=("Trang “Sheet1”: cột F cũng ghi “Họ và tên”",),
    ),
    Case(
        "csv-hai-dong-tieu-de", PUPILS, csv("""
            STT | Họ và tên | Ngày sinh | ~ | ~ | Lớp
            ~ | ~ | Ngày | Tháng | Năm
            1 | Lê An | 5 | 9 | 2016 | 4A
        """), accepted=ONE_ROW, columns="ordinal=A full_name=B birth_day=C birth_month=D birth_year=E class_name=F",
    ),
    Case(
        "bang-sau-nhieu-cot-hon", PUPILS, xlsx("""
            Lớp 4A
            STT | Họ và tên | Ngày sinh
            #1 | Lê An | 05/09/2016
            Lớp 4B
            STT | Họ và tên | Ngày sinh | Giới tính
            #1 | Vũ Bình | 06/09/2016 | Nam
        """),
        accepted="""
            3 | Lê An | 05/09/2016 | | 4A
            6 | Vũ Bình | 06/09/2016 | | 4B
        """,
    ),
]  # fmt: skip
