"""The dashboard against an empty authenticated page and against hand-written SQL for the same figures.

Run: `make bench`. The figures of both are compared first; what is printed are ratios of one run on one machine.
"""

from datetime import date

from setup import demo_database, timed

AS_OF = date(2026, 10, 31)

PEOPLE_SQL = """
SELECT m.unit_id, COUNT(DISTINCT m.person_id), COUNT(DISTINCT CASE WHEN m.person_id IN ({reached}) THEN m.person_id END)
FROM campaigns_membership m JOIN campaigns_unit u ON u.id = m.unit_id
WHERE m.commune_id = %(commune)s AND m.group_column IN {groups} AND u.kind IN {kinds}
  AND m.starts_on <= %(day)s AND (m.ends_on IS NULL OR m.ends_on >= %(day)s)
GROUP BY m.unit_id
"""
ATTENDED_SQL = """
SELECT t.person_id FROM training_attendance t JOIN training_activity a ON a.id = t.activity_id
WHERE t.commune_id = %(commune)s AND a.commune_id = %(commune)s AND a.kind IN {kinds} AND a.status = 'APPROVED'
  AND a.approved_on <= %(day)s AND a.ends_on <= %(day)s AND t.person_id IS NOT NULL
"""
CONFIRMED_SQL = """
SELECT person_id FROM training_platformuse
WHERE commune_id = %(commune)s AND status = 'APPROVED' AND approved_on <= %(day)s AND confirmed_on <= %(day)s
"""
HOUSEHOLDS_SQL = """
SELECT h.village_id, COUNT(*), COUNT(CASE WHEN h.id IN (
  SELECT household_id FROM training_householdcheck WHERE commune_id = %(commune)s
  AND status = 'APPROVED' AND approved_on <= %(day)s AND checked_on <= %(day)s AND public_services AND online_shopping
  AND digital_payment AND self_protection AND other_platforms) THEN 1 END)
FROM campaigns_household h
WHERE h.commune_id = %(commune)s AND h.starts_on <= %(day)s AND (h.ends_on IS NULL OR h.ends_on >= %(day)s)
GROUP BY h.village_id
"""
HOSTS_SQL = """
SELECT u.id, 1, MAX(CASE WHEN x.unit_id IS NULL THEN 0 ELSE 1 END) FROM campaigns_unit u LEFT JOIN (
  SELECT host_id AS unit_id FROM training_activity a WHERE {official} UNION
  SELECT l.unit_id FROM training_activitycohost l JOIN training_activity a ON a.id = l.activity_id WHERE {official}
) x ON x.unit_id = u.id WHERE u.commune_id = %(commune)s AND u.kind IN {kinds} GROUP BY u.id
"""
TEAMS_SQL = """
SELECT u.id, 1, MAX(CASE WHEN a.id IS NULL THEN 0 ELSE 1 END) FROM campaigns_unit u
LEFT JOIN campaigns_digitalteam t ON t.village_id = u.id AND t.dissolved_on IS NULL
LEFT JOIN training_activity a ON a.team_id = t.id AND a.commune_id = %(commune)s AND a.status = 'APPROVED'
  AND a.approved_on <= %(day)s AND a.ends_on <= %(day)s AND a.ends_on > %(window)s
WHERE u.commune_id = %(commune)s AND u.kind = 'VILLAGE' GROUP BY u.id
"""
OFFICIAL = """a.commune_id = %(commune)s AND a.kind IN ('COMMUNICATION', 'SUPPORT', 'FESTIVAL')
  AND a.status = 'APPROVED' AND a.approved_on <= %(day)s AND a.ends_on <= %(day)s"""
SCHOOLS = "('PRIMARY', 'LOWER_SECONDARY', 'PRIMARY_LOWER_SECONDARY')"
STAFFED = "('OFFICE', 'PRESCHOOL', 'PRIMARY', 'LOWER_SECONDARY', 'PRIMARY_LOWER_SECONDARY', 'LEARNING_CENTRE', 'UNION')"
DECLARED = {"K1": (4, 5)}  # the one unit that declares: numerator and denominator, as in the demo


def statements() -> dict[str, str]:
    """The six targets as somebody who knows the tables would ask for them."""
    staff = "('OFFICIAL', 'WORKER', 'MANAGER', 'TEACHER', 'SCHOOL_STAFF')"
    trained = ATTENDED_SQL.format(kinds="('COMMUNICATION', 'TRAINING', 'FESTIVAL', 'ONLINE_COURSE')")
    taught = ATTENDED_SQL.format(kinds="('TRAINING', 'LESSON')")
    all_schools = SCHOOLS.replace("(", "('PRESCHOOL', ")
    found = {
        "K1": PEOPLE_SQL.format(reached=trained, groups=staff, kinds=STAFFED),
        "K2": PEOPLE_SQL.format(reached=CONFIRMED_SQL, groups="('MANAGER', 'TEACHER')", kinds=SCHOOLS),
        "K3": PEOPLE_SQL.format(reached=taught, groups="('PUPIL')", kinds=SCHOOLS),
        "K4": HOUSEHOLDS_SQL,
        "K5": HOSTS_SQL.format(official=OFFICIAL, kinds=all_schools),
        "K6": TEAMS_SQL,
    }
    return {code: sql.replace("group_column", '"group"') for code, sql in found.items()}


def by_hand(commune_id: int) -> dict[str, tuple[int, int]]:
    """Every target as (n, d) of the commune, one statement each."""
    from datetime import timedelta

    from django.db import connection

    values = {"commune": commune_id, "day": AS_OF, "window": AS_OF - timedelta(days=90)}
    figures = {}
    with connection.cursor() as cursor:
        for code, sql in statements().items():
            cursor.execute(sql, values)
            rows = cursor.fetchall()
            n, d = DECLARED.get(code, (0, 0))
            figures[code] = (n + sum(row[2] for row in rows), d + sum(row[1] for row in rows))
    return figures


def main() -> None:
    demo_database()
    from django.test import Client
    from django.urls import reverse

    from accounts.models import User
    from campaigns.models import Campaign
    from reports.selectors import read_progress
    from reports.selectors.clocks import Clocks

    campaign = Campaign.objects.select_related("commune").get()
    clocks = Clocks(AS_OF, AS_OF)

    def engine() -> dict[str, tuple[int, int]]:
        progress = read_progress(campaign, clocks).progress
        return {target.rule.code: (target.commune.n, target.commune.d) for target in progress.targets}

    assert engine() == by_hand(campaign.commune_id), (engine(), by_hand(campaign.commune_id))
    client = Client()
    client.force_login(User.objects.get(username="canbo"), backend="accounts.backends.PortalBackend")

    def page(name: str, query: str = "") -> None:
        response = client.get(reverse(name) + query)
        assert response.status_code == 200, response.status_code

    day = f"?ngay={AS_OF:%d/%m/%Y}"
    figures = timed(engine)
    hand = timed(lambda: by_hand(campaign.commune_id))
    dashboard = timed(lambda: page("reports:dashboard", day))
    empty = timed(lambda: page("accounts:password_change"))
    print(f"figures: engine {figures:.1f} ms, hand-written SQL {hand:.1f} ms, ratio {figures / hand:.2f}")
    print(f"dashboard {dashboard:.1f} ms, empty authenticated page {empty:.1f} ms, ratio {dashboard / empty:.2f}")


if __name__ == "__main__":
    main()
