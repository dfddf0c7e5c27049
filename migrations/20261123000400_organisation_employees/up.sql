CREATE TABLE employees (
    id uuid PRIMARY KEY,
    code text NOT NULL CONSTRAINT employees_code_key UNIQUE,
    full_name text NOT NULL,
    -- Derived from full_name by the service: order of Vietnamese names, and accent-free search.
    name_key text COLLATE "C" NOT NULL,
    search_text text NOT NULL,
    email text NOT NULL CONSTRAINT employees_email_key UNIQUE,
    phone text,
    unit_id uuid NOT NULL CONSTRAINT employees_unit_id_fkey REFERENCES units (id),
    job_position_id uuid NOT NULL CONSTRAINT employees_job_position_id_fkey REFERENCES job_positions (id),
    category text NOT NULL CONSTRAINT employees_category_check
        CHECK (category IN ('cadre', 'civil_servant', 'public_employee', 'contract_worker')),
    status text NOT NULL CONSTRAINT employees_status_check CHECK (status IN ('active', 'on_leave', 'left')),
    birth_date date,
    joined_on date NOT NULL,
    version int NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);
CREATE INDEX employees_name_key_idx ON employees (name_key, id);
CREATE INDEX employees_unit_id_idx ON employees (unit_id, name_key, id);
CREATE INDEX employees_job_position_id_idx ON employees (job_position_id);
CREATE INDEX employees_search_text_idx ON employees USING gin (search_text gin_trgm_ops);

ALTER TABLE units ADD CONSTRAINT units_head_employee_id_fkey FOREIGN KEY (head_employee_id) REFERENCES employees (id);
CREATE INDEX units_head_employee_id_idx ON units (head_employee_id);

-- What a person has shown to master, with its proof; a gap is a requirement that no valid row here meets.
CREATE TABLE employee_competencies (
    id uuid PRIMARY KEY,
    employee_id uuid NOT NULL CONSTRAINT employee_competencies_employee_id_fkey REFERENCES employees (id),
    competency_id uuid NOT NULL CONSTRAINT employee_competencies_competency_id_fkey REFERENCES competencies (id),
    level smallint NOT NULL CONSTRAINT employee_competencies_level_check CHECK (level BETWEEN 1 AND 5),
    source text NOT NULL CONSTRAINT employee_competencies_source_check CHECK (source IN ('assessment', 'certificate', 'import')),
    certificate_id uuid,
    valid_from date NOT NULL,
    valid_to date,
    created_at timestamptz NOT NULL,
    CONSTRAINT employee_competencies_valid_to_check CHECK (valid_to > valid_from)
);
CREATE INDEX employee_competencies_employee_id_idx ON employee_competencies (employee_id, competency_id);
CREATE INDEX employee_competencies_competency_id_idx ON employee_competencies (competency_id);

-- Succession planning: planned for a post, by a decision, for a time.
CREATE TABLE succession_entries (
    id uuid PRIMARY KEY,
    employee_id uuid NOT NULL CONSTRAINT succession_entries_employee_id_fkey REFERENCES employees (id),
    job_position_id uuid NOT NULL CONSTRAINT succession_entries_job_position_id_fkey REFERENCES job_positions (id),
    decision_number text NOT NULL,
    valid_from date NOT NULL,
    valid_to date NOT NULL,
    version int NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT succession_entries_valid_to_check CHECK (valid_to > valid_from),
    CONSTRAINT succession_entries_validity_excl EXCLUDE USING gist
        (employee_id WITH =, job_position_id WITH =, daterange(valid_from, valid_to) WITH &&)
);
CREATE INDEX succession_entries_employee_id_idx ON succession_entries (employee_id);
CREATE INDEX succession_entries_job_position_id_idx ON succession_entries (job_position_id);
