"""Gender as a word, as a mark, or by which column holds the birth date."""

from campaigns.importers.layouts import PUPILS
from campaigns.tests.corpus.case import Case
from campaigns.tests.corpus.files import csv, xlsx

CASES = [
    Case(
        "gioi-tinh-bang-chu", PUPILS, xlsx("""
            STT | Họ và tên | Ngày sinh | Nam/Nữ | Lớp
            #1 | Lê An | 05/09/2016 | NỮ | 4A
            #2 | Lê Bảo | 05/09/2016 | trai | 4A
            #3 | Lê Chi | 05/09/2016 | ~ | 4A
            #4 | Lê Dân | 05/09/2016 | 3 | 4A
        """),
        accepted="""
            2 | Lê An | 05/09/2016 | Nữ | 4A
            3 | Lê Bảo | 05/09/2016 | Nam | 4A
            4 | Lê Chi | 05/09/2016 | | 4A
        """,
        rejected=("5 D Giới tính ghi là Nam hoặc Nữ",),
    ),
    Case(
        "danh-dau-o-cot-nu", PUPILS, xlsx("""
            STT | Họ và tên | Nữ | Ngày sinh | Lớp
            #1 | Lê An | x | 05/09/2016 | 4A
            #2 | Lê Bảo | ~ | 05/09/2016 | 4A
            #3 | Lê Chi | X | 05/09/2016 | 4A
        """),
        accepted="""
            2 | Lê An | 05/09/2016 | Nữ | 4A
            3 | Lê Bảo | 05/09/2016 | Nam | 4A
            4 | Lê Chi | 05/09/2016 | Nữ | 4A
        """,
        columns="ordinal=A full_name=B female=C birth_date=D class_name=E",
    ),
    Case(
        "cot-nu-bo-trong-ca", PUPILS, xlsx("""
            STT | Họ và tên | Nữ | Ngày sinh | Lớp
            #1 | Lê An | ~ | 05/09/2016 | 4A
        """),
        accepted="2 | Lê An | 05/09/2016 | | 4A",
    ),
    Case(
        "danh-dau-o-hai-cot", PUPILS, xlsx("""
            STT | Họ và tên | Giới tính | ~ | Ngày sinh | Lớp
            ~ | ~ | Nam | Nữ
            #1 | Lê An | ~ | x | 05/09/2016 | 4A
            #2 | Lê Bảo | x | ~ | 05/09/2016 | 4A
            #3 | Lê Chi | ~ | ~ | 05/09/2016 | 4A
            #4 | Lê Dân | x | x | 05/09/2016 | 4A
        """, merges=["A1:A2", "B1:B2", "C1:D1", "E1:E2", "F1:F2"]),
        accepted="""
            3 | Lê An | 05/09/2016 | Nữ | 4A
            4 | Lê Bảo | 05/09/2016 | Nam | 4A
            5 | Lê Chi | 05/09/2016 | | 4A
        """,
        rejected=("6 D Cả hai cột Nam và Nữ đều được đánh dấu",),
    ),
    Case(
        "ngay-sinh-theo-cot-nam-nu", PUPILS, xlsx("""
            STT | Họ và tên | Ngày sinh | ~ | Lớp
            ~ | ~ | Nam | Nữ
            #1 | Lê An | ~ | 05/09/2016 | 4A
            #2 | Lê Bảo | @2016-12-17 | ~ | 4A
            #3 | Lê Chi | 05/09/2016 | 05/09/2016 | 4A
        """, merges=["A1:A2", "B1:B2", "C1:D1", "E1:E2"]),
        accepted="""
            3 | Lê An | 05/09/2016 | Nữ | 4A
            4 | Lê Bảo | 17/12/2016 | Nam | 4A
        """,
        rejected=("5 C Cả hai cột Nam và Nữ đều có ngày sinh",),
        columns="ordinal=A full_name=B birth_male=C birth_female=D class_name=E",
    ),
    Case(
        "nam-sinh-theo-cot-nam-nu", PUPILS, csv("""
            STT | Họ và tên | Năm sinh | ~ | Lớp
            ~ | ~ | Nam | Nữ
            1 | Lê An | ~ | 2016 | 4A
            2 | Lê Bảo | 2016 | ~ | 4A
        """),
        accepted="""
            3 | Lê An | | Nữ | 4A
            4 | Lê Bảo | | Nam | 4A
        """,
        warned=("3 C Không đủ ngày", "4 C Không đủ ngày"),
    ),
]  # fmt: skip
