-- They are added up again from the forms as soon as the measures are known again.
DELETE FROM offering_rollups WHERE measure IN ('environment', 'beneficiary');
ALTER TABLE offering_rollups DROP CONSTRAINT offering_rollups_measure_check,
    ADD CONSTRAINT offering_rollups_measure_check CHECK (measure IN ('three_months', 'six_months', 'work_score',
        'reaction', 'knowledge', 'self_rating'));
