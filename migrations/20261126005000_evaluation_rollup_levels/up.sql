-- What learners knew before and after, and how they rate themselves, is added up as well.
ALTER TABLE offering_rollups
    DROP CONSTRAINT offering_rollups_measure_check,
    ADD CONSTRAINT offering_rollups_measure_check CHECK (measure IN ('three_months', 'six_months', 'work_score', 'reaction', 'knowledge', 'self_rating'));
