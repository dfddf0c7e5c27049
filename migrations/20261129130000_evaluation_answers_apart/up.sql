-- Anonymous answers from the moment they are given until their window is over: sealed, since the transaction that adds
-- one also marks a task as answered. No person, no task, no time; all of about the same length.
CREATE TABLE waiting_responses (
    id uuid PRIMARY KEY,
    offering_id uuid NOT NULL CONSTRAINT waiting_responses_offering_id_fkey REFERENCES offerings (id),
    questionnaire_id uuid NOT NULL CONSTRAINT waiting_responses_questionnaire_id_fkey REFERENCES questionnaires (id),
    phase text NOT NULL CONSTRAINT waiting_responses_phase_check
        CHECK (phase IN ('baseline', 'close', 'three_months', 'six_months', 'on_request')),
    respondent_group text NOT NULL CONSTRAINT waiting_responses_respondent_group_check
        CHECK (respondent_group IN ('learner', 'lecturer')),
    sealed bytea NOT NULL
);
CREATE INDEX waiting_responses_offering_id_idx ON waiting_responses (offering_id);
CREATE INDEX waiting_responses_questionnaire_id_idx ON waiting_responses (questionnaire_id);
