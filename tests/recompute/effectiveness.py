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


# --- two groups: the interval of Welch, and d_ppc2 of Morris


def difference_of(trained, others):
    value = mean(trained.change) - mean(others.change)
    errors = [variance(group.change) / group.n for group in (trained, others)]
    if sum(errors) == 0:
        return figure(value)
    df = sum(errors) ** 2 / sum(error**2 / (group.n - 1) for error, group in zip(errors, (trained, others)))
    return figure(value, around(value, t_quantile(float(df)) * math.sqrt(sum(errors))))


def d_ppc2(trained, others):
    df = trained.n + others.n - 2
    squares = sum(variance(group.before) * (group.n - 1) for group in (trained, others))
    if squares == 0 or not any(variance(group.change) for group in (trained, others)):
        return None  # Where all changed alike there is no interval, and a size without one would look certain.
    value = mean(trained.change) - mean(others.change)
    return figure(float(value) / math.sqrt(squares / df) * hedges(df))


# --- people under one rater: the sandwich of Liang and Zeger


def influence(sums):
    """Sum over raters of (change - people * mean change) squared, over people squared: in squared points."""
    n, change = sums["people"], sums["change"]
    total = Fraction(change, n)
    squares = int(sums["change_change"]) - 2 * total * int(sums["people_change"]) + total**2 * int(sums["people_people"])
    return squares / n**2 / POINT**2


def crossed(raters):
    n, m = raters["trained"]["people"], raters["comparison"]["people"]
    of_trained, of_others = Fraction(raters["trained"]["change"], n), Fraction(raters["comparison"]["change"], m)
    products = (
        int(raters["change_change"])
        - of_others * int(raters["change_people"])
        - of_trained * int(raters["people_change"])
        + of_trained * of_others * int(raters["people_people"])
    )
    return products / (n * m) / POINT**2


def by_raters(figure_by_people, variance, raters, fewest, factor=1):
    """The interval that counts raters; the wider of both where one group has few of them."""
    if variance == 0 or figure_by_people["ci95"] is None:
        return figure_by_people
    corrected = variance * Fraction(raters, raters - 1) * factor
    found = around(figure_by_people["value"], t_quantile(raters - 1) * math.sqrt(corrected))
    width = lambda ends: ends[1] - ends[0]
    if fewest < RATERS and width(found) < width(figure_by_people["ci95"]):
        return figure_by_people
    return {"value": figure_by_people["value"], "ci95": found}


def robust_change(change, raters):
    count = raters["trained"]["raters"] if raters else 0
    return by_raters(change, influence(raters["trained"]), count, count) if count >= RATERS else change


def robust_difference(difference, raters):
    if not raters or raters["raters"] < RATERS:
        return difference
    groups = raters["trained"], raters["comparison"]
    people = sum(group["people"] for group in groups)
    total = sum(influence(group) for group in groups) - 2 * crossed(raters)
    fewest = min(group["raters"] for group in groups)
    return by_raters(difference, total, raters["raters"], fewest, Fraction(people - 1, people - 2))


# --- one outcome


def check(raters, trained, others):
    """What the raters' sums say of the people must be what the rows say."""
    for sums, group in ((raters["trained"], trained), (raters["comparison"], others)):
        if (sums["people"], sums["change"]) != (group.n, sum(group.change)):
            raise SystemExit("the raters are not those of the rows")


def recompute(outcome):
    if outcome["status"] != "ok":
        return {"status": outcome["status"], "reason": outcome["reason"]}
    if outcome["pairs_without_rows"]:
        raise SystemExit(f"{outcome['pairs_without_rows']} pairs have no rows: the report cannot be computed anew")
    trained, others = (
        Group([row for row in outcome["rows"] if row["group"] == name]) for name in ("trained", "comparison")
    )
    raters = outcome["raters"]
    if raters:
        check(raters, trained, others)
    found = {
        "status": "ok",
        "n": trained.n,
        "change": robust_change(change_of(trained), raters),
    }
    if others.n >= SHOWN:
        found["comparison_change"] = change_of(others)
        found["difference"] = robust_difference(difference_of(trained, others), raters)
    if trained.before:  # Levels are not told at six months.
        found["before"], found["after"] = figure(mean(trained.before)), figure(mean(trained.after))
        found["effect_size"] = d_ppc2(trained, others) if others.n >= SHOWN else g_av(trained)
    return found


if __name__ == "__main__":
    exported = json.load(sys.stdin)
    outcomes = {name: exported[name] for name in ("behaviour", "work_score") if exported[name]}
    json.dump({name: recompute(outcome) for name, outcome in outcomes.items()}, sys.stdout, indent=2)
    print()
