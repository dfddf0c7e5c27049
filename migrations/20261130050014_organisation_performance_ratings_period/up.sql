-- The ratings of a quarter, and which periods there are.
CREATE INDEX CONCURRENTLY performance_ratings_period_idx ON performance_ratings (period_kind, period_start, period_end, id) INCLUDE (is_current);
