-- Later revisions go; the first ones stand as they were released.
ALTER TABLE unit_rollups DROP CONSTRAINT unit_rollups_offering_id_fkey, DROP COLUMN revision;
ALTER TABLE offering_rollup_rows
    DROP CONSTRAINT offering_rollup_rows_offering_id_fkey,
    DROP CONSTRAINT offering_rollup_rows_pkey;
DELETE FROM offering_rollup_rows WHERE revision > 1;
DELETE FROM offering_rollups WHERE revision > 1;
ALTER TABLE offering_rollups
    DROP CONSTRAINT offering_rollups_pkey,
    DROP COLUMN revision,
    DROP COLUMN looked_through,
    ADD PRIMARY KEY (offering_id, measure);
ALTER TABLE offering_rollup_rows
    DROP COLUMN revision,
    ADD PRIMARY KEY (offering_id, measure),
    ADD CONSTRAINT offering_rollup_rows_offering_id_fkey FOREIGN KEY (offering_id, measure)
        REFERENCES offering_rollups (offering_id, measure);
ALTER TABLE unit_rollups
    ADD CONSTRAINT unit_rollups_offering_id_fkey FOREIGN KEY (offering_id, measure)
        REFERENCES offering_rollups (offering_id, measure);
