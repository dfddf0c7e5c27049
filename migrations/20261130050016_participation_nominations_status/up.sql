-- What waits for a decision is little among all that was decided.
CREATE INDEX CONCURRENTLY nominations_status_idx ON nominations (status, id);
