CREATE INDEX CONCURRENTLY employees_search_prefixes_idx ON employees USING gin (search_prefixes(search_words));
