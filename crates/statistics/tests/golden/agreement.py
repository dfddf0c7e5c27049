"""Agreement between raters and reliability of questionnaires (pingouin, scikit-learn, scipy).

pingouin rounds its intervals, so they come from the formulas, and pingouin must agree to its rounding. Where the model
prints figures without their data, the data here are chosen so that every printed digit comes out.
"""

import warnings

import numpy as np
import pandas as pd
import pingouin
from scipy import stats
from sklearn.decomposition import FactorAnalysis

from common import agree, printed

RNG = np.random.default_rng(20260306)
NOTHING = 1e-12


def coefficient(value=None, ci95=None, reason=None):
    return {"value": value, "ci95": ci95, "reason": reason}


def mean_squares(rows):
    n, k = rows.shape
    people, raters, grand = rows.mean(1), rows.mean(0), rows.mean()
    left = rows - people[:, None] - raters + grand
    found = [k * ((people - grand) ** 2).sum() / (n - 1), n * ((raters - grand) ** 2).sum() / (k - 1),
             (left ** 2).sum() / ((n - 1) * (k - 1))]
    return [0.0 if square < NOTHING ** 2 else square for square in found]


def icc(name, rows, oracle=True):
    rows = np.array(rows, dtype=float)
    n, k = rows.shape
    case = {"name": name, "rows": rows.tolist()}
    kinds = ("absolute", "consistency", "absolute_of_mean")
    if n < 2 or k < 2:
        reason = "no_complete_rows" if n == 0 or k == 0 else "n_below_2" if n < 2 else "one_rater"
        return case | {kind: coefficient(reason=reason) for kind in kinds}
    r, c, e = mean_squares(rows)
    wholes = {"absolute": r + (k - 1) * e + k * (c - e) / n, "consistency": r + (k - 1) * e,
              "absolute_of_mean": r + (c - e) / n}
    values = {kind: (r - e) / whole for kind, whole in wholes.items() if whole > 0}
    ends = dict.fromkeys(kinds)
    upper = lambda a, b: stats.f.ppf(0.975, a, b)
    df = (n - 1) * (k - 1)
    if e > 0:
        low, high = r / e / upper(n - 1, df), r / e * upper(df, n - 1)
        ends["consistency"] = [(f - 1) / (f + k - 1) for f in (low, high)]
    if "absolute" in values:
        rho = values["absolute"]
        a, b = k * rho * c, (n * (1 + (k - 1) * rho) - k * rho) * e
        if a or b:
            v = df * (a + b) ** 2 / ((n - 1) * a ** 2 + b ** 2)
            low, high, noise = upper(n - 1, v), upper(v, n - 1), k * c + (k * n - k - n) * e
            found = [n * (r - low * e) / (low * noise + n * r), n * (high * r - e) / (noise + n * high * r)]
            ends["absolute"] = found
            ends["absolute_of_mean"] = [end * k / (1 + end * (k - 1)) for end in found]
    for kind in kinds:
        case[kind] = (coefficient(values[kind], ends[kind]) if kind in values
                      else coefficient(reason="no_spread_between_people"))
    if oracle:
        frame = pd.DataFrame([(i, j, rows[i, j]) for i in range(n) for j in range(k)], columns=["who", "rater", "mark"])
        table = pingouin.intraclass_corr(frame, targets="who", raters="rater", ratings="mark").set_index("Type")
        for kind, label in zip(kinds, ("ICC(A,1)", "ICC(C,1)", "ICC(A,k)")):
            agree(table.loc[label, "ICC"], values[kind], 1e-6)
            agree(table.loc[label, "CI95"], ends[kind], 0.006)
    return case


def ratings(n, k, lenience, noise, grid=5):
    level = RNG.normal(3, 0.7, (n, 1))
    marks = level + np.arange(k) * lenience + RNG.normal(0, noise, (n, k))
    return (np.clip(np.round(marks * grid), grid, 5 * grid) / grid).tolist()


