ALTER TABLE employees
    -- Personal identification number (Decree 137/2015/NĐ-CP, Art. 13): twelve digits, text for its leading zeros.
    ADD COLUMN personal_number text CONSTRAINT employees_personal_number_check CHECK (personal_number ~ '^[0-9]{12}$'),
    -- The person restricted what is done with the data beyond what the law assigns (Law 91/2025/QH15, Arts. 4 and 19).
    ADD COLUMN restricted boolean NOT NULL DEFAULT false,
    -- When the person's identity was erased; the row stays, so that certificates and figures keep what they refer to.
    ADD COLUMN erased_at timestamptz;
CREATE UNIQUE INDEX employees_personal_number_key ON employees (personal_number);

-- What a person asks for concerning the own data, with the clocks of Decree 356/2025/NĐ-CP, Art. 5.
CREATE TABLE personal_data_requests (
    id uuid PRIMARY KEY,
    employee_id uuid NOT NULL CONSTRAINT personal_data_requests_employee_id_fkey REFERENCES employees (id),
    kind text NOT NULL CONSTRAINT personal_data_requests_kind_check CHECK (kind IN
        ('view', 'correction', 'copy', 'restriction', 'objection', 'consent_withdrawal', 'erasure')),
    details text,
    -- For a correction: the members to correct, in the form they are stored in.
    corrections jsonb CONSTRAINT personal_data_requests_corrections_check CHECK (corrections IS NULL OR kind = 'correction'),
    status text NOT NULL CONSTRAINT personal_data_requests_status_check
        CHECK (status IN ('received', 'acknowledged', 'fulfilled', 'refused')),
    -- The clocks start here; a request on paper is recorded later than it came.
    received_on date NOT NULL,
    recorded_by uuid NOT NULL,
    acknowledge_by date NOT NULL CONSTRAINT personal_data_requests_acknowledge_by_check CHECK (acknowledge_by > received_on),
    acknowledged_on date,
    due_on date NOT NULL CONSTRAINT personal_data_requests_due_on_check CHECK (due_on > received_on),
    extended_on date,
    extension_reason text,
    decided_on date,
    refusal_reason text,
    version int NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT personal_data_requests_extension_reason_check CHECK ((extended_on IS NULL) = (extension_reason IS NULL)),
    CONSTRAINT personal_data_requests_decided_on_check CHECK ((status IN ('fulfilled', 'refused')) = (decided_on IS NOT NULL)),
    CONSTRAINT personal_data_requests_refusal_reason_check CHECK ((status = 'refused') = (refusal_reason IS NOT NULL))
);
CREATE INDEX personal_data_requests_employee_id_idx ON personal_data_requests (employee_id, id);
CREATE INDEX personal_data_requests_due_on_idx ON personal_data_requests (due_on) WHERE status IN ('received', 'acknowledged');

-- The code is how colleagues know a person; erasure changes it.
SELECT audit_table('employees', 'code');
SELECT audit_table('personal_data_requests');
