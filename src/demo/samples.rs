//! What the examples of the document name in the demo ministry, so that a newcomer can send most of them as they are.

use std::collections::HashMap;

use diesel::QueryableByName;
use diesel::sql_types::{Date, Nullable, Text};
use diesel_async::RunQueryDsl;

use crate::error::Result;
use crate::http::Gate;
use crate::http::docs::Samples;

/// The names of [`Samples`], each with the query of its value. Objects belong where the demo's accounts reach: to the
/// division of `unit_head` and `employee`, to the school of `institute`. Where no object is in the state that an action
/// needs, the page shows another one, and the answer says what is missing.
const SAMPLES: &[(&str, &str)] = &[
    // --- members
    ("unit_id", "SELECT id FROM division"),
    ("unit_code", "SELECT code FROM division"),
    ("parent_id", "SELECT parent_id FROM division"),
    ("head_employee_id", "SELECT head_employee_id FROM division"),
    ("employee_id", "SELECT id FROM clerk"),
    ("employee_code", "SELECT code FROM colleague"),
    ("/v1/accounts display_name", "SELECT full_name FROM colleague"),
    ("deputy_employee_id", "SELECT id FROM clerk"),
    ("job_position_id", "SELECT job_position_id FROM clerk"),
    ("job_position_code", "SELECT p.code FROM job_positions p JOIN clerk c ON p.id = c.job_position_id"),
    ("competency_id", "SELECT id FROM competencies WHERE code = 'BMNN'"),
    ("institute_id", "SELECT id FROM school"),
    ("course_id", "SELECT id FROM courses WHERE code = 'BMNN-01'"),
    (
        "offering_id",
        "SELECT o.id FROM offerings o JOIN courses c ON c.id = o.course_id
         WHERE c.code = 'BMNN-01' AND o.status = 'open' ORDER BY o.mode = 'online' DESC, o.first_half_day LIMIT 1",
    ),
    (
        "lecturer_id",
        "SELECT id FROM lecturers WHERE is_active AND institute_id IN (SELECT id FROM school) ORDER BY id LIMIT 1",
    ),
    ("participant_id", "SELECT id FROM participants WHERE offering_id IN (SELECT id FROM class) ORDER BY number LIMIT 1"),
    (
        "/v1/participants/{id}/second-rater employee_id",
        "SELECT e.id FROM employees e WHERE e.status = 'active' AND e.unit_id NOT IN (SELECT id FROM division)
             AND NOT EXISTS (SELECT FROM evaluations v JOIN rated r ON r.offering_id = v.offering_id
                 WHERE e.id IN (v.subject_id, v.respondent_id))
         ORDER BY e.code LIMIT 1",
    ),
    ("session_id", "SELECT id FROM sessions WHERE offering_id IN (SELECT id FROM class) ORDER BY half_day LIMIT 1"),
    // --- members that are something else somewhere
    ("/v1/nominations employee_id", "SELECT id FROM candidate"),
    ("/v1/nominations/check employee_id", "SELECT id FROM candidate"),
    (
        "/v1/offerings course_id",
        "SELECT id FROM courses WHERE status = 'published' AND periods = 8
         AND institute_id IN (SELECT id FROM school) ORDER BY code LIMIT 1",
    ),
    ("/v1/certificates/{number}/verification number", "SELECT number FROM certificate"),
    ("/v1/certificates/{number}/verification code", "SELECT check_code FROM certificate"),
    ("/v1/reports/effectiveness/rows id", "SELECT id FROM courses WHERE code = 'BMNN-01'"),
    // --- objects by their paths
    (
        "/v1/absences/{id}",
        "SELECT id FROM absences WHERE employee_id IN (SELECT id FROM staff) ORDER BY last_half_day DESC LIMIT 1",
    ),
    ("/v1/accounts/{id}", "SELECT id FROM accounts WHERE username = 'employee'"),
    ("/v1/certificates/{id}", "SELECT id FROM certificate"),
    ("/v1/clients/{id}", "SELECT id FROM accounts WHERE kind = 'machine' ORDER BY username LIMIT 1"),
    ("/v1/competencies/{id}", "SELECT id FROM competencies WHERE code = 'BMNN'"),
    ("/v1/corrective-actions/{id}", "SELECT id FROM actions ORDER BY created_at DESC LIMIT 1"),
    ("/v1/corrective-actions/{id}/close", "SELECT id FROM actions WHERE status = 'replied' LIMIT 1"),
    ("/v1/corrective-actions/{id}/dispute", "SELECT id FROM actions WHERE status = 'open' ORDER BY id LIMIT 1"),
    ("/v1/corrective-actions/{id}/reply", "SELECT id FROM actions WHERE status = 'open' ORDER BY id DESC LIMIT 1"),
    ("/v1/corrective-actions/{id}/uphold", "SELECT id FROM actions WHERE status = 'disputed' LIMIT 1"),
    ("/v1/corrective-actions/{id}/withdraw", "SELECT id FROM actions WHERE status IN ('open', 'disputed') LIMIT 1"),
    ("/v1/courses/{id}", "SELECT id FROM courses WHERE code = 'BMNN-01'"),
    ("patch /v1/courses/{id}", "SELECT id FROM offered WHERE status IN ('draft', 'changes_requested') LIMIT 1"),
    ("/v1/courses/{id}/approve", "SELECT id FROM courses WHERE status = 'submitted' ORDER BY code LIMIT 1"),
    ("/v1/courses/{id}/publish", "SELECT id FROM offered WHERE status = 'approved' ORDER BY code LIMIT 1"),
    ("/v1/courses/{id}/request-changes", "SELECT id FROM courses WHERE status = 'submitted' ORDER BY code DESC LIMIT 1"),
    ("/v1/courses/{id}/retire", "SELECT id FROM offered WHERE status = 'published' ORDER BY code DESC LIMIT 1"),
    (
        "/v1/courses/{id}/submit",
        "SELECT id FROM offered WHERE status IN ('draft', 'changes_requested') ORDER BY code LIMIT 1",
    ),
    (
        "/v1/coverage-rules/{id}",
        "SELECT id FROM coverage_rules ORDER BY unit_id IN (SELECT id FROM division) DESC, id LIMIT 1",
    ),
    (
        "/v1/delegations/{id}",
        "SELECT id FROM delegations ORDER BY unit_id IN (SELECT id FROM division) DESC, valid_to DESC LIMIT 1",
    ),
    ("/v1/employees/{id}", "SELECT id FROM clerk"),
    (
        "/v1/evaluations/{id}",
        "SELECT e.id FROM evaluations e JOIN questionnaires q ON q.id = e.questionnaire_id
         WHERE e.status = 'pending' AND q.items @> '[{\"code\": \"b1\"}]' AND (SELECT day FROM today) BETWEEN e.opens_on AND e.due_on
             AND e.respondent_id IN (SELECT employee_id FROM accounts WHERE username IN ('unit_head', 'employee'))
         ORDER BY e.due_on DESC LIMIT 1",
    ),
    (
        "/v1/evaluations/{id}/excuse",
        "SELECT id FROM evaluations WHERE status = 'pending' ORDER BY due_on DESC, id LIMIT 1",
    ),
    ("/v1/institutes/{id}", "SELECT id FROM school"),
    ("/v1/institutes/{id}/approve", "SELECT id FROM institutes WHERE status = 'applied' ORDER BY id LIMIT 1"),
    ("/v1/institutes/{id}/refuse", "SELECT id FROM institutes WHERE status = 'applied' ORDER BY id DESC LIMIT 1"),
    ("/v1/job-positions/{id}", "SELECT job_position_id FROM clerk"),
    (
        "/v1/lecturers/{id}",
        "SELECT id FROM lecturers WHERE institute_id IN (SELECT id FROM school) ORDER BY id DESC LIMIT 1",
    ),
    ("/v1/nominations/{id}", "SELECT id FROM nominated ORDER BY created_at DESC LIMIT 1"),
    ("/v1/nominations/{id}/approve", "SELECT id FROM nominations WHERE status = 'endorsed' ORDER BY id LIMIT 1"),
    ("/v1/nominations/{id}/decline", "SELECT id FROM nominations WHERE status = 'endorsed' ORDER BY id DESC LIMIT 1"),
    ("/v1/nominations/{id}/endorse", "SELECT id FROM nominated WHERE status = 'submitted' ORDER BY id LIMIT 1"),
    ("/v1/nominations/{id}/return", "SELECT id FROM nominated WHERE status = 'submitted' ORDER BY id DESC LIMIT 1"),
    ("/v1/nominations/{id}/withdraw", "SELECT id FROM nominated WHERE status = 'submitted' ORDER BY id DESC LIMIT 1"),
    ("/v1/offerings/{id}", "SELECT id FROM class"),
    ("patch /v1/offerings/{id}", "SELECT id FROM planned WHERE status = 'open' ORDER BY first_half_day DESC LIMIT 1"),
    ("/v1/offerings/{id}/cancel", "SELECT id FROM planned WHERE status = 'open' ORDER BY first_half_day DESC LIMIT 1"),
    ("/v1/offerings/{id}/close", "SELECT id FROM planned WHERE status = 'confirmed' ORDER BY last_half_day LIMIT 1"),
    ("/v1/offerings/{id}/confirm", "SELECT id FROM planned WHERE status = 'open' ORDER BY first_half_day LIMIT 1"),
    (
        "/v1/offerings/{id}/expected-effects",
        "SELECT id FROM offerings WHERE status IN ('open', 'confirmed') ORDER BY first_half_day DESC LIMIT 1",
    ),
    (
        "get /v1/offerings/{id}/seat-draw",
        "SELECT offering_id FROM seat_draws WHERE status = 'held' ORDER BY offering_id LIMIT 1",
    ),
    (
        "/v1/offerings/{id}/seat-draw",
        "SELECT id FROM offerings o WHERE status = 'open' AND NOT EXISTS (SELECT FROM seat_draws d WHERE d.offering_id = o.id)
         ORDER BY first_half_day DESC LIMIT 1",
    ),
    ("/v1/offerings/{id}/seat-draw/call-off", "SELECT offering_id FROM seat_draws WHERE status = 'announced' LIMIT 1"),
    ("/v1/offerings/{id}/seat-draw/hold", "SELECT offering_id FROM seat_draws WHERE status = 'announced' LIMIT 1"),
    ("/v1/offerings/{id}/open", "SELECT id FROM planned WHERE status = 'draft' ORDER BY first_half_day LIMIT 1"),
    ("/v1/personal-data-requests/{id}", "SELECT id FROM personal_data_requests ORDER BY id DESC LIMIT 1"),
    (
        "/v1/personal-data-requests/{id}/acknowledge",
        "SELECT id FROM personal_data_requests WHERE status = 'received' ORDER BY id LIMIT 1",
    ),
    (
        "/v1/personal-data-requests/{id}/extend",
        "SELECT id FROM personal_data_requests WHERE status = 'acknowledged' ORDER BY id DESC LIMIT 1",
    ),
    (
        "/v1/personal-data-requests/{id}/fulfil",
        "SELECT id FROM personal_data_requests WHERE status = 'acknowledged' ORDER BY id LIMIT 1",
    ),
    (
        "/v1/personal-data-requests/{id}/export",
        "SELECT id FROM personal_data_requests WHERE kind IN ('view', 'copy') ORDER BY status = 'fulfilled' DESC LIMIT 1",
    ),
    ("/v1/participants/{id}", "SELECT id FROM rated"),
    ("/v1/questionnaires/{id}", "SELECT id FROM questionnaires ORDER BY code, revision DESC LIMIT 1"),
    ("/v1/succession-lists/{id}", "SELECT id FROM succession_entries ORDER BY id LIMIT 1"),
    (
        "/v1/training-plan-lines/{id}",
        "SELECT id FROM training_plan_lines ORDER BY unit_id IN (SELECT id FROM division) DESC, id LIMIT 1",
    ),
    ("/v1/training-plans/{id}", "SELECT id FROM training_plans ORDER BY status = 'draft' DESC, year DESC LIMIT 1"),
    ("/v1/training-plans/{id}/approve", "SELECT id FROM training_plans WHERE status = 'submitted' LIMIT 1"),
    ("/v1/units/{id}", "SELECT id FROM division"),
];

