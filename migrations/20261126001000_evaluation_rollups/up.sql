-- What a follow-up of an offering came to: added up on the day its last window had closed, and never changed. Reports
-- add these rows up and read no form.
CREATE TABLE offering_rollups (
    offering_id uuid NOT NULL CONSTRAINT offering_rollups_offering_id_fkey REFERENCES offerings (id),
    measure text NOT NULL CONSTRAINT offering_rollups_measure_check CHECK (measure IN ('three_months', 'six_months', 'work_score', 'reaction')),
    -- From this day on it stands in reports; what was known at the end of the day before counts.
    released_on date NOT NULL,
    method_version text NOT NULL,
    -- Counts and exact sums, scores in ten-thousandths of a point; of anonymous forms how many had which score.
    sums jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (offering_id, measure)
);

-- The same of the people of each unit.
CREATE TABLE unit_rollups (
    offering_id uuid NOT NULL,
    measure text NOT NULL,
    unit_id uuid NOT NULL CONSTRAINT unit_rollups_unit_id_fkey REFERENCES units (id),
    sums jsonb NOT NULL,
    PRIMARY KEY (offering_id, measure, unit_id),
    CONSTRAINT unit_rollups_offering_id_fkey FOREIGN KEY (offering_id, measure) REFERENCES offering_rollups (offering_id, measure)
);
CREATE INDEX unit_rollups_unit_id_idx ON unit_rollups (unit_id, measure);

-- What has ended, in order: what may be due for release.
CREATE INDEX offerings_last_half_day_idx ON offerings (last_half_day, id);
