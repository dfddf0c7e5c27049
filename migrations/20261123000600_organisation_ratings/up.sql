-- Official work scores, pushed by the HR portal. A correction is a new revision; the newest one counts.
CREATE TABLE performance_ratings (
    id uuid PRIMARY KEY,
    employee_id uuid NOT NULL CONSTRAINT performance_ratings_employee_id_fkey REFERENCES employees (id),
    regime text NOT NULL CONSTRAINT performance_ratings_regime_check CHECK (regime IN ('decree_90_2020', 'decree_335_2025', 'unit_regulation')),
    period_kind text NOT NULL CONSTRAINT performance_ratings_period_kind_check CHECK (period_kind IN ('month', 'quarter', 'year')),
    period_start date NOT NULL,
    period_end date NOT NULL,
    -- 0 to 100; only Decree 335/2025 knows a score, the class exists under every regime.
    score double precision CONSTRAINT performance_ratings_score_check CHECK (score BETWEEN 0 AND 100),
    class text NOT NULL CONSTRAINT performance_ratings_class_check CHECK (class IN ('excellent', 'good', 'completed', 'not_completed')),
    revision int NOT NULL CONSTRAINT performance_ratings_revision_check CHECK (revision >= 1),
    is_current boolean NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT performance_ratings_period_end_check CHECK (period_end > period_start),
    CONSTRAINT performance_ratings_period_revision_key UNIQUE (employee_id, period_kind, period_start, revision)
);
CREATE UNIQUE INDEX performance_ratings_current_key ON performance_ratings (employee_id, period_kind, period_start) WHERE is_current;
