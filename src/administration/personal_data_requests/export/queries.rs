use std::collections::BTreeMap;

use diesel::QueryableByName;
use diesel::sql_types::Jsonb;
use diesel_async::RunQueryDsl;
use serde_json::Value;
use uuid::Uuid;

use crate::db::Tx;
use crate::error::Result;

/// THE LIST OF PLACES where something about a person (`$1`) is held, each with the records it gives. Written as SQL,
/// since it reads the rows as they are: a column that is added is in the copy. Never here: secrets, other people's
/// names and ids, anonymous answers (they belong to nobody).
const PLACES: &[(&str, &str)] = &[
    (
        "employee",
        "SELECT to_jsonb(e) - '{name_key,search_text,search_words,unit_id,job_position_id}'::text[]
            || jsonb_build_object('unit', u.name, 'job_position', p.name) AS record
        FROM employees e JOIN units u ON u.id = e.unit_id JOIN job_positions p ON p.id = e.job_position_id
        WHERE e.id = $1",
    ),
    (
        "account",
        "SELECT jsonb_build_object('username', a.username, 'display_name', a.display_name, 'is_active', a.is_active,
            'created_at', a.created_at, 'roles',
            (SELECT coalesce(jsonb_agg(r.role ORDER BY r.role), '[]') FROM role_assignments r WHERE r.account_id = a.id))
            AS record
        FROM accounts a WHERE a.employee_id = $1",
    ),
    (
        "logins",
        "SELECT to_jsonb(s) - '{id,account_id}'::text[] AS record
        FROM login_sessions s JOIN accounts a ON a.id = s.account_id WHERE a.employee_id = $1 ORDER BY s.id",
    ),
    (
        "delegations",
        "SELECT jsonb_build_object('unit', u.name, 'as_deputy', d.deputy_account_id = a.id, 'reason', d.reason,
            'valid_from', d.valid_from, 'valid_to', d.valid_to, 'revoked_at', d.revoked_at) AS record
        FROM delegations d JOIN accounts a ON a.id IN (d.principal_account_id, d.deputy_account_id)
            JOIN units u ON u.id = d.unit_id
        WHERE a.employee_id = $1 ORDER BY d.id",
    ),
    (
        "competencies",
        "SELECT to_jsonb(h) - '{id,employee_id,competency_id,certificate_id}'::text[]
            || jsonb_build_object('code', c.code, 'name', c.name) AS record
        FROM employee_competencies h JOIN competencies c ON c.id = h.competency_id
        WHERE h.employee_id = $1 ORDER BY h.id",
    ),
    (
        "absences",
        "SELECT to_jsonb(a) - '{id,employee_id,unit_id,first_half_day,last_half_day}'::text[] || jsonb_build_object(
            'starts_on', date '1970-01-01' + a.first_half_day / 2,
            'starts_half', CASE a.first_half_day % 2 WHEN 0 THEN 'morning' ELSE 'afternoon' END,
            'ends_on', date '1970-01-01' + a.last_half_day / 2,
            'ends_half', CASE a.last_half_day % 2 WHEN 0 THEN 'morning' ELSE 'afternoon' END) AS record
        FROM absences a WHERE a.employee_id = $1 ORDER BY a.first_half_day",
    ),
    (
        "ratings",
        "SELECT to_jsonb(r) - '{id,employee_id,unit_id}'::text[] AS record
        FROM performance_ratings r WHERE r.employee_id = $1 ORDER BY r.period_start, r.revision",
    ),
    (
        "nominations",
        "SELECT jsonb_build_object('course', c.title, 'offering', o.code, 'basis', n.basis, 'motive', n.motive,
            'outside_plan_reason', n.outside_plan_reason, 'expected_effect', n.expected_effect, 'note', n.note,
            'status', n.status, 'decision_reason', n.decision_reason, 'checks', n.checks, 'rule_set', n.rule_set,
            'decided_at', n.decided_at, 'created_at', n.created_at,
            'seat_draw', (SELECT jsonb_build_object('place', e.place, 'outcome', e.outcome)
                FROM seat_draw_entries e WHERE e.nomination_id = n.id)) AS record
        FROM nominations n JOIN courses c ON c.id = n.course_id JOIN offerings o ON o.id = n.offering_id
        WHERE n.employee_id = $1 ORDER BY n.id",
    ),
    (
        "participation",
        "SELECT jsonb_build_object('course', c.title, 'offering', o.code, 'institute', i.name, 'number', p.number,
            'status', p.status, 'attendance_percent', p.attendance_percent,
            'attendance', (SELECT coalesce(jsonb_agg(jsonb_build_object('on', date '1970-01-01' + s.half_day / 2,
                'half', CASE s.half_day % 2 WHEN 0 THEN 'morning' ELSE 'afternoon' END, 'status', t.status)
                ORDER BY s.half_day), '[]')
                FROM attendance t JOIN sessions s ON s.id = t.session_id WHERE t.participant_id = p.id),
            'results', (SELECT coalesce(jsonb_agg(jsonb_build_object('assessment', r.assessment, 'score', r.score,
                'maximum', r.maximum) ORDER BY r.assessment), '[]') FROM results r WHERE r.participant_id = p.id))
            AS record
        FROM participants p JOIN offerings o ON o.id = p.offering_id JOIN courses c ON c.id = o.course_id
            JOIN institutes i ON i.id = p.institute_id
        WHERE p.employee_id = $1 ORDER BY p.id",
    ),
    (
        "certificates",
        "SELECT to_jsonb(c) - '{id,participant_id,offering_id,institute_id,employee_id,unit_id}'::text[]
            || jsonb_build_object('institute', i.name) AS record
        FROM certificates c JOIN institutes i ON i.id = c.institute_id WHERE c.employee_id = $1 ORDER BY c.id",
    ),
    (
        "succession",
        "SELECT jsonb_build_object('job_position', p.name, 'decision_number', s.decision_number,
            'valid_from', s.valid_from, 'valid_to', s.valid_to) AS record
        FROM succession_entries s JOIN job_positions p ON p.id = s.job_position_id
        WHERE s.employee_id = $1 ORDER BY s.id",
    ),
    (
        "evaluations_of_work",
        "SELECT jsonb_build_object('course', c.title, 'form', q.title, 'phase', e.phase, 'group', e.subject_group,
            'rater', e.rater,
            'due_on', e.due_on, 'status', e.status, 'answers', r.answers, 'score', r.score) AS record
        FROM evaluations e JOIN questionnaires q ON q.id = e.questionnaire_id JOIN courses c ON c.id = e.course_id
            LEFT JOIN evaluation_responses r ON r.evaluation_id = e.id
        WHERE e.subject_id = $1 AND NOT q.is_anonymous AND q.audience <> 'beneficiary_unit' ORDER BY e.id",
    ),
    (
        "evaluations_owed",
        "SELECT jsonb_build_object('course', c.title, 'form', q.title, 'anonymous', q.is_anonymous, 'phase', e.phase,
            'rater', e.rater, 'about_oneself', e.subject_id = e.respondent_id, 'opens_on', e.opens_on, 'due_on', e.due_on,
            'status', e.status, 'excuse', e.excuse, 'answers', r.answers) AS record
        FROM evaluations e JOIN questionnaires q ON q.id = e.questionnaire_id JOIN courses c ON c.id = e.course_id
            LEFT JOIN evaluation_responses r ON r.evaluation_id = e.id AND NOT q.is_anonymous
        WHERE e.respondent_id = $1 ORDER BY e.id",
    ),
    (
        "second_raters",
        "SELECT jsonb_build_object('course', c.title, 'offering', o.code, 'as_rater', coalesce(s.employee_id = $1, false),
            'relation', CASE WHEN s.employee_id = $1 THEN s.relation END,
            'ended', CASE WHEN s.employee_id = $1 OR s.ended IN ('rater_is_supervisor', 'subject_moved') THEN s.ended
                WHEN s.ended IS NOT NULL THEN 'rater_not_available' END,
            'created_at', s.created_at) AS record
        FROM second_raters s JOIN participants p ON p.id = s.participant_id JOIN offerings o ON o.id = p.offering_id
            JOIN courses c ON c.id = o.course_id
        WHERE s.employee_id = $1 OR p.employee_id = $1 ORDER BY s.created_at, s.participant_id",
    ),
    (
        "requests",
        "SELECT to_jsonb(r) - '{employee_id,recorded_by}'::text[] AS record
        FROM personal_data_requests r WHERE r.employee_id = $1 ORDER BY r.id",
    ),
    (
        "log",
        "SELECT jsonb_build_object('what', l.kind, 'at', l.occurred_at) AS record
        FROM audit_log l WHERE l.subject_id = $1 ORDER BY l.number",
    ),
];

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = Jsonb)]
    record: Value,
}

/// Read every place. The caller has checked that the person is within reach.
///
/// # Errors
/// When the database does not answer.
pub async fn gather(tx: &mut Tx<'_>, employee_id: Uuid) -> Result<BTreeMap<&'static str, Vec<Value>>> {
    let mut data = BTreeMap::new();
    for (kind, sql) in PLACES {
        let found: Vec<Found> =
            diesel::sql_query(*sql).bind::<diesel::sql_types::Uuid, _>(employee_id).load(tx.conn()).await?;
        data.insert(*kind, found.into_iter().map(|f| f.record).collect());
    }
    Ok(data)
}
