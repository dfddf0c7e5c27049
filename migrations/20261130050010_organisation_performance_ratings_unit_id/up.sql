CREATE INDEX CONCURRENTLY performance_ratings_unit_id_idx ON performance_ratings (unit_id, id) INCLUDE (is_current);
