CREATE INDEX CONCURRENTLY lecturers_search_prefixes_idx ON lecturers USING gin (search_prefixes(search_words))
    -- Rows wait in a list before they enter the index, and each search reads that list: it is kept short.
    WITH (gin_pending_list_limit = 64);
