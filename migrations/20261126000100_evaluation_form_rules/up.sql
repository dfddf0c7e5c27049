-- What a form is for, on what legal basis, and when a filled-in form counts. It follows from the code of the form;
-- `other` is what officers publish for their own use.
ALTER TABLE questionnaires
    ADD COLUMN instrument text NOT NULL DEFAULT 'other' CONSTRAINT questionnaires_instrument_check CHECK (instrument IN
        ('reaction', 'knowledge', 'behaviour', 'self_behaviour', 'then_test', 'environment', 'beneficiary', 'quality', 'other')),
    ADD COLUMN legal_basis text,
    -- More unanswered indicators than this, percent, make a filled-in form invalid (Circular 10/2017/TT-BNV: 5).
    -- NULL: no such rule.
    ADD COLUMN max_blank_percent smallint CONSTRAINT questionnaires_max_blank_percent_check CHECK (max_blank_percent BETWEEN 0 AND 100);
UPDATE questionnaires SET instrument = 'reaction'
    WHERE code = 'reaction' AND level = 1 AND audience = 'learner' AND is_anonymous;
UPDATE questionnaires SET instrument = 'behaviour'
    WHERE code LIKE 'behaviour-%' AND level = 3 AND audience = 'supervisor' AND course_id IS NOT NULL;
CREATE INDEX questionnaires_instrument_idx ON questionnaires (instrument, course_id);

-- Items carry the right options of knowledge tests: nobody who has to answer may find them in the log.
SELECT audit_table('questionnaires', 'items');

-- A score has the unit of its form: points of 1 to 5, points of 1 to 10, or percent of right answers.
ALTER TABLE evaluation_responses DROP CONSTRAINT evaluation_responses_score_check,
    ADD CONSTRAINT evaluation_responses_score_check CHECK (score BETWEEN 0 AND 100);
ALTER TABLE anonymous_responses DROP CONSTRAINT anonymous_responses_score_check,
    ADD CONSTRAINT anonymous_responses_score_check CHECK (score BETWEEN 0 AND 100);
