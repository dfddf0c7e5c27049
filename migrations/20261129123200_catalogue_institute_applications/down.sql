DROP INDEX institutes_code_key;
ALTER TABLE institutes DROP COLUMN applicant_hash, DROP COLUMN application_secret_hash;
UPDATE institutes SET status = 'closed' WHERE status = 'refused';
ALTER TABLE institutes
    DROP CONSTRAINT institutes_status_check,
    ADD CONSTRAINT institutes_status_check CHECK (status IN ('applied', 'approved', 'suspended', 'closed')),
    ADD CONSTRAINT institutes_code_key UNIQUE (code);
SELECT audit_table('institutes');
