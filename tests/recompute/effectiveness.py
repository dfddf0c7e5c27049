"""Computes a report on effectiveness anew from its exported rows, with nothing but Python's own library.

    curl -H "Authorization: Bearer $TOKEN" \\
        "$BASE/v1/reports/effectiveness/rows?by=institute&id=$ID" | python3 effectiveness.py

Written from the formulas (README.md beside it), not from the service's code. `cargo test` compares every figure with the
report to 1e-9 (tests/api/reporting/effectiveness_rows.rs).
"""

import json
import math
import sys
from fractions import Fraction
from statistics import NormalDist

POINT = 10_000  # Scores come in ten-thousandths of a point.
SHOWN = 10  # Pairs that a figure of a group needs.
RATERS = 10  # Raters from which an interval counts them and not people.
PHI = NormalDist().cdf


# --- distributions, by integration: slow, short, and not the algorithm of the service


def t_below(t, df, shift=0.0):
    """Probability that (Z + shift) / S is at most t: Student's t, or with a shift the noncentral one. S is the root of a
    chi-square over its degrees of freedom; over its density, Simpson's rule."""
    scale = math.log(2) + df / 2 * math.log(df / 2) - math.lgamma(df / 2)
    width = 12 / math.sqrt(2 * df)
    low, high, steps = max(0.0, 1 - width), 1 + width, 2000
    step = (high - low) / steps
    total = 0.0
    for i in range(steps + 1):
        s = low + i * step
        if s > 0:
            weight = 1 if i in (0, steps) else 4 if i % 2 else 2
            total += weight * PHI(t * s - shift) * math.exp(scale + (df - 1) * math.log(s) - df * s * s / 2)
    return total * step / 3


def solve(f, low, high):
    """Where an increasing function is 0."""
    while f(low) > 0:
        low -= high - low
    while f(high) < 0:
        high += high - low
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (middle, high) if f(middle) < 0 else (low, middle)
    return (low + high) / 2


def t_quantile(df):
    return solve(lambda t: t_below(t, df) - 0.975, 0, 4)


def noncentral_interval(t, df):
    """The shifts under which t would be the 2.5 % and the 97.5 % point."""
    end = lambda p: solve(lambda shift: p - t_below(t, df, shift), t - 5, t + 5)
    return [end(0.975), end(0.025)]


def hedges(df):
    return math.exp(math.lgamma(df / 2) - math.lgamma((df - 1) / 2)) / math.sqrt(df / 2)


# --- sums: exact fractions, so that no order of rows can matter


def mean(values):
    return Fraction(sum(values), len(values) * POINT)


def variance(values):
    centre = mean(values)
    return sum((Fraction(value, POINT) - centre) ** 2 for value in values) / (len(values) - 1)


class Group:
    def __init__(self, rows):
        self.before = [row["before"] for row in rows if row["before"] is not None]
        self.after = [row["after"] for row in rows if row["after"] is not None]
        self.change = [row["change"] for row in rows]
        self.n = len(rows)


def figure(value, ci95=None):
    return {"value": float(value), "ci95": ci95}


def around(value, half):
    return [float(value) - half, float(value) + half]


# --- one group: t interval, and g_av with the interval of Algina and Keselman


def change_of(group):
    value, spread = mean(group.change), math.sqrt(variance(group.change))
    if spread == 0:
        return figure(value)
    return figure(value, around(value, t_quantile(group.n - 1) * spread / math.sqrt(group.n)))


def g_av(group):
    change, spread, df = float(mean(group.change)), math.sqrt(variance(group.change)), group.n - 1
    if spread == 0:
        return None
    average = math.sqrt((variance(group.before) + variance(group.after)) / 2)
    root = math.sqrt(group.n)
    factor = spread / average * hedges(df)
    ends = noncentral_interval(change / (spread / root), df)
    return figure(change / spread * factor, [end / root * factor for end in ends])


# --- two groups: within each offering, put together by the offerings' trained people


