"""Ordinal data: signed ranks, classes, single questions (scipy, statsmodels, pingouin)."""

import math
import warnings

import numpy as np
import pingouin
from scipy import stats
from statsmodels.stats.contingency_tables import SquareTable, mcnemar
from statsmodels.stats.proportion import proportion_confint

from common import agree, printed

RNG = np.random.default_rng(20260303)
EXACT_UP_TO = 16


def ranks(name, pairs):
    """Changes are taken to four decimals, as the service does, so that float noise ties."""
    pairs = [[float(a), float(b)] for a, b in pairs]
    changes = np.array([round((round(b * 1e4) - round(a * 1e4)) / 1e4, 4) for a, b in pairs])
    moved = changes[changes != 0]
    case = {"name": name, "pairs": pairs, "n": len(pairs), "unchanged": len(pairs) - len(moved), "reason": None}
    case["location"] = None
    if len(pairs):
        i, j = np.triu_indices(len(pairs))
        case["location"] = np.median((changes[i] + changes[j]) / 2)
    if not len(moved):
        return case | {"reason": "no_nonzero_change" if len(pairs) else "no_complete_pairs"}
    order = stats.rankdata(np.abs(moved))
    w_plus, w_minus = order[moved > 0].sum(), order[moved < 0].sum()
    exact = len(moved) <= EXACT_UP_TO
    if len(moved) == 1:
        p = 1.0  # either sign is as likely; scipy wants two
    elif exact:
        method = stats.PermutationMethod(n_resamples=2 ** EXACT_UP_TO + 1)
        p = stats.wilcoxon(moved, zero_method="wilcox", method=method).pvalue
    else:
        p = stats.wilcoxon(moved, zero_method="wilcox", correction=True, method="asymptotic").pvalue
    biserial = (w_plus - w_minus) / (w_plus + w_minus)
    agree(pingouin.wilcoxon(moved, np.zeros(len(moved)))["RBC"].iloc[0], biserial)
    return case | {"exact": exact, "w_plus": w_plus, "w_minus": w_minus, "p": p, "rank_biserial": biserial,
                   "sign_p": stats.binomtest(int((moved > 0).sum()), len(moved)).pvalue}


def from_zero(changes):
    return [(3.0, 3.0 + change) for change in changes]


def rank_cases():
    worked = ranks("worked, three unchanged", from_zero([0] * 3 + [1] * 6 + [-1] + [2] * 2))
    printed([worked["w_plus"], worked["w_minus"], worked["p"], worked["rank_biserial"], worked["location"],
             worked["sign_p"]], "41", "4", "0.03125", "0.822", "1.0", "0.0391")
    nine = np.array([1] * 6 + [-1] + [2] * 2)
    rough = stats.wilcoxon(nine, zero_method="wilcox", method="asymptotic")
    printed([rough.pvalue, stats.wilcoxon(nine, correction=True, method="asymptotic").pvalue, rough.zstatistic],
            "0.0209", "0.0246", "-2.310")
    five, six = ranks("five risen", from_zero([1, 2, 3, 4, 5])), ranks("six risen", from_zero([1, 2, 3, 4, 5, 6]))
    printed([five["p"], six["p"]], "0.0625", "0.031")
    cases = [
        worked, five, six,
        ranks("nobody", []),
        ranks("twelve unchanged", from_zero([0] * 12)),
        ranks("one risen", from_zero([0.4])),
        ranks("one fallen among unchanged", from_zero([0, 0, -1])),
        ranks("all tied", from_zero([1] * 7)),
        ranks("all tied, both ways", from_zero([1] * 5 + [-1] * 4)),
        ranks("balanced", from_zero([1, -1, 2, -2, 3, -3])),
        ranks("float noise that ties", [(3.2, 3.3), (2.8, 2.9), (4.2, 4.1), (1.7, 1.7), (2.4, 2.6), (3.1, 3.4)]),
        ranks("sixteen without ties", from_zero([0.2 * i * (-1) ** (i % 3 == 0) for i in range(1, 17)])),
        ranks("seventeen without ties", from_zero([0.2 * i * (-1) ** (i % 3 == 0) for i in range(1, 18)])),
        ranks("twenty, all tied", from_zero([1] * 13 + [-1] * 7)),
        ranks("eighteen, balanced", from_zero([1, -1] * 9)),
    ]
    for n, lift in ((8, 0.3), (16, 0.2), (17, 0.2), (24, 0.0), (60, 0.4), (200, -0.1)):
        changes = np.round(RNG.normal(lift, 0.8, n) * 5) / 5
        cases.append(ranks(f"changes of {n} on fifths", from_zero(changes.tolist())))
    cases.append(ranks("official scores", [(70 + a, 72 + b) for a, b in np.round(RNG.normal(0, 6, (40, 2)), 2).tolist()]))
    return cases


