"""Writes vectors.json, the figures the Rust statistics are compared with.

Deterministic. Needs: pip install numpy scipy statsmodels pingouin scikit-learn. Run: python make_vectors.py

Changes and differences are made here; the other measures have a file each beside this one. Every worked example of
the model is checked to its printed digits before anything is written.
"""

import json
import math
from pathlib import Path

import numpy as np
from scipy import stats
from scipy.optimize import brentq
from scipy.special import gammaln
from statsmodels.stats.proportion import proportion_confint

import agreement
import annex
import detectable
import items
import many
import shift
import sums
from common import plain, printed

RNG = np.random.default_rng(20260301)

# Twelve officials of a document-management course and ten colleagues not yet trained: means of five items.
TRAINED = list(zip(
    [3.0, 3.4, 3.2, 2.8, 2.6, 3.6, 3.2, 2.4, 3.6, 3.4, 3.4, 2.6],
    [3.8, 3.8, 3.6, 3.2, 3.0, 3.4, 3.8, 3.0, 3.8, 4.0, 3.6, 3.6],
))
COMPARISON = list(zip(
    [2.8, 3.0, 3.4, 3.0, 2.4, 3.2, 3.4, 3.2, 3.4, 3.8],
    [3.0, 3.0, 3.6, 3.2, 2.8, 3.2, 3.6, 3.2, 3.2, 3.8],
))
# The then-test: how people rate their former selves afterwards, before and after the course.
THEN, PRE, POST = [2, 3, 3, 3, 3, 3, 4, 3], [4, 4, 4, 4, 4, 4, 4, 3], [4, 4, 5, 4, 4, 3, 4, 4]


def hedges(df):
    return 0.0 if df < 2 else math.exp(gammaln(df / 2) - gammaln((df - 1) / 2)) / math.sqrt(df / 2)


def noncentrality(t, df):
    """Interval of the noncentrality: bracketed outward from t, then brentq."""
    ends = []
    for p in (0.975, 0.025):
        excess = lambda delta: stats.nct.cdf(t, df, delta) - p
        step = max(1.0, abs(t) / math.sqrt(df)) / 4
        low = high = t
        while excess(low) <= 0:
            low -= step
        while excess(high) >= 0:
            high += step
        ends.append(brentq(excess, low, high, xtol=1e-13, rtol=1e-14, maxiter=500))
    return ends


def is_flat(values):
    return np.std(values, ddof=1) <= 1e-12 * max(1.0, np.max(np.abs(values)))


def paired(name, pairs):
    case = {"name": name, "pairs": [[float(a), float(b)] for a, b in pairs], "n": len(pairs)}
    case |= dict.fromkeys(["mean_before", "mean_after", "change", "r", "reason"])
    if not pairs:
        return case | {"reason": "no_complete_pairs"}
    pre, post = np.array(pairs, dtype=float).T
    d = post - pre
    case |= {"mean_before": pre.mean(), "mean_after": post.mean(), "change": d.mean()}
    n = len(pairs)
    if n < 2:
        return case | {"reason": "n_below_2"}
    if not is_flat(pre) and not is_flat(post):
        case["r"] = stats.pearsonr(pre, post).statistic
    if is_flat(d):
        return case | {"reason": "zero_variance_of_change"}
    test = stats.ttest_rel(post, pre)
    interval = test.confidence_interval(0.95)
    average = math.sqrt((pre.var(ddof=1) + post.var(ddof=1)) / 2)
    scale = d.std(ddof=1) / average
    d_z = [end / math.sqrt(n) for end in noncentrality(test.statistic, n - 1)]
    return case | {
        "ci95": [interval.low, interval.high],
        "t": test.statistic,
        "d_z": d.mean() / d.std(ddof=1),
        "d_z_ci95": d_z,
        "d_av": d.mean() / average,
        "g_av": d.mean() / average * hedges(n - 1),
        "g_av_ci95": [end * scale * hedges(n - 1) for end in d_z],
    }


