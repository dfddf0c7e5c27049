CREATE TABLE participants (
    id uuid PRIMARY KEY,
    nomination_id uuid NOT NULL CONSTRAINT participants_nomination_id_key UNIQUE
        CONSTRAINT participants_nomination_id_fkey REFERENCES nominations (id),
    offering_id uuid NOT NULL CONSTRAINT participants_offering_id_fkey REFERENCES offerings (id),
    institute_id uuid NOT NULL CONSTRAINT participants_institute_id_fkey REFERENCES institutes (id),
    employee_id uuid NOT NULL CONSTRAINT participants_employee_id_fkey REFERENCES employees (id),
    unit_id uuid NOT NULL CONSTRAINT participants_unit_id_fkey REFERENCES units (id),
    -- The identifier an institute sees instead of the employee's own: counted within the offering.
    number int NOT NULL CONSTRAINT participants_number_check CHECK (number >= 1),
    status text NOT NULL CONSTRAINT participants_status_check CHECK (status IN ('enrolled', 'withdrawn', 'completed', 'not_completed')),
    attendance_percent double precision CONSTRAINT participants_attendance_percent_check CHECK (attendance_percent BETWEEN 0 AND 100),
    version int NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT participants_offering_id_number_key UNIQUE (offering_id, number)
);
CREATE UNIQUE INDEX participants_offering_id_employee_id_key ON participants (offering_id, employee_id) WHERE status <> 'withdrawn';
CREATE INDEX participants_employee_id_idx ON participants (employee_id);
CREATE INDEX participants_institute_id_idx ON participants (institute_id);
CREATE INDEX participants_unit_id_idx ON participants (unit_id);

CREATE TABLE attendance (
    participant_id uuid NOT NULL CONSTRAINT attendance_participant_id_fkey REFERENCES participants (id),
    session_id uuid NOT NULL CONSTRAINT attendance_session_id_fkey REFERENCES sessions (id),
    status text NOT NULL CONSTRAINT attendance_status_check CHECK (status IN ('present', 'absent', 'excused')),
    recorded_at timestamptz NOT NULL,
    CONSTRAINT attendance_pkey PRIMARY KEY (participant_id, session_id)
);
CREATE INDEX attendance_session_id_idx ON attendance (session_id);

CREATE TABLE results (
    participant_id uuid NOT NULL CONSTRAINT results_participant_id_fkey REFERENCES participants (id),
    assessment text NOT NULL,
    score double precision NOT NULL CONSTRAINT results_score_check CHECK (score >= 0 AND score <= maximum),
    maximum double precision NOT NULL CONSTRAINT results_maximum_check CHECK (maximum > 0 AND maximum <= 1000),
    recorded_at timestamptz NOT NULL,
    CONSTRAINT results_pkey PRIMARY KEY (participant_id, assessment)
);

CREATE TABLE certificates (
    id uuid PRIMARY KEY,
    number text NOT NULL CONSTRAINT certificates_number_key UNIQUE,
    participant_id uuid NOT NULL CONSTRAINT certificates_participant_id_fkey REFERENCES participants (id),
    offering_id uuid NOT NULL CONSTRAINT certificates_offering_id_fkey REFERENCES offerings (id),
    institute_id uuid NOT NULL CONSTRAINT certificates_institute_id_fkey REFERENCES institutes (id),
    employee_id uuid NOT NULL CONSTRAINT certificates_employee_id_fkey REFERENCES employees (id),
    -- As printed: a certificate does not change when a name or a title does.
    holder_name text NOT NULL,
    course_title text NOT NULL,
    periods int NOT NULL,
    issued_on date NOT NULL,
    status text NOT NULL CONSTRAINT certificates_status_check CHECK (status IN ('issued', 'revoked')),
    revoked_reason text,
    version int NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT certificates_revoked_reason_check CHECK ((status = 'revoked') = (revoked_reason IS NOT NULL))
);
-- A programme certificate is issued once (Circular 03/2023, Art. 5(2)).
CREATE UNIQUE INDEX certificates_participant_id_key ON certificates (participant_id) WHERE status = 'issued';
CREATE INDEX certificates_participant_id_idx ON certificates (participant_id);
CREATE INDEX certificates_offering_id_idx ON certificates (offering_id);
CREATE INDEX certificates_institute_id_idx ON certificates (institute_id);
CREATE INDEX certificates_employee_id_idx ON certificates (employee_id);

ALTER TABLE employee_competencies ADD CONSTRAINT employee_competencies_certificate_id_fkey
    FOREIGN KEY (certificate_id) REFERENCES certificates (id);
CREATE INDEX employee_competencies_certificate_id_idx ON employee_competencies (certificate_id);

-- Certificate numbers run per institute and year without a hole.
CREATE TABLE certificate_counters (
    institute_id uuid NOT NULL CONSTRAINT certificate_counters_institute_id_fkey REFERENCES institutes (id),
    year int NOT NULL,
    last_number int NOT NULL CONSTRAINT certificate_counters_last_number_check CHECK (last_number >= 1),
    CONSTRAINT certificate_counters_pkey PRIMARY KEY (institute_id, year)
);
