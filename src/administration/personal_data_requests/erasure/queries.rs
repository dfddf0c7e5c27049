use diesel::prelude::*;
use diesel::sql_types::{Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::db::Tx;
use crate::db::schema::employees;
use crate::error::{Error, Result};
use crate::organisation::employees::ERASED;
use crate::text;

/// What is done to the records of a person (`$1`); `{erased}` is the mark in a name's place.
const RECORDS: &[&str] = &[
    // The certificate stays what it is; only whose it is is no longer told.
    "UPDATE certificates SET holder_name = '{erased}', version = version + 1 WHERE employee_id = $1",
    "UPDATE nominations SET expected_effect = '{erased}', note = NULL, version = version + 1,
        outside_plan_reason = CASE WHEN outside_plan_reason IS NOT NULL THEN '{erased}' END,
        decision_reason = CASE WHEN decision_reason IS NOT NULL THEN '{erased}' END
        WHERE employee_id = $1",
    "DELETE FROM absences WHERE employee_id = $1",
    // A nomination on the ground of succession cites its entry: that one stays, without its decision.
    "DELETE FROM succession_entries s WHERE employee_id = $1
        AND NOT EXISTS (SELECT 1 FROM nominations n WHERE n.succession_entry_id = s.id)",
    "UPDATE succession_entries SET decision_number = '{erased}', version = version + 1 WHERE employee_id = $1",
    // An excuse is a code of the service, or somebody's words.
    "UPDATE evaluations SET excuse = '{erased}'
        WHERE (subject_id = $1 OR respondent_id = $1) AND excuse !~ '^[a-z_]+$'",
    // Figures and chosen options of what was said about the person stay; words go. A unit's own form is about nobody.
    "UPDATE evaluation_responses r SET answers = (
            SELECT coalesce(jsonb_agg(CASE WHEN item.kind = 'text' THEN a.answer || '{\"value\": null}' ELSE a.answer END
                ORDER BY a.place), '[]')
            FROM jsonb_array_elements(r.answers) WITH ORDINALITY a (answer, place)
            LEFT JOIN LATERAL jsonb_to_recordset(q.items) item (code text, kind text)
                ON item.code = a.answer ->> 'item')
        FROM evaluations e JOIN questionnaires q ON q.id = e.questionnaire_id
        WHERE e.id = r.evaluation_id AND e.subject_id = $1 AND q.audience <> 'beneficiary_unit'
            AND jsonb_typeof(r.answers) = 'array'",
    "UPDATE units SET head_employee_id = NULL, version = version + 1 WHERE head_employee_id = $1",
    "UPDATE personal_data_requests SET details = NULL, corrections = NULL,
        extension_reason = CASE WHEN extension_reason IS NOT NULL THEN '{erased}' END,
        refusal_reason = CASE WHEN refusal_reason IS NOT NULL THEN '{erased}' END
        WHERE employee_id = $1",
    "UPDATE outbox SET data = '{}' WHERE subject_id = $1
        OR subject_id IN (SELECT id FROM accounts WHERE employee_id = $1)",
    "DELETE FROM idempotency_keys WHERE actor_id IN (SELECT id FROM accounts WHERE employee_id = $1)",
    "DELETE FROM refresh_tokens WHERE session_id IN (SELECT s.id FROM login_sessions s
        JOIN accounts a ON a.id = s.account_id WHERE a.employee_id = $1)",
    "DELETE FROM login_sessions WHERE account_id IN (SELECT id FROM accounts WHERE employee_id = $1)",
    "DELETE FROM password_resets WHERE account_id IN (SELECT id FROM accounts WHERE employee_id = $1)",
    "UPDATE delegations SET reason = NULL, version = version + 1
        WHERE principal_account_id IN (SELECT id FROM accounts WHERE employee_id = $1)
        OR deputy_account_id IN (SELECT id FROM accounts WHERE employee_id = $1)",
    // No secret has an empty hash: nobody signs in any more.
    "UPDATE accounts SET username = 'erased-' || replace(id::text, '-', ''), display_name = '{erased}',
        secret_hash = '', provider_subject_hash = NULL, is_active = false, version = version + 1
        WHERE employee_id = $1",
];

