"""Targets: what a target says is what its newest version says (rule H6)."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from accounts.audit import field_values
from campaigns.models import Target
from campaigns.services.targets import CRITERIA, RULE_FIELDS
from reports.checking.difference import Difference, Scope


def targets_beside_their_versions(scope: Scope) -> Iterator[Difference]:
    """The target itself against its newest version, and the order of its versions."""
    targets = Target.objects.filter(campaign=scope.campaign).prefetch_related("criteria", "versions")
    for target in targets:
        where = f"Chỉ tiêu {target.code}"
        versions = sorted(target.versions.all(), key=lambda version: version.number)
        if [version.number for version in versions] != list(range(1, len(versions) + 1)) or not versions:
            yield Difference(where, "số thứ tự các phiên bản bị thiếu")
        if any(one.effective_on > next_one.effective_on for one, next_one in pairwise(versions)):
            yield Difference(where, "ngày áp dụng của các phiên bản không theo thứ tự")
        if versions:
            stored = versions[-1].definition
            wrong = [name for name, value in _definition(target).items() if stored.get(name) != value]
            if wrong:
                yield Difference(where, f"khác với phiên bản mới nhất ở: {', '.join(_label(name) for name in wrong)}")


def _definition(target: Target) -> dict[str, Any]:
    """What campaigns.services.targets.rule_definition gives, from rows that were already read."""
    rows = list(target.criteria.all())
    lists = {name: sorted(row.value for row in rows if row.kind == kind) for name, kind in CRITERIA.items()}
    return field_values(target, RULE_FIELDS) | lists


_LIST_LABELS = {"groups": "nhóm đối tượng", "unit_kinds": "loại đơn vị", "activity_kinds": "loại hoạt động"}


def _label(name: str) -> str:
    return _LIST_LABELS.get(name) or str(Target._meta.get_field(name).verbose_name).lower()  # type: ignore[union-attr]
