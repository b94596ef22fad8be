"""What the address of the explanation page may ask for. Whatever makes no sense is as if it were not there."""

import re
from dataclasses import dataclass

from django.http import QueryDict

from hbs_portal.lib.text import nfc

MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])", re.ASCII)
MISSING, COUNTED, NOT_COUNTED = "con-thieu", "da-tinh", "khong-tinh"
TABS = {MISSING: "Còn thiếu", COUNTED: "Đã tính", NOT_COUNTED: "Không tính"}


@dataclass(frozen=True, slots=True)
class Asked:
    """`month` is (year, month); the rest is text, empty where nothing was asked for."""

    unit_code: str
    tab: str
    q: str
    class_name: str
    month: tuple[int, int] | None


def asked(parameters: QueryDict) -> Asked:
    """Read ?don-vi=, ?tab=, ?q=, ?lop= and ?thang=2026-04; of an unknown tab the first."""
    tab = parameters.get("tab", "")
    month = MONTH.fullmatch(parameters.get("thang", ""))
    return Asked(
        unit_code=nfc(parameters.get("don-vi", ""))[:30],
        tab=tab if tab in TABS else MISSING,
        q=nfc(parameters.get("q", ""))[:80],
        class_name=nfc(parameters.get("lop", ""))[:30],
        month=(int(month[1]), int(month[2])) if month else None,
    )
