"""Groups compared at equal baselines: analysis of covariance (statsmodels, pingouin)."""

import warnings

import numpy as np
import pandas as pd
import pingouin
import statsmodels.formula.api as smf

from common import agree, printed

RNG = np.random.default_rng(20260304)


def spread(values):
    return np.ptp(values) > 1e-9


def ancova(name, trained, comparison):
    case = {"name": name, "trained": [list(map(float, pair)) for pair in trained],
            "comparison": [list(map(float, pair)) for pair in comparison], "reason": None}
    rows = pd.DataFrame([[*pair, 1.0] for pair in trained] + [[*pair, 0.0] for pair in comparison],
                        columns=["pre", "post", "g"])
    within = rows.pre - rows.groupby("g").pre.transform("mean")
    if not spread(within):
        return case | {"reason": "constant_baselines"}
    fit = smf.ols("post ~ pre + g", rows).fit()
    if fit.ssr < 1e-20:
        return case | {"reason": "zero_variance_of_residual"}
    case |= {"effect": fit.params["g"], "slope": fit.params["pre"], "standard_error": fit.bse["g"],
             "t": fit.tvalues["g"], "df": fit.df_resid, "p": fit.pvalues["g"], "ci95": fit.conf_int().loc["g"].tolist()}
    oracle = pingouin.ancova(rows, dv="post", between="g", covar="pre").set_index("Source").loc["g"]
    agree([oracle["F"], oracle[[key for key in oracle.index if key.startswith("p") and "un" in key][0]]],
          [case["t"] ** 2, case["p"]])
    return case


def people(n, level, lift, slope=0.7, grid=5):
    pre = np.round(RNG.normal(level, 0.6, n) * grid) / grid
    post = np.round((level + slope * (pre - level) + lift + RNG.normal(0, 0.4, n)) * grid) / grid
    return list(zip(pre.tolist(), post.tolist()))


def ancova_cases(trained, comparison):
    worked = ancova("worked course against comparison", trained, comparison)
    printed([worked["effect"], *worked["ci95"], worked["slope"], worked["t"], worked["df"], worked["p"]],
            "0.327", "0.137", "0.517", "0.622", "3.607", "19", "0.00188")
    flat = [(3.0, 3.5), (3.0, 4.0), (3.0, 3.2), (3.0, 3.0)]
    rising = [(3.0, 3.5), (2.0, 3.0), (4.0, 4.25), (3.5, 3.5)]
    cases = [
        worked,
        ancova("groups exchanged", comparison, trained),
        ancova("two against two", [(3.0, 3.4), (2.8, 3.8)], [(3.0, 3.0), (2.0, 2.6)]),
        ancova("constant baselines", flat, flat),
        ancova("the group tells the baseline", flat, [(4.0, 4.0), (4.0, 3.5), (4.0, 4.2)]),
        ancova("one group constant before", rising, flat),
        ancova("all changed alike", [(3.0, 3.5), (2.0, 2.5), (4.0, 4.5)], [(3.0, 3.0), (2.5, 2.5)]),
        ancova("all on one line each", [(1.0, 2.0), (2.0, 2.5), (4.0, 3.5)], [(2.0, 2.0), (3.0, 2.5)]),
        ancova("one person determines the slope", [*flat, (4.0, 4.0)], [(2.0, 2.5), (2.0, 3.0), (2.0, 2.25)]),
        ancova("no effect", rising, rising),
        ancova("unequal baselines, as in the paradox of Lord", people(40, 2.6, 0.7), people(40, 3.4, 0.1)),
        ancova("opposite slopes", people(20, 3, 0.3, 1.2), people(25, 3, 0.0, -0.6)),
        ancova("official scores", people(24, 75, 3, 0.5, 100), people(60, 78, 1, 0.5, 100)),
    ]
    for n, m in ((10, 20), (15, 15), (30, 200), (176, 176)):
        cases.append(ancova(f"random groups of {n} and {m}", people(n, 3, 0.4), people(m, 3.2, 0.1)))
    return cases


def cases(trained, comparison):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return {"ancova": ancova_cases(trained, comparison)}
