DROP TABLE signing_keys;
DROP TABLE role_assignments;
DROP TABLE accounts;
