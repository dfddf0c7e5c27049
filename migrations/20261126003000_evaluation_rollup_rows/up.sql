-- The pairs of ratings behind an offering's figures, so that anyone who may see them can add them up again: values in
-- rising order, in ten-thousandths of a point, without person, unit or rater. Written with the sums, never changed.
CREATE TABLE offering_rollup_rows (
    offering_id uuid NOT NULL,
    measure text NOT NULL,
    rows jsonb NOT NULL,
    PRIMARY KEY (offering_id, measure),
    CONSTRAINT offering_rollup_rows_offering_id_fkey FOREIGN KEY (offering_id, measure) REFERENCES offering_rollups (offering_id, measure)
);
