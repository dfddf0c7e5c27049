DROP TABLE demo_ministry;
DROP TABLE audit_log;
DROP TABLE outbox;
DROP TABLE idempotency_keys;
