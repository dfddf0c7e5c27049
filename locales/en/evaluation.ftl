# Faults of questionnaires, answers and corrective actions.
validation-reserved-code = This form is made of the course: change the behaviours of the course instead.
validation-unknown-item = The form has no such item.
validation-missing-item = The answer to item { $item } is missing; send null for "not observed".
validation-deadline-past = Must not lie in the past.
