"""The peer that asks the database itself: hand-written SQL through the raw cursor, for the six targets of the plan."""

from datetime import date
from typing import Any

from answers import GROUPS, KINDS, SKILLS, STAFF, UNIT_KINDS, Answers, Counts
from sessions import Session, add_sessions


def words(values: tuple[str, ...]) -> str:
    return "(" + ", ".join(f"'{value}'" for value in values) + ")"


def official(prefix: str) -> str:
    return f"({prefix}.approved_on <= %(k)s AND ({prefix}.ended_on IS NULL OR {prefix}.ended_on > %(k)s))"


def counted(prefix: str) -> str:
    return (
        f"({prefix}.submitted_on <= %(k)s AND {prefix}.status NOT IN ('DRAFT', 'RETURNED')"
        f" AND ({prefix}.ended_on IS NULL OR {prefix}.ended_on > %(k)s)"
        f" AND ({prefix}.revised_on IS NULL OR {prefix}.revised_on > %(k)s))"
    )


def flags(prefix: str, extra: str = "") -> str:
    return (
        f"CASE WHEN {official(prefix)} {extra} THEN 1 ELSE 0 END AS o,"
        f" CASE WHEN {counted(prefix)} {extra} THEN 1 ELSE 0 END AS c"
    )


def holds(prefix: str, first: str = "starts_on", last: str = "ends_on") -> str:
    return f"{prefix}.{first} <= %(t)s AND ({prefix}.{last} IS NULL OR {prefix}.{last} >= %(t)s)"


DECLARED = """declared AS MATERIALIZED (
  SELECT unit_id, "group" FROM (
    SELECT unit_id, "group", source,
      ROW_NUMBER() OVER (PARTITION BY unit_id, "group" ORDER BY effective_on DESC, chosen_on DESC) AS place
    FROM campaigns_figuresource WHERE commune_id = %(commune)s AND effective_on <= %(t)s AND chosen_on <= %(k)s
  ) AS chosen WHERE place = 1 AND source = 'DECLARED')"""
HEADS = f"""heads AS MATERIALIZED (
  SELECT unit_id, "group", count FROM (
    SELECT unit_id, "group", count,
      ROW_NUMBER() OVER (PARTITION BY unit_id, "group" ORDER BY effective_on DESC) AS place
    FROM campaigns_headcount h WHERE commune_id = %(commune)s AND effective_on <= %(t)s AND {official("h")}
  ) AS dated WHERE place = 1)"""
LACKING = """lacking AS MATERIALIZED (
  SELECT unit_id FROM declared d WHERE NOT EXISTS (
    SELECT 1 FROM heads h WHERE h.unit_id = d.unit_id AND h."group" = d."group"))"""
SESSION = f"""session AS MATERIALIZED (
  SELECT id, kind, host_id, team_id, ends_on, o, c FROM (
    SELECT a.id, a.kind, a.host_id, a.team_id, a.ends_on, {flags("a")} FROM training_activity a
    WHERE a.commune_id = %(commune)s AND a.campaign_id = %(campaign)s AND a.ends_on <= %(t)s) AS x WHERE o + c > 0)"""
MEMBER = f"""member AS MATERIALIZED (
  SELECT m.person_id, m.unit_id, m."group", u.kind FROM campaigns_membership m JOIN campaigns_unit u ON u.id = m.unit_id
  WHERE m.commune_id = %(commune)s AND m."group" IN {words((*STAFF, "PUPIL"))} AND {holds("m")}
    AND {holds("u", "opened_on", "closed_on")}
    AND NOT EXISTS (SELECT 1 FROM declared d WHERE d.unit_id = m.unit_id AND d."group" = m."group"))"""
EXCLUDED = f"""excluded AS MATERIALIZED (
  SELECT DISTINCT t.code, e.person_id FROM campaigns_exclusion e
  JOIN campaigns_target t ON t.campaign_id = e.campaign_id AND (e.target_id IS NULL OR e.target_id = t.id)
  WHERE e.commune_id = %(commune)s AND e.campaign_id = %(campaign)s AND {official("e")} AND {holds("e")})"""


