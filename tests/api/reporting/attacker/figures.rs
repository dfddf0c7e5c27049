//! Everything that is published about the world, fetched as those who see the most.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, Days, NaiveDate};
use serde_json::{Value, json};
use thuocdo::access::Role;
use uuid::Uuid;

use super::questionnaires::QUESTIONNAIRES;
use super::world::{END, Lesson, RELEASED_AFTER, World};
use crate::fixtures::classes::Class;
use crate::support::client::Client;
use crate::support::seed::day;

/// One row of a report, and what was asked for.
pub struct Row {
    pub asked: Asked,
    pub item: Value,
}

/// All that is published.
#[derive(Default)]
pub struct Published {
    /// Reports on effectiveness.
    pub rows: Vec<Row>,
    /// Institutes among each other.
    pub cards: Vec<Row>,
    /// The rows behind reports.
    pub exports: Vec<Row>,
    /// Corrective actions.
    pub actions: Vec<Value>,
    /// The courses of a year among each other.
    pub discoveries: Vec<Row>,
    /// How good questionnaires are, and on which day that was read.
    pub questionnaires: Vec<(NaiveDate, Value)>,
    /// Draws of seats, by class.
    pub draws: Vec<(usize, Value)>,
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
pub fn quarter_ends() -> [NaiveDate; 7] {
    ["2025-09-30", "2025-12-31", "2026-03-31", "2026-06-30", "2026-09-30", "2026-12-31", "2027-03-31"]
        .map(day)
}

/// Live through all releases; then read every report, of every day on which one changes, as all who may.
pub async fn published(world: &World) -> Published {
    let mut comments = Comments::default();
    let mut published = Published::default();
    let today = day(END);
    for today in world.release_days().into_iter().chain([today]) {
        world.ground.app.travel_to(today);
        world.ground.release().await;
        comments.read(world, today).await;
        published.questionnaires.extend(questionnaires(world, today).await);
    }
    let app = &world.ground.app;
    let officer = app.as_role(Role::TrainingOfficer);
    let mut readers: Vec<(Client, Option<Uuid>)> = vec![(app.as_role(Role::TrainingOfficer), None)];
    readers.extend(world.institutes.iter().map(|id| (app.as_institute(*id), Some(*id))));
    for (client, institute) in &readers {
        for asked in questions(world, *institute, today) {
            read(client, asked, &mut published.rows).await;
        }
    }
    let head = app.as_head(world.units[0], None);
    for phase in PHASES {
        for as_of in quarter_ends() {
            let asked = Asked { by: "unit", phase, as_of, from: None, to: None, institute: None };
            read(&head, asked, &mut published.rows).await;
        }
    }
    for as_of in world.release_days().into_iter().chain([today]) {
        let asked =
            Asked { by: "institute", phase: "three_months", as_of, from: None, to: None, institute: None };
        let cards = officer.all(&format!("/v1/reports/scorecards?as_of={as_of}&limit=20")).await;
        published.cards.extend(cards.into_iter().map(|item| Row { asked, item }));
    }
    published.exports = exports(world, &officer, today).await;
    published.actions = officer.all("/v1/corrective-actions?limit=20").await;
    published.discoveries = discoveries(world, &officer, today).await;
    for lesson in world.waiting.keys() {
        let path = format!("/v1/offerings/{}/seat-draw", world.lessons[*lesson].class.offering);
        published.draws.push((*lesson, officer.get(&path).await.expect_status(200)));
    }
    published
}

/// How good the questionnaires with answers are, as it is said on a day: the report has no other.
async fn questionnaires(world: &World, today: NaiveDate) -> Vec<(NaiveDate, Value)> {
    let officer = world.ground.app.as_role(Role::TrainingOfficer);
    let mut rows = Vec::new();
    for of in QUESTIONNAIRES {
        let path = format!("/v1/reports/questionnaire-quality?instrument={}", of.instrument);
        rows.extend(officer.all(&path).await.into_iter().map(|row| (today, row)));
    }
    rows
}

/// The lists of all years, of every day on which something is released.
async fn discoveries(world: &World, officer: &Client, today: NaiveDate) -> Vec<Row> {
    let years: BTreeSet<i32> = world.lessons.iter().map(|lesson| lesson.class.last.year()).collect();
    let mut rows = Vec::new();
    for as_of in world.release_days().into_iter().chain([today]) {
        for year in years.iter().copied().filter(|year| *year <= as_of.year()) {
            let [from, to] = [(1, 1), (12, 31)].map(|(month, day)| NaiveDate::from_ymd_opt(year, month, day));
            let asked = Asked { by: "course", phase: "three_months", as_of, from, to, institute: None };
            let path = format!("/v1/reports/discoveries?year={year}&as_of={as_of}&limit=20");
            rows.extend(officer.all(&path).await.into_iter().map(|item| Row { asked, item }));
        }
    }
    rows
}

/// The rows behind every report of a day.
async fn exports(world: &World, officer: &Client, as_of: NaiveDate) -> Vec<Row> {
    let of = |lesson: &Lesson| {
        let Class { offering, course, institute, .. } = lesson.class;
        [("offering", offering), ("course", course), ("institute", institute), ("lecturer", lesson.lecturer)]
    };
    let subjects: BTreeSet<(&'static str, Uuid)> = world.lessons.iter().flat_map(of).collect();
    let mut rows = Vec::new();
    for (by, id) in subjects {
        for phase in PHASES {
            let asked = Asked { by, phase, as_of, from: None, to: None, institute: None };
            let path = format!("/v1/reports/effectiveness/rows?by={by}&id={id}&phase={phase}");
            rows.push(Row { asked, item: officer.get(&path).await.expect_status(200) });
        }
    }
    rows
}

/// What was read of each class, and that it stays as it is.
#[derive(Default)]
struct Comments {
    read: BTreeMap<usize, Value>,
}

impl Comments {
    /// Read them all. What one day shows, no later day adds to; they show all words of ten forms or more, or none.
    async fn read(&mut self, world: &World, today: NaiveDate) {
        let officer = world.ground.app.as_role(Role::TrainingOfficer);
        for (number, lesson) in world.lessons.iter().enumerate() {
            let path = format!("/v1/offerings/{}/comments", lesson.class.offering);
            let shown = officer.get(&path).await.expect_status(200);
            let open = today < lesson.class.last + Days::new(RELEASED_AFTER[0]);
            let written: BTreeSet<&str> = world
                .forms
                .iter()
                .filter(|form| form.lesson == number && !open)
                .map(|form| form.comment.as_str())
                .collect();
            if written.len() < 10 {
                assert_eq!((&shown["questions"], &shown["n"]), (&json!([]), &Value::Null), "{shown:#}");
                continue;
            }
            let comments = shown["questions"][0]["comments"].as_array();
            let words = comments.into_iter().flatten().filter_map(Value::as_str).collect::<BTreeSet<_>>();
            assert_eq!(words, written, "{shown:#}");
            assert_eq!(
                self.read.entry(number).or_insert_with(|| shown.clone()),
                &shown,
                "no order of coming in"
            );
        }
    }
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
