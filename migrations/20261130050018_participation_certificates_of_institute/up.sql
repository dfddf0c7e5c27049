-- Takes the place of certificates_institute_id_idx, in the order of the list.
CREATE INDEX CONCURRENTLY certificates_of_institute_idx ON certificates (institute_id, id);
