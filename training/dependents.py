"""What training records about a person, told to the roster before it takes a membership back."""

from datetime import date

from training.models import Attendance, PlatformUse


def has_records_since(person_id: int, since: date) -> bool:
    """Whether the person took part in an activity, or confirmed platforms, on or after `since`."""
    attended = Attendance.objects.filter(person_id=person_id, activity__ends_on__gte=since)
    return attended.exists() or PlatformUse.objects.filter(person_id=person_id, confirmed_on__gte=since).exists()
