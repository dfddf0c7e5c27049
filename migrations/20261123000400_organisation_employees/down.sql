DROP TABLE succession_entries;
DROP TABLE employee_competencies;
ALTER TABLE units DROP CONSTRAINT units_head_employee_id_fkey;
DROP INDEX units_head_employee_id_idx;
DROP TABLE employees;
