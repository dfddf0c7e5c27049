-- Who did what to which object, before and after: one row for each event, each changed row, each noted read.
CREATE TEMP TABLE audit_log_before ON COMMIT DROP AS SELECT * FROM audit_log;
DROP TABLE audit_log;
CREATE TABLE audit_log (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    occurred_at timestamptz NOT NULL,
    -- Nil where no account acted: the public, the service itself, somebody at the database.
    actor_id uuid NOT NULL,
    actor_name text NOT NULL,
    on_behalf_of_id uuid,
    on_behalf_of_name text,
    permission text NOT NULL,
    request_id text NOT NULL,
    -- An event (nomination.approved), or what became of a row (nominations.updated).
    kind text NOT NULL,
    -- Nil where the object has no id of its own.
    subject_id uuid NOT NULL,
    -- Why sensitive data was read.
    purpose text,
    before jsonb,
    after jsonb,
    CONSTRAINT audit_log_on_behalf_of_id_check CHECK ((on_behalf_of_id IS NULL) = (on_behalf_of_name IS NULL))
);
INSERT INTO audit_log (occurred_at, actor_id, actor_name, permission, request_id, kind, subject_id)
    SELECT occurred_at, actor_id, actor_name, permission, request_id, kind, subject_id FROM audit_log_before ORDER BY id;
CREATE INDEX audit_log_subject_id_idx ON audit_log (subject_id, number);
CREATE INDEX audit_log_actor_id_idx ON audit_log (actor_id, number);
CREATE INDEX audit_log_kind_idx ON audit_log (kind, number);
CREATE INDEX audit_log_request_id_idx ON audit_log (request_id);
-- Entries come in the order of time, nearly: a few pages of ranges find a period.
CREATE INDEX audit_log_occurred_at_idx ON audit_log USING brin (occurred_at);

-- The chain: each seal is a digest over the seal before and the digests of some entries. Entries are sealed in batches
-- by the worker, so that writers never wait for each other.
CREATE TABLE audit_seals (
    number bigint PRIMARY KEY,
    first_entry bigint NOT NULL,
    last_entry bigint NOT NULL,
    entries int NOT NULL CONSTRAINT audit_seals_entries_check CHECK (entries >= 1),
    digest bytea NOT NULL CONSTRAINT audit_seals_digest_check CHECK (length(digest) = 32),
    previous bytea NOT NULL CONSTRAINT audit_seals_previous_check CHECK (length(previous) = 32),
    sealed_at timestamptz NOT NULL
);
CREATE INDEX audit_seals_last_entry_idx ON audit_seals (last_entry);

-- Which seal an entry is in. No foreign key to the entry: it would lock every entry once more, and an entry that is gone
-- must stay named here.
CREATE TABLE audit_seal_entries (
    entry bigint PRIMARY KEY,
    seal bigint NOT NULL CONSTRAINT audit_seal_entries_seal_fkey REFERENCES audit_seals (number),
    digest bytea NOT NULL CONSTRAINT audit_seal_entries_digest_check CHECK (length(digest) = 32)
);
CREATE INDEX audit_seal_entries_seal_idx ON audit_seal_entries (seal, entry);

-- Nobody changes or removes what is written, the owner of the tables included.
CREATE FUNCTION audit_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit log only grows: % on % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER audit_log_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();
CREATE TRIGGER audit_seals_only_grow BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_seals
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();
CREATE TRIGGER audit_seal_entries_only_grow BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_seal_entries
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();
-- Also where session_replication_role silences other triggers.
ALTER TABLE audit_log ENABLE ALWAYS TRIGGER audit_log_only_grows;
ALTER TABLE audit_seals ENABLE ALWAYS TRIGGER audit_seals_only_grow;
ALTER TABLE audit_seal_entries ENABLE ALWAYS TRIGGER audit_seal_entries_only_grow;

