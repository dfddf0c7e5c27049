# Checks of a nomination: `check-`, the check's code and its verdict, with `-` for `_`.
check-offering-open-pass = The offering takes nominations until { $closes_on }.
check-offering-open-fail = The offering takes no nominations: it is not open, its nominations closed on { $closes_on }, or it has started ({ $starts_on }).
check-employee-active-pass = The person is at work.
check-employee-active-fail = The person is on long leave or has left.
check-audience-pass = The course is for this position.
check-audience-fail = The course is not for this position.
check-need-pass = An approved plan foresees it; places left on its line: { $quota_left }.
check-need-warning = It closes a gap of the position ({ $gaps }), but no line of an approved plan with places left foresees it.
check-need-fail = The course closes no gap of the position, and no line of an approved plan with places left foresees it.
check-need-not-applicable = The basis is succession.
check-succession-pass = The person is on a succession list valid until { $valid_to }, and the course prepares for the post.
check-succession-fail = The person has no valid place on the cited succession list, or the course does not prepare for the planned post.
check-succession-not-applicable = The basis is the need of the position.
check-clash-pass = The person is free in every half-day.
check-clash-fail = The person is already taken: { $half_days }.
check-coverage-pass = The unit keeps its minimum presence in every half-day.
check-coverage-fail = The unit would fall below its minimum presence: { $half_days }.
check-coverage-not-applicable = The unit has no minimum-presence rule for this person.
check-absence-limit-pass = Working days away in a row: { $days }; the position allows { $limit_days }.
check-absence-limit-fail = Working days away in a row: { $days }; the position allows only { $limit_days }.
check-absence-limit-not-applicable = The position sets no limit.
check-seats-pass = Seats left: { $seats_left }.
check-seats-warning = No seat is left: after approval the person waits and moves up when one comes free.
check-stand-in-pass = The stand-in is there in every half-day.
check-stand-in-fail = The stand-in must be another person at work, of the same unit or position group, and free; half-days away: { $half_days_away }.
check-stand-in-not-applicable = No stand-in is named.
half-day-morning = morning of { $date }
half-day-afternoon = afternoon of { $date }
alternative-fits = Every check passes. From { $first_day } to { $last_day }; half-days: { $half_days }, seats left: { $seats_left }.
alternative-fits-with-warnings = No check fails; checks that warn: { $warnings }. From { $first_day } to { $last_day }; half-days: { $half_days }, seats left: { $seats_left }.

# Conditions of a certificate: `condition-` and its code, with `-` for `_`.
condition-attendance = Attended { $actual } % of the sessions held; { $required } % are required.
condition-results-recorded = No result is recorded.
condition-results-half = Not every result reaches 50 % of its maximum.
condition-not-revoked-before = A certificate of this offering was revoked; name the participant to issue another one.

problem-nomination-offering-started = The offering has started
problem-nomination-offering-started-detail = A nomination can be withdrawn or declined before the first day of the offering.

# What a check rests on.
check-source-offering-open = Offering
check-source-seats = Offering
check-source-employee-active = Employee
check-source-audience = Audience of the course
check-source-need = Decree 171/2025/NĐ-CP, Art. 2
check-source-succession = Decree 171/2025/NĐ-CP, Ch. III; Regulation 57-QĐ/TW
check-source-clash = Absences and nominations of the employee
check-source-coverage = Coverage rules of the unit
check-source-absence-limit = Longest absence that the job position allows
check-source-stand-in = Absences and nominations of the stand-in

# Seats drawn by lot.
seat-draw-announced = More people may be approved than the { $seats } seats of this class, so the seats are drawn by lot among those who are nominated by { $closes_on } and approved before the draw. Nobody can choose the lots: they follow from a secret number whose check value is public already. The conditions of a nomination, such as the minimum presence in a unit, hold for everybody.
seat-draw-held = Seats of this class drawn by lot: { $drawn }; people in the draw: { $candidates }. With the secret number, which is now public, everybody who was in it can compute his or her lot and compare it with the last lot drawn; officers and auditors can check the whole draw.
seat-draw-called-off = The draw was called off: the { $seats } seats go to those who have waited longest.
seat-draw-waiting = Those who are not drawn stay on the waiting list in the order of their lots and move up when a seat comes free.
seat-draw-waiting-next = Those who are not drawn stay on the waiting list in the order of their lots; in the next run of the course they come before others until its last day to nominate, as far as it has seats. Their head nominates them for it.
seat-draw-rated = To find out whether the course helps, supervisors may be asked about the work of those who take part and of those who wait, before the course and three and six months after it. The answers are used for reports on the course only, in which no single person can be recognised, and have no part in anybody's rating.
