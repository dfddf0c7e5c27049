# Faults of questionnaires, answers and corrective actions.
validation-reserved-code = This form is made of the course: change the behaviours of the course instead.
validation-unknown-item = The form has no such item.
validation-missing-item = The answer to item { $item } is missing; send null for "not observed" or for a blank.
validation-deadline-past = Must not lie in the past.
validation-mixed-steps = Every scale of a form has the same number of steps.
validation-no-correct-option = A test needs at least one choice with its right option.
validation-section-differs = The same section must have the same text in all items.
validation-window-too-long = At most { $limit } days.
validation-quality-token-bad = Used, over, or none of this service's.

# What the service asks an institute to answer for.
corrective-action-reaction-under-limit = The learners' mean lies under the limit.
corrective-action-behaviour-worse = Three months after the course, the supervisors' ratings of behaviour at work were lower.
evaluation-plan-seen = With { $trained } trained and { $comparison } comparison people, all rated before and after the course, a difference of { $points } points (of 5) or more would probably be seen (chance of { $chance } %); a smaller one may stay hidden.
evaluation-plan-nothing-shown = With { $trained } trained and { $comparison } comparison people no difference can be shown: the report needs { $needed } people in each group, rated before and after the course.
evaluation-plan-enough = That is enough for the { $wanted } points that are wanted.
evaluation-plan-pool = To see { $wanted } points, judge { $runs } runs of the course together.
evaluation-plan-enlarge = To see { $wanted } points, have { $larger } comparison people rated.
evaluation-plan-pool-or-enlarge = To see { $wanted } points, judge { $runs } runs of the course together, or have { $larger } comparison people rated.
evaluation-plan-nothing-helps = { $wanted } points can hardly be seen, even in { $most } runs of this size together.
