"""The tab of the people who count, with the record by which they count and its evidence."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from django.urls import reverse

from hbs_portal.lib.paging import page_of
from reports.pages.explanation.content import ProofLink, SubjectRow, TabContent
from reports.pages.explanation.people import PER_PAGE, WHO, is_asked, listed, once, splits_of, subject
from reports.pages.explanation.question import Question
from reports.selectors.subjects.evidence import Proof, platforms_of, proofs_of, visible_activities
from reports.selectors.subjects.people import FirstDay, ListedPerson, first_days
from training.models.evidence import EvidenceKind

#: More files than this stand on the activity's own page.
MOST_PROOFS = 2


def counted_people(question: Question) -> TabContent:
    """Who counts, by name; of people of one month those who were new in it."""
    wanted = {pk: found.counted for pk, found in splits_of(question).items()}
    rows = once(row for row in listed(question, wanted) if is_asked(question, row))
    page = page_of(_of_month(question, rows), question.parameters, PER_PAGE)
    page.object_list = _with_records(question, page.object_list)
    return TabContent(
        who=WHO,
        page=page,
        empty="Chưa có ai được tính.",
        intro=_month_intro(question),
        is_one_unit=question.unit is not None,
    )


def _of_month(question: Question, rows: list[ListedPerson]) -> list[ListedPerson]:
    """Those who were first reached in the month that was asked for (rule C2)."""
    if question.asked.month is None:
        return rows
    days = {
        reach.person_id: reach.official_on
        for reach in question.reading.facts.reaches
        if reach.target_code == question.target.code and reach.official_on
    }
    month = question.asked.month
    return [row for row in rows if (days[row.person_id].year, days[row.person_id].month) == month]


def _month_intro(question: Question) -> str:
    if question.asked.month is None:
        return ""
    year, month = question.asked.month
    return f"Những người được tính lần đầu trong tháng {month}/{year}."


def _with_records(question: Question, rows: Sequence[ListedPerson]) -> list[SubjectRow]:
    """The people of one page with the first qualifying record: four queries."""
    campaign = question.reading.campaign
    days = first_days(question.reading, question.rule, [row.person_id for row in rows])
    activities = {day.activity_id for day in days.values() if day.activity_id}
    trail = _Trail(
        days=days,
        visible=visible_activities(question.user, activities),
        proofs=proofs_of(campaign, activities),
        platforms=platforms_of(campaign, [day.use_id for day in days.values() if day.use_id]),
    )
    return [trail.told(subject(question, row), row.person_id) for row in rows]


class _Trail:
    """What proves that the people of one page count."""

    def __init__(
        self,
        days: Mapping[int, FirstDay],
        visible: frozenset[int],
        proofs: Mapping[int, list[Proof]],
        platforms: Mapping[int, list[str]],
    ) -> None:
        self.days, self.visible, self.proofs, self.platforms = days, visible, proofs, platforms

    def told(self, row: SubjectRow, person_id: int) -> SubjectRow:
        day = self.days.get(person_id)
        if day is None:
            return row
        if day.activity_id is None:
            note = ", ".join(self.platforms.get(day.use_id or 0, []))
            return replace(row, on=day.on, link_label=day.title, note=note)
        may_open = day.activity_id in self.visible
        url = reverse("training:activity_detail", args=[day.activity_id]) if may_open else ""
        links, note = proof_links(self.proofs.get(day.activity_id, []), may_open=may_open)
        return replace(row, on=day.on, link_label=day.title, link=url, proofs=links, proof_note=note)


def proof_links(proofs: Sequence[Proof], *, may_open: bool) -> tuple[tuple[ProofLink, ...], str]:
    """The first files as links, and the others as a number; only the number for who may not see the activity."""
    if not proofs:
        return (), "Chưa có minh chứng"
    if not may_open:
        return (), f"{len(proofs)} tệp minh chứng"
    shown = tuple(
        ProofLink(proof.name, reverse("training:evidence_file", args=[proof.id]), proof.kind == EvidenceKind.PHOTO)
        for proof in proofs[:MOST_PROOFS]
    )
    rest = len(proofs) - len(shown)
    return shown, f"và {rest} tệp khác" if rest else ""
