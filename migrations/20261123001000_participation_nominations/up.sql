CREATE TABLE nominations (
    id uuid PRIMARY KEY,
    offering_id uuid NOT NULL CONSTRAINT nominations_offering_id_fkey REFERENCES offerings (id),
    course_id uuid NOT NULL CONSTRAINT nominations_course_id_fkey REFERENCES courses (id),
    institute_id uuid NOT NULL CONSTRAINT nominations_institute_id_fkey REFERENCES institutes (id),
    employee_id uuid NOT NULL CONSTRAINT nominations_employee_id_fkey REFERENCES employees (id),
    -- The unit when nominated: history does not move when the person does.
    unit_id uuid NOT NULL CONSTRAINT nominations_unit_id_fkey REFERENCES units (id),
    basis text NOT NULL CONSTRAINT nominations_basis_check CHECK (basis IN ('position_need', 'succession')),
    -- Why this person: decides whether regression to the mean must be warned of.
    motive text NOT NULL CONSTRAINT nominations_motive_check CHECK (motive IN ('weakness', 'planned', 'obligatory', 'own_wish')),
    plan_line_id uuid CONSTRAINT nominations_plan_line_id_fkey REFERENCES training_plan_lines (id),
    outside_plan_reason text,
    succession_entry_id uuid CONSTRAINT nominations_succession_entry_id_fkey REFERENCES succession_entries (id),
    stand_in_id uuid CONSTRAINT nominations_stand_in_id_fkey REFERENCES employees (id),
    expected_effect text NOT NULL,
    note text,
    status text NOT NULL CONSTRAINT nominations_status_check
        CHECK (status IN ('submitted', 'endorsed', 'approved', 'waitlisted', 'returned', 'declined', 'withdrawn')),
    decision_reason text,
    -- Every named check with its verdict, as it stood when last decided, and the rule set it was decided under.
    checks jsonb NOT NULL,
    rule_set text NOT NULL,
    nominated_by uuid NOT NULL,
    decided_at timestamptz,
    waitlisted_at timestamptz,
    version int NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT nominations_stand_in_id_check CHECK (stand_in_id <> employee_id),
    CONSTRAINT nominations_succession_entry_id_check CHECK ((basis = 'succession') = (succession_entry_id IS NOT NULL)),
    CONSTRAINT nominations_waitlisted_at_check CHECK ((status = 'waitlisted') = (waitlisted_at IS NOT NULL))
);
CREATE UNIQUE INDEX nominations_offering_id_employee_id_key ON nominations (offering_id, employee_id)
    WHERE status NOT IN ('declined', 'withdrawn');
CREATE INDEX nominations_employee_id_idx ON nominations (employee_id, id);
CREATE INDEX nominations_unit_id_idx ON nominations (unit_id, id);
CREATE INDEX nominations_institute_id_idx ON nominations (institute_id, id);
CREATE INDEX nominations_course_id_idx ON nominations (course_id);
CREATE INDEX nominations_plan_line_id_idx ON nominations (plan_line_id);
CREATE INDEX nominations_succession_entry_id_idx ON nominations (succession_entry_id);
CREATE INDEX nominations_stand_in_id_idx ON nominations (stand_in_id);
CREATE INDEX nominations_waitlisted_at_idx ON nominations (offering_id, waitlisted_at) WHERE status = 'waitlisted';

-- The half-days a live nomination (submitted, endorsed, approved) takes from its employee. Nobody sits in two classes at once.
CREATE TABLE nomination_half_days (
    employee_id uuid NOT NULL CONSTRAINT nomination_half_days_employee_id_fkey REFERENCES employees (id),
    half_day int NOT NULL,
    nomination_id uuid NOT NULL CONSTRAINT nomination_half_days_nomination_id_fkey REFERENCES nominations (id) ON DELETE CASCADE,
    CONSTRAINT nomination_half_days_pkey PRIMARY KEY (employee_id, half_day)
);
CREATE INDEX nomination_half_days_nomination_id_idx ON nomination_half_days (nomination_id);
