//! The demo ministry: a realistic ministry with two years of training behind it, made from a seed and written under
//! all constraints of the database. What its courses really do is known ([`effects`]), so that every verdict of the
//! effectiveness report can be seen, and checked.
//!
//! Generation is pure ([`ministry`](self) rows out of a seed and a day), loading is one transaction, and a
//! database that holds anything else is refused.

mod accounts;
mod beside;
mod builder;
mod calendar;
mod catalogue;
mod corrections;
mod courses;
mod delivery;
mod dice;
mod draws;
pub mod effects;
mod evaluations;
mod expectations;
mod forms;
mod guide;
mod knowledge;
mod load;
mod ministry;
mod names;
mod nominations;
mod planning;
mod positions;
mod presence;
mod ratings;
mod requests;
mod rows;
mod runs;
mod samples;
mod second;
mod state;
mod units;
mod world;

pub use accounts::{ACCOUNTS, CLIENT, OTHER_INSTITUTE, PASSWORD};
pub use guide::{note, page_note, story_people, welcome};
pub use load::{Outcome, provide};
pub use state::{State, inspect};

use chrono::{DateTime, NaiveDate, Utc};

use builder::Builder;
use rows::Rows;
use world::World;

/// Seed of the ministry that `thuocdo demo` makes unless asked otherwise: the number of the decree on work scores.
pub const SEED: u64 = 335;

/// The whole ministry as rows: the same for the same seed and day.
fn generate(seed: u64, now: DateTime<Utc>, today: NaiveDate, secret_hash: &str) -> Rows {
    let mut b = Builder::new(seed, now, today);
    let positions = positions::build(&mut b);
    let ministry = ministry::build(&mut b, &positions);
    let catalogue = catalogue::build(&mut b, &positions);
    let accounts = accounts::build(&mut b, &ministry, &catalogue, secret_hash);
    let plans = planning::build(&mut b, &positions, &ministry, &catalogue);
    let world = World { positions, ministry, catalogue, plans, accounts };
    let runs = runs::build(&mut b, &world);
    let classes = nominations::build(&mut b, &world, runs);
    delivery::build(&mut b, &world, &classes);
    let forms = forms::build(&mut b, &world.catalogue);
    evaluations::build(&mut b, &world, &forms, &classes);
    beside::build(&mut b, &world, &classes);
    second::build(&mut b, &world, &classes);
    corrections::build(&mut b, &world, &classes);
    expectations::build(&mut b, &classes);
    draws::build(&mut b, &world, &classes);
    ratings::build(&mut b, &world, &classes);
    presence::build(&mut b, &world, &classes);
    requests::build(&mut b, &world);
    b.rows.holidays = std::mem::take(&mut b.calendar.holidays);
    b.rows
}
