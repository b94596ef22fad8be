"""What reading a file costs, whatever else the machine is doing."""

import resource
import time

#: A file is refused in under five seconds (excel.md); the child may have four of them.
MOST_SECONDS = 5


def processor_seconds() -> float:
    """The processor time of this process and of its children that have ended."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime
