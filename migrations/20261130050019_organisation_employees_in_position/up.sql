-- Takes the place of employees_job_position_id_idx, in the order of the list.
CREATE INDEX CONCURRENTLY employees_in_position_idx ON employees (job_position_id, name_key, id);
