"""Intervals by raters (statsmodels) and the tails of distributions (scipy)."""

import numpy as np
import statsmodels.api as sm
from scipy import stats

RNG = np.random.default_rng(20260302)


def by_raters(name, trained, comparison=()):
    """Regression of the change on the group; the sandwich by rater, t with raters minus one."""
    raters = [rater for rater, _ in [*trained, *comparison]]
    case = {"name": name, "trained": trained, "comparison": list(comparison), "clusters": len(set(raters)),
            "reason": None}
    group = np.repeat([1.0, 0.0], [len(trained), len(comparison)])
    columns = [np.ones(len(raters)), group] if comparison else [np.ones(len(raters))]
    changes = np.array([change for _, change in [*trained, *comparison]])
    if not comparison:
        case["value"] = changes.mean()
    else:
        case["value"] = changes[group == 1].mean() - changes[group == 0].mean()
    if len(set(raters)) < 2:
        return case | {"reason": "one_rater"}
    fit = sm.OLS(changes, np.column_stack(columns)).fit(cov_type="cluster", cov_kwds={"groups": raters}, use_t=True)
    return case | {"standard_error": fit.bse[-1], "df": fit.df_resid_inference, "ci95": fit.conf_int()[-1],
                   "p": fit.pvalues[-1]}


def people(n, raters, lift, strictness=0.4, first=0, grid=5):
    """n people shared out among raters, each of whom moves all of theirs."""
    moves = RNG.normal(0, strictness, raters)
    under = RNG.integers(0, raters, n)
    changes = np.round((lift + moves[under] + RNG.normal(0, 0.5, n)) * grid) / grid
    return [[int(first + rater), float(change)] for rater, change in zip(under, changes)]


def cluster_cases():
    cases = [
        by_raters("everybody a rater of their own", [[i, change] for i, (_, change) in enumerate(people(14, 3, 0.4))],
                  [[20 + i, change] for i, (_, change) in enumerate(people(12, 3, 0.1))]),
        by_raters("one rater", [[1, 0.2], [1, 0.6]], [[1, 0.0], [1, 0.4]]),
        by_raters("two raters", [[1, 0.2], [2, 0.6]], [[1, 0.0], [2, 0.4], [2, 0.2]]),
        by_raters("raters of one group only", people(12, 4, 0.4), people(10, 5, 0.1, first=10)),
        by_raters("change of one group", people(15, 10, 0.4)),
        by_raters("change of one group, large", people(300, 40, 0.3)),
    ]
    for n, m, raters in ((12, 10, 6), (24, 24, 12), (60, 80, 15), (11, 300, 40), (400, 400, 60)):
        cases.append(by_raters(f"{n} and {m} people under {raters} common raters",
                               people(n, raters, 0.4), people(m, raters, 0.1)))
    cases.append(by_raters("official scores", people(40, 12, 4.0, 2.0, grid=100), people(50, 14, 1.0, 2.0, grid=100)))
    return cases


def tail_cases():
    cases = []

    def add(kind, x, df, df2, expected):
        name = f"{kind} {x}, {df}" + (f", {df2}" if df2 else "")
        cases.append({"name": name, "kind": kind, "x": x, "df": df, "df2": df2, "expected": float(expected)})

    for df in (1, 1.3, 9, 17.603, 99, 10_000, 1e6):
        for t in (0.1, -2.0, 3.361, 40.0):
            add("t", t, df, None, 2 * stats.t.sf(abs(t), df))
    for df, df2 in ((1, 1), (1, 19), (11, 44), (11, 3.37), (29, 29), (0.7, 0.3), (999, 3996), (4, 1e5), (1e6, 4e6)):
        for f in (0.02, 0.9, 1.0, 2.5):
            add("f", f, df, df2, stats.f.sf(f, df, df2))
        for p in (0.025, 0.975):
            add("f_quantile", p, df, df2, stats.f.ppf(p, df, df2))
    for z in (0.0, -0.3, 1.96, 2.31, 6.0):
        add("normal", z, 0, None, 2 * stats.norm.sf(abs(z)))
    return cases


def cases():
    return {"tail": tail_cases(), "clusters": cluster_cases()}
