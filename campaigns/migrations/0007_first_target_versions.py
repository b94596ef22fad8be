"""Every target that was there before targets had versions gets its first one, in force from the campaign's first day."""

from django.db import migrations

RULE_FIELDS = (
    "clause",
    "operator",
    "threshold_bp",
    "tolerance_bp",
    "qualifier",
    "min_sessions",
    "min_count",
    "window_days",
    "denominator_policy",
)
CRITERIA = {"groups": "GROUP", "unit_kinds": "UNIT_KIND", "activity_kinds": "ACTIVITY_KIND"}


def give_first_versions(apps, schema_editor):
    Target = apps.get_model("campaigns", "Target")
    TargetVersion = apps.get_model("campaigns", "TargetVersion")
    targets = Target.objects.filter(versions__isnull=True).select_related("campaign").prefetch_related("criteria")
    TargetVersion.objects.bulk_create(
        TargetVersion(
            target=target,
            number=1,
            effective_on=target.campaign.starts_on,
            recorded_on=target.campaign.starts_on,
            definition=_definition(target),
        )
        for target in targets
    )


def _definition(target):
    rows = list(target.criteria.all())
    lists = {name: sorted(row.value for row in rows if row.kind == kind) for name, kind in CRITERIA.items()}
    fixed_on = target.fixed_on.isoformat() if target.fixed_on else None
    return {name: getattr(target, name) for name in RULE_FIELDS} | {"fixed_on": fixed_on} | lists


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0006_versions_exclusions_splits")]

    operations = [migrations.RunPython(give_first_versions, migrations.RunPython.noop)]
