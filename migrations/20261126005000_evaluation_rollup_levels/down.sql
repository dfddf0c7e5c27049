-- Nothing is lost: the forms they were added up from stay.
DELETE FROM offering_rollups WHERE measure IN ('knowledge', 'self_rating');
ALTER TABLE offering_rollups
    DROP CONSTRAINT offering_rollups_measure_check,
    ADD CONSTRAINT offering_rollups_measure_check CHECK (measure IN ('three_months', 'six_months', 'work_score', 'reaction'));
