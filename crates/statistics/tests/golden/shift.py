"""The then-test, regression to the mean, gains of knowledge (scipy)."""

import numpy as np
from scipy import stats

from common import printed

RNG = np.random.default_rng(20260308)


def then_test(name, before, then, after):
    before, then, after = (np.array(marks, dtype=float) for marks in (before, then, after))
    case = {"name": name, "people": np.column_stack([before, then, after]).tolist()}
    for key, one, other in (("prospective", before, after), ("retrospective", then, after), ("shift", then, before)):
        change = other - one
        flat = np.std(change) < 1e-9
        interval = None if flat else stats.ttest_rel(other, one).confidence_interval(0.95)
        case[key] = {"change": change.mean(), "ci95": interval and [interval.low, interval.high],
                     "p": None if flat else stats.ttest_rel(other, one).pvalue}
    return case


def shift_cases(then, before, after):
    worked = then_test("worked", before, then, after)
    printed([np.mean(before), np.mean(then), np.mean(after)], "3.875", "3.0", "4.0")
    printed([worked["prospective"]["change"], worked["retrospective"]["change"], worked["shift"]["change"],
             *worked["shift"]["ci95"], worked["shift"]["p"]], "0.125", "1.0", "0.875", "0.339", "1.411", "0.0062")
    cases = [worked, then_test("all shifted alike", [4, 3, 5, 4], [3, 2, 4, 3], [4, 4, 5, 5])]
    for n in (12, 40):
        marks = np.clip(np.round(RNG.normal([3.6, 3.1, 4.0], 0.7, (n, 3)) * 5) / 5, 1, 5)
        cases.append(then_test(f"{n} people", *marks.T))
    return cases


def regression_cases():
    """Who is sent for a low score: the mean of a truncated normal distribution, and how far it returns untaught."""
    cases = []
    for name, mean, spread, rho, low, high in (
            ("worked, those under 60 are sent", 70, 10, 0.6, -np.inf, 60),
            ("worked, those from 80 are sent", 70, 10, 0.6, 80, np.inf),
            ("reliable ratings", 70, 10, 0.9, -np.inf, 60),
            ("nothing reliable", 70, 10, 0.0, -np.inf, 65),
            ("ratings of 5 points", 3.4, 0.6, 0.45, -np.inf, 3.0)):
        ends = ((low - mean) / spread, (high - mean) / spread)
        group = stats.truncnorm.mean(*ends, loc=mean, scale=spread)
        cases.append({"name": name, "group": group, "population": mean, "rho": rho,
                      "expected": (1 - rho) * (mean - group)})
    printed([cases[0]["group"], cases[0]["group"] + cases[0]["expected"], cases[0]["expected"]],
            "54.75", "60.85", "6.10")
    printed([cases[1]["expected"], 100 * stats.norm.cdf(-1)], "-6.10", "15.9")
    cases.append({"name": "worked, unknown reliability", "group": 2.9, "population": 3.4, "rho": None, "expected": 0.25})
    cases.append({"name": "perfectly reliable", "group": 2.9, "population": 3.4, "rho": 1.0, "expected": 0.0})
    return cases


def hake_cases():
    cases = []
    for name, pairs in (("half of what was missing", [(40, 70), (60, 80)]), ("a loss", [(50, 25), (70, 65)]),
                        ("one person at the top", [(100, 90), (60, 80)]), ("all at the top", [(100, 100), (100, 90)]),
                        ("nobody", []), ("twenty people", RNG.integers(30, 95, (20, 2)).tolist())):
        pairs = [[float(a), float(b)] for a, b in pairs]
        case = {"name": name, "pairs": pairs, "gain": None, "reason": None}
        if not pairs:
            case["reason"] = "no_complete_pairs"
        elif np.mean(pairs, axis=0)[0] == 100:
            case["reason"] = "already_at_maximum"
        else:
            before, after = np.mean(pairs, axis=0)
            case["gain"] = (after - before) / (100 - before)
        cases.append(case)
    return cases


def cases(then, before, after):
    return {"then_test": shift_cases(then, before, after), "regression": regression_cases(), "hake": hake_cases()}
