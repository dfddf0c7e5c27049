DELETE FROM evaluation_responses r USING evaluations e WHERE e.id = r.evaluation_id AND e.rater = 'second';
DELETE FROM evaluations WHERE rater = 'second';
ALTER TABLE evaluations DROP CONSTRAINT evaluations_subject_phase_key,
    ADD CONSTRAINT evaluations_subject_phase_key UNIQUE (offering_id, subject_id, phase, questionnaire_id),
    DROP COLUMN rater;
DROP TABLE second_raters;
