"""Campaign 2026 comes from a data file that holds the plan's own words."""

from campaigns.models import Campaign
from campaigns.models.campaign import CriterionKind
from campaigns.services.plans import load_plan, read_plan


def test_number_and_date_stay_blank_as_in_the_plan(campaign):
    assert (campaign.plan_number, campaign.issued_on) == ("", None)


def test_the_six_targets_have_operator_and_threshold_of_the_plan(campaign):
    rows = list(campaign.targets.values_list("code", "operator", "threshold_bp", "tolerance_bp"))
    assert rows == [
        ("K1", "MORE_THAN", 9000, 0),
        ("K2", "ALL", 10000, 0),
        ("K3", "ALL", 10000, 0),
        ("K4", "ABOUT", 7000, 0),
        ("K5", "EACH_UNIT", 10000, 0),
        ("K6", "EACH_UNIT", 10000, 0),
    ]


def test_a_preschool_belongs_to_the_spread_target_but_not_to_platform_use(campaign):
    kinds = {
        target.code: {c.value for c in target.criteria.all() if c.kind == CriterionKind.UNIT_KIND}
        for target in campaign.targets.prefetch_related("criteria")
    }
    assert "PRESCHOOL" in kinds["K5"]
    assert "PRESCHOOL" not in kinds["K2"]
    assert "PRESCHOOL" not in kinds["K3"]


def test_loading_the_plan_twice_changes_nothing(campaign):
    again = load_plan(plan=read_plan("plan_ha_bac_2026"))
    assert again.pk == campaign.pk
    assert Campaign.objects.count() == 1
    assert campaign.targets.count() == 6
