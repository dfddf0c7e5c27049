validation-degree-too-low = This role needs a higher degree, at least: { $lowest }.
validation-lecturer-inactive = The lecturer is no longer active.
validation-periods-mismatch = The sessions have { $actual } periods, the course has { $expected }.
validation-after-first-session = Nominations must close by the first session: { $limit }.
validation-below-seats-taken = { $limit } seats are taken.

problem-offering-not-over = The last session is yet to come
problem-offering-not-over-detail = An offering is closed on the day of its last session or later.
