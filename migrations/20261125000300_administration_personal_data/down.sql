DROP TABLE personal_data_requests;
ALTER TABLE employees DROP COLUMN erased_at, DROP COLUMN restricted, DROP COLUMN personal_number;
SELECT audit_table('employees');
