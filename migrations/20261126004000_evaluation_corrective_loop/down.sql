DROP INDEX corrective_actions_offering_id_cause_key;
ALTER TABLE corrective_actions
    DROP CONSTRAINT corrective_actions_status_check,
    DROP CONSTRAINT corrective_actions_reply_check,
    DROP CONSTRAINT corrective_actions_dispute_check,
    DROP CONSTRAINT corrective_actions_decision_reason_check,
    DROP CONSTRAINT corrective_actions_limit_value_check;
ALTER TABLE corrective_actions ADD COLUMN disputed boolean;
-- The older service knows a dispute as a reply; what it cannot tell apart becomes the state that asks the same of people.
UPDATE corrective_actions SET
    disputed = CASE WHEN status NOT IN ('open', 'upheld') THEN dispute IS NOT NULL END,
    reply = CASE WHEN status = 'upheld' THEN reply ELSE COALESCE(reply, dispute) END,
    replied_at = CASE WHEN status = 'upheld' THEN replied_at ELSE COALESCE(replied_at, disputed_at) END,
    status = CASE status WHEN 'disputed' THEN 'replied' WHEN 'upheld' THEN 'open' WHEN 'withdrawn' THEN 'closed' ELSE status END;
ALTER TABLE corrective_actions
    DROP COLUMN cause, DROP COLUMN limit_value, DROP COLUMN dispute, DROP COLUMN disputed_at,
    DROP COLUMN decision_reason, DROP COLUMN decided_at;
ALTER TABLE corrective_actions
    ADD CONSTRAINT corrective_actions_status_check CHECK (status IN ('open', 'replied', 'closed')),
    ADD CONSTRAINT corrective_actions_reply_check CHECK (status = 'open' OR reply IS NOT NULL);
SELECT audit_table('corrective_actions');
