SELECT audit_table('expected_effects');
