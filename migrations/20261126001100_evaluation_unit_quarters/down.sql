DROP INDEX offering_rollups_released_on_idx;
DROP TABLE unit_quarters;
