-- Who the person behind an account is at the ministry's OpenID provider: SHA-256 of issuer and subject. User names of the
-- provider change hands; this does not.
ALTER TABLE accounts ADD COLUMN provider_subject_hash bytea CONSTRAINT accounts_provider_subject_hash_key UNIQUE;
SELECT audit_table('accounts');
