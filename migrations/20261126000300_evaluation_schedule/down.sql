CREATE INDEX evaluations_participant_id_idx ON evaluations (participant_id);
DROP INDEX evaluations_participant_id_phase_idx;
DROP INDEX absences_long_idx;
DROP INDEX evaluations_pending_moved_days_idx;
DROP INDEX evaluations_pending_due_on_idx;
DROP INDEX evaluations_pending_opens_on_idx;
DROP INDEX evaluations_pending_window_idx;
ALTER TABLE evaluations DROP COLUMN moved_days;
ALTER TABLE anonymous_responses DROP COLUMN phase;
