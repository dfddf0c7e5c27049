CREATE INDEX CONCURRENTLY courses_search_prefixes_idx ON courses USING gin (search_prefixes(search_words));
