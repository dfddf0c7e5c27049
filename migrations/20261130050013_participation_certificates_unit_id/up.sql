CREATE INDEX CONCURRENTLY certificates_unit_id_idx ON certificates (unit_id, id);
