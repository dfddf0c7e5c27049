"""What an attacker computes about hidden cells of a table with published totals (linear programming, scipy)."""

import numpy as np
from scipy.optimize import linprog

RNG = np.random.default_rng(20260307)


def attack(name, table, hidden):
    table, hidden = np.array(table), np.array(hidden, dtype=bool)
    cells = np.argwhere(hidden)
    totals, sums = [], []
    for axis, size in ((0, table.shape[0]), (1, table.shape[1])):
        for line in range(size):
            totals.append([float(cell[axis] == line) for cell in cells])
            sums.append(np.where(hidden, table, 0).sum(1 - axis)[line])
    ranges = []
    for place in range(len(cells)):
        goal = np.eye(len(cells))[place]
        ends = [linprog(sign * goal, A_eq=totals, b_eq=sums, bounds=(0, None)).fun * sign for sign in (1, -1)]
        ranges.append([round(end) for end in ends])
        assert np.allclose(ends, ranges[-1], atol=1e-6), ends
    return {"name": name, "table": table.tolist(), "hidden": hidden.tolist(), "ranges": ranges}


def attack_cases():
    worked = [[12, 3, 9], [8, 11, 7], [15, 6, 10]]
    alone, block, row = (np.zeros((3, 3), int) for _ in range(3))
    alone[0, 1] = row[0, 1] = row[0, 2] = 1
    block[np.ix_([0, 2], [1, 2])] = 1
    cases = [attack("worked, the small cell alone", worked, alone), attack("worked, a rectangle", worked, block),
             attack("two in one row, alone in their columns", worked, row)]
    assert cases[0]["ranges"] == [[3, 3]] and cases[1]["ranges"][0] == [0, 9]
    assert cases[2]["ranges"] == [[3, 3], [9, 9]]
    for rows, columns in ((3, 4), (4, 4), (5, 3), (6, 6), (2, 8)):
        for share in (0.4, 0.8):
            table = RNG.poisson(4, (rows, columns)) * (RNG.random((rows, columns)) < 0.8)
            hidden = RNG.random((rows, columns)) < share
            cases.append(attack(f"{rows} by {columns}, {share:.0%} hidden", table, hidden))
    return cases


def cases():
    return {"attack": attack_cases()}
