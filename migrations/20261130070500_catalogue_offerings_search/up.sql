CREATE INDEX CONCURRENTLY offerings_search_prefixes_idx ON offerings USING gin (search_prefixes(search_words));
