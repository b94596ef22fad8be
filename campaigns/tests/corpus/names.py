"""Names in one or two columns, their letters and spaces; codes; classes that Excel turned into something else."""

# ruff: noqa: E501  (a row of a table is a line)

from campaigns.importers.layouts import PUPILS
from campaigns.tests.corpus.case import Case
from campaigns.tests.corpus.files import xls, xlsx

CASES = [
    Case(
        "ho-dem-va-ten", PUPILS, xlsx("""
            STT | Họ đệm | Tên | Ngày sinh | Lớp
            #1 | Nguyễn Thị | An | 05/09/2016 | 4A
        """),
        accepted="2 | Nguyễn Thị An | 05/09/2016 | | 4A",
        columns="ordinal=A family_name=B given_name=C birth_date=D class_name=E",
    ),
    Case(
        "ho-va-ten-gop-hai-cot", PUPILS, xlsx("""
            STT | Họ và tên | ~ | Ngày sinh | Lớp
            #1 | Nguyễn Thị | An | 05/09/2016 | 4A
            #2 | Vũ | Bình | 06/09/2016 | 4A
        """, merges=["B1:C1"]),
        accepted="""
            2 | Nguyễn Thị An | 05/09/2016 | | 4A
            3 | Vũ Bình | 06/09/2016 | | 4A
        """,
        columns="ordinal=A family_name=B given_name=C birth_date=D class_name=E",
    ),
    Case(
        "ho-va-ten-hai-cot-khong-gop", PUPILS, xlsx("""
            STT | Họ và tên | ~ | Ngày sinh | Lớp
            #1 | Nguyễn Thị | An | 05/09/2016 | 4A
        """),
        accepted="2 | Nguyễn Thị An | 05/09/2016 | | 4A",
    ),
    Case(
        "ho-va-ten-chia-o-dong-hai", PUPILS, xlsx("""
            STT | Họ và tên | ~ | Ngày sinh | Lớp
            ~ | Họ đệm | Tên
            #1 | Nguyễn Thị | An | 05/09/2016 | 4A
        """, merges=["A1:A2", "B1:C1", "D1:D2", "E1:E2"]),
        accepted="3 | Nguyễn Thị An | 05/09/2016 | | 4A",
    ),
    Case(
        "ho-ten-va-cot-ten-lap-lai", PUPILS, xlsx("""
            STT | Họ và tên | Tên | Ngày sinh | Lớp
            #1 | Nguyễn Thị An | An | 05/09/2016 | 4A
        """),
        accepted="2 | Nguyễn Thị An | 05/09/2016 | | 4A",
    ),
    Case(
        "chu-to-hop-khoang-trang-la", PUPILS, xlsx(
            "STT | Họ và tên | Ngày sinh | Lớp\n"
            "#1 | Nguye\u0302\u0303n\u00a0 Va\u0306n\u200b  A | 05/09/2016 | 4A\n"
            "#2 | \u00d0o\u0300 Thi\u0323 B | 05/09/2016 | 4A"
        ),
        accepted="""
            2 | Nguyễn Văn A | 05/09/2016 | | 4A
            3 | Đò Thị B | 05/09/2016 | | 4A
        """,
    ),
    Case(
        "ten-dan-toc", PUPILS, xlsx("""
            STT | Họ và tên | Ngày sinh | Lớp
            #1 | H'Hen Niê Kdăm | 05/09/2016 | 4A
            #2 | Y Ngĭm Êban | 06/09/2016 | 4A
            #3 | Điểu K'Sŏ | 07/09/2016 | 4A
            #4 | Giàng A Sử-Lý | 08/09/2016 | 4A
        """),
        accepted="""
            2 | H'Hen Niê Kdăm | 05/09/2016 | | 4A
            3 | Y Ngĭm Êban | 06/09/2016 | | 4A
            4 | Điểu K'Sŏ | 07/09/2016 | | 4A
            5 | Giàng A Sử-Lý | 08/09/2016 | | 4A
        """,
    ),
    Case(
        "ten-co-so-va-o-trong", PUPILS, xlsx("""
            STT | Họ và tên | Ngày sinh | Lớp
            #1 | Nguyễn Văn 4 | 05/09/2016 | 4A
            #2 | ~ | 06/09/2016 | 4A
            #3 | Lê An | ~ | 4A
        """),
        rejected=("2 B Họ tên có chữ số", "3 B Chưa có họ tên", "4 C Chưa có ngày sinh"),
    ),
    Case(
        "ma-dinh-danh-mat-so-0", PUPILS, xlsx("""
            STT | Mã định danh | Họ và tên | Ngày sinh | Lớp
            #1 | #312345601 | Lê An | 05/09/2016 | 4A
            #2 | 0312345602 | Vũ Bình | 06/09/2016 | 4A
            #3 | 312345603 | Đỗ Chi | 07/09/2016 | 4A
            #4 | #3123456045 | Hà Dũng | 08/09/2016 | 4A
            #5 | 1,23E+11 | Hồ Giang | 08/09/2016 | 4A
        """),
        accepted="""
            3 | Vũ Bình | 06/09/2016 | | 4A | 0312345602
            5 | Hà Dũng | 08/09/2016 | | 4A | 3123456045
        """,
        rejected=("2 B Mã định danh có 10 hoặc 12", "4 B Mã định danh có 10 hoặc 12", "6 B Excel đã làm tròn"),
    ),
    Case(
        "ma-hoc-sinh-ngan-hon-cot", PUPILS, xlsx("""
            STT | Mã học sinh | Họ và tên | Ngày sinh | Lớp
            #1 | 00012 | Lê An | 05/09/2016 | 4A
            #2 | #13 | Vũ Bình | 06/09/2016 | 4A
        """),
        accepted="2 | Lê An | 05/09/2016 | | 4A | 00012", rejected=("3 B Mã này ngắn hơn",),
    ),
    Case(
        "ma-so-thanh-chu", PUPILS, xls("""
            STT | Mã học sinh | Họ và tên | Ngày sinh | Lớp
            #1 | #2026001 | Lê An | @2016-09-05 | 4A
        """), accepted="2 | Lê An | 05/09/2016 | | 4A | 2026001",
    ),
    Case(
        "lop-thanh-ngay-lay-lai-duoc", PUPILS, xlsx("""
            STT | Họ và tên | Ngày sinh | Lớp
            #1 | Lê An | 05/09/2016 | @2026-01-05
            #2 | Vũ Bình | 06/09/2016 | @2026-05-02
            #3 | Đỗ Chi | 06/09/2016 | @2026-01-05
        """, formats={"D2": "d/m", "D3": "m/d;@", "D4": "dd/mm"}),
        accepted="""
            2 | Lê An | 05/09/2016 | | 5/1
            3 | Vũ Bình | 06/09/2016 | | 5/2
            4 | Đỗ Chi | 06/09/2016 | | 5/1
        """,
    ),
    Case(
        "lop-thanh-ngay-khong-ro", PUPILS, xlsx("""
            STT | Họ và tên | Ngày sinh | Lớp
            #1 | Lê An | 05/09/2016 | @2026-05-01
            #2 | Vũ Bình | 06/09/2016 | @2026-01-05
            #3 | Đỗ Chi | 06/09/2016 | #30
            #4 | Hà Dũng | 06/09/2016 | #5
        """, formats={"D2": "d-mmm", "D3": "dd/mm/yyyy"}),
        accepted="5 | Hà Dũng | 06/09/2016 | | 5",
        rejected=("2 D Excel đã đổi tên lớp thành ngày", "3 D Excel đã đổi tên lớp thành ngày", "4 D Excel đã đổi tên lớp thành số"),
    ),
    Case(
        "lop-viet-nhieu-cach", PUPILS, xlsx("""
            STT | Họ và tên | Ngày sinh | Lớp
            #1 | Lê An | 05/09/2016 | lớp 4 a
            #2 | Vũ Bình | 06/09/2016 | 4a
            #3 | Đỗ Chi | 07/09/2016 | Lá 1
        """),
        accepted="""
            2 | Lê An | 05/09/2016 | | 4A
            3 | Vũ Bình | 06/09/2016 | | 4A
            4 | Đỗ Chi | 07/09/2016 | | Lá 1
        """,
    ),
    Case(
        "khong-ro-lop", PUPILS, xlsx("""
            DANH SÁCH HỌC SINH
            STT | Họ và tên | Ngày sinh
            #1 | Lê An | 05/09/2016
        """), rejected=("3 - Chưa biết lớp",),
    ),
]  # fmt: skip
