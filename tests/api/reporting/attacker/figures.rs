//! Everything that is published about the world, fetched as those who see the most.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate};
use serde_json::Value;
use thuocdo::access::Role;
use uuid::Uuid;

use super::world::{END, World};
use crate::support::client::Client;
use crate::support::seed::day;

/// One row of a report, and what was asked for.
pub struct Row {
    pub asked: Asked,
    pub item: Value,
}

/// What a report was asked for.
#[derive(Clone, Copy)]
pub struct Asked {
    pub by: &'static str,
    pub phase: &'static str,
    pub as_of: NaiveDate,
    pub from: Option<NaiveDate>,
    pub to: Option<NaiveDate>,
    /// Whose reach it is, if it is an institute's.
    pub institute: Option<Uuid>,
}

impl Asked {
    fn path(&self) -> String {
        let Self { by, phase, as_of, .. } = self;
        let mut path = format!("/v1/reports/effectiveness?by={by}&phase={phase}&as_of={as_of}&limit=20");
        for (name, day) in [("from", self.from), ("to", self.to)] {
            if let Some(day) = day {
                path.push_str(&format!("&{name}={day}"));
            }
        }
        path
    }
}

pub const BY: [&str; 7] = ["course", "offering", "lecturer", "institute", "mode", "content_area", "unit"];
pub const PHASES: [&str; 2] = ["three_months", "six_months"];

/// The last days of the quarters in which follow-ups are released.
pub fn quarter_ends() -> [NaiveDate; 5] {
    ["2025-12-31", "2026-03-31", "2026-06-30", "2026-09-30", "2026-12-31"].map(day)
}

/// Live through all releases; then read every report, of every day on which one changes, as all who may.
pub async fn published(world: &World) -> Vec<Row> {
    for today in world.release_days() {
        world.ground.app.travel_to(today);
        world.ground.release().await;
    }
    let today = day(END);
    world.ground.app.travel_to(today);
    world.ground.release().await;
    let app = &world.ground.app;
    let mut readers: Vec<(Client, Option<Uuid>)> = vec![(app.as_role(Role::TrainingOfficer), None)];
    readers.extend(world.institutes.iter().map(|id| (app.as_institute(*id), Some(*id))));
    let mut rows = Vec::new();
    for (client, institute) in &readers {
        for asked in questions(world, *institute, today) {
            read(client, asked, &mut rows).await;
        }
    }
    let head = app.as_head(world.units[0], None);
    for phase in PHASES {
        for as_of in quarter_ends() {
            let asked = Asked { by: "unit", phase, as_of, from: None, to: None, institute: None };
            read(&head, asked, &mut rows).await;
        }
    }
    rows
}

async fn read(client: &Client, asked: Asked, rows: &mut Vec<Row>) {
    let items = client.all(&asked.path()).await;
    rows.extend(items.into_iter().map(|item| Row { asked, item }));
}

/// The whole ministry's reports of every day on which something is released or a quarter is over, and today's for
/// several periods; an institute's of today, and for the same periods what the ministry cannot ask for: an institute's
/// part of a mode or a content area. An offering is the same in every period.
fn questions(world: &World, institute: Option<Uuid>, today: NaiveDate) -> Vec<Asked> {
    let mut days: BTreeSet<NaiveDate> = BTreeSet::from([today]);
    if institute.is_none() {
        days.extend(world.release_days());
        days.extend(quarter_ends());
    }
    let periods = periods(world, institute);
    let mut questions = Vec::new();
    for by in BY.into_iter().filter(|by| institute.is_none() || *by != "unit") {
        let in_periods = match institute {
            Some(_) => ["mode", "content_area"].contains(&by),
            None => !["offering", "unit"].contains(&by),
        };
        for phase in PHASES {
            let whole = |as_of| Asked { by, phase, as_of, from: None, to: None, institute };
            // Before a phase's first release its report holds nothing that the other's does not.
            let begins = world.first_release(phase);
            questions.extend(days.range(begins..).copied().map(whole));
            if in_periods {
                questions.extend(periods.iter().map(|(from, to)| Asked {
                    from: *from,
                    to: *to,
                    ..whole(today)
                }));
            }
        }
    }
    questions
}

/// Periods that begin or end between two classes, of an institute or of all.
fn periods(world: &World, institute: Option<Uuid>) -> Vec<(Option<NaiveDate>, Option<NaiveDate>)> {
    let classes = world.lessons.iter().map(|lesson| lesson.class);
    let own = classes.filter(|class| institute.is_none_or(|institute| institute == class.institute));
    let last: BTreeSet<NaiveDate> = own.map(|class| class.last).collect();
    let mut periods = Vec::new();
    for last in last {
        periods.push((None, Some(last)));
        periods.push((Some(last + Days::new(1)), None));
        periods.push((Some(last), Some(last)));
    }
    periods
}
