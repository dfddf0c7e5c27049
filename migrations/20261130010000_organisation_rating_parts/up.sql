-- The two parts of a score under Decree 335/2025/NĐ-CP (Art. 12): at most 30 points for the common criteria and 70 for the
-- results of tasks. Kept as they are pushed, both or neither; older ratings, and portals that know only the sum, have none.
ALTER TABLE performance_ratings
    ADD COLUMN common_score double precision
        CONSTRAINT performance_ratings_common_score_check CHECK (common_score BETWEEN 0 AND 30),
    ADD COLUMN task_score double precision,
    ADD CONSTRAINT performance_ratings_task_score_check CHECK ((common_score IS NULL) = (task_score IS NULL)
        AND (task_score IS NULL OR (task_score BETWEEN 0 AND 70 AND score IS NOT NULL
            AND abs(common_score + task_score - score) < 0.0101)));
