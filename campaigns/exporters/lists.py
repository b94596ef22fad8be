"""Units, digital teams and accounts, row by row. The list of units imports again with nothing changed."""

from collections.abc import Iterable, Iterator, Sequence

from accounts.models import User
from campaigns.exporters.columns import sheet_columns
from campaigns.importers.unit_rows import UNIT_LAYOUT, UnitRowForm
from campaigns.models import DigitalTeam
from campaigns.selectors.units import UnitRow
from hbs_portal.lib.sheets.lists import ListColumn
from hbs_portal.lib.sheets.streaming import Value
from hbs_portal.lib.sheets.styles import ColumnKind

Row = Sequence[Value]
NUMBER = ListColumn("STT", ColumnKind.ORDINAL, 7)
IMPORTED = sheet_columns(UNIT_LAYOUT, UnitRowForm)
#: Behind the columns of an import stands what it has no use for.
UNIT_COLUMNS = (
    *(column.as_list_column() for column in IMPORTED),
    ListColumn("Ngày hoạt động cuối cùng", ColumnKind.DATE, 16),
    ListColumn("Số người trong danh sách", ColumnKind.INT, 14),
    ListColumn("Số hộ trong danh sách", ColumnKind.INT, 14),
)
TEAM_COLUMNS = (
    NUMBER,
    ListColumn("Thôn", width=26),
    ListColumn("Tên tổ", width=40),
    ListColumn("Tổ trưởng", width=28),
    ListColumn("Số thành viên", ColumnKind.INT, 12),
    ListColumn("Quyết định", width=34),
    ListColumn("Ngày thành lập", ColumnKind.DATE, 14),
    ListColumn("Ngày hoạt động cuối cùng", ColumnKind.DATE, 16),
)
ACCOUNT_COLUMNS = (
    NUMBER,
    ListColumn("Họ và tên", width=30),
    ListColumn("Tên đăng nhập", ColumnKind.CODE, 20),
    ListColumn("Điện thoại", ColumnKind.CODE, 16),
    ListColumn("Vai trò và đơn vị", width=60),
    ListColumn("Tình trạng", width=24),
    ListColumn("Đăng nhập gần nhất", ColumnKind.DATE, 18),
)


def unit_sheet_rows(rows: Iterable[UnitRow]) -> Iterator[Row]:
    """Units as their page counts them, in its order."""
    for number, row in enumerate(rows, start=1):
        unit = row.unit
        values: dict[str, Value] = {
            "ordinal": number,
            "code": unit.code,
            "name": unit.name,
            "kind": str(unit.get_kind_display()),
            "opened_on": unit.opened_on,
        }
        yield *(values[column.field] for column in IMPORTED), unit.closed_on, row.people, row.households


def team_rows(teams: Iterable[DigitalTeam]) -> Iterator[Row]:
    """Digital teams, which come with their villages."""
    for number, team in enumerate(teams, start=1):
        who = team.village.name, team.name, team.leader_name, team.member_count
        yield number, *who, team.decision, team.founded_on, team.dissolved_on


def account_rows(accounts: Iterable[User]) -> Iterator[Row]:
    """Accounts with their roles at hand; nothing of a password."""
    for number, account in enumerate(accounts, start=1):
        roles = "; ".join(f"{held.get_role_display()}, {held.unit.name}" for held in account.unit_roles.all())
        who = account.full_name, account.username, account.phone
        yield number, *who, roles, _state(account), account.last_login


def _state(account: User) -> str:
    if not account.is_active:
        return "Đã khóa"
    return "Chưa đổi mật khẩu tạm" if account.must_change_password else "Đang dùng"
