"""Writes event_study.json: group-time effects of staggered courses, by csdid, the Python edition of R's did.

Deterministic. Needs: pip install csdid numpy pandas (made with csdid 0.4.3). Run: python event_study.py

Effects: no covariates, not-yet-treated comparison, universal base period, averaged by event time from -4 to 3, with
analytical standard errors. Trends before the course: the same with a varying base period. The breakdown has no
counterpart in csdid and is computed here from its figures, by scipy.
"""

import json
import math
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
from csdid.att_gt import ATTgt
from scipy import stats

from common import agree, plain

RNG = np.random.default_rng(20260311)
FIRST, LAST = -4, 3


def drawn(quarters, sizes, never, effect=0.0, spread=6.0, trend=0.0, level=80.0):
    """Scores with two decimals. `sizes` are people by the quarter in which they were first trained, from 1."""
    people = []
    for first, n in [*sizes.items(), (0, never)]:
        for _ in range(n):
            own = RNG.normal(level + (first or 3), spread)
            steps = np.arange(1, quarters + 1)
            since = np.where((first > 0) & (steps >= first), effect * (steps - first + 1) ** 0.5, 0.0)
            drift = trend * steps if first else 0.0
            scores = own + 0.4 * steps + drift + since + RNG.normal(0, spread / 2, quarters)
            people.append({"first": first, "scores": np.clip(np.round(scores, 2), 0, 100).tolist()})
    return people


def study(people, base):
    rows = [(who, quarter, person["first"], score) for who, person in enumerate(people)
            for quarter, score in enumerate(person["scores"], start=1)]
    data = pd.DataFrame(rows, columns=["who", "quarter", "first", "score"])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = ATTgt(yname="score", tname="quarter", idname="who", gname="first", data=data,
                      control_group=["notyettreated"], xformla=None, bstrap=False, cband=False)
        found.fit(est_method="reg", base_period=base, bstrap=False)
        found.aggte(typec="dynamic", min_e=FIRST, max_e=LAST, bstrap=False, cband=False, na_rm=True)
    return found.atte


def by_event(found):
    ends = zip(found["egt"], found["att_egt"], np.ravel(found["se_egt"]))
    return {int(event): (float(att), float(se)) for event, att, se in ends}


def counted(people, quarters, event, earliest):
    """People by group, and the groups that have an event time; `earliest` is the first quarter there is a change in."""
    sizes = {}
    for person in people:
        sizes[person["first"]] = sizes.get(person["first"], 0) + 1
    groups = [g for g in sorted(sizes) if g >= 2 and earliest <= g + event <= quarters]
    return sizes, groups


def half(se, trained, groups, fewest, p):
    """The half-width: t by the smaller side, and what dividing by n instead of n - 1 took away."""
    freedom = min(trained - groups, fewest - 1)
    return stats.t.ppf(p, freedom) * math.sqrt(max(trained / (trained - groups), fewest / (fewest - 1))) * se


def case(name, quarters, people):
    universal, varying = study(people, "universal"), study(people, "varying")
    found = {"name": name, "quarters": quarters, "people": people, "effects": [], "trends": []}
    after = []
    for target, kind in ((found["effects"], universal), (found["trends"], varying)):
        for event, (att, se) in sorted(by_event(kind).items()):
            if event == -1 and kind is universal or event >= 0 and kind is varying:
                continue
            sizes, groups = counted(people, quarters, event, 1 if kind is universal else 2)
            later = lambda g: max(g + event, g - 1 if kind is universal else g + event)
            others = [[h for h in sizes if h == 0 or h > later(g) and h != g] for g in groups]
            trained = sum(sizes[g] for g in groups)
            fewest = min(sum(sizes[h] for h in of) for of in others)
            width = half(se, trained, len(groups), fewest, 0.975)
            target.append({"event": event, "value": att, "standard_error": se, "ci95": [att - width, att + width],
                           "trained": trained, "groups": len(groups),
                           "comparison": sum(sizes[h] for h in set().union(*others))})
            if kind is universal and event >= 0:
                after.append((trained, len(groups), fewest))
    att, se = universal["overall_att"], float(np.ravel(universal["overall_se"])[0])
    found["after"] = {"value": att, "standard_error": se}
    smallest = (min(a[0] for a in after), max(a[1] for a in after), min(a[2] for a in after))
    upper = []
    for trend in found["trends"]:
        ends = trend["ci95"][1] - trend["value"]
        sizes, groups = counted(people, quarters, trend["event"], 2)
        fewest = min(sum(sizes[h] for h in sizes if h == 0 or h > g + trend["event"] and h != g) for g in groups)
        width = half(trend["standard_error"], trend["trained"], trend["groups"], fewest,
                     1 - 0.025 / len(found["trends"]) / 2)
        assert width > ends
        upper.append(abs(trend["value"]) + width)
    if upper:
        margin = abs(att) - half(se, *smallest, 1 - 0.025 / 2)
        found["sensitivity"] = {
            "largest_trend": max(abs(trend["value"]) for trend in found["trends"]),
            "largest_trend_upper": max(upper), "trends": len(upper),
            "breakdown": max(0.0, margin / ((len(after) + 1) / 2 * max(upper)))}
    else:
        found["sensitivity"] = None
    return found


def by_hand():
    """One group, one comparison: the effects are plain differences of changes."""
    people = drawn(3, {2: 12}, 15, 2.0)
    worked = case("one group, by hand", 3, people)
    scores = {g: np.array([p["scores"] for p in people if p["first"] == g]) for g in (0, 2)}
    change = {g: scores[g][:, 1] - scores[g][:, 0] for g in (0, 2)}
    effect = next(e for e in worked["effects"] if e["event"] == 0)
    agree(effect["value"], change[2].mean() - change[0].mean())
    agree(effect["standard_error"], math.sqrt(change[2].var() / 12 + change[0].var() / 15))
    return worked


CASES = [
    by_hand(),
    case("eight quarters, an effect", 8, drawn(8, {3: 20, 4: 14, 5: 31, 7: 12}, 80, 3.0)),
    case("eight quarters, no effect", 8, drawn(8, {2: 12, 4: 18, 6: 25, 8: 16}, 60)),
    case("small and unequal groups", 6, drawn(6, {2: 5, 3: 37, 4: 6, 6: 9}, 11, 1.5)),
    case("nearly everybody trained in the end", 7, drawn(7, {2: 15, 3: 15, 5: 22, 6: 8, 7: 30}, 6, 2.0)),
    case("trained in the first quarter: not used", 5, drawn(5, {1: 17, 3: 13, 5: 10}, 25, 2.5)),
    case("trends apart before the course", 8, drawn(8, {5: 24, 6: 24}, 48, 0.0, trend=0.8)),
    case("hardly any spread", 6, drawn(6, {3: 10, 4: 10}, 40, 4.0, spread=0.05)),
    case("a large ministry", 8, drawn(8, {3: 60, 4: 90, 5: 40, 6: 70, 8: 30}, 400, 1.0)),
]

Path(__file__).with_name("event_study.json").write_text(
    "[\n" + ",\n".join(json.dumps(plain(found), ensure_ascii=False) for found in CASES) + "\n]\n")
print("\n".join(f"{c['name']}: {c['after']} {c['sensitivity']}" for c in CASES))
