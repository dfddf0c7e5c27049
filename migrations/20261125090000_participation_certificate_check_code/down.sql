ALTER TABLE certificates DROP COLUMN check_code;
