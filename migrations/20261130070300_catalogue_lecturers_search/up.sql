CREATE INDEX CONCURRENTLY lecturers_search_prefixes_idx ON lecturers USING gin (search_prefixes(search_words));