def reach(code: str) -> str:
    """Sessions of its own for each target: one that two targets share makes SQLite start from the attendances."""
    who = f"""SELECT m.person_id FROM campaigns_membership m
    WHERE m.commune_id = %(commune)s AND m."group" IN {words(GROUPS[code])}"""
    return f"""session_{code} AS MATERIALIZED (
  SELECT id, o, c FROM (
    SELECT a.id, {flags("a")} FROM training_activity a WHERE a.commune_id = %(commune)s
      AND a.campaign_id = %(campaign)s AND a.ends_on <= %(t)s AND a.kind IN {words(KINDS[code])}) AS x WHERE o + c > 0),
reach_{code} AS MATERIALIZED (
  SELECT t.person_id, MAX(s.o) AS o, MAX(s.c) AS c FROM session_{code} s
  JOIN training_attendance t ON t.activity_id = s.id
  WHERE {f"t.commune_id = %(commune)s AND t.person_id IN ({who})" if code == "K1" else "t.person_id IS NOT NULL"}
  GROUP BY t.person_id)"""


USE = f"""reach_K2 AS MATERIALIZED (
  SELECT person_id, MAX(o) AS o, MAX(c) AS c FROM (
    SELECT p.person_id, {flags("p")} FROM training_platformuse p
    WHERE p.commune_id = %(commune)s AND p.campaign_id = %(campaign)s AND p.confirmed_on <= %(t)s) AS x
  GROUP BY person_id)"""


def of_target(code: str) -> str:
    return f"""
  SELECT '{code}' AS code, unit_id, m.person_id, COALESCE(r.o, 0) AS o, COALESCE(r.c, 0) AS c,
    CASE WHEN m.person_id IN (SELECT person_id FROM excluded WHERE code = '{code}') THEN 1 ELSE 0 END AS x
  FROM (SELECT DISTINCT person_id, unit_id FROM member
    WHERE "group" IN {words(GROUPS[code])} AND kind IN {words(UNIT_KINDS[code])}) AS m
  LEFT JOIN reach_{code} r ON r.person_id = m.person_id"""


PEOPLE = f"""WITH {DECLARED}, {HEADS}, {LACKING}, {MEMBER}, {EXCLUDED},
{reach("K1")}, {USE}, {reach("K3")}, people AS MATERIALIZED (
{of_target("K1")} UNION ALL {of_target("K2")} UNION ALL {of_target("K3")})
SELECT code, unit_id, COUNT(*), SUM(o), SUM(c), SUM(x), SUM(o * x) FROM people GROUP BY code, unit_id UNION ALL
SELECT code, NULL, COUNT(*), SUM(o), SUM(c), SUM(x), SUM(o * x) FROM (
  SELECT code, person_id, MAX(o) AS o, MAX(c) AS c, MAX(x) AS x FROM people
  WHERE unit_id NOT IN (SELECT unit_id FROM lacking) GROUP BY code, person_id) AS one GROUP BY code"""

