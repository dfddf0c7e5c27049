//! What a newcomer is told: who can sign in, and where to begin.

use diesel::dsl::{exists, not};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::accounts::{ACCOUNTS, CLIENT, OTHER_INSTITUTE, PASSWORD};
use super::samples::samples;
use super::units::HCVT;
use crate::db::schema::{competencies, employee_competencies, employees, job_positions, units};
use crate::error::Result;
use crate::http::Gate;
use crate::http::docs::Note;
use crate::i18n::{Locale, text};

/// People whom the guide names for the story.
const NAMED: i64 = 3;

/// Who lacks the story's competency in the story's division, by code and name: whoever goes third of them is refused.
///
/// # Errors
/// When the database does not answer.
pub async fn story_people(gate: &Gate) -> Result<Vec<(String, String)>> {
    gate.system("demo guide", async |tx| {
        let learned = employee_competencies::table
            .inner_join(competencies::table)
            .filter(employee_competencies::employee_id.eq(employees::id))
            .filter(competencies::code.eq("BMNN"));
        Ok(employees::table
            .inner_join(units::table.on(units::id.eq(employees::unit_id)))
            .inner_join(job_positions::table.on(job_positions::id.eq(employees::job_position_id)))
            .filter(units::code.eq(HCVT).and(not(job_positions::is_leadership)))
            .filter(not(exists(learned)))
            .order(employees::code)
            .limit(NAMED)
            .select((employees::code, employees::full_name))
            .load(tx.conn())
            .await?)
    })
    .await
}

/// For the Swagger page: who can sign in, where to begin, and what its examples name.
///
/// # Errors
/// When the database does not answer.
pub async fn page_note(gate: &Gate) -> Result<Note> {
    let people = story_people(gate).await?;
    let candidate = match people.as_slice() {
        [(code, _), ..] => code.as_str(),
        [] => "",
    };
    let samples = samples(gate, candidate).await?;
    Ok(Note { vi: note(Locale::Vi, &people), en: note(Locale::En, &people), samples })
}

/// Who can sign in and where to begin, in Markdown.
pub fn note(locale: Locale, people: &[(String, String)]) -> String {
    let password = ("password", PASSWORD.to_owned());
    let (_, other_person, other_client) = OTHER_INSTITUTE;
    let mut note = format!("{}\n\n", text(locale, "demo-accounts", std::slice::from_ref(&password)));
    note.push_str(&format!(
        "| {} | {} |\n|---|---|\n",
        text(locale, "demo-name", &[]),
        text(locale, "demo-who", &[])
    ));
    for name in ACCOUNTS.iter().map(|(name, ..)| *name).chain([other_person]) {
        note.push_str(&format!("| `{name}` | {} |\n", who(locale, name)));
    }
    let named: Vec<String> = people.iter().map(|(code, name)| format!("{name} (`{code}`)")).collect();
    let clients = [password, ("client", CLIENT.to_owned()), ("other", other_client.to_owned())];
    note.push_str(&format!("\n{}\n\n", text(locale, "demo-clients", &clients)));
    note.push_str(&text(locale, "demo-begin", &[("people", named.join(", "))]));
    note
}

fn who(locale: Locale, account: &str) -> String {
    text(locale, &format!("demo-account-{}", account.replace('_', "-")), &[])
}

/// For the terminal.
pub fn welcome(public_url: &str) -> String {
    let (_, other_person, other_client) = OTHER_INSTITUTE;
    let names = || ACCOUNTS.iter().map(|(name, ..)| *name).chain([other_person]);
    let width = names().map(str::len).max().unwrap_or_default();
    let mut text = format!("\nDemo accounts (password: {PASSWORD})\n");
    for name in names() {
        text.push_str(&format!("  {name:<width$}  {}\n", who(Locale::En, name)));
    }
    text.push_str(&format!(
        "Machine clients: {CLIENT}, {other_client} (secret: {PASSWORD})\nSwagger UI: {public_url}/docs/\n"
    ));
    text
}