/// Where words are written in which a person may be named, beside the records of the own: table, column, whether it
/// is JSON. A test compares it with all text columns of the database.
pub const FREE_TEXT: &[(&str, &str, bool)] = &[
    ("absences", "note", false),
    ("anonymous_responses", "answers", true),
    ("certificates", "revoked_reason", false),
    ("corrective_actions", "action", false),
    ("corrective_actions", "action_owner", false),
    ("corrective_actions", "decision_reason", false),
    ("corrective_actions", "dispute", false),
    ("corrective_actions", "finding", false),
    ("corrective_actions", "reply", false),
    ("courses", "requested_changes", false),
    ("delegations", "reason", false),
    ("evaluation_responses", "answers", true),
    ("evaluations", "excuse", false),
    ("expected_effects", "effects", true),
    ("nominations", "checks", true),
    ("nominations", "decision_reason", false),
    ("nominations", "expected_effect", false),
    ("nominations", "note", false),
    ("nominations", "outside_plan_reason", false),
    ("outbox", "data", true),
    ("personal_data_requests", "corrections", true),
    ("personal_data_requests", "details", false),
    ("personal_data_requests", "extension_reason", false),
    ("personal_data_requests", "refusal_reason", false),
];

/// Empty, delete or mark the records of a person.
pub async fn erase_records(tx: &mut Tx<'_>, employee_id: Uuid) -> Result<()> {
    for statement in RECORDS {
        diesel::sql_query(statement.replace("{erased}", ERASED))
            .bind::<SqlUuid, _>(employee_id)
            .execute(tx.conn())
            .await?;
    }
    Ok(())
}

/// Put the mark where somebody's words call the person by name, and forget stored answers that do.
pub async fn erase_text(tx: &mut Tx<'_>, text: &str) -> Result<()> {
    let written = serde_json::to_string(text).map_err(Error::internal)?;
    // Between the quotation marks; the text may end in one of its own.
    let in_json = written.strip_prefix('"').and_then(|w| w.strip_suffix('"')).unwrap_or(&written).to_owned();
    for (table, column, is_json) in FREE_TEXT {
        let (read, cast) = if *is_json { ("::text", "::jsonb") } else { ("", "") };
        let statement = format!(
            "UPDATE {table} SET {column} = replace({column}{read}, $1, '{ERASED}'){cast} \
             WHERE strpos({column}{read}, $1) > 0"
        );
        let wanted = if *is_json { &in_json } else { text };
        diesel::sql_query(statement).bind::<Text, _>(wanted).execute(tx.conn()).await?;
    }
    diesel::sql_query("DELETE FROM idempotency_keys WHERE strpos(reply::text, $1) > 0")
        .bind::<Text, _>(in_json)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Take a code out of the events, and forget stored answers with it.
pub async fn forget_messages(tx: &mut Tx<'_>, code: &str) -> Result<()> {
    let quoted = serde_json::to_string(code).map_err(Error::internal)?;
    for statement in [
        "UPDATE outbox SET data = '{}' WHERE strpos(data::text, $1) > 0",
        "DELETE FROM idempotency_keys WHERE strpos(reply::text, $1) > 0",
    ] {
        diesel::sql_query(statement).bind::<Text, _>(&quoted).execute(tx.conn()).await?;
    }
    Ok(())
}

/// Leave nothing of a person's identity in the own record.
pub async fn erase_person(tx: &mut Tx<'_>, employee_id: Uuid) -> Result<()> {
    let (now, name) = (tx.now, format!("erased-{}", employee_id.simple()));
    diesel::update(employees::table.find(employee_id))
        .set((
            employees::email.eq(format!("{name}@erased.invalid")),
            employees::code.eq(name),
            employees::full_name.eq(ERASED),
            employees::name_key.eq(text::name_sort_key(ERASED)),
            employees::phone.eq(None::<String>),
            employees::personal_number.eq(None::<String>),
            employees::birth_date.eq(None::<chrono::NaiveDate>),
            employees::erased_at.eq(Some(now)),
            employees::version.eq(employees::version + 1),
            employees::updated_at.eq(now),
        ))
        .execute(tx.conn())
        .await?;
    Ok(())
}