PASSED = " AND ".join(SKILLS)
CHECKED = """h.commune_id = %(commune)s AND h.campaign_id = %(campaign)s AND h.checked_on <= %(t)s"""
HOUSEHOLDS = f"""WITH {DECLARED}, {SESSION}, contact AS (
  SELECT household_id, MAX(ro) AS ro, MAX(rc) AS rc, MAX(po) AS po, MAX(pc) AS pc FROM (
    SELECT t.household_id, s.o AS ro, s.c AS rc, 0 AS po, 0 AS pc FROM session s
    JOIN training_attendance t ON t.activity_id = s.id
    WHERE t.commune_id = %(commune)s AND t."group" = 'HOUSEHOLD' UNION ALL
    SELECT household_id, o, c, o * p, c * p FROM (
      SELECT h.household_id, {flags("h")}, CASE WHEN {PASSED} THEN 1 ELSE 0 END AS p
      FROM training_householdcheck h WHERE {CHECKED}) AS own UNION ALL
    SELECT household_id, o, c, o * p, c * p FROM (
      SELECT m.household_id, {flags("h")}, CASE WHEN {PASSED} THEN 1 ELSE 0 END AS p
      FROM training_householdcheck h JOIN campaigns_membership m ON m.person_id = h.member_id AND {holds("m")}
      JOIN campaigns_household n ON n.id = m.household_id AND n.split_from_id IS NOT NULL
      WHERE m.commune_id = %(commune)s AND {CHECKED} AND h.household_id <> m.household_id) AS theirs
  ) AS every GROUP BY household_id),
moved AS MATERIALIZED (
  SELECT household_id, from_village_id FROM (
    SELECT household_id, from_village_id, ROW_NUMBER() OVER (PARTITION BY household_id ORDER BY until) AS place
    FROM campaigns_householdmove WHERE commune_id = %(commune)s AND until >= %(t)s) AS x WHERE place = 1),
home AS (
  SELECT h.id, COALESCE(v.from_village_id, h.village_id) AS village_id
  FROM campaigns_household h LEFT JOIN moved v ON v.household_id = h.id
  WHERE h.commune_id = %(commune)s AND {holds("h")})
SELECT home.village_id, COUNT(*), SUM(po), SUM(pc), SUM(ro), SUM(rc),
  CASE WHEN home.village_id IN (SELECT unit_id FROM declared WHERE "group" = 'HOUSEHOLD') THEN 1 ELSE 0 END
FROM home JOIN campaigns_unit u ON u.id = home.village_id AND u.kind = 'VILLAGE'
  AND {holds("u", "opened_on", "closed_on")}
LEFT JOIN contact ON contact.household_id = home.id GROUP BY home.village_id"""


def audience_of(code: str) -> str:
    """Of one session: whether it says a number of the target's groups, whether it serves them, its unnamed heads."""
    of_group = f'"group" IN {words(GROUPS[code])}'
    return (
        f"MAX(CASE WHEN {of_group} THEN 1 ELSE 0 END) AS {code}_says,"
        f" MAX(CASE WHEN {of_group} AND (named > 0 OR total > 0) THEN 1 ELSE 0 END) AS {code}_serves,"
        f" SUM(CASE WHEN {of_group} AND total IS NOT NULL THEN total - named ELSE 0 END) AS {code}_unnamed"
    )


FLOWS = f"""WITH {SESSION}, present AS MATERIALIZED (
  SELECT t.activity_id, t."group", COUNT(*) AS named FROM session s JOIN training_attendance t ON t.activity_id = s.id
  WHERE s.o = 1 AND t.commune_id = %(commune)s GROUP BY t.activity_id, t."group"),
audience AS MATERIALIZED (
  SELECT activity_id, "group", MAX(named) AS named, MAX(total) AS total FROM (
    SELECT activity_id, "group", named, NULL AS total FROM present UNION ALL
    SELECT g.activity_id, g."group", 0, g.total FROM training_grouptotal g
    WHERE g.activity_id IN (SELECT id FROM session WHERE o = 1)) AS x GROUP BY activity_id, "group"),
told AS MATERIALIZED (
  SELECT activity_id, SUM(CASE WHEN "group" <> 'HOUSEHOLD' THEN named ELSE 0 END) AS people,
    SUM(CASE WHEN "group" = 'HOUSEHOLD' THEN named ELSE 0 END) AS households,
    {audience_of("K1")}, {audience_of("K3")}, {audience_of("K4")} FROM audience GROUP BY activity_id)
SELECT s.id, s.kind, s.host_id, s.ends_on, s.o, s.c, d.village_id, d.founded_on, d.dissolved_on,
  told.people, told.households, told.k1_says, told.k1_serves, told.k1_unnamed, told.k3_says, told.k3_serves,
  told.k3_unnamed, told.k4_serves, told.k4_unnamed
FROM session s LEFT JOIN told ON told.activity_id = s.id LEFT JOIN campaigns_digitalteam d ON d.id = s.team_id"""

