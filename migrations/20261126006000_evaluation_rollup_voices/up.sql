-- What learners say of their offices three months after, and what the units say that sent them.
ALTER TABLE offering_rollups DROP CONSTRAINT offering_rollups_measure_check,
    ADD CONSTRAINT offering_rollups_measure_check CHECK (measure IN ('three_months', 'six_months', 'work_score',
        'reaction', 'knowledge', 'self_rating', 'environment', 'beneficiary'));
