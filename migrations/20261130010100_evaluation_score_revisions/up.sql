-- Official scores come late and are corrected: what was released stays, and what changed comes as a whole, as a numbered
-- revision from a day of its own on. Everything else is released once.
ALTER TABLE offering_rollup_rows
    DROP CONSTRAINT offering_rollup_rows_offering_id_fkey,
    DROP CONSTRAINT offering_rollup_rows_pkey;
ALTER TABLE unit_rollups DROP CONSTRAINT unit_rollups_offering_id_fkey;

ALTER TABLE offering_rollups
    DROP CONSTRAINT offering_rollups_pkey,
    ADD COLUMN revision int NOT NULL DEFAULT 1,
    -- Until when it is known whether anything changed: the release, or the last first day of a quarter that was looked at.
    ADD COLUMN looked_through date;
UPDATE offering_rollups SET looked_through = released_on;
ALTER TABLE offering_rollups
    ALTER COLUMN looked_through SET NOT NULL,
    ADD PRIMARY KEY (offering_id, measure, revision),
    ADD CONSTRAINT offering_rollups_revision_check CHECK (revision = 1 OR (revision > 1 AND measure = 'work_score'));

ALTER TABLE offering_rollup_rows
    ADD COLUMN revision int NOT NULL DEFAULT 1,
    ADD PRIMARY KEY (offering_id, measure, revision),
    ADD CONSTRAINT offering_rollup_rows_offering_id_fkey FOREIGN KEY (offering_id, measure, revision)
        REFERENCES offering_rollups (offering_id, measure, revision);

-- Units are put together of the first revision only: an offering counts in one quarter, once.
ALTER TABLE unit_rollups
    ADD COLUMN revision int NOT NULL DEFAULT 1 CONSTRAINT unit_rollups_revision_check CHECK (revision = 1),
    ADD CONSTRAINT unit_rollups_offering_id_fkey FOREIGN KEY (offering_id, measure, revision)
        REFERENCES offering_rollups (offering_id, measure, revision);
