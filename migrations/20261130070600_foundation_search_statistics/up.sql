-- The index is asked where few rows match (`search_is_common`), and the planner shall not judge that anew: it takes the
-- matches to be spread evenly over the list. ANALYZE need not make the beginnings of a sample of words either.
ALTER INDEX employees_search_prefixes_idx ALTER COLUMN 1 SET STATISTICS 0;
ALTER INDEX accounts_search_prefixes_idx ALTER COLUMN 1 SET STATISTICS 0;
ALTER INDEX lecturers_search_prefixes_idx ALTER COLUMN 1 SET STATISTICS 0;
ALTER INDEX courses_search_prefixes_idx ALTER COLUMN 1 SET STATISTICS 0;
ALTER INDEX offerings_search_prefixes_idx ALTER COLUMN 1 SET STATISTICS 0;
