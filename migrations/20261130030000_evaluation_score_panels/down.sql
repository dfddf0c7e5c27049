DROP INDEX performance_ratings_period_end_idx;
DROP TABLE score_panels;
