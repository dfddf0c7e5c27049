-- Answers of POSTs that carried an Idempotency-Key, stored in the transaction of the work itself; kept 24 hours.
CREATE TABLE idempotency_keys (
    actor_id uuid NOT NULL,
    operation text NOT NULL,
    key text NOT NULL,
    fingerprint text NOT NULL,
    reply jsonb,
    created_at timestamptz NOT NULL,
    CONSTRAINT idempotency_keys_pkey PRIMARY KEY (actor_id, operation, key)
);
CREATE INDEX idempotency_keys_created_at_idx ON idempotency_keys (created_at);

-- What happened, written with the change itself: the pull feed and the webhooks read from here.
CREATE TABLE outbox (
    id uuid PRIMARY KEY,
    kind text NOT NULL,
    subject_id uuid NOT NULL,
    data jsonb NOT NULL,
    occurred_at timestamptz NOT NULL
);

-- Who did what to which object. One row per event of a committed unit of work.
CREATE TABLE audit_log (
    id uuid PRIMARY KEY,
    actor_id uuid NOT NULL,
    actor_name text NOT NULL,
    permission text NOT NULL,
    kind text NOT NULL,
    subject_id uuid NOT NULL,
    request_id text NOT NULL,
    occurred_at timestamptz NOT NULL
);
CREATE INDEX audit_log_subject_id_idx ON audit_log (subject_id, id);

-- One row in a database that holds the demo ministry; `demo` refuses any other database that is not empty.
CREATE TABLE demo_ministry (
    is_only boolean CONSTRAINT demo_ministry_pkey PRIMARY KEY CONSTRAINT demo_ministry_is_only_check CHECK (is_only),
    seed bigint NOT NULL,
    format int NOT NULL,
    built_on date NOT NULL
);
