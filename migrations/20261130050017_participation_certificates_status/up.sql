CREATE INDEX CONCURRENTLY certificates_status_idx ON certificates (status, id);
