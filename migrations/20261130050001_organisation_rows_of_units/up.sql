-- The unit in which a person works now, beside what belongs to the person: a list of a unit is then a range of an index
-- (unit_id, id). Nobody writes these columns but the triggers below. They have no foreign keys: each value is one of
-- employees.unit_id or participants.unit_id, which have.
ALTER TABLE performance_ratings ADD COLUMN unit_id uuid;
ALTER TABLE absences ADD COLUMN unit_id uuid;
ALTER TABLE succession_entries ADD COLUMN unit_id uuid;
-- The unit when nominated, as in nominations and participants: it never changes.
ALTER TABLE certificates ADD COLUMN unit_id uuid;

-- A move is logged for the person, once.
SELECT audit_table('performance_ratings', '-unit_id');
SELECT audit_table('absences', '-unit_id');
SELECT audit_table('succession_entries', '-unit_id');
SELECT audit_table('certificates', 'check_code', '-unit_id');

-- Until the unit of work ends, nobody is moved to another unit: a move would not see the rows that it writes. Call it before
-- rows of people are locked, since a move that goes on already waits for those.
CREATE FUNCTION people_stay() RETURNS void LANGUAGE sql AS $$
    SELECT pg_advisory_xact_lock_shared(hashtext('employees_carry_unit'))
$$;

CREATE FUNCTION take_unit_of_employee() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM people_stay();
    SELECT unit_id INTO NEW.unit_id FROM employees WHERE id = NEW.employee_id;
    RETURN NEW;
END $$;
CREATE TRIGGER performance_ratings_take_unit BEFORE INSERT ON performance_ratings
    FOR EACH ROW EXECUTE FUNCTION take_unit_of_employee();
CREATE TRIGGER absences_take_unit BEFORE INSERT ON absences
    FOR EACH ROW EXECUTE FUNCTION take_unit_of_employee();
CREATE TRIGGER succession_entries_take_unit BEFORE INSERT ON succession_entries
    FOR EACH ROW EXECUTE FUNCTION take_unit_of_employee();

CREATE FUNCTION take_unit_of_participant() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT unit_id INTO NEW.unit_id FROM participants WHERE id = NEW.participant_id;
    RETURN NEW;
END $$;
CREATE TRIGGER certificates_take_unit BEFORE INSERT ON certificates
    FOR EACH ROW EXECUTE FUNCTION take_unit_of_participant();

-- A move waits for those who write rows of people before it locks the row of any person: a batch of people locks whole
-- rows, for which the foreign key of such a row waits, and each would wait for the other.
CREATE FUNCTION employees_wait_to_move() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('employees_carry_unit'));
    RETURN NULL;
END $$;
CREATE TRIGGER employees_wait_to_move BEFORE UPDATE OF unit_id ON employees
    FOR EACH STATEMENT EXECUTE FUNCTION employees_wait_to_move();

CREATE FUNCTION employees_carry_unit() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    moved CONSTANT uuid[] := ARRAY(
        SELECT n.id FROM new_rows n JOIN old_rows o USING (id) WHERE n.unit_id <> o.unit_id);
BEGIN
    IF cardinality(moved) = 0 THEN
        RETURN NULL;
    END IF;
    UPDATE performance_ratings r SET unit_id = e.unit_id FROM employees e WHERE e.id = ANY (moved) AND r.employee_id = e.id;
    UPDATE absences r SET unit_id = e.unit_id FROM employees e WHERE e.id = ANY (moved) AND r.employee_id = e.id;
    UPDATE succession_entries r SET unit_id = e.unit_id FROM employees e WHERE e.id = ANY (moved) AND r.employee_id = e.id;
    RETURN NULL;
END $$;
CREATE TRIGGER employees_carry_unit AFTER UPDATE ON employees
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION employees_carry_unit();
