-- The unique key of the same columns leaves out what was declined or withdrawn.
CREATE INDEX CONCURRENTLY nominations_offering_id_idx ON nominations (offering_id, id);
