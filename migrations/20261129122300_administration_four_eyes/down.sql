ALTER TABLE personal_data_requests DROP COLUMN asked_by_person;
