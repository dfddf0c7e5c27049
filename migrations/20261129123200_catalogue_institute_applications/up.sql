-- An application occupies no code: several institutes may ask for the same one, and the ministry gives it by approving. From
-- then on it is taken, in whatever case it is written.
ALTER TABLE institutes
    DROP CONSTRAINT institutes_code_key,
    DROP CONSTRAINT institutes_status_check,
    ADD CONSTRAINT institutes_status_check
        CHECK (status IN ('applied', 'approved', 'suspended', 'closed', 'refused')),
    -- Keyed hash of the address an application came from, to limit how many are open.
    ADD COLUMN applicant_hash bytea,
    -- What shows that somebody made the application; used up by opening the institute's account.
    ADD COLUMN application_secret_hash bytea;
CREATE UNIQUE INDEX institutes_code_key ON institutes (lower(code))
    WHERE status IN ('approved', 'suspended') OR decision_number IS NOT NULL;
CREATE INDEX institutes_applicant_hash_idx ON institutes (applicant_hash) WHERE status = 'applied';
SELECT audit_table('institutes');
