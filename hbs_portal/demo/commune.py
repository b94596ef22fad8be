"""Units, accounts, digital teams and catalogues of the demo commune."""

from dataclasses import dataclass
from datetime import date

from accounts.models import User
from campaigns.choices import Role, UnitKind
from campaigns.models import Campaign, DigitalTeam, Unit, UnitRole
from campaigns.services.plans import load_plan, place_in_tree, read_plan
from hbs_portal.lib.text import fold
from training.services.catalogues import ensure_catalogues

PASSWORD = "hoc-so-2026"  # noqa: S105  # published on purpose, for demo accounts only
OPENED = date(2025, 7, 1)

OFFICES = {
    "VP": "Văn phòng HĐND và UBND",
    "VHXH": "Phòng Văn hóa - Xã hội",
    "KT": "Phòng Kinh tế",
    "HCC": "Trung tâm Phục vụ hành chính công",
}
UNIONS = {
    "MTTQ": "Ủy ban MTTQ Việt Nam xã",
    "HND": "Hội Nông dân xã",
    "HPN": "Hội Liên hiệp Phụ nữ xã",
    "HCCB": "Hội Cựu chiến binh xã",
    "DTN": "Đoàn TNCS Hồ Chí Minh xã",
    "HNCT": "Hội Người cao tuổi xã",
}
SCHOOLS = {
    "MN1": ("Trường Mầm non Hoa Sen", UnitKind.PRESCHOOL),
    "MN2": ("Trường Mầm non Hoa Hồng", UnitKind.PRESCHOOL),
    "MN3": ("Trường Mầm non Sao Mai", UnitKind.PRESCHOOL),
    "TH1": ("Trường Tiểu học Bắc Hà", UnitKind.PRIMARY),
    "TH2": ("Trường Tiểu học Đông Hà", UnitKind.PRIMARY),
    "TH3": ("Trường Tiểu học Tây Hà", UnitKind.PRIMARY),
    "THCS1": ("Trường THCS Bắc Hà", UnitKind.LOWER_SECONDARY),
    "THCS2": ("Trường THCS Đông Hà", UnitKind.LOWER_SECONDARY),
    "THTHCS": ("Trường TH&THCS Nam Hà", UnitKind.PRIMARY_LOWER_SECONDARY),
}
VILLAGES = (
    "Thôn Đông Hạ|Thôn Đông Thượng|Thôn Tây Hạ|Thôn Tây Thượng|Thôn Nam Bình|Thôn Bắc Bình|"
    "Thôn An Lạc|Thôn An Thịnh|Thôn Phú Mỹ|Thôn Phú Xuân|Thôn Đình Cả|Thôn Ấp Mới"
).split("|")


@dataclass
class DemoCommune:
    """What the later steps build on; `clerks` maps a unit's code to the account that enters for it."""

    campaign: Campaign
    units: dict[str, Unit]
    clerks: dict[str, User]
    officer: User
    teams: dict[str, DigitalTeam]

    def of_kind(self, *kinds: str) -> list[Unit]:
        return [unit for unit in self.units.values() if unit.kind in kinds]


def build_commune() -> DemoCommune:
    """The plan of 2026 with every kind of unit, six accounts with a password and a clerk for each other unit."""
    plan = read_plan("plan_ha_bac_2026")
    campaign = load_plan(plan=plan)
    campaign.is_demo = True
    campaign.save(update_fields=["is_demo"])
    units = _units(campaign.commune)
    ensure_catalogues(commune=campaign.commune, topics=plan["topics"])
    clerks, officer = _accounts(campaign.commune, units)
    return DemoCommune(campaign, units, clerks, officer, _teams(units))


def _units(commune: Unit) -> dict[str, Unit]:
    rows = [(code, name, UnitKind.OFFICE) for code, name in OFFICES.items()]
    rows += [("TTHTCD", "Trung tâm học tập cộng đồng", UnitKind.LEARNING_CENTRE)]
    rows += [(code, name, kind) for code, (name, kind) in SCHOOLS.items()]
    rows += [(f"T{number:02d}", name, UnitKind.VILLAGE) for number, name in enumerate(VILLAGES, start=1)]
    rows += [(code, name, UnitKind.UNION) for code, name in UNIONS.items()]
    return {row[0]: _unit(commune, position, *row) for position, row in enumerate(rows, start=1)}


def _unit(commune: Unit, position: int, code: str, name: str, kind: str) -> Unit:
    unit = Unit.objects.create(
        commune=commune, parent=commune, code=code, name=name, kind=kind, position=position, opened_on=OPENED
    )
    place_in_tree(unit)
    return unit


def _accounts(commune: Unit, units: dict[str, Unit]) -> tuple[dict[str, User], User]:
    opened = User()
    opened.set_password(PASSWORD)
    _user("quantri", "Quản trị hệ thống", opened.password, (Role.ADMIN, commune))
    officer = _user("canbo", "Đỗ Thị Hạnh", opened.password, (Role.OFFICER, commune))
    _user("lanhdao", "Vũ Minh Quang", opened.password, (Role.LEADER, commune))
    clerks = {
        "TH1": _user("truong", "Nguyễn Thị Thơm", opened.password, (Role.EDITOR, units["TH1"])),
        "T01": _user("thon", "Phạm Văn Chiến", opened.password, (Role.EDITOR, units["T01"])),
    }
    _user("tocns", "Trần Thị Yến", opened.password, (Role.TEAM_MEMBER, units["T01"]))
    for code, unit in units.items():
        if code not in clerks:
            clerks[code] = _user(f"nhap.{code.lower()}", f"Người nhập {unit.name}", "!", (Role.EDITOR, unit))
    return clerks, officer


def _user(username: str, full_name: str, password: str, role: tuple[str, Unit]) -> User:
    user = User.objects.create(
        username=username, full_name=full_name, search_key=fold(f"{full_name} {username}"), is_demo=True
    )
    User.objects.filter(pk=user.pk).update(password=password)
    UnitRole.objects.create(user=user, role=role[0], unit=role[1])
    return user


def _teams(units: dict[str, Unit]) -> dict[str, DigitalTeam]:
    return {
        village.code: DigitalTeam.objects.create(
            commune_id=village.commune_id,
            village=village,
            name=f"Tổ công nghệ số cộng đồng {village.name.removeprefix('Thôn ')}",
            leader_name=f"Tổ trưởng {village.name}",
            member_count=5 + village.position % 4,
            founded_on=date(2025, 9, 1),
        )
        for village in units.values()
        if village.kind == UnitKind.VILLAGE
    }
