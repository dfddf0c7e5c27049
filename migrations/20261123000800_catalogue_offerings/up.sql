CREATE TABLE offerings (
    id uuid PRIMARY KEY,
    code text NOT NULL CONSTRAINT offerings_code_key UNIQUE,
    course_id uuid NOT NULL CONSTRAINT offerings_course_id_fkey REFERENCES courses (id),
    institute_id uuid NOT NULL CONSTRAINT offerings_institute_id_fkey REFERENCES institutes (id),
    mode text NOT NULL CONSTRAINT offerings_mode_check CHECK (mode IN ('in_person', 'online', 'blended', 'distance')),
    attendance text NOT NULL CONSTRAINT offerings_attendance_check CHECK (attendance IN ('full_time', 'part_time')),
    location text,
    seats int NOT NULL CONSTRAINT offerings_seats_check CHECK (seats BETWEEN 1 AND 2000),
    nominations_close_on date NOT NULL,
    status text NOT NULL CONSTRAINT offerings_status_check CHECK (status IN ('draft', 'open', 'confirmed', 'closed', 'cancelled')),
    -- First and last session, kept with the sessions so that lists and evaluations need no join.
    first_half_day int NOT NULL,
    last_half_day int NOT NULL,
    version int NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT offerings_last_half_day_check CHECK (last_half_day >= first_half_day)
);
CREATE INDEX offerings_course_id_idx ON offerings (course_id);
CREATE INDEX offerings_institute_id_idx ON offerings (institute_id);

CREATE TABLE sessions (
    id uuid PRIMARY KEY,
    offering_id uuid NOT NULL CONSTRAINT sessions_offering_id_fkey REFERENCES offerings (id),
    half_day int NOT NULL,
    periods int NOT NULL CONSTRAINT sessions_periods_check CHECK (periods BETWEEN 1 AND 6),
    topic text NOT NULL,
    lecturer_id uuid NOT NULL CONSTRAINT sessions_lecturer_id_fkey REFERENCES lecturers (id),
    CONSTRAINT sessions_offering_id_half_day_key UNIQUE (offering_id, half_day)
);
CREATE INDEX sessions_lecturer_id_idx ON sessions (lecturer_id, half_day);
