"""Ten months of the campaign: lessons, trainings, village days, confirmations and checks."""

from datetime import date, timedelta
from random import Random

from campaigns.choices import ActivityKind, Group, RecordStatus, UnitKind
from campaigns.models import Headcount, Membership, Unit
from hbs_portal.demo.commune import DemoCommune
from hbs_portal.demo.records import LAST_DAY, Batch, clocks
from hbs_portal.demo.rosters import DECLARING_UNIT, Rosters
from training.models import HouseholdCheck, Platform, PlatformUse, RunningTotal
from training.models.activities import Channel
from training.models.households import SKILL_FIELDS

SCHOOLS = (UnitKind.PRESCHOOL, UnitKind.PRIMARY, UnitKind.LOWER_SECONDARY, UnitKind.PRIMARY_LOWER_SECONDARY)
LESSONS = (
    "Nhận biết thông tin thật, giả trên mạng",
    "Giữ an toàn khi dùng mạng xã hội",
    "Tìm kiếm tài liệu học tập trên mạng",
    "Sử dụng học liệu số cùng cả lớp",
)
TRAININGS = (
    "Tập huấn kỹ năng số cơ bản cho cán bộ, công chức",
    "Bồi dưỡng sử dụng dịch vụ công trực tuyến",
    "Tập huấn an toàn thông tin khi làm việc trên mạng",
    "Bồi dưỡng sử dụng chữ ký số và hồ sơ điện tử",
)
#: Classes that no lesson has reached yet: what K3 still misses.
CLASSES_LEFT = {("TH2", "5D"), ("TH3", "4C"), ("TH3", "5B"), ("THCS2", "9C"), ("THTHCS", "3B")}
#: In this class a lesson reached 23 of 35: the twelve of the start page.
HALF_CLASS = ("TH1", "4A")
WAITING_CLASS = ("TH3", "5A")
SCHEDULED_ON = date(2026, 12, 10)
#: Villages by when their digital team was last active.
TEAM_SLEEPS, TEAM_NEVER = "T11", "T12"
PASS_RATES = (0.9, 0.85, 0.8, 0.78, 0.75, 0.73, 0.7, 0.66, 0.62, 0.58, 0.48, 0.35)


def build_year(demo: DemoCommune, rosters: Rosters, random: Random) -> None:
    batch = Batch(demo)
    _staff_trainings(batch, rosters, random)
    for unit in demo.of_kind(*SCHOOLS):
        _school_year(batch, unit, rosters, random)
    for (code, class_name), rows in rosters.classes.items():
        _lessons(batch, demo.units[code], class_name, rows, random)
    for place, village in enumerate(demo.of_kind(UnitKind.VILLAGE)):
        _village_year(batch, village, place, rosters, random)
    _festival(batch, rosters, random)
    _unfinished(batch, rosters)
    _scheduled(batch, rosters)
    batch.write()
    _platform_uses(demo, rosters, random)
    _household_checks(demo, rosters, random)
    _declared(demo)


def _staff_trainings(batch: Batch, rosters: Rosters, random: Random) -> None:
    """The office trains everybody's staff; about one in twenty never comes."""
    everybody = [row for rows in rosters.staff.values() for row in rows]
    never = {id(row) for row in random.sample(everybody, 22)}
    regulars = [row for row in everybody if id(row) not in never]
    host = batch.demo.units["VHXH"]
    for number in range(8):
        on = date(2026, 2 + number, 12 + number)
        kind = ActivityKind.ONLINE_COURSE if number % 4 == 3 else ActivityKind.TRAINING
        channel = Channel.ONLINE if kind == ActivityKind.ONLINE_COURSE else Channel.IN_PERSON
        guests = regulars[number % 5 :: 5]
        title = TRAININGS[number % 4]
        batch.add(host, kind, title, on, people=guests, channel=channel, place="Hội trường UBND xã")


