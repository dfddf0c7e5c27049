ALTER TABLE accounts DROP COLUMN provider_subject_hash;
SELECT audit_table('accounts');
