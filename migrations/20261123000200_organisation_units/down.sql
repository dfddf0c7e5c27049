DROP TABLE unit_ancestors;
DROP TABLE units;
DROP FUNCTION units_keep_ancestors();
