DROP INDEX units_searchable_idx, job_positions_searchable_idx, competencies_searchable_idx, institutes_searchable_idx,
    lecturers_searchable_idx, courses_searchable_idx, offerings_searchable_idx, questionnaires_searchable_idx,
    accounts_searchable_idx;
DROP FUNCTION searchable(text, text);
