"""All checks by the name that people read; each takes a fixed number of queries."""

from collections.abc import Iterator, Mapping

from reports.checking import frozen, keys, places, records, rules
from reports.checking.difference import Check, Difference, Scope

CHECKS: Mapping[str, Check] = {
    "Bản chốt số liệu": frozen.snapshots_that_do_not_hold,
    "Kỳ báo cáo đã khóa": frozen.closed_periods_without_figures,
    "Chỉ tiêu và phiên bản": rules.targets_beside_their_versions,
    "Khóa tìm kiếm và sắp xếp": keys.stale_keys,
    "Đường dẫn đơn vị": keys.stale_paths,
    "Bản ghi của xã khác": places.strangers_among_records,
    "Điểm danh so với danh sách": places.attendances_beside_the_roster,
    "Ngày gửi, ngày duyệt": records.clocks_beside_their_moments,
    "Bản sửa và bản được thay": records.broken_chains,
    "Tổng số và số có tên": records.totals_below_names,
}


def differences(scope: Scope) -> Iterator[tuple[str, Difference]]:
    """Every difference with the name of its check; nothing where all that is stored is what the records say."""
    for name, check in CHECKS.items():
        for difference in check(scope):
            yield name, difference
