-- Whether the person concerned asked, or somebody recorded the request: who recorded it does not fulfil it alone.
ALTER TABLE personal_data_requests ADD COLUMN asked_by_person boolean NOT NULL DEFAULT false;
UPDATE personal_data_requests r SET asked_by_person = true
    FROM accounts a WHERE a.id = r.recorded_by AND a.employee_id = r.employee_id;
