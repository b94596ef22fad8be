"""What was done stays written, for the database too."""

from django.db import migrations

from hbs_portal.lib.write_once import GuardRows


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_job_rows")]

    operations = [GuardRows("accounts_auditentry")]
