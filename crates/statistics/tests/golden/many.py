"""Many courses, institutes, lecturers: families of tests and shrinkage (statsmodels, scipy)."""

import math

import numpy as np
from scipy import stats
from statsmodels.stats.meta_analysis import combine_effects
from statsmodels.stats.multitest import multipletests

from common import agree, printed

RNG = np.random.default_rng(20260305)
RELIABLE, FALSE_DISCOVERIES = 0.70, 0.05


def adjust(p):
    """Closed courses are none and not in the family: statsmodels would answer NaN for all."""
    family = [value for value in p if value is not None]
    q = iter(multipletests(family, method="fdr_bh")[1] if family else [])
    found = [None if value is None else float(next(q)) for value in p]
    if family:
        agree([value for value in found if value is not None], stats.false_discovery_control(family))
    return found


def family(name, p):
    return {"name": name, "p": p, "q": adjust(p)}


def family_cases():
    worked = family("ten courses", [0.001, 0.008, 0.039, 0.041, 0.042, 0.06, 0.074, 0.205, 0.212, 0.216])
    printed(worked["q"][:2], "0.010", "0.040")
    assert sum(p < 0.05 for p in worked["p"]) == 5 and sum(q < 0.05 for q in worked["q"]) == 2
    printed([1 - 0.95 ** 20], "0.64")
    return [
        worked,
        family("nobody", []),
        family("only closed courses", [None, None]),
        family("one course", [0.03]),
        family("closed courses between", [0.04, None, 0.01, None, 0.03]),
        family("ties", [0.02, 0.02, 0.5, 0.02, 1.0, 0.0]),
        family("all alike", [0.3] * 6),
        family("unsorted", [0.9, 0.0004, 0.2, 0.013, 0.6, 0.04, 0.012]),
        family("a year of courses", [float(value) for value in np.round(RNG.beta(0.6, 3, 60), 6)]),
    ]


def shrinkage(name, groups, rows=None):
    """Groups are (people, mean, sum of squares)."""
    case = {"name": name, "groups": [[int(n), float(mean), float(ss)] for n, mean, ss in groups], "reason": None}
    used = [group for group in groups if group[0] > 1]
    if len(used) < 2:
        return case | {"reason": "too_few_groups"}
    n, mean, ss = np.array(used, dtype=float).T
    within = ss.sum() / (n.sum() - len(n))
    if within == 0:
        return case | {"reason": "zero_variance_within"}
    v, k = within / n, len(n)
    oracle = combine_effects(mean, v, method_re="dl")
    between, q = max(0.0, oracle.tau2), oracle.q
    overall = oracle.mean_effect_re if oracle.tau2 > 0 else oracle.mean_effect_fe
    p = stats.f.sf(q / (k - 1), k - 1, n.sum() - k)
    if rows:
        test = stats.f_oneway(*(row for row in rows if len(row) > 1))
        agree([test.statistic, test.pvalue], [q / (k - 1), p])
    reliability = between / (between + v)
    shrunken, variance = overall + reliability * (mean - overall), reliability * v
    half = stats.norm.ppf(0.975) * np.sqrt(variance)
    chance = lambda i, j: (stats.norm.cdf((shrunken[j] - shrunken[i]) / math.sqrt(variance[i] + variance[j]))
                           if variance[i] + variance[j] > 0 else 0.5)
    rank = [1 + sum(chance(i, j) for j in range(k) if j != i) for i in range(k)]
    apart = [2 * stats.norm.sf(abs(shrunken[i] - overall) / math.sqrt(variance[i])) if between > 0 else None
             for i in range(k)]
    apart = adjust(apart)
    places = iter({"reliability": reliability[i], "shrunken": shrunken[i],
                   "ci95": [shrunken[i] - half[i], shrunken[i] + half[i]], "expected_rank": rank[i],
                   "stands_out": apart[i] is not None and apart[i] <= FALSE_DISCOVERIES} for i in range(k))
    return case | {"overall": overall, "within": within, "between": between, "q": q, "p": p,
                   "ranking_supported": bool(p <= FALSE_DISCOVERIES and (reliability >= RELIABLE).all()),
                   "places": [next(places) if size > 1 else None for size, _, _ in groups]}


def of_rows(name, rows):
    return shrinkage(name, [(len(row), np.mean(row) if len(row) else 0.0, np.var(row) * len(row) if len(row) else 0.0)
                            for row in rows], rows)


def drawn(sizes, between, within, level=0.5):
    return [RNG.normal(level + RNG.normal(0, between), within, n).tolist() for n in sizes]


def shrinkage_cases():
    # The model prints two of its groups only; the others are chosen so that every printed digit comes out.
    sizes, means = [2, 16, 15, 21, 8], [1.10, 0.81, 0.13, 0.53, 0.43]
    worked = shrinkage("worked, the leader of two people", [(n, m, 0.177 * (n - 1)) for n, m in zip(sizes, means)])
    tiny, big = worked["places"][:2]
    printed([tiny["reliability"], tiny["shrunken"], *tiny["ci95"], tiny["expected_rank"]],
            "0.47", "0.81", "0.41", "1.21", "1.62")
    printed([big["reliability"], big["shrunken"], *big["ci95"], big["expected_rank"]],
            "0.88", "0.78", "0.59", "0.97", "1.61")
    # People needed for a reliability of 0.70, by the share of variance that lies between the groups.
    for share, people in ((0.05, 45), (0.10, 21), (0.20, 10)):
        assert math.ceil(0.7 / 0.3 * (1 - share) / share - 1e-9) == people
    flat = [(n, m, 0.2 * (n - 1)) for n, m in ((8, 1.0), (3, 1.1), (20, 0.95))]
    return [
        worked,
        shrinkage("nobody", []),
        shrinkage("one group", [(12, 0.5, 2.0)]),
        shrinkage("one group beside single people", [(12, 0.5, 2.0), (1, 3.0, 0.0), (0, 0.0, 0.0)]),
        shrinkage("no spread within", [(5, 1.0, 0.0), (7, 2.0, 0.0)]),
        shrinkage("chance explains all", flat),
        shrinkage("single people listed, not used", [*flat, (1, 9.0, 0.0)]),
        shrinkage("two groups far apart", [(30, 1.0, 6.0), (30, 3.0, 6.0)]),
        shrinkage("equal means", [(10, 0.5, 2.0), (20, 0.5, 3.0), (30, 0.5, 7.0)]),
        of_rows("equal institutes", drawn([3] * 5 + [10] * 5 + [30] * 5 + [100] * 5, 0.0, 0.6)),
        of_rows("different institutes", drawn([12, 25, 40, 18, 33, 60, 9], 0.4, 0.5)),
        of_rows("different institutes, all large", drawn([80, 120, 95, 150, 70, 110], 0.3, 0.5)),
        of_rows("official scores", drawn([15, 22, 8, 40, 31], 3.0, 6.0, 4.0)),
    ]


def cases():
    return {"families": family_cases(), "shrinkage": shrinkage_cases()}