def difference(name, trained, comparison):
    case = {"name": name, "trained": [list(map(float, p)) for p in trained]}
    case |= {"comparison": [list(map(float, p)) for p in comparison], "reason": None}
    (pre_t, post_t), (pre_c, post_c) = np.array(trained, float).T, np.array(comparison, float).T
    d_t, d_c = post_t - pre_t, post_c - pre_c
    df = len(trained) + len(comparison) - 2
    pooled = math.sqrt((pre_t.var() * len(trained) + pre_c.var() * len(comparison)) / df)
    did = d_t.mean() - d_c.mean()
    case |= {"difference": did, "d_ppc2": None}
    if not (is_flat(pre_t) and is_flat(pre_c)):
        case["d_ppc2"] = did / pooled * hedges(df)
    if is_flat(d_t) and is_flat(d_c):
        return case | {"reason": "zero_variance_of_change"}
    test = stats.ttest_ind(d_t, d_c, equal_var=False)
    interval = test.confidence_interval(0.95)
    return case | {
        "ci95": [interval.low, interval.high],
        "standard_error": did / test.statistic if did else math.sqrt(
            d_t.var(ddof=1) / len(d_t) + d_c.var(ddof=1) / len(d_c)),
        "t": test.statistic,
        "df": test.df,
    }


def ratings(n, lift=0.4, spread=0.5, grid=5, low=1.0, high=5.0):
    """n people whose ratings lie on a grid, as means of some items do."""
    level = RNG.normal((low + high) / 2, spread * (high - low) / 4, n)
    pre = level + RNG.normal(0, spread * (high - low) / 8, n)
    post = level + lift + RNG.normal(0, spread * (high - low) / 8, n)
    snap = lambda v: np.clip(np.round(v * grid) / grid, low, high)
    return list(zip(snap(pre).tolist(), snap(post).tolist()))


def paired_cases():
    cases = [
        paired("nobody", []),
        paired("one person", [(3.0, 3.5)]),
        paired("worked course", TRAINED),
        paired("worked comparison", COMPARISON),
        paired("worked response shift", list(zip(THEN, PRE))),
        paired("worked retrospective change", list(zip(THEN, POST))),
        paired("worked prospective change", list(zip(PRE, POST))),
        paired("two people", [(3.0, 3.4), (2.8, 3.8)]),
        paired("three people", [(3.0, 3.4), (2.8, 3.8), (4.0, 4.2)]),
        paired("equal changes", [(1.0, 2.0), (3.0, 4.0), (2.0, 3.0)]),
        paired("equal changes with float noise", [(3.2, 3.3), (2.8, 2.9), (4.1, 4.2), (1.7, 1.8), (2.3, 2.4)]),
        paired("nobody changed", [(3.0, 3.0), (4.0, 4.0), (2.2, 2.2)]),
        paired("constant baseline", [(3.0, 3.2), (3.0, 3.8), (3.0, 2.8), (3.0, 4.0)]),
        paired("constant follow-up", [(3.2, 4.0), (3.8, 4.0), (2.8, 4.0), (4.0, 4.0)]),
        paired("mean change of zero", [(3.0, 3.5), (3.5, 3.0), (2.0, 2.5), (2.5, 2.0), (4.0, 4.0)]),
        paired("decline", [(after, before) for before, after in TRAINED]),
        paired("perfect negative correlation", [(1.0, 5.0), (2.0, 4.0), (3.0, 3.0), (4.0, 2.0), (5.0, 1.5)]),
        paired("almost equal changes", [(3.0, 3.5)] * 19 + [(3.0, 3.625), (2.0, 2.5)]),
        paired("exact offset of a hundred million",
               [(1e8 + a, 1e8 + b) for a, b in [(3.125, 3.5), (2.75, 3.25), (4.0, 4.125), (3.0, 2.875)]]),
    ]
    for n in (5, 8, 10, 12, 15, 20, 30, 45, 100, 400):
        cases.append(paired(f"random ratings of {n}", ratings(n)))
    for n, lift in ((10, 0.0), (12, -0.5), (25, 1.5), (60, 0.05)):
        cases.append(paired(f"random ratings of {n}, lifted by {lift}", ratings(n, lift)))
    for n in (6, 24, 80):
        cases.append(paired(f"official scores of {n}", ratings(n, 3.0, 0.4, 100, 0.0, 100.0)))
    return cases


