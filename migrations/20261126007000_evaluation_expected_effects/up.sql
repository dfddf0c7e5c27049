-- What the ministry expects of an offering, declared before it starts and set against what is found.
CREATE TABLE expected_effects (
    offering_id uuid CONSTRAINT expected_effects_pkey PRIMARY KEY
        CONSTRAINT expected_effects_offering_id_fkey REFERENCES offerings (id),
    effects jsonb NOT NULL,
    version int NOT NULL CONSTRAINT expected_effects_version_check CHECK (version >= 1),
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);
SELECT audit_table('expected_effects');
