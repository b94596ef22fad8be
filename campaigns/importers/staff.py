"""Teachers, managers, staff, officials and workers of one unit: what the rows of their lists mean to the roster."""

from collections.abc import Sequence

from campaigns.choices import STAFF_GROUPS, Group
from campaigns.importers.layouts import STAFF_LAYOUT
from campaigns.importers.roster import RosterPlan
from campaigns.importers.rows import staff_group
from campaigns.importers.steps import Place
from campaigns.models import Membership
from hbs_portal.lib.importing import ReadRow


class StaffPlan(RosterPlan):
    layout = STAFF_LAYOUT
    groups = STAFF_GROUPS
    excluded_groups = (Group.PUPIL,)
    excluded_sentence = "Người này đang có trong danh sách học sinh. Hãy kiểm tra lại mã và họ tên."

    def place_of(self, row: ReadRow, here: Sequence[Membership]) -> Place:
        """A list that says nothing of a position leaves everybody in the group where they are."""
        position = row.cleaned["position"]
        if here and not position:
            return Place(here[-1].group, here[-1].class_name)
        return Place(staff_group(position, in_school=self.unit.is_school), self._class_of(here))

    def _class_of(self, here: Sequence[Membership]) -> str:
        return here[-1].class_name if here else ""