def difference_cases():
    flat = [(1.0, 1.5), (2.0, 2.5), (3.0, 3.5)]
    cases = [
        difference("worked course against comparison", TRAINED, COMPARISON),
        difference("groups exchanged", COMPARISON, TRAINED),
        difference("two against two", [(3.0, 3.4), (2.8, 3.8)], [(3.0, 3.0), (2.0, 2.6)]),
        difference("one group constant", TRAINED, flat),
        difference("both groups constant", flat, [(1.0, 1.25), (2.0, 2.25)]),
        difference("constant baselines", [(3, 3.5), (3, 4), (3, 3.2)], [(3, 3), (3, 3.4)]),
        difference("baselines constant within, apart between", [(3, 3.5), (3, 4)], [(4, 4), (4, 4.4)]),
        difference("no difference", TRAINED, TRAINED),
    ]
    for n, m in ((10, 10), (12, 30), (45, 45), (176, 20), (11, 300)):
        cases.append(difference(f"random groups of {n} and {m}", ratings(n, 0.5), ratings(m, 0.1, 0.8)))
    cases.append(difference("official scores", ratings(20, 4, 0.4, 100, 0, 100), ratings(35, 1, 0.3, 100, 0, 100)))
    return cases


def distribution_cases():
    grid = [(1, 0.5, 0.0), (1, 2.0, 1.0), (1, -3.0, 2.0), (2, 1.0, 3.0), (3, 5.0, 2.5), (4, 0.0, 1.2),
            (9, 1.8974, 4.0), (9, -2.0, -1.0), (11, 5.0455, 2.13), (11, 5.0455, 7.85), (11, -5.0455, -7.85),
            (11, 50.0, 40.0), (19, 2.683, 0.5), (29, 3.29, 5.4), (29, 100.0, 110.0), (99, 0.3, -0.8),
            (99, 25.0, 30.0), (399, 3.0, 1.0), (399, 12.0, 14.5), (1999, 1.0, 1.0), (1999, -40.0, -41.0),
            (9999, 2.0, 0.0)]
    return {
        "noncentral_t": [{"name": f"df {df}, t {t}, delta {nc}", "df": df, "t": t, "delta": nc,
                          "p": float(stats.nct.cdf(t, df, nc)) if nc else float(stats.t.cdf(t, df))}
                         for df, t, nc in grid],
        "noncentrality": [{"name": f"t {t}, df {df}", "t": t, "df": df, "ci95": noncentrality(t, df)}
                          for t, df in [(0.6 * math.sqrt(n), n - 1) for n in (5, 10, 20, 30)]
                          + [(0.0, 9), (-4.0, 14), (60.0, 19), (300.0, 11), (2.0, 1), (15.0, 999)]],
        "hedges": [{"name": f"df {df}", "df": df, "j": hedges(df)}
                   for df in (1, 2, 3, 4, 9, 11, 19, 20, 29, 99, 999, 9999, 10001, 40000)],
        "t_quantile": [{"name": f"df {df}", "df": df, "t": float(stats.t.ppf(0.975, df))}
                       for df in (1, 1.3, 2, 5, 11, 17.603, 29, 99.5, 1000, 9999.5, 10000.5, 1e5, 1e7)],
    }


def proportion_cases():
    cases = []
    for hits, n in ((18, 24), (0, 12), (6, 10), (18, 30), (12, 12), (1, 1), (0, 1), (1, 5), (499, 1000), (3, 4000)):
        low, high = proportion_confint(hits, n, method="wilson")
        cases.append({"name": f"{hits} of {n}", "hits": hits, "n": n, "ci95": [max(0.0, low), min(1.0, high)]})
    return cases


