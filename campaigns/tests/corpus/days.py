"""Birth dates: day first always, never guessed."""

from campaigns.importers.layouts import PUPILS
from campaigns.tests.corpus.case import Case
from campaigns.tests.corpus.files import xls, xlsx

MONTH_FIRST = """
    STT | Họ và tên | Ngày sinh | Lớp
    #1 | Lê An | 05/13/2016 | 4A
    #2 | Vũ Bình | 05/09/2016 | 4A
    #3 | Đỗ Chi | 12/25/2016 | 4A
    #4 | Hà Dũng | 07/07/2016 | 4A
"""
CASES = [
    Case(
        "ngay-sinh-moi-dang", PUPILS, xlsx("""
            STT | Họ và tên | Ngày sinh | Lớp
            #1 | Lê An | @2016-09-05 | 4A
            #2 | Lê Bảo | 5/9/2016 | 4A
            #3 | Lê Chi | 05-09-2016 | 4A
            #4 | Lê Dân | 05.09.2016 | 4A
            #5 | Lê Em | #42618 | 4A
            #6 | Lê Giang | 2016-09-05 | 4A
            #7 | Lê Hà | 05 / 09 / 2016 | 4A
            #8 | Lê Khôi | ngày 5 tháng 9 năm 2016 | 4A
            #9 | Lê Lan | 05/09/2016 00:00:00 | 4A
        """),
        accepted="""
            2 | Lê An | 05/09/2016 | | 4A
            3 | Lê Bảo | 05/09/2016 | | 4A
            4 | Lê Chi | 05/09/2016 | | 4A
            5 | Lê Dân | 05/09/2016 | | 4A
            6 | Lê Em | 05/09/2016 | | 4A
            7 | Lê Giang | 05/09/2016 | | 4A
            8 | Lê Hà | 05/09/2016 | | 4A
            9 | Lê Khôi | 05/09/2016 | | 4A
            10 | Lê Lan | 05/09/2016 | | 4A
        """,
    ),
    Case(
        "ngay-sinh-sai", PUPILS, xlsx("""
            STT | Họ và tên | Ngày sinh | Lớp
            #1 | Lê An | 30/02/2016 | 4A
            #2 | Lê Bảo | 05/09/16 | 4A
            #3 | Lê Chi | 05/09/2090 | 4A
            #4 | Lê Dân | 31/04/2016 | 4A
            #5 | Lê Em | @2090-01-01 | 4A
            #6 | Lê Giang | hỏi lại mẹ | 4A
            #7 | Lê Hà | 25/13/2016 | 4A
            #8 | Lê Khôi | 00/00/2016 | 4A
            #9 | Lê Lan | #12 | 4A
        """),
        rejected=(
            "2 C Không có ngày 30/02/2016", "3 C Năm phải ghi đủ bốn chữ số", "4 C Ngày sinh không thể sau hôm nay",
            "5 C Không có ngày 31/04/2016", "6 C Ngày sinh không thể sau hôm nay", "7 C Không đọc được",
            "8 C Không có tháng 13", "9 C Không có tháng 00", "10 C Số 12 không phải là ngày",
        ),
    ),
    Case(
        "chi-co-nam-sinh", PUPILS, xlsx("""
            STT | Họ và tên | Năm sinh | Lớp
            #1 | Lê An | #2016 | 4A
            #2 | Lê Bảo | 2016 | 4A
            #3 | Lê Chi | 9/2016 | 4A
            #4 | Lê Dân | #2090 | 4A
        """),
        accepted="""
            2 | Lê An | | | 4A
            3 | Lê Bảo | | | 4A
            4 | Lê Chi | | | 4A
        """,
        warned=("2 C Không đủ ngày", "3 C Không đủ ngày", "4 C Không đủ ngày"),
        rejected=("5 C Năm sinh không thể sau",),
    ),
    Case(
        "ngay-thang-nam-ba-cot", PUPILS, xlsx("""
            STT | Họ và tên | Ngày sinh | ~ | ~ | Lớp
            ~ | ~ | Ngày | Tháng | Năm
            #1 | Lê An | #5 | #9 | #2016 | 4A
            #2 | Lê Bảo | 17 | 12 | 2016 | 4A
            #3 | Lê Chi | #31 | #2 | #2016 | 4A
            #4 | Lê Dân | ~ | ~ | #2016 | 4A
            #5 | Lê Em | #5 | ~ | #2016 | 4A
        """, merges=["A1:A2", "B1:B2", "C1:E1", "F1:F2"]),
        accepted="""
            3 | Lê An | 05/09/2016 | | 4A
            4 | Lê Bảo | 17/12/2016 | | 4A
            6 | Lê Dân | | | 4A
        """,
        rejected=("5 C Không có ngày 31/2/2016", "7 C Không đọc được “5/?/2016”"), warned=("6 C Không đủ ngày",),
        columns="ordinal=A full_name=B birth_day=C birth_month=D birth_year=E class_name=F",
    ),
    Case(
        "ba-cot-khong-dau-khong-gop", PUPILS, xlsx("""
            STT | Ho va ten | Ngay | Thang | Nam | Lop
            #1 | Lê An | #5 | #9 | #2016 | 4A
        """),
        accepted="2 | Lê An | 05/09/2016 | | 4A",
    ),
    Case(
        "thang-truoc-duoc-hoi", PUPILS, xlsx(MONTH_FIRST), asked=("month_first",),
        accepted="5 | Hà Dũng | 07/07/2016 | | 4A",
        rejected=("2 C Không có tháng 13", "3 C Chưa rõ cột này ghi ngày trước", "4 C Không có tháng 25"),
    ),
    Case(
        "thang-truoc-dung-vay", PUPILS, xlsx(MONTH_FIRST), asked=("month_first",), reply={"month_first": True},
        accepted="""
            2 | Lê An | 13/05/2016 | | 4A
            3 | Vũ Bình | 09/05/2016 | | 4A
            4 | Đỗ Chi | 25/12/2016 | | 4A
            5 | Hà Dũng | 07/07/2016 | | 4A
        """,
    ),
    Case(
        "thang-truoc-khong-phai", PUPILS, xlsx(MONTH_FIRST), asked=("month_first",), reply={"month_first": False},
        accepted="""
            3 | Vũ Bình | 05/09/2016 | | 4A
            5 | Hà Dũng | 07/07/2016 | | 4A
        """,
        rejected=("2 C Không có tháng 13", "4 C Không có tháng 25"),
    ),
    Case(
        "mot-o-thang-truoc-giua-cot-ngay-truoc", PUPILS, xlsx("""
            STT | Họ và tên | Ngày sinh | Lớp
            #1 | Lê An | 25/12/2016 | 4A
            #2 | Vũ Bình | 12/25/2016 | 4A
        """),
        accepted="2 | Lê An | 25/12/2016 | | 4A", rejected=("3 C Không có tháng 25",),
    ),
    Case(
        "ngay-that-trong-xls", PUPILS, xls("""
            STT | Họ và tên | Ngày sinh | Lớp
            #1 | Lê An | @2016-12-25 | 4A
            #2 | Vũ Bình | #42729 | 4A
        """),
        accepted="""
            2 | Lê An | 25/12/2016 | | 4A
            3 | Vũ Bình | 25/12/2016 | | 4A
        """,
    ),
    Case(
        "excel-dao-ngay-thang", PUPILS, xlsx("""
            STT | Họ và tên | Ngày sinh | Lớp
            #1 | Lê An | @2016-05-09 | 4A
            #2 | Lê Bảo | @2016-12-01 | 4A
            #3 | Lê Chi | @2016-02-03 | 4A
            #4 | Lê Dân | 25/12/2016 | 4A
        """),
        accepted="""
            2 | Lê An | 09/05/2016 | | 4A
            3 | Lê Bảo | 01/12/2016 | | 4A
            4 | Lê Chi | 03/02/2016 | | 4A
            5 | Lê Dân | 25/12/2016 | | 4A
        """,
        told=("Trang “Sheet1”: có thể Excel đã đảo ngày và tháng",),
    ),
]  # fmt: skip
