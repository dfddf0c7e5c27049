CREATE TABLE institutes (
    id uuid PRIMARY KEY,
    code text NOT NULL CONSTRAINT institutes_code_key UNIQUE,
    name text NOT NULL,
    kind text NOT NULL CONSTRAINT institutes_kind_check CHECK (kind IN ('ministry_school', 'academy', 'university', 'authorised_unit', 'other')),
    contact_email text NOT NULL,
    contact_name text NOT NULL,
    status text NOT NULL CONSTRAINT institutes_status_check CHECK (status IN ('applied', 'approved', 'suspended', 'closed')),
    decision_number text,
    version int NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);

CREATE TABLE lecturers (
    id uuid PRIMARY KEY,
    institute_id uuid NOT NULL CONSTRAINT lecturers_institute_id_fkey REFERENCES institutes (id),
    full_name text NOT NULL,
    email text,
    degree text NOT NULL CONSTRAINT lecturers_degree_check CHECK (degree IN ('bachelor', 'master', 'doctorate')),
    role text NOT NULL CONSTRAINT lecturers_role_check
        CHECK (role IN ('lecturer', 'principal_lecturer', 'senior_lecturer', 'visiting_lecturer', 'guest_speaker')),
    subjects text[] NOT NULL CONSTRAINT lecturers_subjects_check CHECK (array_position(subjects, NULL) IS NULL),
    is_active boolean NOT NULL,
    version int NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);
CREATE INDEX lecturers_institute_id_idx ON lecturers (institute_id);

CREATE TABLE courses (
    id uuid PRIMARY KEY,
    code text NOT NULL CONSTRAINT courses_code_key UNIQUE,
    institute_id uuid NOT NULL CONSTRAINT courses_institute_id_fkey REFERENCES institutes (id),
    title text NOT NULL,
    content_area text NOT NULL CONSTRAINT courses_content_area_check CHECK (content_area IN
        ('political_theory', 'defence_security', 'state_management', 'professional_skill', 'science_technology_digital')),
    objectives text NOT NULL,
    periods int NOT NULL CONSTRAINT courses_periods_check CHECK (periods BETWEEN 1 AND 2000),
    obligation text NOT NULL CONSTRAINT courses_obligation_check CHECK (obligation IN ('mandatory', 'encouraged')),
    legal_basis text,
    -- Five behaviours at work, rated before and after by the same supervisor.
    behaviours text[] NOT NULL CONSTRAINT courses_behaviours_check CHECK (cardinality(behaviours) = 5 AND array_position(behaviours, NULL) IS NULL),
    -- Smallest change in points of 5 that matters, set before the data.
    smallest_change double precision NOT NULL CONSTRAINT courses_smallest_change_check CHECK (smallest_change > 0 AND smallest_change <= 2),
    -- Share of half-days a participant must attend, percent (Circular 03/2023, Art. 6: in full, unless the programme says otherwise).
    minimum_attendance_percent int NOT NULL CONSTRAINT courses_minimum_attendance_percent_check CHECK (minimum_attendance_percent BETWEEN 50 AND 100),
    refresh_months int CONSTRAINT courses_refresh_months_check CHECK (refresh_months BETWEEN 1 AND 120),
    status text NOT NULL CONSTRAINT courses_status_check
        CHECK (status IN ('draft', 'submitted', 'changes_requested', 'approved', 'published', 'retired')),
    -- What the ministry last asked to be changed, for the institute to read; emptied by approval.
    requested_changes text,
    version int NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);
CREATE INDEX courses_institute_id_idx ON courses (institute_id);

CREATE TABLE course_competencies (
    course_id uuid NOT NULL CONSTRAINT course_competencies_course_id_fkey REFERENCES courses (id),
    competency_id uuid NOT NULL CONSTRAINT course_competencies_competency_id_fkey REFERENCES competencies (id),
    level smallint NOT NULL CONSTRAINT course_competencies_level_check CHECK (level BETWEEN 1 AND 5),
    CONSTRAINT course_competencies_pkey PRIMARY KEY (course_id, competency_id)
);
CREATE INDEX course_competencies_competency_id_idx ON course_competencies (competency_id);

-- Whom a course is for. No row: for everybody.
CREATE TABLE course_audiences (
    course_id uuid NOT NULL CONSTRAINT course_audiences_course_id_fkey REFERENCES courses (id),
    job_position_id uuid NOT NULL CONSTRAINT course_audiences_job_position_id_fkey REFERENCES job_positions (id),
    CONSTRAINT course_audiences_pkey PRIMARY KEY (course_id, job_position_id)
);
CREATE INDEX course_audiences_job_position_id_idx ON course_audiences (job_position_id);