def attrition_cases():
    cases = []
    for name, n, m in (("few lost", 20, 4), ("many lost", 9, 15)):
        kept, lost = [a for a, _ in ratings(n)], [a for a, _ in ratings(m, 0, 0.8)]
        spread = math.sqrt((np.var(kept, ddof=1) + np.var(lost, ddof=1)) / 2)
        smd = (np.mean(kept) - np.mean(lost)) / spread
        cases.append({"name": name, "answered": kept, "lost": lost, "smd": smd})
    return cases + [{"name": "one lost", "answered": [3.0, 4.0], "lost": [2.0], "smd": None}]


def mean_cases():
    cases = []
    for n in (5, 14, 200):
        answers = [b for _, b in ratings(n)]
        interval = stats.ttest_1samp(answers, 0).confidence_interval(0.95)
        cases.append({"name": f"{n} forms", "answers": answers, "mean": np.mean(answers),
                      "ci95": [interval.low, interval.high]})
    return cases


def check_worked_examples(cases):
    """Fails unless the published worked examples come out to their printed digits."""
    same = printed
    by_name = {case["name"]: case for kind in ("paired", "difference", "noncentrality") for case in cases[kind]}
    course = by_name["worked course"]
    same([course["mean_before"], course["mean_after"], course["change"]], "3.10", "3.55", "0.45")
    same([course["ci95"], course["d_z_ci95"], course["g_av_ci95"]],
         "0.25", "0.65", "0.616", "2.267", "0.472", "1.738")
    same([course[key] for key in ("t", "r", "d_z", "d_av", "g_av")], "5.0455", "0.676", "1.4565", "1.2007", "1.1166")
    same([hedges(11), hedges(11) * course["d_z"]], "0.92996", "1.3545")
    same([stats.t.sf(course["t"], 11) * 2], "0.000375")
    same([hedges(n - 1) for n in (5, 10, 20, 30)], "0.7979", "0.9139", "0.9599", "0.9739")
    shift = by_name["worked response shift"]
    same([shift["change"], *shift["ci95"]], "0.875", "0.339", "1.411")
    same([by_name["worked retrospective change"]["change"]], "1.0")
    same([by_name["worked prospective change"]["change"]], "0.125")
    did = by_name["worked course against comparison"]
    same([did["difference"], *did["ci95"], did["t"], did["df"], did["d_ppc2"]],
         "0.35", "0.131", "0.569", "3.361", "17.603", "0.839")
    same([stats.t.sf(did["t"], did["df"]) * 2], "0.00356")
    for n, low, high in ((5, "-0.39", "1.53"), (10, "-0.09", "1.26"), (20, "0.12", "1.07"), (30, "0.21", "0.99")):
        t = 0.6 * math.sqrt(n)
        same(np.array(by_name[f"t {t}, df {n - 1}"]["ci95"]) / math.sqrt(n), low, high)
    rates = {case["name"]: case["ci95"] for case in cases["wilson"]}
    same(rates["18 of 24"], "0.551", "0.880")
    same(rates["0 of 12"], "0.0", "0.242")
    same([rates["6 of 10"], rates["18 of 30"]], "0.31", "0.83", "0.42", "0.75")


def main():
    cases = {"paired": paired_cases(), "difference": difference_cases(), **distribution_cases(),
             "wilson": proportion_cases(), "attrition": attrition_cases(), "mean": mean_cases()}
    for others in (sums, items, many, agreement):
        cases |= others.cases()
    cases |= annex.cases(TRAINED, COMPARISON)
    cases |= shift.cases(THEN, PRE, POST)
    cases |= detectable.cases()
    check_worked_examples(cases)
    kinds = (
        f'"{kind}": [\n' + ",\n".join(json.dumps(plain(case), allow_nan=False) for case in found) + "\n]"
        for kind, found in cases.items()
    )
    Path(__file__).with_name("vectors.json").write_text("{\n" + ",\n".join(kinds) + "\n}\n")
    print(sum(map(len, cases.values())), "cases")


if __name__ == "__main__":
    main()
