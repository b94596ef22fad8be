"""Files that were sent ahead of a form which nobody saved: they prove nothing and may show people."""

from datetime import datetime, timedelta
from itertools import groupby

from django.db import transaction

from accounts.audit import record_audit
from hbs_portal.lib.text import number_text
from training.models import Evidence
from training.services.evidence import delete_files

KEPT_FOR = timedelta(days=1)


@transaction.atomic
def delete_unattached_evidence(*, now: datetime) -> int:
    """Removes files and rows that no record took within a day; one audit entry a commune. Returns how many files."""
    # Locked: a form saved in this very moment keeps its files.
    left = list(Evidence.objects.select_for_update().unattached_since(now - KEPT_FOR).order_by("commune_id", "pk"))
    for commune_id, group in groupby(left, key=lambda evidence: evidence.commune_id):
        names = [evidence.name for evidence in group]
        record_audit(
            actor=None,
            action="Xóa minh chứng không gắn với bản ghi nào",
            label=f"{number_text(len(names))} tệp tải lên quá một ngày",
            before={"file": names},
            commune_id=commune_id,
        )
    Evidence.objects.filter(pk__in=[evidence.pk for evidence in left]).delete()
    delete_files([str(evidence.file.name) for evidence in left])
    return len(left)
