DROP TABLE corrective_actions;
DROP TABLE anonymous_responses;
DROP TABLE evaluation_responses;
DROP TABLE evaluations;
DROP TABLE questionnaires;
