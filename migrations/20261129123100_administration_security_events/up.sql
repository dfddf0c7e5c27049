-- What was refused, counted for each minute: wrong passwords, bad tokens, want of rights or reach, too many requests.
-- Names and addresses are keyed hashes. A replica writes once a second what it counted in memory.
CREATE TABLE security_events (
    minute timestamptz NOT NULL,
    -- A keyed hash of kind, reason, account, name, address and route.
    key bytea NOT NULL,
    id uuid NOT NULL,
    kind text NOT NULL CONSTRAINT security_events_kind_check CHECK (kind IN ('sign_in_failed', 'sign_in_slowed',
        'client_refused', 'refresh_token_refused', 'refresh_token_reused', 'provider_token_refused',
        'one_time_token_refused', 'token_refused', 'permission_refused', 'reach_refused', 'rate_refused')),
    reason text NOT NULL,
    -- No foreign key: it would lock the account for each refusal.
    account_id uuid,
    name_hash bytea,
    address_hash bytea,
    -- Method and path template; empty for those that are counted by their kind alone.
    route text NOT NULL,
    count bigint NOT NULL CONSTRAINT security_events_count_check CHECK (count >= 1),
    CONSTRAINT security_events_pkey PRIMARY KEY (minute, key)
);
CREATE INDEX security_events_id_idx ON security_events (id);
CREATE INDEX security_events_kind_idx ON security_events (kind, id);
CREATE INDEX security_events_account_id_idx ON security_events (account_id, id) WHERE account_id IS NOT NULL;