def _school_year(batch: Batch, school: Unit, rosters: Rosters, random: Random) -> None:
    """A training for its own staff and one activity that carries the movement to parents."""
    staff = rosters.staff[school.code]
    on = date(2026, 3, 5) + timedelta(days=school.position)
    title = "Bồi dưỡng ứng dụng công nghệ số trong dạy học"
    batch.add(school, ActivityKind.TRAINING, title, on, people=random.sample(staff, len(staff) // 3))
    spread = date(2026, 4, 20) + timedelta(days=3 * school.position)
    parents = {Group.RESIDENT: random.randint(60, 180)}
    title = "Họp phụ huynh: đồng hành cùng con trên môi trường mạng"
    batch.add(school, ActivityKind.COMMUNICATION, title, spread, totals=parents, channel=Channel.MEETING)


def _lessons(batch: Batch, school: Unit, class_name: str, rows: list[Membership], random: Random) -> None:
    key = (school.code, class_name)
    if key in CLASSES_LEFT or key == WAITING_CLASS:
        return
    first = date(2026, 1, 12) + timedelta(days=random.randrange(60))
    count = 1 if key == HALF_CLASS else random.randint(2, 4)
    for number in range(count):
        on = first + timedelta(days=35 * number + random.randrange(20))
        on = on if not date(2026, 5, 31) < on < date(2026, 9, 7) else date(2026, 9, 7) + timedelta(days=number * 9)
        present = rows[:23] if key == HALF_CLASS else random.sample(rows, len(rows) - random.choice((0, 0, 1, 2, 3)))
        title = f"{LESSONS[number % 4]} - lớp {class_name}"
        batch.add(school, ActivityKind.LESSON, title, on, people=present, place="Phòng tin học")


def _village_year(batch: Batch, village: Unit, place: int, rosters: Rosters, random: Random) -> None:
    """Meetings that reach households, and days on which the digital team helps people."""
    homes = rosters.households[village.code]
    for number in range(4):
        on = date(2026, 2, 8) + timedelta(days=61 * number + 2 * place)
        present = random.sample(homes, int(len(homes) * (0.34 - 0.012 * place)))
        title = "Tuyên truyền Bình dân học vụ số tại nhà văn hóa thôn"
        batch.add(village, ActivityKind.COMMUNICATION, title, on, households=present, place="Nhà văn hóa thôn")
    if village.code == TEAM_NEVER:
        return
    last = 5 if village.code == TEAM_SLEEPS else 10
    for month in range(2, last + 1):
        _support_day(batch, village, date(2026, month, 3 + (place * 2) % 24), random)


def _support_day(batch: Batch, village: Unit, on: date, random: Random) -> None:
    heads = random.randint(8, 30)
    batch.add(
        village,
        ActivityKind.SUPPORT,
        "Tổ công nghệ số hướng dẫn dịch vụ công trực tuyến và thanh toán số",
        on,
        totals={Group.RESIDENT: heads},
        team=batch.demo.teams[village.code],
        place="Nhà văn hóa thôn",
        elderly_count=heads // 3,
        disadvantaged_count=heads // 8,
        volunteer_count=random.randint(3, 7),
    )


def _festival(batch: Batch, rosters: Rosters, random: Random) -> None:
    """Ngày hội toàn dân học tập số, 10/10: one activity of many hosts (rule F3)."""
    guests = [row for rows in rosters.staff.values() for row in rows if random.random() < 0.25]
    host = batch.demo.units["VHXH"]
    others = [unit for unit in batch.demo.of_kind(*SCHOOLS) if unit.code != "MN3"]
    batch.add(
        host,
        ActivityKind.FESTIVAL,
        "Ngày hội toàn dân học tập số xã Hà Bắc",
        date(2026, 10, 10),
        people=guests,
        totals={Group.RESIDENT: 420},
        co_hosts=[*others, batch.demo.units["DTN"]],
        place="Sân vận động xã",
        volunteer_count=35,
    )


def _unfinished(batch: Batch, rosters: Rosters) -> None:
    """Drafts, a returned record and what waits for approval."""
    units, lesson = batch.demo.units, ActivityKind.LESSON
    waiting = rosters.classes[WAITING_CLASS]
    batch.add(units["TH3"], lesson, f"{LESSONS[0]} - lớp 5A", date(2026, 10, 28), people=waiting, status="SUBMITTED")
    half = rosters.classes[HALF_CLASS]
    batch.add(units["TH1"], lesson, f"{LESSONS[1]} - lớp 4A", date(2026, 10, 29), people=half[:20], status="DRAFT")
    third = rosters.classes["TH1", "3B"]
    batch.add(units["TH1"], lesson, f"{LESSONS[2]} - lớp 3B", date(2026, 10, 20), people=third, status="RETURNED")
    second = rosters.classes["TH1", "2A"]
    batch.add(units["TH1"], lesson, f"{LESSONS[3]} - lớp 2A", date(2026, 10, 30), people=second, status="SUBMITTED")
    homes = rosters.households["T01"][:45]
    title = "Tuyên truyền thanh toán số tại ngõ xóm"
    batch.add(units["T01"], ActivityKind.COMMUNICATION, title, date(2026, 10, 27), households=homes, status="SUBMITTED")
    batch.add(units["T01"], ActivityKind.SUPPORT, "Hướng dẫn cài VNeID", date(2026, 10, 30), status="DRAFT")


def _scheduled(batch: Batch, rosters: Rosters) -> None:
    """Lessons of December for pupils who still miss one: they count nowhere, and raise the forecast of K3."""
    units, draft = batch.demo.units, RecordStatus.DRAFT
    for code, class_name, rows in (("TH1", "4A", rosters.classes[HALF_CLASS][23:]), ("TH2", "5D", None)):
        people = rows or rosters.classes[code, class_name]
        title = f"{LESSONS[3]} - lớp {class_name}"
        batch.add(units[code], ActivityKind.LESSON, title, SCHEDULED_ON, people=people, status=draft)


def _platform_uses(demo: DemoCommune, rosters: Rosters, random: Random) -> None:
    """Almost every manager and teacher confirmed; five are missing and six wait."""
    kinds = (UnitKind.PRIMARY, UnitKind.LOWER_SECONDARY, UnitKind.PRIMARY_LOWER_SECONDARY)
    asked = [
        row
        for unit in demo.of_kind(*kinds)
        for row in rosters.staff[unit.code]
        if row.group in (Group.MANAGER, Group.TEACHER)
    ]
    missing = random.sample(range(len(asked)), 11)
    uses = []
    for place, row in enumerate(asked):
        if place in missing[:5]:
            continue
        status = RecordStatus.SUBMITTED if place in missing else RecordStatus.APPROVED
        on = LAST_DAY - timedelta(days=3) if place in missing else date(2026, 3, 2) + timedelta(days=place)
        uses.append(
            PlatformUse(
                commune_id=row.commune_id,
                campaign=demo.campaign,
                person=row.person,
                unit=row.unit,
                confirmed_on=on,
                **clocks(demo, row.unit, on, status),
            )
        )
    PlatformUse.objects.bulk_create(uses, batch_size=200)
    _name_platforms(demo, uses)


def _name_platforms(demo: DemoCommune, uses: list[PlatformUse]) -> None:
    platforms = list(Platform.objects.filter(commune_id=demo.campaign.commune_id))
    links = PlatformUse.platforms.through
    links.objects.bulk_create(
        [
            links(platformuse_id=use.pk, platform_id=platform.pk)
            for place, use in enumerate(uses)
            for platform in platforms[: 2 + place % 3]
        ],
        batch_size=500,
    )


def _household_checks(demo: DemoCommune, rosters: Rosters, random: Random) -> None:
    checks = []
    for village, rate in zip(demo.of_kind(UnitKind.VILLAGE), PASS_RATES, strict=True):
        homes = rosters.households[village.code]
        passed = int(len(homes) * rate)
        for place, home in enumerate(homes[: passed + 20]):
            on = date(2026, 3, 1) + timedelta(days=random.randrange(230))
            skills = 5 if place < passed else random.randint(1, 4)
            status = RecordStatus.SUBMITTED if place % 40 == 39 else RecordStatus.APPROVED
            checks.append(
                HouseholdCheck(
                    commune_id=home.commune_id,
                    campaign=demo.campaign,
                    household=home,
                    checked_on=on,
                    **clocks(demo, village, on, status),
                    **{name: number < skills for number, name in enumerate(SKILL_FIELDS)},
                )
            )
    HouseholdCheck.objects.bulk_create(checks, batch_size=500)


def _declared(demo: DemoCommune) -> None:
    """The one unit without a list: its head-count and running total as it declared them."""
    unit, target = demo.units[DECLARING_UNIT], demo.campaign.targets.get(code="K1")
    record = {"commune_id": unit.commune_id, "unit": unit, **clocks(demo, unit, date(2026, 6, 30))}
    for group, heads, reached in ((Group.OFFICIAL, 3, 3), (Group.WORKER, 2, 1)):
        Headcount.objects.create(group=group, effective_on=date(2026, 1, 1), count=heads, **record)
        RunningTotal.objects.create(target=target, group=group, as_of=date(2026, 6, 30), value=reached, **record)
