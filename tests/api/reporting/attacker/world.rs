//! A ministry of some classes whose every answer is known to the test and to nobody else.

use chrono::{Days, NaiveDate};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};
use thuocdo::db::schema::offerings;
use uuid::Uuid;

use super::knowledge::{Kind, Unknown};
use crate::reporting::given::{Class, Ground, Person, rated};
use crate::support::TestApp;
use crate::support::app::patient;
use crate::support::seed::day;

/// When everything has been released, also by unit.
pub const END: &str = "2027-01-11";
/// People of each class; from five on a class stands in totals, from ten on it is told by itself.
const SIZES: [usize; 16] = [12, 3, 7, 14, 10, 4, 11, 16, 5, 1, 13, 9, 15, 10, 2, 12];
/// Three blocks of classes, so that follow-ups are released in several quarters.
const FIRST_DAYS: [&str; 3] = ["2025-09-08", "2025-12-01", "2026-03-09"];
/// The class whose people all had full marks before, and who gave full marks.
pub const FULL_MARKS: usize = 13;
/// The class of whose smaller unit one person alone kept the rater.
const ONE_KEPT: usize = 7;

/// Someone trained.
#[derive(Clone, Copy)]
pub struct Trained {
    pub lesson: usize,
    /// Place of the unit in [`World::units`].
    pub unit: usize,
    pub before: f64,
    pub three: Option<f64>,
    pub six: Option<f64>,
    pub rater_changed: bool,
}

/// An untrained colleague, matched to somebody of a class.
#[derive(Clone, Copy)]
pub struct Colleague {
    pub lesson: usize,
    /// Of whom the colleague is matched to.
    pub unit: usize,
    pub before: f64,
    pub after: f64,
}

/// A class as everybody knows it.
pub struct Lesson {
    pub class: Class,
    pub lecturer: Uuid,
    pub mode: &'static str,
}

pub struct World {
    pub ground: Ground,
    pub institutes: Vec<Uuid>,
    /// Units that send people; the first is above the next three.
    pub units: Vec<Uuid>,
    /// Above the last three, and above all.
    pub agency: Uuid,
    pub lessons: Vec<Lesson>,
    pub people: Vec<Trained>,
    pub colleagues: Vec<Colleague>,
    /// Anonymous forms: class and score.
    pub forms: Vec<(usize, f64)>,
}

impl World {
    /// The same for the same seed.
    pub async fn new(seed: u64) -> Self {
        let ground = Ground::on(TestApp::spawn_with(patient()).await).await;
        let app = &ground.app;
        let agency = app.unit("CDL", Some(ground.ministry)).await;
        let mut units = vec![ground.unit];
        for (code, above) in [("VA", 0), ("VB", 0), ("VC", 0), ("CA", 1), ("CB", 1), ("CC", 1)] {
            units.push(app.unit(code, Some([ground.unit, agency][above])).await);
        }
        let mut institutes = vec![ground.institute];
        let mut courses = vec![(ground.course, ground.institute, ground.lecturer)];
        for (i, code) in ["LTR", "HVHC"].into_iter().enumerate() {
            let institute = app.institute(code).await;
            let lecturer = app.lecturer(institute, &format!("Bùi Văn {code}")).await;
            let course = app.course(&format!("K{i}"), institute, ground.competency).await;
            institutes.push(institute);
            courses.push((course, institute, lecturer));
        }
        let second = app.course("BVBM2", ground.institute, ground.competency).await;
        courses.push((second, ground.institute, ground.lecturer));
        let mut world = Self {
            ground,
            institutes,
            units,
            agency,
            lessons: Vec::new(),
            people: Vec::new(),
            colleagues: Vec::new(),
            forms: Vec::new(),
        };
        world.hold_classes(seed, &courses).await;
        world
    }

    async fn hold_classes(&mut self, seed: u64, courses: &[(Uuid, Uuid, Uuid)]) {
        let mut dice = ChaCha8Rng::seed_from_u64(seed);
        for (lesson, size) in SIZES.into_iter().enumerate() {
            let (course, institute, lecturer) = courses[lesson % courses.len()];
            let first = day(FIRST_DAYS[lesson * 3 / SIZES.len()]) + Days::new(7 * (lesson as u64 % 3));
            let code = format!("L{lesson:02}");
            let class = self.ground.class_of(&code, course, institute, lecturer, &first.to_string()).await;
            let mode = if lesson.is_multiple_of(2) { "in_person" } else { "online" };
            self.set_mode(class.offering, mode).await;
            self.lessons.push(Lesson { class, lecturer, mode });
            self.attend(lesson, size, &mut dice).await;
        }
    }