def classes(name, table):
    table = np.array(table)
    i, j = np.indices(table.shape)
    n, up, down = int(table.sum()), int(table[j > i].sum()), int(table[j < i].sum())
    gained, lost = int(table[:2, 2:].sum()), int(table[2:, :2].sum())
    case = {"name": name, "table": table.tolist(), "n": n, "up": up, "down": down, "gained": gained, "lost": lost,
            "good_before": int(table[2:].sum()), "good_after": int(table[:, 2:].sum()), "reason": None}
    case |= dict.fromkeys(["net", "net_ci95", "sign_p", "mcnemar_p", "bowker", "bowker_df", "bowker_p"])
    if n == 0:
        return case | {"reason": "no_complete_pairs"}
    case["net"] = (up - down) / n
    signs = np.repeat([1.0, 0.0, -1.0], [up, n - up - down, down])
    if n < 2:
        case["reason"] = "n_below_2"
    elif len(set(signs)) == 1:
        case["reason"] = "zero_variance_of_change"
    else:
        interval = stats.ttest_1samp(signs, 0).confidence_interval(0.95)
        case["net_ci95"] = [interval.low, interval.high]
    if up + down:
        case["sign_p"] = stats.binomtest(up, up + down).pvalue
        pairs = [(a, b) for a in range(4) for b in range(a + 1, 4) if table[a, b] + table[b, a]]
        case["bowker"] = sum((table[a, b] - table[b, a]) ** 2 / (table[a, b] + table[b, a]) for a, b in pairs)
        case["bowker_df"] = len(pairs)
        case["bowker_p"] = stats.chi2.sf(case["bowker"], len(pairs))
        if len(pairs) == 6:
            oracle = SquareTable(table, shift_zeros=False).symmetry()
            agree([oracle.statistic, oracle.pvalue], [case["bowker"], case["bowker_p"]])
    if gained + lost:
        case["mcnemar_p"] = mcnemar([[0, gained], [lost, 0]], exact=True).pvalue
    return case


def class_cases():
    worked = classes("worked, sixteen people", [[0, 0, 0, 0], [0, 2, 4, 0], [0, 1, 4, 4], [0, 0, 1, 0]])
    printed([worked["net"], *worked["net_ci95"], worked["sign_p"], worked["mcnemar_p"]],
            "0.375", "-0.008", "0.758", "0.109", "0.375")
    assert [worked[key] for key in ("up", "down", "good_before", "good_after", "gained", "lost")] == [8, 2, 10, 13, 4, 1]
    empty = np.zeros((4, 4), int)
    one, alike, still = empty.copy(), empty.copy(), empty.copy()
    one[1, 2] = 1
    alike[1, 2], alike[0, 1] = 7, 5
    still[2, 2], still[3, 3] = 9, 3
    cases = [
        worked,
        classes("nobody", empty),
        classes("one person", one),
        classes("all risen", alike),
        classes("all stayed", still),
        classes("ceiling", [[0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 1], [0, 0, 1, 18]]),
        classes("two exchanged", [[0, 1, 0, 0], [1, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]]),
        classes("every pair filled", [[4, 6, 2, 1], [3, 9, 8, 2], [1, 4, 12, 5], [2, 1, 3, 7]]),
    ]
    for n in (12, 60, 900):
        before = RNG.choice(4, n, p=[0.05, 0.3, 0.5, 0.15])
        after = np.clip(before + RNG.choice([-1, 0, 1, 2], n, p=[0.15, 0.5, 0.3, 0.05]), 0, 3)
        table = np.zeros((4, 4), int)
        np.add.at(table, (before, after), 1)
        cases.append(classes(f"random classes of {n}", table))
    return cases


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
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # scipy warns of ties, which are what these cases are about
        found = {"ranks": rank_cases(), "classes": class_cases(), "items": item_cases()}
    assert all(math.isfinite(case["p"]) for case in found["ranks"] if "p" in case)
    return found
