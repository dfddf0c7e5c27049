CREATE TABLE accounts (
    id uuid PRIMARY KEY,
    username text NOT NULL CONSTRAINT accounts_username_key UNIQUE CONSTRAINT accounts_username_check CHECK (username = lower(username)),
    display_name text NOT NULL,
    kind text NOT NULL CONSTRAINT accounts_kind_check CHECK (kind IN ('person', 'machine')),
    -- argon2id, PHC string: a person's password or a machine's client secret.
    secret_hash text NOT NULL,
    employee_id uuid CONSTRAINT accounts_employee_id_key UNIQUE CONSTRAINT accounts_employee_id_fkey REFERENCES employees (id),
    institute_id uuid CONSTRAINT accounts_institute_id_fkey REFERENCES institutes (id),
    is_active boolean NOT NULL,
    -- Raised when rights change or the account is closed: tokens of an older epoch can no longer write.
    epoch int NOT NULL DEFAULT 1,
    version int NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);
CREATE INDEX accounts_institute_id_idx ON accounts (institute_id);

CREATE TABLE role_assignments (
    id uuid PRIMARY KEY,
    account_id uuid NOT NULL CONSTRAINT role_assignments_account_id_fkey REFERENCES accounts (id),
    role text NOT NULL CONSTRAINT role_assignments_role_check CHECK (role IN
        ('system_admin', 'training_officer', 'leader', 'unit_head', 'employee', 'institute', 'hr_portal', 'auditor')),
    -- For a unit head: the unit whose tree the role reaches.
    unit_id uuid CONSTRAINT role_assignments_unit_id_fkey REFERENCES units (id),
    created_at timestamptz NOT NULL,
    CONSTRAINT role_assignments_unit_id_check CHECK ((role = 'unit_head') = (unit_id IS NOT NULL)),
    CONSTRAINT role_assignments_account_id_role_key UNIQUE NULLS NOT DISTINCT (account_id, role, unit_id)
);
CREATE INDEX role_assignments_unit_id_idx ON role_assignments (unit_id);

-- Made on first start where no key file is given, so that every replica signs with the same key.
CREATE TABLE signing_keys (
    kid text CONSTRAINT signing_keys_pkey PRIMARY KEY,
    private_pkcs8 bytea NOT NULL,
    created_at timestamptz NOT NULL
);
