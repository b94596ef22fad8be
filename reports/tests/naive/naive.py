"""Every figure of the rule book a second time, by plain loops over plain records: slow, and obvious.

Written from kpi-rules.md and docs/decisions.md alone. It shares no code with `reports.progress`, `reports.selectors` or
their SQL: where the two disagree, one of them is wrong.
"""

from datetime import date, timedelta
from types import SimpleNamespace

from reports.tests.naive.comparing import missing, percent, verdict
from reports.tests.naive.counting import Counting


def naive_progress(records: SimpleNamespace, campaign_id: int, as_of: date, approved_by: date) -> dict:
    """All figures of a campaign from the records of its commune, as nested dictionaries."""
    return Naive(records, campaign_id, as_of, approved_by).figures()


class Naive(Counting):
    def figures(self) -> dict:
        rules = []
        for target in self.all.targets:
            if target.campaign_id == self.campaign_id:
                rules.append(self.rule_in_force(target))
        units = self.listed_units(rules)
        targets = {rule.code: self.target_figures(rule, units) for rule in rules}
        # H8: an activity that serves several targets is one.
        return {"activities_total": len(self.official_activities()), "targets": targets}

    # ---- The figures of a target

    def target_figures(self, rule, units: list) -> dict:
        tallies, cells, tiers = {}, {}, {}
        serving = [activity for activity in self.official_activities() if self.serves(activity, rule)]
        for unit in self.applicable_units(rule):
            tallies[unit.id] = self.tally(unit, rule)
        for unit in units:
            flows = self.flows([activity for activity in serving if activity.host_id == unit.id], rule)
            cells[unit.id] = self.cell(rule, tallies.get(unit.id), flows, excluded_of=[tallies.get(unit.id)])
            tier = tallies[unit.id].tier if unit.id in tallies else None
            tiers[unit.id] = self.sizes(tier) if tier and tier["d"] else None
        applying = [tally for tally in tallies.values() if tally.applies]
        overlaps, commune = self.commune(rule, applying, self.flows(serving, rule))
        return {
            "commune": commune,
            "units": cells,
            "overlap_n": overlaps["n"],
            "overlap_d": overlaps["d"],
            "units_applicable": len(applying),
            "units_with_denominator": len([tally for tally in applying if tally.d is not None]),
            "units_reported": len([tally for tally in applying if tally.reported]),
            "activities": len(serving),
            "tiers": tiers,
            "second_tier": self.tier_of_all(tallies.values()) if rule.qualifier == "HOUSEHOLD_CHECK" else None,
            "previous_n": self.previous(rule),
            "first_days": self.first_days(rule, applying),
            "people": {unit_id: self.people_behind(tally) for unit_id, tally in tallies.items()},
        }

    def flows(self, activities: list, rule) -> dict:
        attendances, unnamed = 0, 0
        for activity in activities:
            attendances += self.attendances(activity, rule)
            unnamed += self.unnamed(activity, rule)
        return {"attendances": attendances, "unnamed": unnamed}

    def tier_of_all(self, tallies) -> dict:
        """E1: a household once, whatever villages it was in."""
        total: dict = {"d": [], "n": [], "provisional_n": []}
        for tally in tallies:
            for name, found in tally.tier.items():
                total[name] += [household_id for household_id in found if household_id not in total[name]]
        return self.sizes(total)

    def sizes(self, tier: dict) -> dict:
        return {name: len(found) for name, found in tier.items()}

    def previous(self, rule) -> int | None:
        """K6: today's units that had an active team that did enough in the window before."""
        if rule.qualifier != "TEAM_ACTIVITY" or rule.window_days is None:
            return None
        until = self.T - timedelta(days=rule.window_days)
        count = 0
        for unit in self.applicable_units(rule):
            count += self.did_enough(unit, rule, official=True, until=until)
        return count

    def counted_in_commune(self, applying: list) -> list:
        """B3: where some unit has a denominator, those without stay out, of n too."""
        return [tally for tally in applying if tally.d is not None] or applying

    def first_days(self, rule, applying: list) -> dict[int, date]:
        days = {}
        for tally in self.counted_in_commune(applying):
            for subject_id in tally.reached:
                days[subject_id] = self.first_day(subject_id, rule)
        return days

    def people_behind(self, tally) -> dict:
        """Who counts, who is missing, whose record waits, who is left out."""
        missing = [pk for pk in tally.listed if pk not in tally.reached]
        return {
            "counted": sorted(tally.reached),
            "missing": sorted(missing),
            "waiting": sorted(pk for pk in missing if pk in tally.waiting),
            "excluded": sorted(tally.excluded),
        }

    def commune(self, rule, applying: list, flows: dict) -> tuple[dict, dict]:
        """G4: pooled, never averaged."""
        counted = self.counted_in_commune(applying)
        # C7: somebody in two units is one person of the commune.
        overlaps = {"n": 0, "d": 0, "provisional": 0}
        for name, who in (("d", "listed"), ("n", "reached"), ("provisional", "waiting")):
            seen: list[int] = []
            for tally in counted:
                for subject_id in getattr(tally, who):
                    if subject_id in seen:
                        overlaps[name] += 1
                    else:
                        seen.append(subject_id)
        total = SimpleNamespace(
            n=sum(tally.n for tally in counted) - overlaps["n"],
            d=sum(tally.d or 0 for tally in counted) - overlaps["d"],
            provisional=sum(tally.provisional for tally in counted) - overlaps["provisional"],
            reported=any(tally.reported for tally in counted),
            declared_n=sum(tally.declared_n for tally in counted),
            declared_d=sum(tally.declared_d for tally in counted),
        )
        if any(tally.d is None for tally in counted):
            total.d = None
        total.applies = total.d != 0 or total.n > 0
        total.over = total.d is not None and total.n > total.d
        cell = self.cell(rule, total, flows, excluded_of=counted)
        # B3, B4: a partial figure, or one with an error in it, cannot be "đạt", with or without exclusions.
        if any(tally.d is None or tally.over for tally in applying):
            for figure in (cell, cell["adjusted"]):
                if figure and figure["verdict"] == "met":
                    figure["verdict"] = "none"
        return overlaps, cell

    def cell(self, rule, tally, flows: dict, excluded_of: list) -> dict:
        """B1: four states; then what can be said of each."""
        cell = {
            "state": "not_applicable", "n": None, "d": None, "percent": None, "verdict": "none", "missing": None,
            "provisional_n": None, "provisional_percent": None, "possible_max": None, "declared_n": 0, "declared_d": 0,
            "is_over": False, "adjusted": None, **flows,
        }  # fmt: skip
        if tally is None:
            return cell
        cell.update(d=tally.d, declared_n=tally.declared_n, declared_d=tally.declared_d, is_over=tally.over)
        if not tally.applies:
            return cell
        if tally.d is None:
            cell["state"] = "no_denominator"
        elif tally.reported:
            cell["state"] = "value"
        else:
            cell["state"] = "not_reported"
        if tally.reported:
            cell["n"] = tally.n
        # H1: with what waits; nothing is said where nothing was reported and nothing waits.
        if tally.reported or tally.provisional > 0:
            cell["provisional_n"] = tally.provisional
        if tally.d:
            self.judge(cell, rule, tally, flows, excluded_of)
        return cell

    def judge(self, cell: dict, rule, tally, flows: dict, excluded_of: list) -> None:
        """What needs a denominator: the gap always, percentage and verdict for what was reported only."""
        cell["missing"] = missing(rule, tally.n, tally.d)
        if cell["state"] == "value":
            cell["percent"] = percent(tally.n, tally.d, rule)
            cell["verdict"] = verdict(rule, tally.n, tally.d)
        if cell["provisional_n"] is not None:
            cell["provisional_percent"] = percent(tally.provisional, tally.d, rule)
        # D1: 41/60 with 30 heads without a name may be anything from 41 to 60.
        if self.counts_people(rule) and cell["n"] is not None:
            cell["possible_max"] = max(tally.n, min(tally.d, tally.n + flows["unnamed"]))
        if cell["state"] == "value":
            cell["adjusted"] = self.adjusted(rule, tally, excluded_of)

    def adjusted(self, rule, total, tallies: list) -> dict | None:
        """C8: the same without the excluded members of D, out of n and of d; only where somebody is excluded."""
        excluded, reached = [], []
        for tally in tallies:
            for person_id in tally.excluded:
                if person_id not in excluded:
                    excluded.append(person_id)
                if person_id in tally.reached and person_id not in reached:
                    reached.append(person_id)
        if not excluded:
            return None
        n, d = total.n - len(reached), total.d - len(excluded)
        return {
            "excluded": len(excluded),
            "n": n,
            "d": d,
            "percent": percent(n, d, rule) if d else None,
            "verdict": verdict(rule, n, d),
            "missing": missing(rule, n, d) if d else 0,
        }
