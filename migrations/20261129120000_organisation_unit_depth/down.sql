CREATE OR REPLACE FUNCTION units_keep_ancestors() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW.parent_id IS NOT DISTINCT FROM OLD.parent_id THEN
            RETURN NEW;
        END IF;
        -- Moves take turns: two concurrent moves could otherwise close a ring that neither of them sees.
        PERFORM pg_advisory_xact_lock(hashtext('unit_ancestors'));
        IF EXISTS (SELECT 1 FROM unit_ancestors WHERE ancestor_id = NEW.id AND unit_id = NEW.parent_id) THEN
            RAISE EXCEPTION 'a unit cannot be placed below itself'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'units_parent_id_check';
        END IF;
        DELETE FROM unit_ancestors a
            USING unit_ancestors own
            WHERE own.ancestor_id = NEW.id AND a.unit_id = own.unit_id
              AND a.ancestor_id NOT IN (SELECT unit_id FROM unit_ancestors WHERE ancestor_id = NEW.id);
        INSERT INTO unit_ancestors (ancestor_id, unit_id, depth)
            SELECT up.ancestor_id, own.unit_id, up.depth + own.depth + 1
            FROM unit_ancestors up CROSS JOIN unit_ancestors own
            WHERE up.unit_id = NEW.parent_id AND own.ancestor_id = NEW.id;
    ELSE
        INSERT INTO unit_ancestors (ancestor_id, unit_id, depth) VALUES (NEW.id, NEW.id, 0);
        INSERT INTO unit_ancestors (ancestor_id, unit_id, depth)
            SELECT ancestor_id, NEW.id, depth + 1 FROM unit_ancestors WHERE unit_id = NEW.parent_id;
    END IF;
    RETURN NEW;
END $$;
