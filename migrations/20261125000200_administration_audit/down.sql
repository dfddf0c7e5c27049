DROP FUNCTION audit_table(regclass, text[]);
-- With the triggers of all tables.
DROP FUNCTION audit_row_changes() CASCADE;
DROP FUNCTION audit_shown_row(jsonb, text[], text[]);
DROP FUNCTION audit_shown_value(jsonb, boolean);
DROP FUNCTION audit_is_masked(text);
DROP TABLE audit_seal_entries;
DROP TABLE audit_seals;
-- The older log knew events only. Their ids are made of time and number, so that they keep their order.
CREATE TEMP TABLE audit_log_before ON COMMIT DROP AS
    SELECT (lpad(to_hex((extract(epoch FROM occurred_at) * 1000)::bigint), 12, '0') || '70008000'
        || lpad(to_hex(number), 12, '0'))::uuid AS id,
        actor_id, actor_name, permission, kind, subject_id, request_id, occurred_at
    FROM audit_log WHERE before IS NULL AND after IS NULL AND purpose IS NULL AND kind NOT LIKE '%.truncated';
DROP TABLE audit_log;
DROP FUNCTION audit_refuse_change();
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
INSERT INTO audit_log SELECT * FROM audit_log_before;
