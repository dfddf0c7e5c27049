CREATE INDEX CONCURRENTLY employees_status_idx ON employees (status, name_key, id);
