-- Who rates a participant's work beside the supervisor. The second ratings show how far two raters agree, and enter no
-- other figure.
CREATE TABLE second_raters (
    participant_id uuid CONSTRAINT second_raters_pkey PRIMARY KEY
        CONSTRAINT second_raters_participant_id_fkey REFERENCES participants (id),
    -- NULL once somebody took the choice back; the row stays, so that its version only grows.
    employee_id uuid CONSTRAINT second_raters_employee_id_fkey REFERENCES employees (id),
    relation text CONSTRAINT second_raters_relation_check CHECK (relation IN ('deputy', 'internal_customer')),
    -- The participant's unit when the rater was named.
    unit_id uuid NOT NULL CONSTRAINT second_raters_unit_id_fkey REFERENCES units (id),
    -- Why the rater is not asked any more; a code of the service.
    ended text,
    version int NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT second_raters_employee_id_check CHECK ((employee_id IS NULL) = (relation IS NULL)),
    CONSTRAINT second_raters_ended_check CHECK (ended IS NULL OR employee_id IS NOT NULL AND ended IN ('rater_left',
        'rater_restricted', 'rater_takes_part', 'rater_is_supervisor', 'subject_moved'))
);
CREATE INDEX second_raters_employee_id_idx ON second_raters (employee_id) WHERE employee_id IS NOT NULL;
CREATE INDEX second_raters_unit_id_idx ON second_raters (unit_id);
SELECT audit_table('second_raters');

-- 'first': whom the plan asks. 'second': who rates beside the supervisor.
ALTER TABLE evaluations ADD COLUMN rater text NOT NULL DEFAULT 'first'
    CONSTRAINT evaluations_rater_check CHECK (rater IN ('first', 'second')),
    DROP CONSTRAINT evaluations_subject_phase_key,
    ADD CONSTRAINT evaluations_subject_phase_key UNIQUE (offering_id, subject_id, phase, questionnaire_id, rater);
-- What is asked now is looked for every minute. The column is new, so the index is empty.
CREATE INDEX evaluations_second_idx ON evaluations (due_on) WHERE rater = 'second' AND status = 'pending';
