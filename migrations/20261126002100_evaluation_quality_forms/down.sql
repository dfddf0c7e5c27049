DROP TABLE quality_tokens;
DROP TABLE quality_forms;
DELETE FROM anonymous_responses WHERE phase = 'on_request';
ALTER TABLE anonymous_responses DROP COLUMN respondent_group;
ALTER TABLE anonymous_responses DROP CONSTRAINT anonymous_responses_phase_check, ADD CONSTRAINT anonymous_responses_phase_check
    CHECK (phase IN ('baseline', 'close', 'three_months', 'six_months'));
DELETE FROM evaluations WHERE phase = 'on_request';
ALTER TABLE evaluations DROP CONSTRAINT evaluations_phase_check, ADD CONSTRAINT evaluations_phase_check
    CHECK (phase IN ('baseline', 'close', 'three_months', 'six_months'));
