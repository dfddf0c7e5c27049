"""The smallest difference that an evaluation sees with a chance of 80 % (statsmodels)."""

import math

from scipy import stats
from scipy.optimize import brentq
from statsmodels.stats.power import TTestIndPower

from common import agree, printed

POWER = 0.80


def detectable(n, m, sd):
    """The interval of 95 % lies above 0: one side of 2.5 %. The power comes from statsmodels; its own search for the effect
    stops after five digits, so the root is found here."""
    power = lambda size: TTestIndPower().power(size, nobs1=n, ratio=m / n, alpha=0.025, alternative="larger")
    size = brentq(lambda size: power(size) - POWER, 0.001, 20.0, xtol=1e-13, rtol=1e-14)
    df = n + m - 2
    agree(stats.nct.sf(stats.t.ppf(0.975, df), df, size / math.sqrt(1 / n + 1 / m)), POWER, 1e-10)
    return {"name": f"{n} and {m}, {sd}", "trained": n, "comparison": m, "sd": sd, "detectable": size * sd}


def cases():
    grid = [(12, 12, 0.6), (10, 10, 0.6), (2, 2, 1.0), (2, 3, 0.25), (5, 30, 0.5), (12, 48, 0.6), (30, 30, 0.6),
            (200, 20, 0.55), (400, 400, 0.7), (12, 12, 10.0), (3000, 3000, 0.6)]
    found = [detectable(*case) for case in grid]
    printed([found[0]["detectable"]], "0.72")
    return {"detectable": found}
