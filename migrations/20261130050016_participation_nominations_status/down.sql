DROP INDEX nominations_status_idx;