class Within:
    """The trained who stand in the difference and their colleagues, offering by offering."""

    def __init__(self, rows):
        offerings = sorted({row["offering_id"] for row in rows if row["is_compared"]})
        of = lambda offering, name: Group(
            [r for r in rows if r["is_compared"] and r["offering_id"] == offering and r["group"] == name]
        )
        self.offerings = [(of(offering, "trained"), of(offering, "comparison")) for offering in offerings]
        self.n = sum(trained.n for trained, _ in self.offerings)
        self.m = sum(others.n for _, others in self.offerings)
        self.weights = [Fraction(trained.n, self.n) for trained, _ in self.offerings]

    def mean(self, of):
        return sum(weight * of(*groups) for weight, groups in zip(self.weights, self.offerings))

    def sure(self, value, groups_of):
        """The interval of Welch: the squared error of each group of each offering, degrees of freedom of Satterthwaite."""
        parts = [
            (weight**2 * variance(group.change) / group.n, group.n - 1)
            for weight, groups in zip(self.weights, self.offerings)
            for group in groups_of(*groups)
        ]
        squared = sum(error for error, _ in parts)
        if squared == 0:
            return figure(value)
        df = squared**2 / sum(error**2 / free for error, free in parts)
        return figure(value, around(value, t_quantile(float(df)) * math.sqrt(squared)))

    def matched_change(self):
        return self.sure(self.mean(lambda trained, _: mean(trained.change)), lambda trained, _: [trained])

    def comparison_change(self):
        return self.sure(self.mean(lambda _, others: mean(others.change)), lambda _, others: [others])

    def difference(self):
        value = self.mean(lambda trained, others: mean(trained.change) - mean(others.change))
        return self.sure(value, lambda trained, others: [trained, others])

    def d_ppc2(self):
        groups = [group for pair in self.offerings for group in pair]
        df = sum(group.n - 1 for group in groups)
        squares = sum(variance(group.before) * (group.n - 1) for group in groups)
        if squares == 0 or not any(variance(group.change) for group in groups):
            return None  # Where all changed alike there is no interval, and a size without one would look certain.
        return figure(self.difference()["value"] / math.sqrt(squares / df) * hedges(df))

    def baselines(self):
        trained = self.mean(lambda trained, _: mean(trained.before))
        others = self.mean(lambda _, others: mean(others.before))
        groups = [group for pair in self.offerings for group in pair]
        df = sum(group.n - 1 for group in groups)
        squares = sum(variance(group.before) * (group.n - 1) for group in groups)
        apart = None if squares == 0 else figure(float(trained - others) / math.sqrt(squares / df) * hedges(df))
        return {"trained": figure(trained), "comparison": figure(others), "standardised": apart}


# --- people under one rater: the sandwich of Liang and Zeger


def by_raters(figure_by_people, raters, factor=1):
    """The interval that counts raters, from ten of them on, if it is the wider of both."""
    if not raters or raters["raters"] < RATERS or figure_by_people["ci95"] is None:
        return figure_by_people
    corrected = raters["squared_influence"] * raters["raters"] / (raters["raters"] - 1) * factor
    found = around(figure_by_people["value"], t_quantile(raters["raters"] - 1) * math.sqrt(corrected))
    width = lambda ends: ends[1] - ends[0]
    if width(found) < width(figure_by_people["ci95"]):
        return figure_by_people
    return {"value": figure_by_people["value"], "ci95": found}


# --- one outcome


def recompute(outcome):
    if outcome["status"] != "ok":
        return {"status": outcome["status"], "reason": outcome["reason"]}
    if outcome["pairs_without_rows"]:
        raise SystemExit(f"{outcome['pairs_without_rows']} pairs have no rows: the report cannot be computed anew")
    trained = Group([row for row in outcome["rows"] if row["group"] == "trained"])
    within = Within(outcome["rows"])
    found = {
        "status": "ok",
        "n": trained.n,
        "change": by_raters(change_of(trained), outcome["raters_of_change"]),
    }
    compared = within.n >= SHOWN and within.m >= SHOWN
    if compared:
        found["matched_change"] = within.matched_change()
        found["comparison_change"] = within.comparison_change()
        people = within.n + within.m
        factor = (people - 1) / (people - 2 * len(within.offerings))
        found["difference"] = by_raters(within.difference(), outcome["raters_of_difference"], factor)
    if trained.before:  # Levels are not told at six months.
        found["before"], found["after"] = figure(mean(trained.before)), figure(mean(trained.after))
        found["effect_size"] = within.d_ppc2() if compared else g_av(trained)
        if compared:
            found["baselines"] = within.baselines()
    return found


if __name__ == "__main__":
    exported = json.load(sys.stdin)
    outcomes = {name: exported[name] for name in ("behaviour", "work_score") if exported[name]}
    json.dump({name: recompute(outcome) for name, outcome in outcomes.items()}, sys.stdout, indent=2)
    print()
