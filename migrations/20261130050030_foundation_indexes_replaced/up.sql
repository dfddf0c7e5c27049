-- Others begin with the same columns (20261130050018_participation_certificates_of_institute and the next one).
DROP INDEX certificates_institute_id_idx;
DROP INDEX employees_job_position_id_idx;
