"""Answers to single questions: the middle answer and the share of the two best (numpy, statsmodels)."""

import numpy as np
from statsmodels.stats.proportion import proportion_confint

RNG = np.random.default_rng(20260303)


def items(name, answers):
    given = [answer for answer in answers if answer is not None]
    case = {"name": name, "answers": answers, "n": len(given), "median": None, "top_two": None, "top_two_ci95": None}
    if not given:
        return case
    hits = sum(answer >= 4 for answer in given)
    low, high = proportion_confint(hits, len(given), method="wilson")
    return case | {"median": float(np.median(given)), "top_two": 100 * hits / len(given),
                   "top_two_ci95": [100 * max(0.0, low), 100 * min(1.0, high)]}


def item_cases():
    cases = [
        items("nobody", []),
        items("nothing observed", [None, None]),
        items("even, middle apart", [2, 3, 4, 5, 5, 1]),
        items("odd", [4, 4, 5, 3, 2]),
        items("all best", [5] * 8),
        items("none good", [1, 2, 3, 3, 2]),
    ]
    for n in (14, 75):
        cases.append(items(f"{n} answers", RNG.choice([1, 2, 3, 4, 5], n, p=[0.05, 0.1, 0.2, 0.4, 0.25]).tolist()))
    return cases


def cases():
    return {"items": item_cases()}
