-- A person's sign-in: the family of refresh tokens that ends as a whole.
CREATE TABLE login_sessions (
    id uuid PRIMARY KEY,
    account_id uuid NOT NULL CONSTRAINT login_sessions_account_id_fkey REFERENCES accounts (id),
    -- By what the owner recognises it.
    user_agent text NOT NULL,
    created_at timestamptz NOT NULL,
    last_used_at timestamptz NOT NULL,
    -- However often it is refreshed, it ends here.
    expires_at timestamptz NOT NULL,
    ended_at timestamptz,
    end_reason text CONSTRAINT login_sessions_end_reason_check
        CHECK (end_reason IN ('signed_out', 'token_reused', 'password_changed', 'account_changed'))
);
CREATE INDEX login_sessions_account_id_idx ON login_sessions (account_id, id);

-- Refresh tokens by their SHA-256: the tokens themselves are nowhere.
CREATE TABLE refresh_tokens (
    token_hash bytea CONSTRAINT refresh_tokens_pkey PRIMARY KEY,
    session_id uuid NOT NULL CONSTRAINT refresh_tokens_session_id_fkey REFERENCES login_sessions (id) ON DELETE CASCADE,
    issued_at timestamptz NOT NULL,
    spent_at timestamptz
);
CREATE INDEX refresh_tokens_session_id_idx ON refresh_tokens (session_id);

-- What access tokens are no longer good although they have not expired: by token or session (no epoch), or by account
-- (tokens of an older epoch). Every replica keeps these few rows in memory.
CREATE TABLE revocations (
    id uuid PRIMARY KEY,
    minimum_epoch int,
    expires_at timestamptz NOT NULL
);
CREATE INDEX revocations_expires_at_idx ON revocations (expires_at);

-- Assertions that clients have used (RFC 7523, section 3, jti), until they expire by themselves.
CREATE TABLE client_assertions (
    account_id uuid NOT NULL CONSTRAINT client_assertions_account_id_fkey REFERENCES accounts (id),
    jti_hash bytea NOT NULL,
    expires_at timestamptz NOT NULL,
    CONSTRAINT client_assertions_pkey PRIMARY KEY (account_id, jti_hash)
);
CREATE INDEX client_assertions_expires_at_idx ON client_assertions (expires_at);

-- One-time tokens with which a person sets a new password.
CREATE TABLE password_resets (
    token_hash bytea CONSTRAINT password_resets_pkey PRIMARY KEY,
    account_id uuid NOT NULL CONSTRAINT password_resets_account_id_fkey REFERENCES accounts (id),
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz
);
CREATE INDEX password_resets_account_id_idx ON password_resets (account_id);

-- Wrong passwords by name and address, both hashed: names that do not exist are counted like those that do.
CREATE TABLE login_attempts (
    name_hash bytea NOT NULL,
    address_hash bytea NOT NULL,
    failures int NOT NULL,
    last_failed_at timestamptz,
    last_succeeded_at timestamptz,
    CONSTRAINT login_attempts_pkey PRIMARY KEY (name_hash, address_hash)
);
CREATE INDEX login_attempts_address_hash_idx ON login_attempts (address_hash, last_failed_at);
CREATE INDEX login_attempts_name_hash_idx ON login_attempts (name_hash, last_failed_at);

-- Public keys of a machine client that signs its own assertions (RFC 7517 key set).
ALTER TABLE accounts ADD COLUMN jwks jsonb;

-- A new key is published at once and signs a little later, when every replica knows it.
ALTER TABLE signing_keys ADD COLUMN signs_from timestamptz;
UPDATE signing_keys SET signs_from = created_at;
ALTER TABLE signing_keys ALTER COLUMN signs_from SET NOT NULL;

-- Secrets that all replicas share and that outlive signing keys: the one that signs cursors.
CREATE TABLE service_secrets (
    name text CONSTRAINT service_secrets_pkey PRIMARY KEY,
    value bytea NOT NULL
);

-- A unit head's deputy, for a time.
CREATE TABLE delegations (
    id uuid PRIMARY KEY,
    unit_id uuid NOT NULL CONSTRAINT delegations_unit_id_fkey REFERENCES units (id),
    principal_account_id uuid NOT NULL CONSTRAINT delegations_principal_account_id_fkey REFERENCES accounts (id),
    deputy_account_id uuid NOT NULL CONSTRAINT delegations_deputy_account_id_fkey REFERENCES accounts (id)
        CONSTRAINT delegations_deputy_account_id_check CHECK (deputy_account_id <> principal_account_id),
    reason text,
    valid_from date NOT NULL,
    valid_to date NOT NULL CONSTRAINT delegations_valid_to_check CHECK (valid_to >= valid_from),
    revoked_at timestamptz,
    version int NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);
CREATE INDEX delegations_unit_id_idx ON delegations (unit_id, id);
CREATE INDEX delegations_principal_account_id_idx ON delegations (principal_account_id, id);
CREATE INDEX delegations_deputy_account_id_idx ON delegations (deputy_account_id, id);
SELECT audit_table('delegations');