LINKS = """
SELECT l.activity_id, l.unit_id FROM training_activitycohost l JOIN training_activity a ON a.id = l.activity_id
WHERE a.commune_id = %(commune)s AND a.campaign_id = %(campaign)s UNION ALL
SELECT -p.to_unit_id, p.from_unit_id FROM campaigns_unit_predecessors p JOIN campaigns_unit u ON u.id = p.from_unit_id
WHERE u.commune_id = %(commune)s AND u.opened_on <= %(t)s"""

OPEN_UNIT = f"campaigns_unit u WHERE u.commune_id = %(commune)s AND {holds('u', 'opened_on', 'closed_on')}"
PAPER = f"""WITH {DECLARED}, {HEADS}
SELECT 'pair', d.unit_id, d."group", '', COALESCE(h.count, -1) FROM declared d
LEFT JOIN heads h ON h.unit_id = d.unit_id AND h."group" = d."group" UNION ALL
SELECT what, unit_id, "group", code, value FROM (
  SELECT CASE WHEN z.place = 1 THEN 'total' ELSE 'waiting' END AS what, r.unit_id, r."group", t.code, r.value,
    ROW_NUMBER() OVER (PARTITION BY z.place, r.target_id, r.unit_id, r."group" ORDER BY r.as_of DESC) AS place
  FROM training_runningtotal r JOIN campaigns_target t ON t.id = r.target_id
  JOIN (SELECT 1 AS place UNION ALL SELECT 2) AS z
    ON (z.place = 1 AND {official("r")}) OR (z.place = 2 AND {counted("r")})
  WHERE r.commune_id = %(commune)s AND t.campaign_id = %(campaign)s AND r.as_of <= %(t)s) AS x WHERE place = 1 UNION ALL
SELECT 'unit', u.id, u.kind, '', 0 FROM {OPEN_UNIT} UNION ALL
SELECT DISTINCT 'list', m.unit_id, m."group", '', 0 FROM campaigns_membership m WHERE m.commune_id = %(commune)s
  AND m."group" IN {words((*STAFF, "PUPIL"))} AND m.starts_on <= %(t)s
  AND (m.ends_on IS NULL OR m.ends_on >= %(start)s)"""


def by_hand(campaign: Any, as_of: date, approved_by: date) -> Answers:
    """The answers by five statements, and sums over the sessions."""
    from django.db import connection

    values = {
        "commune": campaign.commune_id, "campaign": campaign.pk, "t": as_of, "k": approved_by,
        "start": campaign.starts_on,
    }  # fmt: skip
    counts = Counts()
    with connection.cursor() as cursor:

        def rows(sql: str) -> list[Any]:
            cursor.execute(sql, values)
            return cursor.fetchall()

        _paper(counts, rows(PAPER))
        _people(counts, rows(PEOPLE))
        _households(counts, rows(HOUSEHOLDS))
        add_sessions(counts, [Session(*row) for row in rows(FLOWS)], rows(LINKS), as_of)
    return counts.answers()


def _paper(counts: Counts, rows: list[Any]) -> None:
    for what, unit, group, code, number in rows:
        if what == "unit":
            counts.units.append((unit, group))
        elif what == "list":
            counts.known.add((unit, group))
        elif what == "pair":
            counts.declared[unit, group] = (None if number < 0 else number, {}, {})
        elif (unit, group) in counts.declared:
            counts.declared[unit, group][1 if what == "total" else 2][code] = number


def _people(counts: Counts, rows: list[Any]) -> None:
    for code, unit, *numbers in rows:
        counts.listed[code, unit] = tuple(map(int, numbers))


def _households(counts: Counts, rows: list[Any]) -> None:
    total, tier = [0, 0, 0, 0, 0], [0, 0, 0]
    for village, d, *numbers, declares in rows:
        n, waiting, reached, reached_waiting = (int(number or 0) for number in numbers)
        counts.tiers[village] = (reached, d, reached_waiting)
        tier = [one + other for one, other in zip(tier, counts.tiers[village], strict=True)]
        if not declares:
            counts.listed["K4", village] = (d, n, waiting, 0, 0)
            total = [one + other for one, other in zip(total, counts.listed["K4", village], strict=True)]
            if reached:
                counts.said.add(("K4", village))
    counts.tiers[None], counts.listed["K4", None] = tuple(tier), tuple(total)
