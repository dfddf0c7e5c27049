CREATE TABLE competencies (
    id uuid PRIMARY KEY,
    code text NOT NULL CONSTRAINT competencies_code_key UNIQUE,
    name text NOT NULL,
    content_area text NOT NULL CONSTRAINT competencies_content_area_check CHECK (content_area IN
        ('political_theory', 'defence_security', 'state_management', 'professional_skill', 'science_technology_digital')),
    description text,
    version int NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);

CREATE TABLE job_positions (
    id uuid PRIMARY KEY,
    code text NOT NULL CONSTRAINT job_positions_code_key UNIQUE,
    name text NOT NULL,
    -- Positions of one group can stand in for each other: coverage and comparison groups count by it.
    position_group text NOT NULL,
    is_leadership boolean NOT NULL,
    max_consecutive_absence_days int CONSTRAINT job_positions_max_consecutive_absence_days_check
        CHECK (max_consecutive_absence_days BETWEEN 1 AND 365),
    version int NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);

-- What a position asks for, and from when to when: requirements are replaced by dated successors, never edited away.
CREATE TABLE position_requirements (
    id uuid PRIMARY KEY,
    job_position_id uuid NOT NULL CONSTRAINT position_requirements_job_position_id_fkey REFERENCES job_positions (id),
    competency_id uuid NOT NULL CONSTRAINT position_requirements_competency_id_fkey REFERENCES competencies (id),
    level smallint NOT NULL CONSTRAINT position_requirements_level_check CHECK (level BETWEEN 1 AND 5),
    is_hard boolean NOT NULL,
    legal_basis text,
    valid_from date NOT NULL,
    valid_to date,
    created_at timestamptz NOT NULL,
    CONSTRAINT position_requirements_valid_to_check CHECK (valid_to > valid_from),
    CONSTRAINT position_requirements_validity_excl EXCLUDE USING gist
        (job_position_id WITH =, competency_id WITH =, daterange(valid_from, valid_to) WITH &&)
);
CREATE INDEX position_requirements_competency_id_idx ON position_requirements (competency_id);
