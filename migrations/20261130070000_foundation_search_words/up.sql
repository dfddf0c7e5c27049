-- The words that a row is found by, without case and accents. Each begins after a space, so that `LIKE '% nguyen%'` finds
-- what begins with `nguyen`. `text::search_words` does the same with what is asked for; tests/api/schema/search.rs
-- compares them. Signs divide words, but for hyphens, apostrophes, dots and the like, which are parts of codes, names and
-- addresses: what they join is one word, and what follows them begins another, as do digits after letters and a number
-- after its zeros. `NV-00123` is found by `nv00123`, `00123` and `123`, and `H'Hen` by `hhen` and `hen`. 32 letters of a
-- word are kept.
CREATE FUNCTION search_words(code text, name text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 500 AS $$
    WITH folded AS (
        SELECT translate(
            lower(regexp_replace(
                normalize(coalesce(code, '') || ' ' || coalesce(name, ''), NFKD),
                '[\u00AD\u0300-\u036F\u1AB0-\u1AFF\u1DC0-\u1DFF\u200B-\u200F\u202A-\u202E\u2060-\u206F\u20D0-\u20FF'
                    || '\uFE00-\uFE0F\uFE20-\uFE2F\uFEFF]', '', 'g') COLLATE "C"),
            -- Đ, Eth and African D in both cases; Ø, Ł, dotless i; Æ, Œ, Þ: they have no decomposition.
            E'\u0110\u0111\u00D0\u00F0\u0189\u0256\u00D8\u00F8\u0141\u0142\u0131\u00C6\u0152\u00DE',
            E'ddddddoolli\u00E6\u0153\u00FE') AS plain
    ), cut AS (
        SELECT regexp_replace(
            regexp_replace(plain, '[-''._/@&+|`\u02BC\u2010-\u2015\u2018\u2019\u2212]+', '|', 'g'),
            '[\u0001-\u002F:-@\[-`{}~\u007F-\u00BF\u00D7\u00F7\u2000-\u206F\u2190-\u2BFF\u3000-\u303F]+', ' ', 'g')
            AS pieces
        FROM folded
    ), marked AS (
        SELECT regexp_replace(regexp_replace(regexp_replace(pieces,
            '([^0-9| ])(?=[0-9])', '\1|', 'g'),
            '([0-9])(?=[^0-9| ])', '\1|', 'g'),
            '((?<![0-9])0+)(?=[1-9])', '\1|', 'g') AS beginnings
        FROM cut
    )
    SELECT coalesce(string_agg(' ' || left(array_to_string(parts[place:], ''), 32), ''), '')
    FROM marked, unnest(string_to_array(beginnings, ' ')) chunk,
        LATERAL (SELECT string_to_array(trim(chunk, '|'), '|') AS parts OFFSET 0) split,
        generate_subscripts(parts, 1) place
$$;

-- The beginnings of the words, up to ten letters: what the indexes of long lists hold. COST keeps the planner from
-- computing them for the rows that it reads.
CREATE FUNCTION search_prefixes(words text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 1000 AS $$
    SELECT coalesce(array_agg(left(word, letters)), '{}')
    FROM unnest(string_to_array(ltrim(words), ' ')) word, generate_series(1, least(length(word), 10)) letters
$$;

-- Whether a row has words of all these patterns. Postgres puts the body in place of the call. COALESCE hides the LIKE
-- from its estimates, which take patterns that are not known yet for such as match hardly a row.
CREATE FUNCTION search_finds(words text, patterns text[]) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(words LIKE ALL (patterns), false)
$$;

-- Whether a page of a long list is found sooner by reading the list in its order than by the index on the prefixes. 200
-- rows are looked at: of them at least five match, and more match than come before the first match. `key` is the column
-- by which the list is ordered, `after` the key after which the page begins; without `key` the matches are taken to be
-- spread evenly. A shorter list is always read in its order.
CREATE FUNCTION search_is_common(list text, patterns text[], key text, after text) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
DECLARE
    looked_at bigint;
    matching bigint;
    keys text[];
    nearest text;
BEGIN
    EXECUTE format(
        'SELECT count(*), count(*) FILTER (WHERE is_ahead AND is_match), array_agg(key) FILTER (WHERE is_ahead),
            min(key) FILTER (WHERE is_ahead AND is_match)
        FROM (SELECT %1$s AS key, search_words LIKE ALL ($1) AS is_match, coalesce(%1$s > $2, true) AS is_ahead
            FROM %2$I LIMIT 200) sample', coalesce(quote_ident(key), 'NULL::text'), list)
        INTO looked_at, matching, keys, nearest USING patterns, after;
    RETURN looked_at < 200
        OR (matching >= 5 AND matching > (SELECT count(*) FROM unnest(keys) k WHERE k < nearest COLLATE "C"));
END $$;

-- No program of 0.1.0 runs any more (docs/operation.md).
DROP INDEX employees_search_text_idx, units_searchable_idx, job_positions_searchable_idx, competencies_searchable_idx,
    institutes_searchable_idx, lecturers_searchable_idx, courses_searchable_idx, offerings_searchable_idx,
    questionnaires_searchable_idx, accounts_searchable_idx;
DROP FUNCTION searchable(text, text);

-- Generated, so that a name is never found by what it was. The table is written anew: seconds for 100,000 employees.
ALTER TABLE units
    ADD COLUMN search_words text COLLATE "C" NOT NULL GENERATED ALWAYS AS (search_words(code, name)) STORED;
ALTER TABLE job_positions
    ADD COLUMN search_words text COLLATE "C" NOT NULL GENERATED ALWAYS AS (search_words(code, name)) STORED;
ALTER TABLE competencies
    ADD COLUMN search_words text COLLATE "C" NOT NULL GENERATED ALWAYS AS (search_words(code, name)) STORED;
ALTER TABLE employees
    ADD COLUMN search_words text COLLATE "C" NOT NULL GENERATED ALWAYS AS (search_words(code, full_name)) STORED,
    -- Written and read by nothing any more, so that it holds no name; a later release drops it.
    ALTER COLUMN search_text TYPE text USING '',
    ALTER COLUMN search_text SET DEFAULT '';
ALTER TABLE institutes
    ADD COLUMN search_words text COLLATE "C" NOT NULL GENERATED ALWAYS AS (search_words(code, name)) STORED;
ALTER TABLE lecturers
    ADD COLUMN search_words text COLLATE "C" NOT NULL GENERATED ALWAYS AS (search_words(email, full_name)) STORED;
ALTER TABLE courses
    ADD COLUMN search_words text COLLATE "C" NOT NULL GENERATED ALWAYS AS (search_words(code, title)) STORED;
ALTER TABLE offerings
    ADD COLUMN search_words text COLLATE "C" NOT NULL GENERATED ALWAYS AS (search_words(code, location)) STORED;
ALTER TABLE questionnaires
    ADD COLUMN search_words text COLLATE "C" NOT NULL GENERATED ALWAYS AS (search_words(code, title)) STORED;
ALTER TABLE accounts
    ADD COLUMN search_words text COLLATE "C" NOT NULL GENERATED ALWAYS AS (search_words(username, display_name)) STORED;

-- As before, but for the name of the column: the words are in no entry of the log, because a name is shown in none.
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
        WHERE c IN ('updated_at', 'name_key', 'search_text', 'search_words') OR '-' || c = ANY (options));
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
SELECT audit_table(t::regclass) FROM unnest(ARRAY['accounts', 'competencies', 'courses', 'institutes', 'job_positions',
    'lecturers', 'offerings', 'units']) t;
SELECT audit_table('employees', 'code');
SELECT audit_table('questionnaires', 'items');
