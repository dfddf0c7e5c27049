-- Half-days are numbered: 2 x days since 1970-01-01, plus 1 in the afternoon (src/half_day.rs). Ranges include both ends.
CREATE TABLE absences (
    id uuid PRIMARY KEY,
    employee_id uuid NOT NULL CONSTRAINT absences_employee_id_fkey REFERENCES employees (id),
    kind text NOT NULL CONSTRAINT absences_kind_check
        CHECK (kind IN ('annual_leave', 'sick_leave', 'maternity_leave', 'duty', 'business_trip', 'secondment', 'other')),
    first_half_day int NOT NULL,
    last_half_day int NOT NULL,
    note text,
    version int NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT absences_last_half_day_check CHECK (last_half_day >= first_half_day),
    CONSTRAINT absences_period_excl EXCLUDE USING gist
        (employee_id WITH =, int4range(first_half_day, last_half_day, '[]') WITH &&)
);
CREATE INDEX absences_employee_id_idx ON absences (employee_id);

-- How many of a unit (or of one position group in it) must be at work in every half-day.
CREATE TABLE coverage_rules (
    id uuid PRIMARY KEY,
    unit_id uuid NOT NULL CONSTRAINT coverage_rules_unit_id_fkey REFERENCES units (id),
    position_group text,
    minimum_present int NOT NULL CONSTRAINT coverage_rules_minimum_present_check CHECK (minimum_present BETWEEN 1 AND 10000),
    version int NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT coverage_rules_unit_id_position_group_key UNIQUE NULLS NOT DISTINCT (unit_id, position_group)
);

CREATE TABLE holidays (
    day date CONSTRAINT holidays_pkey PRIMARY KEY,
    name text NOT NULL,
    -- A Saturday or Sunday worked in exchange for a bridge day.
    is_working_day boolean NOT NULL
);
