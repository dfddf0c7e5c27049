-- In words about what is expected a person may be named: they never enter the log.
SELECT audit_table('expected_effects', 'effects');
