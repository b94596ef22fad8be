"""What was frozen or issued stays, for the database too: an issued report can only be taken back, with its reason."""

from django.db import migrations

from hbs_portal.lib.write_once import GuardRows

KEPT = (
    "id",
    "commune_id",
    "campaign_id",
    "snapshot_id",
    "previous_id",
    "title",
    "paper_number",
    "dated_on",
    "edition",
    "wording",
    "prepared_by_id",
    "prepared_at",
    "issued_by_id",
    "issued_at",
)


class Migration(migrations.Migration):
    dependencies = [("reports", "0002_reports_issued")]

    operations = [
        GuardRows("reports_snapshot"),
        GuardRows("reports_reportfile"),
        GuardRows(
            "reports_report",
            once="OLD.state <> 'PREPARED'",
            but="OLD.state = 'ISSUED' AND NEW.state = 'REVOKED'",
            kept=KEPT,
        ),
    ]
