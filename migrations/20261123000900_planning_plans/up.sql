CREATE TABLE training_plans (
    id uuid PRIMARY KEY,
    year int NOT NULL CONSTRAINT training_plans_year_key UNIQUE CONSTRAINT training_plans_year_check CHECK (year BETWEEN 2020 AND 2100),
    title text NOT NULL,
    decision_number text,
    status text NOT NULL CONSTRAINT training_plans_status_check CHECK (status IN ('draft', 'submitted', 'approved')),
    version int NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);

CREATE TABLE training_plan_lines (
    id uuid PRIMARY KEY,
    training_plan_id uuid NOT NULL CONSTRAINT training_plan_lines_training_plan_id_fkey REFERENCES training_plans (id),
    unit_id uuid NOT NULL CONSTRAINT training_plan_lines_unit_id_fkey REFERENCES units (id),
    course_id uuid NOT NULL CONSTRAINT training_plan_lines_course_id_fkey REFERENCES courses (id),
    quota int NOT NULL CONSTRAINT training_plan_lines_quota_check CHECK (quota BETWEEN 1 AND 10000),
    created_at timestamptz NOT NULL,
    CONSTRAINT training_plan_lines_unit_id_course_id_key UNIQUE (training_plan_id, unit_id, course_id)
);
CREATE INDEX training_plan_lines_unit_id_idx ON training_plan_lines (unit_id);
CREATE INDEX training_plan_lines_course_id_idx ON training_plan_lines (course_id);
