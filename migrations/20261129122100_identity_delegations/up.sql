-- One delegation at a time for a unit and a deputy: of those that overlap already, the first given stays.
UPDATE delegations d SET revoked_at = now(), version = version + 1, updated_at = now()
WHERE d.revoked_at IS NULL AND EXISTS (
    SELECT 1 FROM delegations o
    WHERE o.revoked_at IS NULL AND o.unit_id = d.unit_id AND o.deputy_account_id = d.deputy_account_id AND o.id < d.id
      AND daterange(o.valid_from, o.valid_to, '[]') && daterange(d.valid_from, d.valid_to, '[]'));
ALTER TABLE delegations ADD CONSTRAINT delegations_validity_excl EXCLUDE USING gist
    (unit_id WITH =, deputy_account_id WITH =, daterange(valid_from, valid_to, '[]') WITH &&) WHERE (revoked_at IS NULL);
