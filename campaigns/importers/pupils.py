"""Pupils of one school: what the rows of their lists mean to the roster."""

from collections.abc import Sequence

from campaigns.choices import STAFF_GROUPS, Group
from campaigns.importers.layouts import PUPIL_LAYOUT
from campaigns.importers.roster import RosterPlan
from campaigns.importers.steps import Place
from campaigns.models import Membership
from hbs_portal.lib.importing import ReadRow


class PupilPlan(RosterPlan):
    layout = PUPIL_LAYOUT
    groups = (Group.PUPIL,)
    excluded_groups = STAFF_GROUPS
    noun = "Em"
    unit_word = "Trường"
    excluded_sentence = "Mã này là của một người không phải học sinh. Hãy kiểm tra lại mã."
    left_words = "học tại trường"
    present_words = "đang học tại"
    ask_office = "Hãy báo Phòng Văn hóa - Xã hội để chuyển em về trường."

    def place_of(self, row: ReadRow, here: Sequence[Membership]) -> Place:
        return Place(Group.PUPIL, row.cleaned["class_name"])
