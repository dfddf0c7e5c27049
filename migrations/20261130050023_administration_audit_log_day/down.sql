DROP INDEX audit_log_day_idx;
