"""What was done: activities and who took part, platforms in use, households checked, figures declared."""

from training.models.activities import Activity, ActivityCoHost, Attendance, GroupTotal, Topic
from training.models.evidence import Evidence
from training.models.households import HouseholdCheck
from training.models.platforms import Platform, PlatformUse
from training.models.running_totals import RunningTotal

__all__ = [
    "Activity",
    "ActivityCoHost",
    "Attendance",
    "Evidence",
    "GroupTotal",
    "HouseholdCheck",
    "Platform",
    "PlatformUse",
    "RunningTotal",
    "Topic",
]
