DROP INDEX certificates_unit_id_idx;
