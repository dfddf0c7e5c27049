DROP TABLE offering_rollup_rows;
