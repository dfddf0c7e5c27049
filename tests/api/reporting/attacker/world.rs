//! A ministry of some classes whose every answer is known to the test and to nobody else.

use chrono::{Days, NaiveDate};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};
use thuocdo::db::schema::offerings;
use uuid::Uuid;

use super::knowledge::{Kind, Unknown};
use crate::reporting::given::{Class, Enrolled, Ground, Person, rated};
use crate::reporting::learners::Learners;
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
    /// Tests before and after, percent.
    pub tests: Option<(f64, f64)>,
    /// Ratings of oneself: before, in looking back, three months after.
    pub own: Option<[f64; 3]>,
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
        let mut forms = Vec::new();
        for (i, (course, ..)) in courses.iter().enumerate() {
            forms.push(Learners::of(&self.ground, *course, &format!("K{i}")).await);
        }
        for (lesson, size) in SIZES.into_iter().enumerate() {
            let (course, institute, lecturer) = courses[lesson % courses.len()];
            let first = day(FIRST_DAYS[lesson * 3 / SIZES.len()]) + Days::new(7 * (lesson as u64 % 3));
            let code = format!("L{lesson:02}");
            let class = self.ground.class_of(&code, course, institute, lecturer, &first.to_string()).await;
            let mode = if lesson.is_multiple_of(2) { "in_person" } else { "online" };
            self.set_mode(class.offering, mode).await;
            self.lessons.push(Lesson { class, lecturer, mode });
            let enrolled = self.attend(lesson, size, &mut dice).await;
            self.speak(lesson, &enrolled, &forms[lesson % courses.len()]).await;
        }
    }

    /// What learners say themselves.
    async fn speak(&self, lesson: usize, enrolled: &[Enrolled], forms: &Learners) {
        let class = self.lessons[lesson].class;
        let people = self.people.iter().filter(|who| who.lesson == lesson).zip(enrolled);
        for (who, enrolled) in people {
            let enrolled = std::slice::from_ref(enrolled);
            if let Some((before, after)) = who.tests {
                forms.test(&self.ground, &class, enrolled, &[(Some(before), Some(after))]).await;
            }
            if let Some(ratings) = who.own {
                forms.judge(&self.ground, &class, enrolled, &[ratings]).await;
            }
        }
    }

    async fn attend(&mut self, lesson: usize, size: usize, dice: &mut ChaCha8Rng) -> Vec<Enrolled> {
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
        enrolled
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

    /// The first day on which anything can be told in a phase: tests in that of three months.
    pub fn first_release(&self, phase: &str) -> NaiveDate {
        let after = RELEASED_AFTER[if phase == "three_months" { 3 } else { 2 }];
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
            Kind::Test => self.people[who].tests.expect("tested").0,
            Kind::Learned => self.people[who].tests.map(|(before, after)| after - before).expect("tested"),
            Kind::Own => self.people[who].own.map(|[before, _, after]| after - before).expect("judged"),
            Kind::Shift => self.people[who].own.map(|[before, then, _]| before - then).expect("judged"),
            Kind::Squared(_) => f64::NAN,
        }
    }
}

/// Days after the last session on which reactions, three months (and self-ratings), six months and tests are released.
pub const RELEASED_AFTER: [u64; 4] = [22, 112, 211, 4];

fn trained(lesson: usize, size: usize, dice: &mut ChaCha8Rng) -> Vec<Trained> {
    let changing = dice.random_range(0..3);
    let home = dice.random_range(0..7);
    // Of its own, so that nothing else depends on it.
    let mut chance = ChaCha8Rng::seed_from_u64(lesson as u64);
    (0..size)
        .map(|i| {
            let mut who = Trained {
                lesson,
                unit: if dice.random_range(0..3) == 0 { dice.random_range(0..7) } else { home },
                before: fifths(dice, 9, 20),
                three: (dice.random_range(0..12) > 0).then(|| fifths(dice, 10, 25)),
                six: (dice.random_range(0..10) > 0).then(|| fifths(dice, 10, 25)),
                rater_changed: dice.random_range(0..5) < 2 * changing,
                tests: (chance.random_range(0..8) > 0).then(|| (tens(&mut chance, 6), tens(&mut chance, 10))),
                own: (chance.random_range(0..6) > 0).then(|| [0; 3].map(|_| fifths(&mut chance, 8, 24))),
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

/// The score of a test of ten questions, of which at most so many are right, percent.
fn tens(dice: &mut ChaCha8Rng, most: u32) -> f64 {
    f64::from(dice.random_range(0..=most)) * 10.0
}

/// A form of fourteen questions, as it is stored.
fn form(lesson: usize, dice: &mut ChaCha8Rng) -> f64 {
    let points = if lesson == FULL_MARKS { 70 } else { dice.random_range(30..=70) };
    (f64::from(points) / 14.0 * 10_000.0).round() / 10_000.0
}
