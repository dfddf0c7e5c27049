-- The column goes with the migration that added it (20261130050001_organisation_rows_of_units).
SELECT 1;
