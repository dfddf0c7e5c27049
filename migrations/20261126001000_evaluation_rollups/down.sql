DROP INDEX offerings_last_half_day_idx;
DROP TABLE unit_rollups;
DROP TABLE offering_rollups;
