-- One table holds the answers to every anonymous form; the environment is asked about twice.
ALTER TABLE anonymous_responses ADD COLUMN phase text NOT NULL DEFAULT 'close'
    CONSTRAINT anonymous_responses_phase_check CHECK (phase IN ('baseline', 'close', 'three_months', 'six_months'));

-- By how many days the subject's long absence moved the window: opens_on and due_on include them.
ALTER TABLE evaluations ADD COLUMN moved_days int NOT NULL DEFAULT 0
    CONSTRAINT evaluations_moved_days_check CHECK (moved_days >= 0);

-- What the minute's round looks for, found without reading every pending task: those that lapse stay pending for ever.
CREATE INDEX evaluations_pending_window_idx ON evaluations (offering_id, phase, (opens_on - moved_days))
    WHERE status = 'pending';
CREATE INDEX evaluations_pending_opens_on_idx ON evaluations (opens_on) WHERE status = 'pending';
CREATE INDEX evaluations_pending_due_on_idx ON evaluations (due_on) WHERE status = 'pending';
CREATE INDEX evaluations_pending_moved_days_idx ON evaluations (moved_days) WHERE status = 'pending' AND moved_days > 0;
-- Absences of more than thirty days.
CREATE INDEX absences_long_idx ON absences (employee_id) WHERE last_half_day - first_half_day >= 60;
-- Who lacks which form.
CREATE INDEX evaluations_participant_id_phase_idx ON evaluations (participant_id, phase, questionnaire_id);
DROP INDEX evaluations_participant_id_idx;
