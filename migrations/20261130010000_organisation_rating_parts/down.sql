ALTER TABLE performance_ratings
    DROP CONSTRAINT performance_ratings_task_score_check,
    DROP COLUMN common_score,
    DROP COLUMN task_score;
