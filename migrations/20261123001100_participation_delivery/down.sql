DROP TABLE certificate_counters;
ALTER TABLE employee_competencies DROP CONSTRAINT employee_competencies_certificate_id_fkey;
DROP INDEX employee_competencies_certificate_id_idx;
DROP TABLE certificates;
DROP TABLE results;
DROP TABLE attendance;
DROP TABLE participants;
