//! Writes the demo ministry: in one transaction, so that a load that is killed leaves nothing.

use std::time::{Duration, Instant};

use chrono::NaiveDate;
use diesel::{ExpressionMethods, QueryDsl};
use diesel_async::{RunQueryDsl, SimpleAsyncConnection};
use serde_json::json;
use uuid::Uuid;

use super::rows::{FILLED, Rows};
use super::state::{FORMAT, OTHERS, State, look};
use super::{PASSWORD, generate};
use crate::db::{Tx, schema};
use crate::effectiveness::{corrective_actions, evaluation_plans, score_panels};
use crate::error::{Error, Result};
use crate::http::Gate;
use crate::identity::passwords;
use crate::tokens::Keys;

/// Rows of one statement; a statement takes at most 65,535 values.
const BATCH: usize = 500;

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The ministry that is there stays.
    Kept(NaiveDate),
    /// A new one was made.
    Built {
        /// How many rows it has.
        rows: usize,
        /// How long it took.
        took: Duration,
    },
}

/// Offer the demo ministry: the one that is there, or (with `fresh`, or when there is none) a new one. `say` is told
/// how far it is.
///
/// # Errors
/// When the database holds something else or does not answer; then nothing has changed.
pub async fn provide(gate: &Gate, seed: u64, fresh: bool, say: &mut dyn FnMut(String)) -> Result<Outcome> {
    let started = Instant::now();
    let (state, now, today) = gate
        .system("demo look", async |tx| {
            let state = look(tx.conn()).await.map_err(internal)?;
            Ok((state, tx.now, tx.today()))
        })
        .await?;
    match state {
        State::Demo(built_on) if !fresh => return Ok(Outcome::Kept(built_on)),
        // What it was made of may not fit this version's tables; there is nothing in it to keep.
        State::Demo(_) | State::Outdated | State::Empty => {}
    }
    let secret_hash = passwords::hash(PASSWORD.to_owned()).await?;
    let rows = generate(seed, now, today, &secret_hash);
    say(format!("0/{STEPS} made up {} rows ({})", rows.count(), seconds(started)));
    gate.system("demo load", async |tx| {
        tx.lock("demo").await?;
        // Somebody may have been faster.
        if let State::Demo(built_on) = look(tx.conn()).await.map_err(internal)?
            && !fresh
        {
            return Ok(Outcome::Kept(built_on));
        }
        empty(tx).await?;
        load(tx, gate.keys(), &rows, &mut |line| say(format!("{line} ({})", seconds(started)))).await?;
        sign(tx, seed).await?;
        tx.conn().batch_execute("ANALYZE").await?;
        Ok(Outcome::Built { rows: rows.count(), took: started.elapsed() })
    })
    .await
}

fn internal(error: anyhow::Error) -> Error {
    Error::Internal(error.into())
}

fn seconds(since: Instant) -> String {
    format!("{:.1} s", since.elapsed().as_secs_f64())
}

/// Take out what a demo ministry consists of; keys stay, so that tokens stay good.
async fn empty(tx: &mut Tx<'_>) -> Result<()> {
    let tables: Vec<&str> = FILLED.iter().chain(&OTHERS).copied().collect();
    let script = format!("TRUNCATE {}, demo_ministry CASCADE", tables.join(", "));
    Ok(tx.conn().batch_execute(&script).await?)
}

/// The mark by which a later start knows the ministry.
async fn sign(tx: &mut Tx<'_>, seed: u64) -> Result<()> {
    use schema::demo_ministry::dsl;
    let today = tx.today();
    diesel::insert_into(dsl::demo_ministry)
        .values((
            dsl::is_only.eq(true),
            dsl::seed.eq(seed.cast_signed()),
            dsl::format.eq(FORMAT),
            dsl::built_on.eq(today),
        ))
        .execute(tx.conn())
        .await?;
    tx.emit("demo.built", Uuid::nil(), &json!({"seed": seed, "format": FORMAT, "built_on": today}));
    Ok(())
}

macro_rules! steps {
    ($tx:ident, $rows:ident, $say:ident; $($number:literal $title:literal: $($table:ident),+;)+) => {
        $(
            let mut count = 0;
            $(
                count += $rows.$table.len();
                for batch in $rows.$table.chunks(BATCH) {
                    diesel::insert_into(schema::$table::table).values(batch).execute($tx.conn()).await?;
                }
            )+
            $say(format!("{}/{STEPS} {}: {count} rows", $number, $title));
        )+
    };
}

/// How many steps there are.
const STEPS: usize = 9;

async fn load(tx: &mut Tx<'_>, keys: &Keys, rows: &Rows, say: &mut dyn FnMut(String)) -> Result<()> {
    steps! { tx, rows, say;
        1 "units, positions, people": units, competencies, job_positions, position_requirements, employees;
    }
    heads(tx, rows).await?;
    steps! { tx, rows, say;
        2 "institutes and courses": institutes, lecturers, courses, course_competencies, course_audiences;
        3 "accounts": accounts, role_assignments, delegations;
        4 "plans, succession, calendar": training_plans, training_plan_lines, succession_entries, holidays,
            coverage_rules, absences;
        5 "offerings": offerings, sessions;
        6 "nominations": nominations, nomination_half_days, participants, seat_draws, seat_draw_entries;
        7 "attendance, results, certificates": attendance, results, certificates, certificate_counters,
            employee_competencies;
        8 "evaluations": questionnaires, evaluations, evaluation_responses, anonymous_responses,
            corrective_actions, expected_effects, second_raters;
        9 "performance ratings, requests about personal data": performance_ratings, personal_data_requests;
    }
    // As if the background loop had run all along: each figure stands for its own day of release.
    while corrective_actions::release_due(tx, keys).await? > 0 {}
    while evaluation_plans::register_history(tx).await? > 0 {}
    score_panels::seal(tx).await?;
    Ok(())
}

/// Units come before people, so their heads are named afterwards.
async fn heads(tx: &mut Tx<'_>, rows: &Rows) -> Result<()> {
    use schema::units::dsl;
    for (unit, head) in &rows.heads {
        diesel::update(dsl::units.find(unit)).set(dsl::head_employee_id.eq(head)).execute(tx.conn()).await?;
    }
    Ok(())
}
