ALTER TABLE login_sessions DROP COLUMN scope;
