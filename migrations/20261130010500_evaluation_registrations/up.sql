-- What was fixed of an offering's evaluation when it began: written once. Anybody can compute the digest of the document
-- anew, and the log, which is chained, has it too; the document itself would only repeat what stands here.
CREATE TABLE evaluation_registrations (
    offering_id uuid CONSTRAINT evaluation_registrations_pkey PRIMARY KEY
        CONSTRAINT evaluation_registrations_offering_id_fkey REFERENCES offerings (id),
    registered_at timestamptz NOT NULL,
    -- JSON, as it was when the digest was taken: jsonb would write it anew.
    document text NOT NULL,
    digest text NOT NULL CONSTRAINT evaluation_registrations_digest_check
        CHECK (digest = encode(sha256(convert_to(document, 'UTF8')), 'hex'))
);
SELECT audit_table('evaluation_registrations', '-document');

CREATE FUNCTION evaluation_registration_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what was registered stays as it is: % on % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER evaluation_registrations_stay BEFORE UPDATE OR DELETE ON evaluation_registrations
    FOR EACH STATEMENT EXECUTE FUNCTION evaluation_registration_refuse_change();

-- What has ended or will end, beginning with the oldest that is still evaluated, is found by offerings_last_half_day_idx.
