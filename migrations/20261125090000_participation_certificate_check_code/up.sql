-- Numbers run without holes and can be walked; the code beside it is what only the holder knows. Certificates that are
-- there get one too, and so do those that an older version writes meanwhile.
ALTER TABLE certificates
    ADD COLUMN check_code text NOT NULL DEFAULT upper(left(replace(gen_random_uuid()::text, '-', ''), 12));
SELECT audit_table('certificates', 'check_code');
