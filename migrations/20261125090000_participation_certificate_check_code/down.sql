ALTER TABLE certificates DROP COLUMN check_code;
SELECT audit_table('certificates');
