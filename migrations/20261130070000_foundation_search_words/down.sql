CREATE FUNCTION searchable(code text, name text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT translate(
        lower(regexp_replace(
            normalize(coalesce(code, '') || ' ' || coalesce(name, ''), NFD), '[\u0300-\u036F]', '', 'g')),
        'đĐ', 'dd')
$$;

CREATE OR REPLACE FUNCTION audit_table(audited regclass, VARIADIC options text[] DEFAULT '{}') RETURNS void
LANGUAGE plpgsql AS $$
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

ALTER TABLE units DROP COLUMN search_words;
ALTER TABLE job_positions DROP COLUMN search_words;
ALTER TABLE competencies DROP COLUMN search_words;
ALTER TABLE institutes DROP COLUMN search_words;
ALTER TABLE lecturers DROP COLUMN search_words;
ALTER TABLE courses DROP COLUMN search_words;
ALTER TABLE offerings DROP COLUMN search_words;
ALTER TABLE questionnaires DROP COLUMN search_words;
ALTER TABLE accounts DROP COLUMN search_words;
ALTER TABLE employees
    DROP COLUMN search_words,
    ALTER COLUMN search_text DROP DEFAULT,
    ALTER COLUMN search_text TYPE text USING btrim(searchable(full_name, code));
SELECT audit_table(t::regclass) FROM unnest(ARRAY['accounts', 'competencies', 'courses', 'institutes', 'job_positions',
    'lecturers', 'offerings', 'units']) t;
SELECT audit_table('employees', 'code');
SELECT audit_table('questionnaires', 'items');

DROP FUNCTION search_is_common(text, text[], text, text), search_finds(text, text[]), search_prefixes(text),
    search_words(text, text);

CREATE INDEX employees_search_text_idx ON employees USING gin (search_text gin_trgm_ops);
CREATE INDEX units_searchable_idx ON units USING gin (searchable(code, name) gin_trgm_ops);
CREATE INDEX job_positions_searchable_idx ON job_positions USING gin (searchable(code, name) gin_trgm_ops);
CREATE INDEX competencies_searchable_idx ON competencies USING gin (searchable(code, name) gin_trgm_ops);
CREATE INDEX institutes_searchable_idx ON institutes USING gin (searchable(code, name) gin_trgm_ops);
CREATE INDEX lecturers_searchable_idx ON lecturers USING gin (searchable(full_name, email) gin_trgm_ops);
CREATE INDEX courses_searchable_idx ON courses USING gin (searchable(code, title) gin_trgm_ops);
CREATE INDEX offerings_searchable_idx ON offerings USING gin (searchable(code, location) gin_trgm_ops);
CREATE INDEX questionnaires_searchable_idx ON questionnaires USING gin (searchable(code, title) gin_trgm_ops);
CREATE INDEX accounts_searchable_idx ON accounts USING gin (searchable(username, display_name) gin_trgm_ops);
