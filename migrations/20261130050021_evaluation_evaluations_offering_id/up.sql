CREATE INDEX CONCURRENTLY evaluations_offering_id_idx ON evaluations (offering_id, id);