/// What several of the queries speak of.
const COMMON: &str = "
    WITH today AS (SELECT $2::date AS day, ($2::date - date '1970-01-01') * 2 AS half_day),
    division AS (SELECT * FROM units WHERE code = 'VP-HCVT'),
    school AS (SELECT institute_id AS id FROM accounts WHERE username = 'institute'),
    staff AS (SELECT * FROM employees WHERE unit_id IN (SELECT id FROM division)),
    clerk AS (SELECT * FROM employees WHERE id IN (SELECT employee_id FROM accounts WHERE username = 'employee')),
    colleague AS (
        SELECT * FROM staff WHERE id NOT IN (SELECT employee_id FROM accounts WHERE employee_id IS NOT NULL)
        ORDER BY code LIMIT 1
    ),
    candidate AS (SELECT * FROM employees WHERE code = $1),
    class AS (
        SELECT o.* FROM offerings o WHERE o.institute_id IN (SELECT id FROM school)
            AND EXISTS (SELECT FROM participants p WHERE p.offering_id = o.id)
        ORDER BY o.status = 'confirmed' AND o.first_half_day <= (SELECT half_day FROM today) DESC, o.first_half_day DESC
        LIMIT 1
    ),
    rated AS (
        SELECT p.* FROM participants p JOIN offerings o ON o.id = p.offering_id
        WHERE p.status <> 'withdrawn' AND o.status IN ('open', 'confirmed', 'closed')
        ORDER BY p.employee_id IN (SELECT id FROM staff) DESC, o.last_half_day DESC, p.id LIMIT 1
    ),
    certificate AS (
        SELECT * FROM certificates WHERE status = 'issued' AND institute_id IN (SELECT id FROM school)
        ORDER BY employee_id IN (SELECT id FROM staff) DESC, number DESC LIMIT 1
    ),
    actions AS (SELECT * FROM corrective_actions WHERE institute_id IN (SELECT id FROM school)),
    offered AS (SELECT * FROM courses WHERE institute_id IN (SELECT id FROM school)),
    planned AS (SELECT * FROM offerings WHERE institute_id IN (SELECT id FROM school)),
    nominated AS (SELECT * FROM nominations WHERE employee_id IN (SELECT id FROM staff))";

#[derive(QueryableByName)]
struct Sample {
    #[diesel(sql_type = Nullable<Text>)]
    value: Option<String>,
}

/// What the examples may name. `candidate` is the code of somebody who can be nominated.
///
/// # Errors
/// When the database does not answer.
pub async fn samples(gate: &Gate, candidate: &str) -> Result<Samples> {
    gate.system("demo samples", async |tx| {
        let (today, mut values) = (tx.today(), HashMap::new());
        for (name, query) in SAMPLES {
            let query = format!("{COMMON} SELECT ({query})::text AS value");
            let sample: Sample = diesel::sql_query(query)
                .bind::<Text, _>(candidate)
                .bind::<Date, _>(today)
                .get_result(tx.conn())
                .await?;
            if let Some(value) = sample.value {
                values.insert((*name).to_owned(), value);
            }
        }
        Ok(Samples { values, today })
    })
    .await
}
