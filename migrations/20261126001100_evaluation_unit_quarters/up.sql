-- What a unit's people came to in a calendar quarter: the pairs of all offerings released in it, put together when it
-- is over, and never changed. A unit sends one or two people to an offering: told offering by offering, a report of
-- the unit would tell of each of them.
CREATE TABLE unit_quarters (
    quarter_start date NOT NULL,
    measure text NOT NULL CONSTRAINT unit_quarters_measure_check CHECK (measure IN ('three_months', 'six_months', 'work_score')),
    unit_id uuid NOT NULL CONSTRAINT unit_quarters_unit_id_fkey REFERENCES units (id),
    -- As in offering_rollups; without the pairs where fewer than five people, or a difference to what is published of
    -- offerings, would show.
    sums jsonb NOT NULL,
    PRIMARY KEY (quarter_start, measure, unit_id)
);
CREATE INDEX unit_quarters_unit_id_idx ON unit_quarters (unit_id, quarter_start);
CREATE INDEX offering_rollups_released_on_idx ON offering_rollups (released_on, measure);
