DROP INDEX employees_status_idx;
