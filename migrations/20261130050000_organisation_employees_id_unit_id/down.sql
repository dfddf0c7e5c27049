DROP INDEX employees_id_unit_id_key;
