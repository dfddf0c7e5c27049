-- Two texts without case and accents, as the service folds what is asked for (`text::fold`): lists are searched by it.
CREATE FUNCTION searchable(code text, name text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT translate(
        lower(regexp_replace(
            normalize(coalesce(code, '') || ' ' || coalesce(name, ''), NFD), '[\u0300-\u036F]', '', 'g')),
        'đĐ', 'dd')
$$;

CREATE INDEX units_searchable_idx ON units USING gin (searchable(code, name) gin_trgm_ops);
CREATE INDEX job_positions_searchable_idx ON job_positions USING gin (searchable(code, name) gin_trgm_ops);
CREATE INDEX competencies_searchable_idx ON competencies USING gin (searchable(code, name) gin_trgm_ops);
CREATE INDEX institutes_searchable_idx ON institutes USING gin (searchable(code, name) gin_trgm_ops);
CREATE INDEX lecturers_searchable_idx ON lecturers USING gin (searchable(full_name, email) gin_trgm_ops);
CREATE INDEX courses_searchable_idx ON courses USING gin (searchable(code, title) gin_trgm_ops);
CREATE INDEX offerings_searchable_idx ON offerings USING gin (searchable(code, location) gin_trgm_ops);
CREATE INDEX questionnaires_searchable_idx ON questionnaires USING gin (searchable(code, title) gin_trgm_ops);
CREATE INDEX accounts_searchable_idx ON accounts USING gin (searchable(username, display_name) gin_trgm_ops);
