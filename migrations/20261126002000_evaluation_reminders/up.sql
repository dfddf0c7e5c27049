-- When a respondent was reminded, and when the respondent's superior was told: each once for a window.
ALTER TABLE evaluations ADD COLUMN reminded_at timestamptz, ADD COLUMN escalated_at timestamptz;
-- That an anonymous form was not answered at a moment bounds when it was: neither the log nor an answered task keeps it.
SELECT audit_table('evaluations', '-status', '-answered_on', '-version', '-reminded_at', '-escalated_at');
