from django.db import migrations

CREATE = """CREATE STATISTICS IF NOT EXISTS activity_of_campaign (dependencies)
ON commune_id, campaign_id FROM training_activity"""


def create(apps, schema_editor):
    """A campaign belongs to one commune. PostgreSQL does not know, multiplies the odds of both, expects a hundredth of
    the activities among a hundred communes, and reads their attendances one by one."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(CREATE)


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP STATISTICS IF EXISTS activity_of_campaign")


class Migration(migrations.Migration):
    dependencies = [("training", "0002_versions_checked_member")]
    operations = [migrations.RunPython(create, drop)]
