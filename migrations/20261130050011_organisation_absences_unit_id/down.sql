DROP INDEX absences_unit_id_idx;
