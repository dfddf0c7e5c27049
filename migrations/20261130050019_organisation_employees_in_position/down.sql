DROP INDEX employees_in_position_idx;
