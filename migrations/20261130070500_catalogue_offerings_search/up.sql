CREATE INDEX CONCURRENTLY offerings_search_prefixes_idx ON offerings USING gin (search_prefixes(search_words))
    -- Rows wait in a list before they enter the index, and each search reads that list: it is kept short.
    WITH (gin_pending_list_limit = 64);
