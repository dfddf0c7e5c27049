-- Unique because `id` is. With this index the unit is part of a key: a move waits for those who refer to the person in a
-- unit of work that is not over, and they for the move (FOR KEY SHARE in 20261130050001_organisation_rows_of_units).
CREATE UNIQUE INDEX CONCURRENTLY employees_id_unit_id_key ON employees (id, unit_id);
