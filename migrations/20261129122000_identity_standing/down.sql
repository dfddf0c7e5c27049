DROP TRIGGER employees_leave_and_move ON employees;
DROP FUNCTION employees_leave_and_move();
DROP TRIGGER units_change_heads ON units;
DROP FUNCTION units_change_heads();
DROP FUNCTION end_tokens_of(uuid[]);
ALTER TABLE role_assignments DROP CONSTRAINT role_assignments_unit_id_check;
DELETE FROM role_assignments WHERE role = 'unit_head' AND unit_id IS NULL;
ALTER TABLE role_assignments ADD CONSTRAINT role_assignments_unit_id_check CHECK ((role = 'unit_head') = (unit_id IS NOT NULL));