-- Columns whose values never enter the log, in whatever table they stand: secrets, and what tells who a person is (so
-- that erasing a person leaves nothing behind here).
CREATE FUNCTION audit_is_masked(column_name text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT column_name ~ '(^|_)(hash|secret|token|password)(_|$)|^private_'
        OR column_name IN ('full_name', 'email', 'phone', 'birth_date', 'personal_number', 'display_name', 'holder_name',
            'contact_name', 'contact_email')
        -- Free text in which a person may be named (a test compares it with the list that erasure goes through).
        OR column_name IN ('action', 'action_owner', 'answers', 'checks', 'corrections', 'decision_reason', 'details',
            'excuse', 'expected_effect', 'extension_reason', 'finding', 'note', 'outside_plan_reason', 'reason',
            'refusal_reason', 'reply', 'requested_changes', 'revoked_reason')
$$;

-- A value as the log shows it. That there is none is no secret.
CREATE FUNCTION audit_shown_value(value jsonb, is_masked boolean) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN is_masked AND jsonb_typeof(value) <> 'null' THEN '"•••"' ELSE value END
$$;

-- A row as the log shows it.
CREATE FUNCTION audit_shown_row(content jsonb, masked text[], hidden text[]) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT (content - hidden) || COALESCE(
        (SELECT jsonb_object_agg(m, public.audit_shown_value(content -> m, true)) FROM unnest(masked) m), '{}')
$$;

-- Writes what a statement did to the rows of a table. Who and why the service tells in the setting thuocdo.context, which
-- ends with the transaction; without it somebody works at the database itself.
-- Arguments: columns of the key; column of the subject, or nothing; masked columns; columns left out.
CREATE FUNCTION audit_row_changes() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    keys CONSTANT text[] := TG_ARGV[0];
    subject CONSTANT text := NULLIF(TG_ARGV[1], '');
    masked CONSTANT text[] := TG_ARGV[2];
    hidden CONSTANT text[] := TG_ARGV[3];
    nobody CONSTANT uuid := '00000000-0000-0000-0000-000000000000';
    context CONSTANT jsonb := NULLIF(current_setting('thuocdo.context', true), '');
    at CONSTANT timestamptz := COALESCE((context ->> 'at')::timestamptz, clock_timestamp());
    who CONSTANT uuid := COALESCE((context ->> 'actor_id')::uuid, nobody);
    who_name CONSTANT text := COALESCE(context ->> 'actor_name', 'database:' || session_user);
    whose CONSTANT uuid := (context ->> 'on_behalf_of_id')::uuid;
    whose_name CONSTANT text := context ->> 'on_behalf_of_name';
    permission CONSTANT text := COALESCE(context ->> 'permission', 'database');
    request CONSTANT text := COALESCE(context ->> 'request_id', '');
BEGIN
    -- OFFSET 0: each row is made into JSON once, not once for each look at it.
    IF TG_OP = 'INSERT' THEN
        INSERT INTO public.audit_log (occurred_at, actor_id, actor_name, on_behalf_of_id, on_behalf_of_name, permission,
            request_id, kind, subject_id, after)
        SELECT at, who, who_name, whose, whose_name, permission, request, TG_TABLE_NAME || '.inserted',
            COALESCE((n.content ->> subject)::uuid, nobody), public.audit_shown_row(n.content, masked, hidden)
        FROM (SELECT to_jsonb(t) AS content FROM new_rows t OFFSET 0) n;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO public.audit_log (occurred_at, actor_id, actor_name, on_behalf_of_id, on_behalf_of_name, permission,
            request_id, kind, subject_id, before)
        SELECT at, who, who_name, whose, whose_name, permission, request, TG_TABLE_NAME || '.deleted',
            COALESCE((o.content ->> subject)::uuid, nobody), public.audit_shown_row(o.content, masked, hidden)
        FROM (SELECT to_jsonb(t) AS content FROM old_rows t OFFSET 0) o;
    ELSIF TG_OP = 'UPDATE' THEN
        -- Only what changed. A row whose key changed meets no partner: it is shown as gone, and as come.
        INSERT INTO public.audit_log (occurred_at, actor_id, actor_name, on_behalf_of_id, on_behalf_of_name, permission,
            request_id, kind, subject_id, before, after)
        SELECT at, who, who_name, whose, whose_name, permission, request, TG_TABLE_NAME || '.updated',
            COALESCE((COALESCE(n.content, o.content) ->> subject)::uuid, nobody), changed.before, changed.after
        FROM (SELECT c.content, (SELECT jsonb_agg(c.content -> k) FROM unnest(keys) k) AS key
                FROM (SELECT to_jsonb(t) AS content FROM old_rows t OFFSET 0) c) o
            FULL JOIN (SELECT c.content, (SELECT jsonb_agg(c.content -> k) FROM unnest(keys) k) AS key
                FROM (SELECT to_jsonb(t) AS content FROM new_rows t OFFSET 0) c) n USING (key)
            CROSS JOIN LATERAL (
                SELECT jsonb_object_agg(c, public.audit_shown_value(o.content -> c, c = ANY (masked))) AS before,
                    jsonb_object_agg(c, public.audit_shown_value(n.content -> c, c = ANY (masked))) AS after
                FROM jsonb_object_keys(COALESCE(n.content, o.content)) c
                WHERE c <> ALL (hidden) AND (o.content -> c) IS DISTINCT FROM (n.content -> c)) changed
        WHERE changed.after IS NOT NULL;
    ELSE
        INSERT INTO public.audit_log (occurred_at, actor_id, actor_name, on_behalf_of_id, on_behalf_of_name, permission,
            request_id, kind, subject_id)
        VALUES (at, who, who_name, whose, whose_name, permission, request, TG_TABLE_NAME || '.truncated', nobody);
    END IF;
    RETURN NULL;
END $$;

-- Audit a table: SELECT audit_table('employees'). Columns that audit_is_masked() knows are masked; further arguments name
-- others to mask, or, after a minus sign, to leave out. Call it again after adding a column that must be masked.
CREATE FUNCTION audit_table(audited regclass, VARIADIC options text[] DEFAULT '{}') RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    columns CONSTANT text[] := ARRAY(SELECT attname::text FROM pg_attribute
        WHERE attrelid = audited AND attnum > 0 AND NOT attisdropped ORDER BY attnum);
    keys CONSTANT text[] := ARRAY(SELECT a.attname::text FROM pg_index i
        CROSS JOIN unnest(i.indkey) WITH ORDINALITY k (attnum, place)
        JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
        WHERE i.indrelid = audited AND i.indisprimary ORDER BY k.place);
    subject CONSTANT text := (SELECT attname FROM pg_attribute
        WHERE attrelid = audited AND attname = keys[1] AND atttypid = 'uuid'::regtype);
    masked CONSTANT text[] := ARRAY(SELECT c FROM unnest(columns) c WHERE audit_is_masked(c) OR c = ANY (options));
    hidden CONSTANT text[] := ARRAY(SELECT c FROM unnest(columns) c
        WHERE c IN ('updated_at', 'name_key', 'search_text') OR '-' || c = ANY (options));
    unknown CONSTANT text := (SELECT string_agg(o, ', ') FROM unnest(options) o WHERE ltrim(o, '-') <> ALL (columns));
    -- Operation, what makes its rows visible.
    operation text[];
BEGIN
    IF unknown IS NOT NULL OR cardinality(keys) = 0 THEN
        RAISE EXCEPTION '% cannot be audited: no primary key, or no such column: %', audited, unknown;
    END IF;
    FOREACH operation SLICE 1 IN ARRAY ARRAY[
        ['insert', 'REFERENCING NEW TABLE AS new_rows'],
        ['update', 'REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows'],
        ['delete', 'REFERENCING OLD TABLE AS old_rows'],
        ['truncate', '']] LOOP
        EXECUTE format('CREATE OR REPLACE TRIGGER %I AFTER %s ON %s %s FOR EACH STATEMENT
            EXECUTE FUNCTION audit_row_changes(%L, %L, %L, %L)',
            (SELECT relname FROM pg_class WHERE oid = audited) || '_audit_' || operation[1], operation[1], audited,
            operation[2], keys, COALESCE(subject, ''), masked, hidden);
    END LOOP;
END $$;

SELECT audit_table(t::regclass) FROM unnest(ARRAY['accounts', 'attendance', 'certificates', 'competencies',
    'corrective_actions', 'course_audiences', 'course_competencies', 'courses', 'coverage_rules', 'employee_competencies',
    'employees', 'holidays', 'institutes', 'job_positions', 'lecturers', 'nominations', 'offerings', 'participants',
    'performance_ratings', 'position_requirements', 'questionnaires', 'results', 'role_assignments', 'sessions',
    'succession_entries', 'training_plan_lines', 'training_plans', 'units']) t;
-- Notes on absences tell of illness.
SELECT audit_table('absences');
-- That an anonymous form was answered must not be tied to a moment; answers to named forms are events, excuses are seen.
SELECT audit_table('evaluations', '-status', '-answered_on', '-version');