def icc_cases():
    self_and_supervisor = [[3.6, 3.0], [4.0, 3.2], [4.0, 3.4], [4.4, 3.8], [3.2, 2.6], [2.8, 2.6], [3.6, 3.6],
                           [3.8, 3.8], [3.6, 3.2], [3.2, 3.0], [4.4, 3.6], [3.6, 3.0]]
    worked = icc("worked, self and supervisor", self_and_supervisor)
    printed([worked["absolute"]["value"], *worked["absolute"]["ci95"]], "0.537", "-0.107", "0.865")
    printed([worked["consistency"]["value"], *worked["consistency"]["ci95"]], "0.799", "0.440", "0.938")
    printed([np.diff(self_and_supervisor).mean()], "-0.45")
    for n, low, high in ((10, "-0.15", "0.85"), (30, "0.18", "0.73"), (100, "0.34", "0.63")):
        f = [3 / stats.f.ppf(0.975, n - 1, n - 1), 3 * stats.f.ppf(0.975, n - 1, n - 1)]
        printed([(end - 1) / (end + 1) for end in f], low, high)
    cases = [
        worked,
        icc("nobody", np.empty((0, 2))),
        icc("one person", [[1.0, 2.0]]),
        icc("one rater", [[1.0], [2.0], [4.0]]),
        icc("all alike", [[3.0, 3.0]] * 4, oracle=False),
        icc("perfect", [[1.0, 1.0], [2.0, 2.0], [4.0, 4.0]], oracle=False),
        icc("perfect but for lenience", [[1.0, 2.0], [2.0, 3.0], [4.0, 5.0]], oracle=False),
        icc("exact contradiction", [[1.0, 2.0], [2.0, 1.0]], oracle=False),
        icc("contradiction", [[1.0, 5.0], [2.0, 4.0], [3.0, 3.0], [4.0, 2.0], [5.0, 1.5]], oracle=False),
        icc("two people", [[1.0, 2.0], [3.0, 3.5]], oracle=False),
    ]
    for n, k, lenience, noise in ((10, 2, 0.0, 0.7), (30, 2, 0.4, 0.4), (100, 2, -0.2, 0.6), (12, 3, 0.3, 0.5),
                                  (40, 4, 0.1, 0.8), (25, 6, 0.0, 0.3)):
        cases.append(icc(f"{n} people by {k} raters, lenience {lenience}", ratings(n, k, lenience, noise)))
    return cases


def alpha_of(covariance):
    k = len(covariance)
    return k / (k - 1) * (1 - np.trace(covariance) / covariance.sum())


def omega_of(covariance):
    """Three items: the loadings follow from the three covariances."""
    one, two, three = covariance[0, 1], covariance[0, 2], covariance[1, 2]
    if min(one, two, three) <= 0:
        return None
    squares = np.array([one * two / three, one * three / two, two * three / one])
    if (squares > np.diag(covariance)).any():
        return None
    return np.sqrt(squares).sum() ** 2 / covariance.sum()


def reliability(name, items, forms):
    complete = np.array([form for form in forms if None not in form], dtype=float).reshape(-1, items)
    n = len(complete)
    case = {"name": name, "items": items, "forms": [list(form) for form in forms], "n": n,
            "standard_error": None, "omega": None}
    case["each"] = [{"rest_correlation": None, "alpha_without": None} for _ in range(items)]
    if items < 2:
        return case | {"alpha": coefficient(reason="too_few_items")}
    if n < 2:
        return case | {"alpha": coefficient(reason="n_below_2" if n else "no_complete_rows")}
    covariance = np.cov(complete.T)
    if items == 3:
        case["omega"] = omega_of(covariance)
    for item in range(items):
        rest = np.delete(complete, item, axis=1)
        if np.ptp(complete[:, item]) > 0 and np.ptp(rest.sum(1)) > 0:
            case["each"][item]["rest_correlation"] = stats.pearsonr(complete[:, item], rest.sum(1)).statistic
        if items > 2 and np.ptp(rest.sum(1)) > 0:
            case["each"][item]["alpha_without"] = alpha_of(np.cov(rest.T))
    if np.ptp(complete.sum(1)) == 0:
        return case | {"alpha": coefficient(reason="no_spread_between_people")}
    alpha = alpha_of(covariance)
    ends = None
    if alpha < 1 - NOTHING:
        df = n - 1, (n - 1) * (items - 1)
        ends = [1 - (1 - alpha) * stats.f.ppf(p, *df) for p in (0.975, 0.025)]
        agree(pingouin.cronbach_alpha(pd.DataFrame(forms).astype(float), nan_policy="listwise")[0], alpha)
        # Its interval counts incomplete forms, which its alpha left out.
        _, rounded = pingouin.cronbach_alpha(pd.DataFrame(complete))
        assert np.allclose(rounded, ends, atol=0.00051), (rounded, ends)
    case["standard_error"] = np.sqrt(covariance.sum() * max(0.0, 1 - alpha))
    return case | {"alpha": coefficient(alpha, ends)}


def answers(n, items, common, low=1, high=5):
    marks = 3 + RNG.normal(0, 1, (n, 1)) * common + RNG.normal(0, 0.8, (n, items))
    return [[int(mark) for mark in row] for row in np.clip(np.round(marks), low, high)]


