validation-degree-too-low = This role needs a higher degree, at least: { $lowest }.
validation-lecturer-inactive = The lecturer is no longer active.
validation-periods-mismatch = Periods of the sessions: { $actual }; of the course: { $expected }.
validation-after-first-session = Nominations must close by the first session: { $limit }.
validation-below-seats-taken = Seats taken: { $limit }.

problem-offering-not-over = The last session is yet to come
problem-offering-not-over-detail = An offering is closed on the day of its last session or later.
