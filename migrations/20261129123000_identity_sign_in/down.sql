ALTER TABLE login_attempts DROP COLUMN trying, DROP COLUMN day_failures, DROP COLUMN day_started_at;
TRUNCATE login_attempts;
