DROP TABLE position_requirements;
DROP TABLE job_positions;
DROP TABLE competencies;
