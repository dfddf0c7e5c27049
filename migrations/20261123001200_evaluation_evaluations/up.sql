-- A published version never changes: a new wording is a new version.
CREATE TABLE questionnaires (
    id uuid PRIMARY KEY,
    code text NOT NULL,
    revision int NOT NULL CONSTRAINT questionnaires_revision_check CHECK (revision >= 1),
    title text NOT NULL,
    level smallint NOT NULL CONSTRAINT questionnaires_level_check CHECK (level BETWEEN 1 AND 4),
    audience text NOT NULL CONSTRAINT questionnaires_audience_check CHECK (audience IN ('learner', 'supervisor', 'beneficiary_unit')),
    -- Behaviour items of one course; NULL where the form serves every course.
    course_id uuid CONSTRAINT questionnaires_course_id_fkey REFERENCES courses (id),
    is_anonymous boolean NOT NULL,
    items jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT questionnaires_code_revision_key UNIQUE (code, revision)
);
CREATE INDEX questionnaires_course_id_idx ON questionnaires (course_id);

-- Who owes which form, from when to when. Open, due and lapsed follow from the dates and are not stored.
CREATE TABLE evaluations (
    id uuid PRIMARY KEY,
    offering_id uuid NOT NULL CONSTRAINT evaluations_offering_id_fkey REFERENCES offerings (id),
    course_id uuid NOT NULL CONSTRAINT evaluations_course_id_fkey REFERENCES courses (id),
    questionnaire_id uuid NOT NULL CONSTRAINT evaluations_questionnaire_id_fkey REFERENCES questionnaires (id),
    phase text NOT NULL CONSTRAINT evaluations_phase_check CHECK (phase IN ('baseline', 'close', 'three_months', 'six_months')),
    -- Whose work is rated: a participant, or a comparable colleague who was not trained.
    subject_id uuid NOT NULL CONSTRAINT evaluations_subject_id_fkey REFERENCES employees (id),
    subject_group text NOT NULL CONSTRAINT evaluations_subject_group_check CHECK (subject_group IN ('trained', 'comparison')),
    -- For a comparison subject, the participant it was matched to.
    participant_id uuid NOT NULL CONSTRAINT evaluations_participant_id_fkey REFERENCES participants (id),
    unit_id uuid NOT NULL CONSTRAINT evaluations_unit_id_fkey REFERENCES units (id),
    respondent_id uuid NOT NULL CONSTRAINT evaluations_respondent_id_fkey REFERENCES employees (id),
    opens_on date NOT NULL,
    due_on date NOT NULL,
    status text NOT NULL CONSTRAINT evaluations_status_check CHECK (status IN ('pending', 'answered', 'excused')),
    excuse text,
    answered_on date,
    version int NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT evaluations_due_on_check CHECK (due_on >= opens_on),
    CONSTRAINT evaluations_excuse_check CHECK ((status = 'excused') = (excuse IS NOT NULL)),
    CONSTRAINT evaluations_subject_phase_key UNIQUE (offering_id, subject_id, phase, questionnaire_id)
);
CREATE INDEX evaluations_respondent_id_idx ON evaluations (respondent_id, id);
CREATE INDEX evaluations_subject_id_idx ON evaluations (subject_id);
CREATE INDEX evaluations_participant_id_idx ON evaluations (participant_id);
CREATE INDEX evaluations_unit_id_idx ON evaluations (unit_id, id);
CREATE INDEX evaluations_course_id_idx ON evaluations (course_id);
CREATE INDEX evaluations_questionnaire_id_idx ON evaluations (questionnaire_id);

-- Answers of named forms. Anonymous forms leave nothing here.
CREATE TABLE evaluation_responses (
    evaluation_id uuid CONSTRAINT evaluation_responses_pkey PRIMARY KEY
        CONSTRAINT evaluation_responses_evaluation_id_fkey REFERENCES evaluations (id),
    answers jsonb NOT NULL,
    -- Mean of the scale items, 1 to 5; NULL when too few were answered to score.
    score double precision CONSTRAINT evaluation_responses_score_check CHECK (score BETWEEN 1 AND 5),
    submitted_at timestamptz NOT NULL
);

-- Anonymous answers: no person, no time, random ids (never time-ordered ones).
CREATE TABLE anonymous_responses (
    id uuid PRIMARY KEY,
    offering_id uuid NOT NULL CONSTRAINT anonymous_responses_offering_id_fkey REFERENCES offerings (id),
    questionnaire_id uuid NOT NULL CONSTRAINT anonymous_responses_questionnaire_id_fkey REFERENCES questionnaires (id),
    answers jsonb NOT NULL,
    score double precision CONSTRAINT anonymous_responses_score_check CHECK (score BETWEEN 1 AND 5)
);
CREATE INDEX anonymous_responses_offering_id_idx ON anonymous_responses (offering_id);
CREATE INDEX anonymous_responses_questionnaire_id_idx ON anonymous_responses (questionnaire_id);

CREATE TABLE corrective_actions (
    id uuid PRIMARY KEY,
    institute_id uuid NOT NULL CONSTRAINT corrective_actions_institute_id_fkey REFERENCES institutes (id),
    course_id uuid NOT NULL CONSTRAINT corrective_actions_course_id_fkey REFERENCES courses (id),
    offering_id uuid CONSTRAINT corrective_actions_offering_id_fkey REFERENCES offerings (id),
    finding text NOT NULL,
    status text NOT NULL CONSTRAINT corrective_actions_status_check CHECK (status IN ('open', 'replied', 'closed')),
    reply_due_on date NOT NULL,
    reply text,
    action text,
    action_owner text,
    action_due_on date,
    disputed boolean,
    replied_at timestamptz,
    version int NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT corrective_actions_reply_check CHECK (status = 'open' OR reply IS NOT NULL)
);
CREATE INDEX corrective_actions_institute_id_idx ON corrective_actions (institute_id, id);
CREATE INDEX corrective_actions_course_id_idx ON corrective_actions (course_id);
CREATE INDEX corrective_actions_offering_id_idx ON corrective_actions (offering_id);
