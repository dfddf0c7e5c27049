CREATE INDEX CONCURRENTLY succession_entries_unit_id_idx ON succession_entries (unit_id, id);
