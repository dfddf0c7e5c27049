-- Corrective actions that the service opens itself, and disputes that are decided.
ALTER TABLE corrective_actions DROP CONSTRAINT corrective_actions_status_check;
ALTER TABLE corrective_actions DROP CONSTRAINT corrective_actions_reply_check;
ALTER TABLE corrective_actions
    ADD COLUMN cause text NOT NULL DEFAULT 'finding' CONSTRAINT corrective_actions_cause_check
        CHECK (cause IN ('finding', 'reaction_under_limit', 'behaviour_worse')),
    -- What the figure of the offering had to reach when the action was opened. The figure itself is not kept here: it
    -- is read from what was released, through the same gates as everywhere.
    ADD COLUMN limit_value double precision,
    ADD COLUMN dispute text,
    ADD COLUMN disputed_at timestamptz,
    ADD COLUMN decision_reason text,
    ADD COLUMN decided_at timestamptz;

-- A dispute was a kind of reply; now it waits for a decision.
UPDATE corrective_actions SET dispute = reply, disputed_at = replied_at WHERE disputed;
UPDATE corrective_actions SET status = 'disputed', reply = NULL, replied_at = NULL WHERE disputed AND status = 'replied';

ALTER TABLE corrective_actions DROP COLUMN disputed;
ALTER TABLE corrective_actions
    ADD CONSTRAINT corrective_actions_status_check
        CHECK (status IN ('open', 'replied', 'disputed', 'upheld', 'withdrawn', 'closed')),
    ADD CONSTRAINT corrective_actions_reply_check CHECK (status NOT IN ('replied', 'closed') OR reply IS NOT NULL),
    ADD CONSTRAINT corrective_actions_dispute_check
        CHECK (status NOT IN ('disputed', 'upheld', 'withdrawn') OR dispute IS NOT NULL),
    ADD CONSTRAINT corrective_actions_decision_reason_check
        CHECK (status NOT IN ('upheld', 'withdrawn') OR decision_reason IS NOT NULL),
    ADD CONSTRAINT corrective_actions_limit_value_check
        CHECK (cause = 'finding' OR (offering_id IS NOT NULL AND limit_value IS NOT NULL));

-- Once for each offering and cause, however often and by however many replicas its figures are added up.
CREATE UNIQUE INDEX corrective_actions_offering_id_cause_key ON corrective_actions (offering_id, cause)
    WHERE cause <> 'finding';

SELECT audit_table('corrective_actions', 'dispute');
