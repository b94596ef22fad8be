"""Text of before Unicode: asked for with a sample, converted only after a yes."""

from campaigns.importers.layouts import PUPILS
from campaigns.tests.corpus.case import Case
from campaigns.tests.corpus.files import xlsx

TCVN3 = """
    STT | Hä vµ tªn | Ngµy sinh | Líp
    #1 | NguyÔn V¨n Hïng | 05/09/2016 | 4A
    #2 | TrÇn ThÞ Ph­îng | 06/09/2016 | 4A
"""
ONE_OLD_NAME = """
    STT | Họ và tên | Ngày sinh | Lớp
    #1 | Lê An | 05/09/2016 | 4A
    #2 | NguyÔn V¨n Hïng | 06/09/2016 | 4A
"""
VNI = """
    STT | Hoï vaø teân | Ngaøy sinh | Lôùp
    #1 | Nguyeãn Vaên Huøng | 05/09/2016 | 4A
"""
CASES = [
    Case("tcvn3-duoc-hoi", PUPILS, xlsx(TCVN3), asked=("legacy",), others=("Sheet1",)),
    Case(
        "tcvn3-duoc-chuyen", PUPILS, xlsx(TCVN3), asked=("legacy",), reply={"legacy": "tcvn3"},
        accepted="""
            2 | Nguyễn Văn Hùng | 05/09/2016 | | 4A
            3 | Trần Thị Phượng | 06/09/2016 | | 4A
        """,
    ),
    Case(
        "mot-ten-tcvn3-khong-chuyen", PUPILS, xlsx(ONE_OLD_NAME), asked=("legacy",), reply={"legacy": ""},
        accepted="2 | Lê An | 05/09/2016 | | 4A", rejected=("3 B Chữ viết bằng bảng mã cũ",),
    ),
    Case(
        "vni-duoc-chuyen", PUPILS, xlsx(VNI), asked=("legacy",), reply={"legacy": "vni"},
        accepted="2 | Nguyễn Văn Hùng | 05/09/2016 | | 4A",
    ),
    Case(
        "utf8-doc-nham-duoc-chuyen", PUPILS,
        xlsx(
            "STT | Họ và tên | Ngày sinh | Lớp\n#1 | "
            + "Nguyễn Văn Hùng".encode().decode("cp1252", errors="replace").replace("\ufffd", "")
            + " | 05/09/2016 | 4A"
        ),
        asked=("legacy",), reply={"legacy": "misread-utf8"}, accepted="2 | Nguyễn Văn Hùng | 05/09/2016 | | 4A",
    ),
]  # fmt: skip
