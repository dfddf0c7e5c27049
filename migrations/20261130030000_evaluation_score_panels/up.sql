-- Official work scores quarter by quarter of those who were trained in a course, by the quarter of their first training,
-- and of everybody who was not: counts, sums and sums of products, put together once when a quarter is sealed. Reports
-- read these few rows and no score.
CREATE TABLE score_panels (
    -- First day of the last of the quarters.
    quarter date NOT NULL,
    -- Empty for the whole ministry: trained in any course.
    course_code text NOT NULL,
    course_id uuid CONSTRAINT score_panels_course_id_fkey REFERENCES courses (id),
    -- First day of the first of the quarters.
    first_quarter date NOT NULL CONSTRAINT score_panels_first_quarter_check CHECK (first_quarter <= quarter),
    -- The day on which they were put together; what was known then counts.
    sealed_on date NOT NULL,
    -- Whether there are quarters before, within two years, that were rated by other rules.
    regime_change boolean NOT NULL,
    method_version text NOT NULL,
    -- Whole numbers, scores in ten-thousandths of a point; of groups under five people only their number.
    cohorts jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT score_panels_course_code_check CHECK ((course_code = '') = (course_id IS NULL)),
    PRIMARY KEY (quarter, course_code)
);
CREATE INDEX score_panels_course_id_idx ON score_panels (course_id);

-- Who is rated for the periods that end on a day.
CREATE INDEX performance_ratings_period_end_idx ON performance_ratings (period_end, employee_id) WHERE is_current;
