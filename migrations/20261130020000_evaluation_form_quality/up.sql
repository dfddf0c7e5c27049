-- How good the questionnaires themselves are. What the forms of an offering came to, item by item, added up once when the
-- offering's figures are released; counts and exact sums, without people.
CREATE TABLE form_rollups (
    offering_id uuid NOT NULL CONSTRAINT form_rollups_offering_id_fkey REFERENCES offerings (id),
    questionnaire_id uuid NOT NULL CONSTRAINT form_rollups_questionnaire_id_fkey REFERENCES questionnaires (id),
    released_on date NOT NULL,
    -- Forms handed in.
    forms int NOT NULL CONSTRAINT form_rollups_forms_check CHECK (forms >= 0),
    sums jsonb NOT NULL,
    -- The first day of the quarter in which it was added to the questionnaire's figures; NULL until then.
    counted_on date,
    PRIMARY KEY (offering_id, questionnaire_id)
);
CREATE INDEX form_rollups_questionnaire_id_idx ON form_rollups (questionnaire_id, counted_on);
CREATE INDEX form_rollups_counted_on_idx ON form_rollups (released_on) WHERE counted_on IS NULL;

-- The figures of a questionnaire from the first day of a quarter on: everything counted until then. What would move a
-- figure by too few forms waits for the next quarter.
CREATE TABLE form_quarters (
    questionnaire_id uuid NOT NULL CONSTRAINT form_quarters_questionnaire_id_fkey REFERENCES questionnaires (id),
    since date NOT NULL,
    shown jsonb NOT NULL,
    waiting jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (questionnaire_id, since)
);
