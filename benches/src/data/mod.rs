//! The reference data set: a ministry of a chosen size, the same for the same seed and day.
//!
//! Everything follows from the place of a row in its table (module `chance`), so that no table is held in memory and rows refer
//! to each other without being looked up. Rows are written by binary COPY under all constraints and triggers but one kind:
//! the triggers of the audit log run for employees only, since a log of every row would be larger than the data. What the
//! service derives is derived by the service: names by `thuocdo::text`, questionnaires, and the sums that reports read.
//!
//! Not in it: attendance lists, test results, certificates, absences, plans, and comparison groups.

mod answers;
mod chance;
pub mod copy;
mod finish;
mod institutes;
mod names;
mod people;
mod size;
mod training;

use anyhow::Context;
use chrono::{DateTime, NaiveDate, Utc};
use thuocdo::clock::{Clock, first_moment};
use thuocdo::db::Db;
use thuocdo::db::migrate;
use thuocdo::http::Gate;
use thuocdo::i18n::Locale;
use thuocdo::tokens::Keys;
use tokio_postgres::Client;

pub use chance::{Chance, Kind};
pub use finish::PLAIN_COPY;
pub use people::{EMPLOYEE_COLUMNS, EmployeeRow, employee, position_code, unit_code};
pub use size::Size;

use crate::machine::Postgres;

/// Seed of the data that the runner makes: the number of the decree on work scores.
pub const SEED: u64 = 335;
/// Units in the tree, the ministry included.
pub const UNITS: u64 = 500;
/// Units directly below the ministry.
pub const UNITS_BELOW_MINISTRY: u64 = 20;
/// Job positions.
pub const POSITIONS: u64 = 40;
/// Training institutes.
pub const INSTITUTES: u64 = 30;
/// Courses, spread evenly over the institutes.
pub const COURSES: u64 = 2_000;
/// Calendar quarters for which everybody has an official score.
pub const QUARTERS: u32 = 8;

/// What every table is made from.
pub struct Making<'a> {
    /// Superuser's connection to the database.
    pub client: &'a Client,
    /// Size of the data.
    pub size: Size,
    /// What is drawn for a row.
    pub chance: Chance,
    /// The day on which the data is made; everything happened before it.
    pub today: NaiveDate,
}

impl Making<'_> {
    /// When the records of the organisation were made: before everything that refers to them.
    pub fn beginning(&self) -> DateTime<Utc> {
        first_moment(self.today - chrono::Days::new(1_000))
    }
}

/// The gate of the service to a database, for its own use cases, on so many connections.
///
/// # Errors
/// When the address is not one of a database.
pub fn gate_of(url: &str, clock: &Clock, connections: usize) -> anyhow::Result<Gate> {
    let keys = Keys::new(&Keys::generate_pkcs8()?, "benches")?;
    Ok(Gate::new(Db::new(url, connections)?, keys, clock.clone(), Locale::default()))
}

/// The address of a database with the data of a size, which is made unless it is there.
///
/// # Errors
/// In words, when Postgres refuses a row or does not answer.
pub async fn provide(postgres: &Postgres, size: Size, say: &mut dyn FnMut(String)) -> anyhow::Result<String> {
    let name = size.database();
    if finish::is_made(postgres, &name, size).await? {
        let url = postgres.url(&name).await?;
        // What an older version stored may not be what this one would store.
        if migrate::pending(&url).await?.is_empty() {
            say(format!("{name} is there"));
            return Ok(url);
        }
    }
    postgres.drop_database(&name).await?;
    let url = postgres.url(&name).await?;
    migrate::run(&url).await.context("the migrations of the service")?;
    let client = postgres.superuser(&name).await?;
    let clock = Clock::system();
    let making = Making { client: &client, size, chance: Chance::new(SEED), today: clock.today() };
    say(format!("making {name}: {size}"));
    finish::prepare(&client).await?;
    people::write(&making, say).await?;
    if size.participations > 0 {
        institutes::write(&making, say).await?;
        let gate = gate_of(&url, &clock, 2)?;
        let forms = answers::publish(&making, &gate).await?;
        training::write(&making, say).await?;
        answers::write(&making, &forms, say).await?;
        finish::analyse(&client).await?;
        finish::release(&gate, say).await?;
    }
    finish::seal(&gate_of(&url, &clock, 2)?).await?;
    finish::finish(&making, say).await?;
    Ok(url)
}
