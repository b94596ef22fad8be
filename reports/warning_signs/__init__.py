"""Signs that a record should be looked at twice ("dấu hiệu cần kiểm tra"): pure rules over plain rows, no ORM.

A sign is never an accusation: it says what stands in the records and where to look.
"""

from reports.warning_signs.finding import find_signs
from reports.warning_signs.rows import Sign, SignRecord, SignRows

__all__ = ["Sign", "SignRecord", "SignRows", "find_signs"]
