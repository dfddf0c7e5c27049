-- A unit stands at most nine levels below its ministry: what a change of the tree costs grows with its depth.
CREATE OR REPLACE FUNCTION units_keep_ancestors() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    -- Ten levels, the ministry being the first: each unit costs a row per level above it, and each move as many for
    -- everything below. The document of the API says so.
    deepest CONSTANT int := 9;
    below int := 0;
    depth_there int;
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
        SELECT max(depth) INTO below FROM unit_ancestors WHERE ancestor_id = NEW.id;
    ELSIF NEW.parent_id IS NOT NULL THEN
        -- Nobody moves what stands above while a unit is added below it.
        PERFORM pg_advisory_xact_lock_shared(hashtext('unit_ancestors'));
    END IF;
    IF NEW.parent_id IS NOT NULL THEN
        SELECT max(depth) + 1 INTO depth_there FROM unit_ancestors WHERE unit_id = NEW.parent_id;
        IF depth_there + below > deepest THEN
            RAISE EXCEPTION 'units are nested too deep'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'units_depth_check';
        END IF;
    END IF;
    IF TG_OP = 'UPDATE' THEN
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
