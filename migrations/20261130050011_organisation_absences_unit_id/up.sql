CREATE INDEX CONCURRENTLY absences_unit_id_idx ON absences (unit_id, id);
