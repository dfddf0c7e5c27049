-- Scarce seats of an offering are drawn by lot, where an officer chose so before anybody had a seat. The seed is made when
-- the draw is announced and kept back until it is held; its digest is public from the start, so that nobody can change it.
CREATE TABLE seat_draws (
    offering_id uuid CONSTRAINT seat_draws_pkey PRIMARY KEY
        CONSTRAINT seat_draws_offering_id_fkey REFERENCES offerings (id),
    status text NOT NULL CONSTRAINT seat_draws_status_check CHECK (status IN ('announced', 'held', 'called_off')),
    seed text NOT NULL CONSTRAINT seat_draws_seed_check CHECK (seed ~ '^[0-9a-f]{64}$'),
    -- SHA-256 of the seed as it is written here.
    seed_digest text NOT NULL CONSTRAINT seat_draws_seed_digest_check CHECK (seed_digest ~ '^[0-9a-f]{64}$'),
    -- The run of the course in which those who are not drawn have the first seats.
    next_offering_id uuid CONSTRAINT seat_draws_next_offering_id_fkey REFERENCES offerings (id)
        CONSTRAINT seat_draws_next_offering_id_check CHECK (next_offering_id <> offering_id),
    held_at timestamptz CONSTRAINT seat_draws_held_at_check CHECK ((held_at IS NOT NULL) = (status = 'held')),
    version int NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);
CREATE INDEX seat_draws_next_offering_id_idx ON seat_draws (next_offering_id) WHERE next_offering_id IS NOT NULL;

-- Whose nomination was in a draw, in the order of their lots, and what it came to.
CREATE TABLE seat_draw_entries (
    nomination_id uuid CONSTRAINT seat_draw_entries_pkey PRIMARY KEY
        CONSTRAINT seat_draw_entries_nomination_id_fkey REFERENCES nominations (id),
    offering_id uuid NOT NULL CONSTRAINT seat_draw_entries_offering_id_fkey REFERENCES seat_draws (offering_id),
    employee_id uuid NOT NULL CONSTRAINT seat_draw_entries_employee_id_fkey REFERENCES employees (id),
    place int NOT NULL CONSTRAINT seat_draw_entries_place_check CHECK (place >= 1),
    outcome text NOT NULL CONSTRAINT seat_draw_entries_outcome_check CHECK (outcome IN ('drawn', 'waiting', 'passed_over'))
);
CREATE INDEX seat_draw_entries_offering_id_idx ON seat_draw_entries (offering_id, place);
CREATE INDEX seat_draw_entries_employee_id_idx ON seat_draw_entries (employee_id);

-- The log must not show a seed before the draw.
SELECT audit_table('seat_draws', '-seed');
SELECT audit_table('seat_draw_entries');
