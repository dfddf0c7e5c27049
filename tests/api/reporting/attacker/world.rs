//! A ministry of some classes whose every answer is known to the test and to nobody else.

use std::collections::BTreeMap;

use chrono::{Datelike, Days, Months, NaiveDate};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};
use serde_json::json;
use thuocdo::db::Tx;
use thuocdo::db::schema::{expected_effects, offerings};
use thuocdo::effectiveness::measures::quarter_start;
use uuid::Uuid;

use super::chance::{fifths, trained};
use super::draws::{DRAWN_DAY, DRAWS, Draw, ELSEWHERE};
use super::knowledge::{Kind, Unknown};
use crate::fixtures::classes::voices::mean;
use crate::fixtures::classes::{Class, Enrolled, Ground, Person, rated};
use crate::fixtures::learners::Learners;
use crate::support::TestApp;
use crate::support::app::patient;
use crate::support::seed::day;

/// When everything has been released, also by unit.
pub const END: &str = "2027-04-05";
/// People of each class; from five on a class is in totals, from ten on it is shown by itself.
const SIZES: [usize; 16] = [12, 3, 7, 14, 10, 4, 11, 16, 5, 1, 13, 9, 15, 10, 2, 12];
/// Three blocks of classes, so that follow-ups are released in several quarters.
const FIRST_DAYS: [&str; 3] = ["2025-09-08", "2025-12-01", "2026-03-09"];
/// The class whose people all had full marks before, and who gave full marks.
pub const FULL_MARKS: usize = 13;
/// The class of whose smaller unit one person alone kept the rater.
pub const ONE_KEPT: usize = 7;
/// The class that its learners found bad.
pub const BAD: usize = 3;
/// The class to which all people of the first were sent as well, beside two others.
pub const SECOND: usize = SIZES.len();

/// Someone trained.
#[derive(Debug, Clone, Copy)]
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

/// A colleague of the comparison group, matched to somebody of a class.
#[derive(Clone, Copy)]
pub struct Colleague {
    pub lesson: usize,
    /// Place in [`World::people`] of the person that the colleague is matched to.
    pub to: usize,
    /// Unit of the person that the colleague is matched to.
    pub unit: usize,
    pub before: f64,
    pub after: f64,
    /// Whether the colleague sat in the course elsewhere before being rated again.
    pub crossed_over: bool,
}

/// Somebody's official scores around a class: of the first of the classes that they are of, if there are several.
#[derive(Clone, Copy)]
pub struct Scored {
    pub lesson: usize,
    /// The trained person, or whom the colleague is matched to.
    pub of: Uuid,
    /// Of the trained person, or of the one that a colleague is matched to.
    pub unit: usize,
    pub before: f64,
    pub after: f64,
}

