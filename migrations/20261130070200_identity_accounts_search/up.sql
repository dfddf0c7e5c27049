CREATE INDEX CONCURRENTLY accounts_search_prefixes_idx ON accounts USING gin (search_prefixes(search_words));
