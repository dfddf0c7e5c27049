SELECT audit_table('evaluations', '-status', '-answered_on', '-version');
ALTER TABLE evaluations DROP COLUMN escalated_at, DROP COLUMN reminded_at;
