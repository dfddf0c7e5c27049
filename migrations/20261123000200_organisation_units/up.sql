CREATE TABLE units (
    id uuid PRIMARY KEY,
    code text NOT NULL CONSTRAINT units_code_key UNIQUE,
    name text NOT NULL,
    kind text NOT NULL CONSTRAINT units_kind_check
        CHECK (kind IN ('ministry', 'department', 'agency', 'ministry_office', 'division', 'institute', 'press', 'school')),
    parent_id uuid CONSTRAINT units_parent_id_fkey REFERENCES units (id),
    head_employee_id uuid,
    version int NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);
CREATE INDEX units_parent_id_idx ON units (parent_id);

-- Closure of the tree: a unit is its own ancestor at depth 0. "A unit and everything below" is one index range.
CREATE TABLE unit_ancestors (
    ancestor_id uuid NOT NULL CONSTRAINT unit_ancestors_ancestor_id_fkey REFERENCES units (id) ON DELETE CASCADE,
    unit_id uuid NOT NULL CONSTRAINT unit_ancestors_unit_id_fkey REFERENCES units (id) ON DELETE CASCADE,
    depth int NOT NULL CONSTRAINT unit_ancestors_depth_check CHECK (depth >= 0),
    CONSTRAINT unit_ancestors_pkey PRIMARY KEY (ancestor_id, unit_id)
);
CREATE INDEX unit_ancestors_unit_id_idx ON unit_ancestors (unit_id);

CREATE FUNCTION units_keep_ancestors() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER units_keep_ancestors AFTER INSERT OR UPDATE OF parent_id ON units
    FOR EACH ROW EXECUTE FUNCTION units_keep_ancestors();
