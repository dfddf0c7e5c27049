ALTER TABLE delegations DROP CONSTRAINT delegations_validity_excl;
