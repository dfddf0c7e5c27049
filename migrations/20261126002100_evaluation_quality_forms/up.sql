-- Statutory forms are opened by hand, when the ministry or the institute asks for them.
ALTER TABLE evaluations DROP CONSTRAINT evaluations_phase_check, ADD CONSTRAINT evaluations_phase_check
    CHECK (phase IN ('baseline', 'close', 'three_months', 'six_months', 'on_request'));
ALTER TABLE anonymous_responses DROP CONSTRAINT anonymous_responses_phase_check, ADD CONSTRAINT anonymous_responses_phase_check
    CHECK (phase IN ('baseline', 'close', 'three_months', 'six_months', 'on_request'));

-- The general index is a mean of the means of groups (Circular 10/2017/TT-BNV, Annex 2).
ALTER TABLE anonymous_responses ADD COLUMN respondent_group text NOT NULL DEFAULT 'learner'
    CONSTRAINT anonymous_responses_respondent_group_check CHECK (respondent_group IN ('learner', 'lecturer'));

CREATE TABLE quality_forms (
    id uuid PRIMARY KEY,
    offering_id uuid NOT NULL CONSTRAINT quality_forms_offering_id_fkey REFERENCES offerings (id),
    questionnaire_id uuid NOT NULL CONSTRAINT quality_forms_questionnaire_id_fkey REFERENCES questionnaires (id),
    opens_on date NOT NULL,
    due_on date NOT NULL,
    -- How many lecturers got a token; the tokens themselves do not last.
    lecturers int NOT NULL CONSTRAINT quality_forms_lecturers_check CHECK (lecturers >= 0),
    created_at timestamptz NOT NULL,
    CONSTRAINT quality_forms_due_on_check CHECK (due_on >= opens_on),
    CONSTRAINT quality_forms_offering_id_questionnaire_id_key UNIQUE (offering_id, questionnaire_id)
);
CREATE INDEX quality_forms_questionnaire_id_idx ON quality_forms (questionnaire_id);
SELECT audit_table('quality_forms');

-- Forms are numbered for each respondent (Circular 10/2017/TT-BNV), and anonymous: whose number it is is known until it
-- is used, or over; then the row is gone, and with it the only tie between a person and a form.
CREATE TABLE quality_tokens (
    token_hash bytea CONSTRAINT quality_tokens_pkey PRIMARY KEY,
    quality_form_id uuid NOT NULL CONSTRAINT quality_tokens_quality_form_id_fkey REFERENCES quality_forms (id),
    number int NOT NULL CONSTRAINT quality_tokens_number_check CHECK (number >= 1),
    lecturer_id uuid NOT NULL CONSTRAINT quality_tokens_lecturer_id_fkey REFERENCES lecturers (id)
);
CREATE INDEX quality_tokens_quality_form_id_idx ON quality_tokens (quality_form_id);
CREATE INDEX quality_tokens_lecturer_id_idx ON quality_tokens (lecturer_id);
