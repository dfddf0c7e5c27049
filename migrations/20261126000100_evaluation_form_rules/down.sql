UPDATE anonymous_responses SET score = NULL WHERE score NOT BETWEEN 1 AND 5;
ALTER TABLE anonymous_responses DROP CONSTRAINT anonymous_responses_score_check,
    ADD CONSTRAINT anonymous_responses_score_check CHECK (score BETWEEN 1 AND 5);
UPDATE evaluation_responses SET score = NULL WHERE score NOT BETWEEN 1 AND 5;
ALTER TABLE evaluation_responses DROP CONSTRAINT evaluation_responses_score_check,
    ADD CONSTRAINT evaluation_responses_score_check CHECK (score BETWEEN 1 AND 5);
SELECT audit_table('questionnaires');
DROP INDEX questionnaires_instrument_idx;
ALTER TABLE questionnaires DROP COLUMN max_blank_percent, DROP COLUMN legal_basis, DROP COLUMN instrument;
