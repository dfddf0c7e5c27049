-- Names and addresses are kept as keyed hashes from now on: both are few enough to try them all, so that a hash without
-- a key hid nothing. What was counted before cannot be carried over.
TRUNCATE login_attempts;
ALTER TABLE login_attempts
    -- Of the failures, those that are still being looked at.
    ADD COLUMN trying int NOT NULL DEFAULT 0 CONSTRAINT login_attempts_trying_check CHECK (trying >= 0),
    -- Failures since a moment, within a day: what sign-in from a known place is patient with.
    ADD COLUMN day_failures int NOT NULL DEFAULT 0 CONSTRAINT login_attempts_day_failures_check CHECK (day_failures >= 0),
    ADD COLUMN day_started_at timestamptz;
