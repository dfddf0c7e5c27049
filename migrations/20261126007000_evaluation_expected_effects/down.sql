DROP TABLE expected_effects;
