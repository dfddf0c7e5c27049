-- The days of a period, and the newest entries of each by number.
CREATE INDEX CONCURRENTLY audit_log_day_idx ON audit_log (((occurred_at AT TIME ZONE 'UTC')::date), number);
