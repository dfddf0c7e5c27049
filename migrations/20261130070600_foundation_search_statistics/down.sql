ALTER INDEX employees_search_prefixes_idx ALTER COLUMN 1 SET STATISTICS -1;
ALTER INDEX accounts_search_prefixes_idx ALTER COLUMN 1 SET STATISTICS -1;
ALTER INDEX lecturers_search_prefixes_idx ALTER COLUMN 1 SET STATISTICS -1;
ALTER INDEX courses_search_prefixes_idx ALTER COLUMN 1 SET STATISTICS -1;
ALTER INDEX offerings_search_prefixes_idx ALTER COLUMN 1 SET STATISTICS -1;