/// An anonymous form at the end of a class.
pub struct Form {
    pub lesson: usize,
    /// On each scale; none that was left out.
    pub steps: [Option<u8>; 4],
    pub comment: String,
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
    /// Anonymous forms about classes.
    pub forms: Vec<Form>,
    /// Anonymous forms about offices: class and conditions.
    pub offices: Vec<(usize, [Option<u8>; 6])>,
    /// What units say: class and steps.
    pub said: Vec<(usize, [u8; 2])>,
    /// Official scores of the trained, and of their colleagues.
    pub scores: [Vec<Scored>; 2],
    /// Of the first class, who they are: both were sent, or matched, to the second as well.
    first: [Vec<Uuid>; 2],
    /// Of the classes whose seats were drawn, who waits; those first who crossed over.
    pub waiting: BTreeMap<usize, Vec<Uuid>>,
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
            offices: Vec::new(),
            said: Vec::new(),
            scores: [Vec::new(), Vec::new()],
            first: [Vec::new(), Vec::new()],
            waiting: BTreeMap::new(),
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
        let drawn = DRAWS.map(|draw| draw.seats);
        for (lesson, size) in SIZES.into_iter().chain([2]).chain(drawn).chain([3]).enumerate() {
            let of = match lesson {
                SECOND => 1,
                _ if lesson > SECOND => 2,
                _ => lesson % courses.len(),
            };
            let (course, institute, lecturer) = courses[of];
            let first = if lesson > SECOND {
                day(DRAWN_DAY)
            } else {
                day(FIRST_DAYS[lesson % SECOND * 3 / SECOND]) + Days::new(7 * (lesson as u64 % 3))
            };
            let code = format!("L{lesson:02}");
            let class = self.ground.class_of(&code, course, institute, lecturer, &first.to_string()).await;
            let mode = if lesson.is_multiple_of(2) { "in_person" } else { "online" };
            self.set_mode(class.offering, mode).await;
            self.expect(class.offering).await;
            self.lessons.push(Lesson { class, lecturer, mode });
            let enrolled = self.attend(lesson, size, &mut dice).await;
            self.speak(lesson, &enrolled, &forms[of]).await;
            self.answer(lesson, &enrolled).await;
        }
    }

    /// What is said without a name, of the class and of offices, and what units say.
    async fn answer(&mut self, lesson: usize, enrolled: &[Enrolled]) {
        let class = self.lessons[lesson].class;
        // Of their own, so that nothing else depends on them.
        let mut dice = ChaCha8Rng::seed_from_u64(1_000 + lesson as u64);
        let size = enrolled.len();
        let answered = if lesson > SECOND { size } else { size - dice.random_range(0..=size / 3) };
        let forms: Vec<Form> = (0..answered).map(|form| Form::new(lesson, form, &mut dice)).collect();
        let given: Vec<_> = forms.iter().map(|form| (form.steps, form.comment.clone())).collect();
        self.ground.rate(&class, enrolled, &given).await;
        let answered = size - dice.random_range(0..=size / 4);
        let offices: Vec<[Option<u8>; 6]> = (0..answered)
            .map(|_| [0; 6].map(|_| (dice.random_range(0..12) > 0).then(|| dice.random_range(1..=5))))
            .collect();
        self.ground.office(&class, enrolled, &offices).await;
        let units = size.min(match lesson {
            ELSEWHERE => 0,
            _ if lesson > SECOND => 10,
            _ if lesson.is_multiple_of(4) => 3,
            _ => dice.random_range(5..10),
        });
        let said: Vec<[u8; 2]> = (0..units).map(|_| [0; 2].map(|_| dice.random_range(1..=5))).collect();
        self.ground.units_say(&class, enrolled, class.last + Days::new(100), &said).await;
        // Work that is sent back counts the other way round.
        let counted = said.iter().map(|[used, rework]| (lesson, [*used, 6 - rework]));
        self.said.extend(counted);
        self.forms.extend(forms);
        self.offices.extend(offices.into_iter().map(|steps| (lesson, steps)));
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
        let draw = Draw::of(lesson);
        let beside = if let Some(draw) = draw {
            draw.waiting
        } else if lesson == 0 {
            12
        } else if lesson != ELSEWHERE && lesson.is_multiple_of(2) {
            size.min(4) + dice.random_range(0..10)
        } else {
            0
        };
        let colleagues: Vec<Colleague> = (0..beside)
            .map(|i| Colleague {
                lesson,
                to: self.people.len() + i % size,
                unit: people[i % size].unit,
                before: fifths(dice, 10, 20),
                after: fifths(dice, 9, 22),
                crossed_over: draw.is_some_and(|draw| i < draw.crossed_over),
            })
            .collect();
        let pairs: Vec<(f64, f64)> = colleagues.iter().map(|c| (c.before, c.after)).collect();
        let matched = self.ground.compare(&class, &enrolled, &pairs).await;
        if lesson == SECOND {
            for (employee, colleague) in self.first[0].iter().zip(&self.first[1]) {
                let again = self.ground.train(&class, *employee).await;
                self.ground.match_to(&class, &again, *colleague, None).await;
            }
        }
        if draw.is_some() {
            self.ground.drawn_by_lot(&class, &enrolled, &matched, 0).await;
            self.waiting.insert(lesson, matched.clone());
        }
        if lesson == ELSEWHERE {
            for employee in self.crossed_over() {
                self.ground.train(&class, employee).await;
            }
        }
        let trained: Vec<(Uuid, usize, Uuid)> =
            enrolled.iter().zip(&people).map(|(who, of)| (who.employee, of.unit, who.employee)).collect();
        let to = |i: usize| enrolled[i % size].employee;
        let beside = matched.iter().zip(&colleagues).enumerate();
        // Who crossed over has no official score.
        let beside: Vec<(Uuid, usize, Uuid)> = beside
            .filter(|(_, (_, of))| !of.crossed_over)
            .map(|(i, (id, of))| (*id, of.unit, to(i)))
            .collect();
        if lesson == 0 {
            self.first = [&trained, &beside].map(|of| of.iter().map(|(id, ..)| *id).collect());
        }
        for (group, people) in [trained, beside].into_iter().enumerate() {
            self.score(lesson, group, &people).await;
        }
        self.people.extend(people);
        self.colleagues.extend(colleagues);
        enrolled
    }

    /// Official scores of people of a class (group 0) or beside it (1); some have none.
    async fn score(&mut self, lesson: usize, group: usize, people: &[(Uuid, usize, Uuid)]) {
        let class = self.lessons[lesson].class;
        let mut dice = ChaCha8Rng::seed_from_u64(2_000 + 2 * lesson as u64 + group as u64);
        let [index, last] = [class.first - Days::new(20), class.last].map(quarter_start);
        let quarters =
            [index - Months::new(6), index - Months::new(3), last + Months::new(6), last + Months::new(9)];
        for (employee, unit, of) in people {
            if lesson > 0 && dice.random_range(0..9) == 0 {
                continue;
            }
            let points = quarters.map(|quarter| (quarter, f64::from(dice.random_range(60..=100))));
            let rated = points.map(|(start, score)| (start.year(), start.month0() / 3 + 1, score));
            self.ground.score(*employee, &(quarters[3] + Months::new(3)).to_string(), &rated).await;
            let [a, b, c, d] = points.map(|(_, score)| score);
            self.scores[group].push(Scored {
                lesson,
                of: *of,
                unit: *unit,
                before: f64::midpoint(a, b),
                after: f64::midpoint(c, d),
            });
        }
    }

    /// Those who waited and sat in the course elsewhere.
    fn crossed_over(&self) -> Vec<Uuid> {
        let of = |(lesson, waiting): (&usize, &Vec<Uuid>)| {
            waiting[..Draw::of(*lesson).expect("a draw").crossed_over].to_vec()
        };
        self.waiting.iter().flat_map(of).collect()
    }

    /// What the ministry expects of an offering: of every measure something.
    async fn expect(&self, offering: Uuid) {
        use expected_effects as t;
        let of = |(measure, change)| json!({"behaviour": "Đúng hạn", "measure": measure, "change": change});
        let effects: serde_json::Value =
            [("three_months", 0.5), ("six_months", 0.5), ("work_score", 5.0)].map(of).into_iter().collect();
        let declare = async |tx: &mut Tx<'_>| {
            let now = tx.now;
            diesel::insert_into(t::table)
                .values((
                    t::offering_id.eq(offering),
                    t::effects.eq(&effects),
                    t::version.eq(1),
                    t::created_at.eq(now),
                    t::updated_at.eq(now),
                ))
                .execute(tx.conn())
                .await?;
            Ok(())
        };
        self.ground.app.system(declare).await.expect("the database takes what is expected");
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
        let of = |(number, lesson): (usize, &Lesson)| {
            let last = lesson.class.last;
            RELEASED_AFTER.map(|n| last + Days::new(n)).into_iter().chain([self.scores_released(number)])
        };
        let mut days: Vec<NaiveDate> = self.lessons.iter().enumerate().flat_map(of).collect();
        days.sort_unstable();
        days.dedup();
        days
    }

    /// The day on which official scores around a class are released: the day after the last push if everybody is rated, and
    /// ninety days after the last quarter if somebody is not.
    pub fn scores_released(&self, lesson: usize) -> NaiveDate {
        let over = quarter_start(self.lessons[lesson].class.last) + Months::new(12);
        // They have no scores and sit there too.
        let crossed_over = if lesson == ELSEWHERE { self.crossed_over().len() } else { 0 };
        let awaited = crossed_over
            + self.people.iter().filter(|who| who.lesson == lesson).count()
            + self.colleagues.iter().filter(|who| who.lesson == lesson).count();
        let rated = self.scores.iter().flatten().filter(|who| who.lesson == lesson).count();
        if rated == awaited { over + Days::new(1) } else { over + Days::new(89) }
    }

    /// The first day on which anything can be shown in a phase: tests in that of three months.
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
            Kind::ColleagueBefore => self.colleagues[who].before,
            Kind::Form => mean(&self.forms[who].steps).expect("answered"),
            Kind::Scale(scale) => f64::from(self.step(who, scale)),
            Kind::Top(scale) => f64::from(self.step(who, scale) >= 4),
            Kind::Test => self.people[who].tests.expect("tested").0,
            Kind::Learned => self.people[who].tests.map(|(before, after)| after - before).expect("tested"),
            Kind::Own => self.people[who].own.map(|[before, _, after]| after - before).expect("judged"),
            Kind::Shift => self.people[who].own.map(|[before, then, _]| before - then).expect("judged"),
            Kind::Score => self.scores[0][who].before,
            Kind::ScoreChange => self.scores[0][who].after - self.scores[0][who].before,
            Kind::Ceiling => f64::from(self.scores[0][who].before >= 90.0),
            Kind::ColleagueScore => self.scores[1][who].before,
            Kind::ColleagueScoreChange => self.scores[1][who].after - self.scores[1][who].before,
            Kind::Condition(item) => f64::from(self.condition(who, item)),
            Kind::Barred(item) => f64::from(self.condition(who, item) <= 2),
            Kind::Eased(item) => f64::from(self.condition(who, item) >= 4),
            Kind::Said(item) => f64::from(self.said[who].1[usize::from(item)]),
            Kind::Complained(item) => f64::from(self.said[who].1[usize::from(item)] <= 2),
            Kind::Praised(item) => f64::from(self.said[who].1[usize::from(item)] >= 4),
            Kind::Squared(_) => f64::NAN,
        }
    }

    fn step(&self, form: usize, scale: u8) -> u8 {
        self.forms[form].steps[usize::from(scale)].expect("answered")
    }

    fn condition(&self, form: usize, item: u8) -> u8 {
        self.offices[form].1[usize::from(item)].expect("answered")
    }
}

/// Days after the last session on which reactions, three months (and self-ratings), six months and tests are released.
pub const RELEASED_AFTER: [u64; 4] = [22, 112, 211, 4];