    async fn attend(&mut self, lesson: usize, size: usize, dice: &mut ChaCha8Rng) {
        let class = self.lessons[lesson].class;
        let people = trained(lesson, size, dice);
        let sent: Vec<Person> = people
            .iter()
            .map(|who| Person {
                after: who.three,
                six_months: who.six,
                rater_changed: who.rater_changed,
                unit: Some(self.units[who.unit]),
                ..rated(who.before, 0.0)
            })
            .collect();
        let enrolled = self.ground.send(&class, &sent).await;
        let beside = if lesson.is_multiple_of(2) { size.min(4) + dice.random_range(0..10) } else { 0 };
        let colleagues: Vec<Colleague> = (0..beside)
            .map(|i| Colleague {
                lesson,
                unit: people[i % size].unit,
                before: fifths(dice, 10, 20),
                after: fifths(dice, 9, 22),
            })
            .collect();
        let pairs: Vec<(f64, f64)> = colleagues.iter().map(|c| (c.before, c.after)).collect();
        self.ground.compare(&class, &enrolled, &pairs).await;
        let answered = size - dice.random_range(0..=size / 3);
        let forms: Vec<f64> = (0..answered).map(|_| form(lesson, dice)).collect();
        self.ground.react(&class, &enrolled, &forms).await;
        self.people.extend(people);
        self.colleagues.extend(colleagues);
        self.forms.extend(forms.into_iter().map(|score| (lesson, score)));
    }

    async fn set_mode(&self, offering: Uuid, mode: &'static str) {
        self.ground
            .app
            .system(async |tx| {
                diesel::update(offerings::table.find(offering))
                    .set(offerings::mode.eq(mode))
                    .execute(tx.conn())
                    .await?;
                Ok(())
            })
            .await
            .expect("the database takes a mode");
    }

    /// The days on which something is released, in order.
    pub fn release_days(&self) -> Vec<NaiveDate> {
        let mut days: Vec<NaiveDate> =
            self.lessons.iter().flat_map(|l| RELEASED_AFTER.map(|n| l.class.last + Days::new(n))).collect();
        days.sort_unstable();
        days.dedup();
        days
    }

    /// The first day on which anything can be told in a phase: reactions in that of three months.
    pub fn first_release(&self, phase: &str) -> NaiveDate {
        let after = RELEASED_AFTER[if phase == "three_months" { 0 } else { 2 }];
        let last = self.lessons.iter().map(|lesson| lesson.class.last).min().expect("a class");
        last + Days::new(after)
    }

    /// What the attacker would like to know.
    pub fn truth(&self, unknown: &Unknown) -> f64 {
        let who = unknown.who;
        match unknown.kind {
            Kind::Before => self.people[who].before,
            Kind::ThreeMonths => self.people[who].three.expect("rated") - self.people[who].before,
            Kind::SixMonths => self.people[who].six.expect("rated") - self.people[who].before,
            Kind::Colleague => self.colleagues[who].after - self.colleagues[who].before,
            Kind::Form => self.forms[who].1,
            Kind::Squared(_) => f64::NAN,
        }
    }
}

/// Days after the last session on which reactions, three months and six months are released.
pub const RELEASED_AFTER: [u64; 3] = [22, 112, 211];

fn trained(lesson: usize, size: usize, dice: &mut ChaCha8Rng) -> Vec<Trained> {
    let changing = dice.random_range(0..3);
    let home = dice.random_range(0..7);
    (0..size)
        .map(|i| {
            let mut who = Trained {
                lesson,
                unit: if dice.random_range(0..3) == 0 { dice.random_range(0..7) } else { home },
                before: fifths(dice, 9, 20),
                three: (dice.random_range(0..12) > 0).then(|| fifths(dice, 10, 25)),
                six: (dice.random_range(0..10) > 0).then(|| fifths(dice, 10, 25)),
                rater_changed: dice.random_range(0..5) < 2 * changing,
            };
            if lesson == FULL_MARKS {
                who.before = 5.0;
            }
            if lesson == ONE_KEPT {
                (who.unit, who.rater_changed) = if i < 10 { (1, false) } else { (2, i > 10) };
                who.three = who.three.or(Some(4.0));
            }
            who
        })
        .collect()
}

/// A score of five behaviours: fifths of a point.
fn fifths(dice: &mut ChaCha8Rng, low: u32, high: u32) -> f64 {
    f64::from(dice.random_range(low..=high)) / 5.0
}

/// A form of fourteen questions, as it is stored.
fn form(lesson: usize, dice: &mut ChaCha8Rng) -> f64 {
    let points = if lesson == FULL_MARKS { 70 } else { dice.random_range(30..=70) };
    (f64::from(points) / 14.0 * 10_000.0).round() / 10_000.0
}
