DROP TABLE holidays;
DROP TABLE coverage_rules;
DROP TABLE absences;
