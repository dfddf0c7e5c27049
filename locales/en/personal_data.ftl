# What is kept, and from when on: `retention-` and the rule's code with `-` for `_`.
retention-idempotency-keys = Stored answers of repeated requests, from the request on.
retention-events = Events that other systems read, from the event on.
retention-security-events = Refused sign-ins, tokens and requests, counted by the minute, with keyed hashes of names and addresses, from the minute on.
retention-refused-applications = Contacts of institutes whose application was refused, from the refusal on.
retention-absences = Absences of employees, from their last day on.
retention-personal-data-requests = Requests concerning personal data, from the decision on.
retention-employees = Employees and their accounts: as long as they work here; afterwards erased at the person's request.
retention-ratings = Performance ratings; kept without a name once the person is erased.
retention-training-records = Nominations, participation, results, competencies; kept without a name once the person is erased.
retention-certificates = The register of certificates: numbers stay verifiable without end.
retention-evaluations = Named answers about work before and after a course; figures are kept without a name once the person is erased.
retention-anonymous-answers = Anonymous answers, sealed until their form is over: they belong to no person.
retention-succession-lists = Succession lists: deleted when the person is erased.
retention-audit-log = Who did what: never changed.
