"""The canonical form: one value, one text; what is read back is what was written."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

import pytest

from campaigns.choices import Group
from reports.progress.facts import Facts, MemberFact
from reports.snapshots.canonical import ContentError, canonical_bytes, decoded, parsed, settled
from reports.snapshots.content import unseal
from reports.tests.progress.sample import K3


class Row(NamedTuple):
    id: int
    on: date | None
    names: frozenset[str]


@dataclass(frozen=True)
class Sheet:
    rows: Sequence[Row]
    shared: Mapping[str, Sequence[Row]]
    kind: Group = Group.PUPIL


@dataclass(frozen=True)
class LaterSheet:
    """The same after a new version of the portal added a column and a field."""

    rows: Sequence["LaterRow"]
    shared: Mapping[str, Sequence[Row]]
    note: str = "mới"


class LaterRow(NamedTuple):
    id: int
    on: date | None
    names: frozenset[str]
    class_name: str = ""


ONE, TWO = Row(1, date(2026, 6, 30), frozenset({"b", "a"})), Row(2, None, frozenset())


def test_what_was_written_is_read_back():
    sheet = Sheet([ONE, TWO], {"K1": [ONE], "K2": [TWO]})
    assert decoded(parsed(canonical_bytes(sheet, Sheet)), Sheet) == sheet


def test_the_order_in_which_a_database_gives_rows_says_nothing():
    assert canonical_bytes(Sheet([TWO, ONE], {}), Sheet) == canonical_bytes(Sheet([ONE, TWO], {}), Sheet)
    assert settled(Sheet((TWO, ONE), {}), Sheet).rows == [ONE, TWO]


def test_a_list_that_targets_share_is_written_once_and_shared_again():
    plain = parsed(canonical_bytes(Sheet([], {"K1": [ONE], "K2": [ONE], "K3": []}), Sheet))
    assert plain["shared"]["K2"] == {"same_as": "K1"}
    read = decoded(plain, Sheet)
    assert read.shared["K1"] is read.shared["K2"]
    assert read.shared["K3"] == []


@pytest.mark.parametrize("wrong", [1.5, "1", True, None])
def test_a_number_that_is_no_whole_number_is_refused(wrong):
    with pytest.raises(TypeError):
        canonical_bytes(Sheet([Row(wrong, None, frozenset())], {}), Sheet)


def test_vietnamese_text_stands_as_it_is_and_keys_are_sorted():
    text = canonical_bytes(Sheet([Row(1, None, frozenset({"Thôn Đình Cả"}))], {}), Sheet).decode()
    assert "Thôn Đình Cả" in text
    assert text == json.dumps(json.loads(text), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def test_what_was_frozen_before_a_field_existed_reads_with_its_default():
    read = decoded(parsed(canonical_bytes(Sheet([ONE], {}), Sheet)), LaterSheet)
    assert read.rows == [LaterRow(*ONE)]
    assert read.note == "mới"


@pytest.mark.parametrize("broken", ["[]", "{}", '{"rows":{"columns":["id"],"rows":[[1]]},"shared":{}}', "nothing"])
def test_what_cannot_be_read_gets_a_sentence(broken):
    with pytest.raises(ContentError, match="không đọc được"):
        decoded(parsed(broken.encode()), Sheet)


def test_the_facts_of_the_engine_come_back_equal():
    rule = K3
    facts = Facts(
        as_of=date(2026, 6, 30),
        approved_by=date(2026, 7, 5),
        rules=[rule],
        units=[],
        members={rule.code: [MemberFact(2, 7, "PUPIL"), MemberFact(1, 7, "PUPIL")]},
        excluded={rule.code: frozenset({2})},
        known_rosters=frozenset({(7, "PUPIL")}),
    )
    ordered = replace(facts, members={rule.code: sorted(facts.members[rule.code])})
    read = decoded(parsed(canonical_bytes(facts, Facts)), Facts)
    assert (read.members, read.excluded, read.known_rosters) == (
        ordered.members, ordered.excluded, ordered.known_rosters
    )  # fmt: skip
    assert read.rules == [rule]


def test_content_that_is_not_packed_or_of_a_newer_portal_is_refused():
    import zlib
    from hashlib import sha256

    newer = b'{"format":99}'
    with pytest.raises(ContentError, match="mới hơn"):
        unseal(zlib.compress(newer), sha256(newer).hexdigest())
    with pytest.raises(ContentError, match="giải nén"):
        unseal(b"abc", "")