def reliability_cases():
    worked = reliability("worked, twelve people and five items", 5, [
        [2, 2, 3, 3, 4], [2, 3, 2, 3, 3], [3, 4, 3, 3, 4], [5, 4, 4, 4, 5], [2, 2, 2, 2, 2], [2, 1, 2, 2, 2],
        [3, 3, 3, 3, 4], [5, 4, 5, 4, 4], [3, 2, 3, 3, 4], [2, 2, 3, 2, 3], [5, 3, 4, 4, 5], [4, 3, 3, 3, 4]])
    printed([worked["alpha"]["value"], *worked["alpha"]["ci95"], worked["standard_error"]],
            "0.9355", "0.852", "0.979", "1.116")
    for n, low, high in ((10, "0.50", "0.94"), (30, "0.66", "0.89"), (100, "0.73", "0.86")):
        printed([1 - 0.2 * stats.f.ppf(p, n - 1, 4 * (n - 1)) for p in (0.975, 0.025)], low, high)
    three = [(0.5749, "0.6073", OMEGA_LOW), (0.7864, "0.7927", OMEGA_HIGH)]
    cases = [worked]
    for alpha, omega, forms in three:
        case = reliability(f"worked, omega of three items {omega}", 3, forms)
        printed([case["alpha"]["value"], case["omega"]], str(alpha), omega)
        cases.append(case)
    cases += [
        reliability("nobody", 3, []),
        reliability("one form", 3, [[1, 2, 3]]),
        reliability("one item", 1, [[1], [4], [3]]),
        reliability("all alike", 3, [[3, 3, 3]] * 5),
        reliability("constant sum", 2, [[1, 5], [5, 1], [3, 3]]),
        reliability("copies", 3, [[1, 1, 1], [4, 4, 4], [2, 2, 2]]),
        reliability("one item not turned round", 4, [[m, m + d, m, 6 - m] for m, d in
                                                      zip([1, 2, 3, 4, 5, 3, 2], [1, 0, 1, 0, 0, -1, 2])]),
        reliability("contradicting items", 3, [[1, 5, 2], [5, 1, 4], [2, 4, 3], [4, 2, 3], [3, 3, 1]]),
        reliability("constant item", 4, [[3, 1, 2, 2], [3, 4, 4, 5], [3, 2, 3, 2], [3, 5, 4, 4]]),
        reliability("incomplete forms", 3, [[1, 2, 2], [None, 3, 4], [4, 4, 5], [3, None, None], [2, 3, 3], [5, 5, 4]]),
        reliability("two items", 2, [[1, 2], [4, 4], [3, 5], [2, 2], [5, 4]]),
        reliability("one item explained by more than all of it", 3, [[1, 1, 1], [5, 2, 5], [3, 3, 4], [4, 5, 4], [2, 2, 1]]),
    ]
    for n, items, common in ((30, 5, 0.9), (30, 3, 0.6), (100, 5, 0.4), (400, 14, 0.7), (60, 20, 1.2)):
        cases.append(reliability(f"{n} forms of {items} items", items, answers(n, items, common)))
    check_omega(answers(300, 3, 0.8))
    return cases


def check_omega(forms):
    """A fitted factor of three items fits exactly, so it must say what the closed form says."""
    found = np.array(forms, dtype=float)
    model = FactorAnalysis(1, tol=1e-12, max_iter=100_000).fit(found)
    common = model.components_.sum() ** 2
    agree(common / (common + model.noise_variance_.sum()), omega_of(np.cov(found.T)), 1e-4)


OMEGA_LOW = [[3, 4, 1], [5, 3, 3], [1, 1, 1], [5, 3, 5], [3, 3, 3], [5, 3, 1], [4, 3, 4], [2, 1, 1], [2, 1, 1], [4, 3, 5],
             [5, 1, 3], [1, 2, 2], [2, 4, 5], [3, 5, 2], [4, 4, 5], [3, 2, 4], [4, 5, 2], [1, 1, 5], [2, 5, 4], [2, 4, 1],
             [4, 3, 3], [2, 4, 3], [1, 5, 1], [1, 1, 1], [2, 1, 4], [4, 5, 4], [3, 1, 4], [5, 4, 4], [5, 5, 5], [1, 1, 1]]
OMEGA_HIGH = [[5, 5, 4], [4, 4, 4], [1, 1, 2], [5, 4, 4], [4, 4, 2], [1, 1, 3], [4, 3, 4], [1, 2, 1], [2, 3, 5], [1, 3, 2],
              [3, 4, 3], [2, 1, 1], [2, 3, 4], [1, 3, 2], [2, 2, 1], [3, 3, 2], [2, 5, 1], [3, 4, 5], [4, 2, 4], [2, 1, 4],
              [5, 4, 4], [3, 3, 5], [3, 5, 4], [1, 1, 1], [4, 4, 5], [1, 2, 2], [1, 1, 1], [3, 1, 2], [1, 2, 4], [1, 1, 1]]


def cases():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return {"agreement": icc_cases(), "reliability": reliability_cases()}
