CREATE INDEX certificates_institute_id_idx ON certificates (institute_id);
CREATE INDEX employees_job_position_id_idx ON employees (job_position_id);
