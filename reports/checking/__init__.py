"""Whatever is stored beside the records is computed again and compared (rule H5). Reads only."""

from reports.checking.difference import Difference, Scope
from reports.checking.every import CHECKS, differences

__all__ = ["CHECKS", "Difference", "Scope", "differences"]
