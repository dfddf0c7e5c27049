-- Which units a head's role reaches is what the units say: the unit named with the role is a note.
ALTER TABLE role_assignments DROP CONSTRAINT role_assignments_unit_id_check;
ALTER TABLE role_assignments ADD CONSTRAINT role_assignments_unit_id_check CHECK (unit_id IS NULL OR role = 'unit_head');

-- Tokens name the units that somebody heads. When that changes, or the person leaves, the tokens of before end: whatever
-- changed it, the service, an import or somebody at the database. The service's clock counts where it tells the time.
CREATE FUNCTION end_tokens_of(people uuid[]) RETURNS void LANGUAGE sql AS $$
    WITH ended AS (
        UPDATE accounts SET epoch = epoch + 1 WHERE employee_id = ANY (people) RETURNING id, epoch)
    INSERT INTO revocations (id, minimum_epoch, expires_at)
    SELECT id, epoch, interval '20 minutes' + COALESCE(
        (NULLIF(current_setting('thuocdo.context', true), '')::jsonb ->> 'at')::timestamptz, clock_timestamp())
    FROM ended
    ON CONFLICT (id) DO UPDATE SET minimum_epoch = EXCLUDED.minimum_epoch, expires_at = EXCLUDED.expires_at
$$;

-- A new head and the one before; and nobody heads so many units that a token could not name them.
CREATE FUNCTION units_change_heads() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before uuid;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        before := OLD.head_employee_id;
    END IF;
    IF NEW.head_employee_id IS NOT DISTINCT FROM before THEN
        RETURN NULL;
    END IF;
    IF (SELECT count(*) FROM units WHERE head_employee_id = NEW.head_employee_id) > 50 THEN
        RAISE EXCEPTION 'a person heads 50 units at most'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'units_head_employee_id_limit';
    END IF;
    PERFORM end_tokens_of(array_remove(ARRAY[before, NEW.head_employee_id], NULL));
    RETURN NULL;
END $$;
CREATE TRIGGER units_change_heads AFTER INSERT OR UPDATE OF head_employee_id ON units
    FOR EACH ROW EXECUTE FUNCTION units_change_heads();

-- Who leaves decides nothing from then on. Who moves out of a unit, or up, no longer heads it.
CREATE FUNCTION employees_leave_and_move() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.status = 'left' AND OLD.status <> 'left' THEN
        PERFORM end_tokens_of(ARRAY[NEW.id]);
    END IF;
    IF NEW.unit_id <> OLD.unit_id THEN
        UPDATE units u SET head_employee_id = NULL, version = version + 1, updated_at = NEW.updated_at
        WHERE u.head_employee_id = NEW.id AND NOT EXISTS (
            SELECT 1 FROM unit_ancestors a WHERE a.ancestor_id = u.id AND a.unit_id = NEW.unit_id);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER employees_leave_and_move AFTER UPDATE OF status, unit_id ON employees
    FOR EACH ROW WHEN (OLD.status <> NEW.status OR OLD.unit_id <> NEW.unit_id)
    EXECUTE FUNCTION employees_leave_and_move();
