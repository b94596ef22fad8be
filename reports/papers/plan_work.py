"""Part III: what the approved records show for each section of the plan's tasks. Attendances are no people (D1, G1).

The report of a period that tells flows speaks of that period, with the number of activities since the beginning.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from campaigns.choices import ActivityKind
from hbs_portal.lib.text import number_text
from reports.exporters.edition import Edition
from reports.papers.grammar import counted, joined, sentence
from reports.papers.parts import Paragraph

#: "Ngày hội toàn dân học tập số", each year (plan III.1): month and day.
FESTIVAL_DAY = (10, 10)


@dataclass(frozen=True, slots=True)
class Work:
    """Activities of some kinds, added up: flows only, each activity once (F3).

    `since_beginning` counts the activities of the running total where all the others are those of a period.
    """

    activities: int
    since_beginning: int | None
    hosts: int
    people: int
    unnamed: int
    households: int
    elderly: int
    disadvantaged: int
    volunteers: int


def work_of(edition: Edition, kinds: Collection[str]) -> Work:
    """What was done of these kinds, in the period where one is told; none: nothing but zeros."""
    every = [row for row in edition.activities if row.kind in kinds]
    first = first_day(edition)
    rows = [row for row in every if first is None or row.ends_on >= first]
    return Work(
        activities=len(rows),
        since_beginning=None if first is None else len(every),
        hosts=len({row.host_id for row in rows}),
        people=sum(row.people for row in rows),
        unnamed=sum(row.unnamed for row in rows),
        households=sum(row.households + row.unnamed_households for row in rows),
        elderly=sum(row.elderly for row in rows),
        disadvantaged=sum(row.disadvantaged for row in rows),
        volunteers=sum(row.volunteers for row in rows),
    )


def first_day(edition: Edition) -> date | None:
    """Of the period whose flows the report tells; None where it tells everything from the beginning."""
    return edition.period.starts_on if edition.period and edition.period.flows else None


def work_sentence(work: Work, noun: str) -> str:
    """ "Đã tổ chức 12 hoạt động tuyên truyền do 8 đơn vị chủ trì, với 340 lượt người có tên, …"; none is said too."""
    lead = "" if work.since_beginning is None else "trong kỳ "
    total = f"; luỹ kế {number_text(work.since_beginning)} hoạt động" if work.since_beginning else ""
    if not work.activities:
        return sentence(f"{lead}chưa ghi nhận {noun} nào được duyệt{total}")
    heads = joined(list(_heads(work)))
    audience = f", với {heads}" if heads else ""
    hosts = number_text(work.hosts)
    return sentence(
        f"{lead}đã tổ chức {number_text(work.activities)} {noun} do {hosts} đơn vị chủ trì{audience}{total}"
    )


def _heads(work: Work) -> Iterator[str]:
    if work.people:
        yield f"{number_text(work.people)} lượt người có tên"
    if work.unnamed:
        yield f"{number_text(work.unnamed)} lượt người chưa định danh"
    if work.households:
        yield f"{number_text(work.households)} lượt hộ"


def communication(edition: Edition) -> Iterator[Paragraph]:
    """Plan III.1: communication, and the festival of 10 October once the day has come."""
    yield Paragraph(work_sentence(work_of(edition, [ActivityKind.COMMUNICATION]), "hoạt động tuyên truyền"))
    festival = work_of(edition, [ActivityKind.FESTIVAL])
    if festival.activities or edition.reading.clocks.as_of >= _festival(edition):
        lead = "Hưởng ứng “Ngày hội toàn dân học tập số” (10/10): "
        words = work_sentence(festival, "hoạt động ngày hội")
        yield Paragraph(lead + words[0].lower() + words[1:])


def _festival(edition: Edition) -> date:
    return date(edition.campaign.starts_on.year, *FESTIVAL_DAY)


def training(edition: Edition) -> Iterator[Paragraph]:
    """Plan III.2: training courses, lessons and online courses."""
    for kind, noun in (
        (ActivityKind.TRAINING, "hoạt động tập huấn, bồi dưỡng"),
        (ActivityKind.LESSON, "hoạt động dạy học lồng ghép"),
        (ActivityKind.ONLINE_COURSE, "hoạt động học trực tuyến"),
    ):
        yield Paragraph(work_sentence(work_of(edition, [kind]), noun))


def models(edition: Edition) -> Iterator[Paragraph]:
    """Plan III.3: the villages' digital teams and help for the people, the elderly and disadvantaged among them."""
    yield Paragraph(_teams(edition))
    yield Paragraph(work_sentence(work_of(edition, [ActivityKind.SUPPORT]), "hoạt động hỗ trợ người dân"))
    work = work_of(edition, ActivityKind.values)
    yield Paragraph(
        sentence(
            f"{_lead(work)}người cao tuổi: {_helped(work.elderly)}; "
            f"người có hoàn cảnh khó khăn: {_helped(work.disadvantaged)} (số lượt, tính ở mọi hoạt động đã duyệt)"
        )
    )


def _lead(work: Work) -> str:
    return "" if work.since_beginning is None else "trong kỳ, "


def _helped(times: int) -> str:
    return f"{number_text(times)} lượt được hỗ trợ" if times else "chưa ghi nhận lượt hỗ trợ nào"


def _teams(edition: Edition) -> str:
    facts = edition.reading.facts
    teams = [team for team in facts.teams if team.is_active(facts.as_of)]
    if not teams:
        return "Chưa ghi nhận Tổ công nghệ số cộng đồng nào."
    villages = number_text(len({team.unit_id for team in teams}))
    first = first_day(edition)
    done = sum(
        row.official and row.team_id is not None and row.on <= facts.as_of and (first is None or row.on >= first)
        for row in facts.activities
    )
    when = "trong kỳ " if first else ""
    words = f"{when}các tổ " + (
        f"đã thực hiện {counted(done, 'hoạt động')}" if done else "chưa có hoạt động nào được duyệt"
    )
    return f"Có {number_text(len(teams))} Tổ công nghệ số cộng đồng tại {villages} thôn; {words}."


def youth(edition: Edition) -> Iterator[Paragraph]:
    """Plan III.4: volunteers."""
    work = work_of(edition, ActivityKind.values)
    words = f"đã có {number_text(work.volunteers)} lượt tình nguyện viên" if work.volunteers else ""
    said = words or "chưa ghi nhận lượt tình nguyện viên nào"
    yield Paragraph(sentence(f"{_lead(work)}{said} tham gia các hoạt động"))


def conditions(edition: Edition) -> Iterator[Paragraph]:
    """Plan III.5: everything together, each activity, person and household once (C1, E1, H8)."""
    work, total, subjects = work_of(edition, ActivityKind.values), len(edition.activities), edition.subjects
    if not total:
        yield Paragraph("Chưa ghi nhận hoạt động nào được duyệt.")
        return
    if work.since_beginning is not None:
        yield Paragraph(sentence(f"trong kỳ đã thực hiện {number_text(work.activities)} hoạt động"))
    lead = "tính chung" if work.since_beginning is None else "luỹ kế đến hết kỳ"
    words = f"{lead}, đã thực hiện {number_text(total)} hoạt động, mỗi hoạt động tính một lần"
    if subjects:
        people, households = number_text(subjects.people), number_text(subjects.households)
        words += f"; {people} người và {households} hộ khác nhau có tên tham gia"
    yield Paragraph(sentence(words))
