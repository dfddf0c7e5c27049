//! Courses made up by dice, of which the truth is known, through the functions that the service itself calls: colleagues
//! are drawn by [`Pool::draw`], people are added up by [`OfferingSums::of_behaviour`] and judged by [`Behaviour::of`].
//!
//! Shared by the test below and by `examples/effectiveness_simulation.rs`, which writes the report.
//!
//! Somebody has a usual level. In some quarters work goes better or worse than usual; that shows in the official score of
//! the quarter and in the supervisor's rating of that time, and is over by the follow-up. A supervisor's yardstick may
//! move between the two ratings, for all of his or her people alike.

use std::collections::HashMap;

use uuid::Uuid;

use super::behaviour::{Behaviour, Floor};
use super::matching::{Colleague, EarlierScore, EarlierWork, Pool, Run, Units, Unmatched};
use super::ratings::{PeriodKind, RatingClass, RatingRegime};
use super::{Dice, Observed, OfferingSums, Pair, Rows, State};

/// Standard deviations, in points of 5: of the usual level, of a quarter that goes better or worse, of what a supervisor
/// happens to see, of a question, and of what people gain more or less than others.
const LEVEL: f64 = 0.45;
const SPELL: f64 = 0.35;
const SEEN: f64 = 0.25;
const QUESTION: f64 = 0.60;
const GAIN: f64 = 0.20;
/// Points of 100 of the official score for one of 5, and what else moves it.
const OFFICIAL: f64 = 12.0;
const OFFICIAL_NOISE: f64 = 4.0;

/// Who is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sent {
    /// By lot.
    ByLot,
    /// Those with the lowest official score of the last quarter.
    Weakest,
    /// Of these twice as many are nominated, and a draw of the seats decides; the others are the comparison group.
    WeakestDrawn,
}

/// Who of the trained is not rated again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lost {
    /// Nobody.
    Nobody,
    /// So many of a hundred, drawn by lot.
    ByLot(usize),
    /// So many of a hundred, rather those who gained little.
    SmallGains(usize),
}

/// What is true of a course, and how it is held.
#[derive(Debug, Clone, Copy)]
pub struct Course {
    /// People trained in each offering, and offerings.
    pub size: usize,
    pub offerings: usize,
    /// Mean gain of the trained beyond the others, points of 5; by how much offerings differ in it.
    pub effect: f64,
    pub apart: f64,
    /// Mean level of everybody.
    pub level: f64,
    pub sent: Sent,
    /// How many people there are for each who is trained.
    pub pool: usize,
    /// Standard deviation of what supervisors' yardsticks move by.
    pub eye: f64,
    /// Supervisors of those who are trained, and of all others; the same ones where `shared`.
    pub raters: [usize; 2],
    pub shared: bool,
    /// By how much supervisors favour those who were trained, points of 5.
    pub favour: f64,
    /// Standard deviation of what people gain more or less, of the trained and of the others.
    pub spread: [f64; 2],
    pub lost: Lost,
}

impl Course {
    /// Twelve people in one offering, drawn by lot, that does nothing; everybody has a supervisor of four people.
    pub const PLAIN: Self = Self {
        size: 12,
        offerings: 1,
        effect: 0.0,
        apart: 0.0,
        level: 3.0,
        sent: Sent::ByLot,
        pool: 8,
        eye: 0.0,
        raters: [12, 24],
        shared: false,
        favour: 0.0,
        spread: [GAIN, GAIN],
        lost: Lost::Nobody,
    };

    /// Hold it once, and say what the service makes of it.
    pub fn hold(&self, dice: &mut Dice) -> Behaviour {
        let mut ministry = Ministry::new(self, dice);
        let mut sums = OfferingSums::default();
        for offering in 0..self.offerings {
            let more =
                if self.offerings > 1 { self.apart * (2 * (offering % 2)) as f64 - self.apart } else { 0.0 };
            let held = ministry.hold(self, offering, self.effect + more, dice);
            let people: Vec<&Observed> = held.iter().collect();
            let of = OfferingSums::of_behaviour(&people, &Rows::of_behaviour(&people));
            sums.merge(&if self.offerings == 1 { of.alone() } else { of.for_totals() });
        }
        Behaviour::of(&sums, SMALLEST_CHANGE, Floor::Standard)
    }

    /// The true difference, of so many people: what is left of the effect by rounding and by the ends of the scale.
    pub fn truth(&self, people: usize, dice: &mut Dice) -> f64 {
        let mean = |effect: f64, dice: &mut Dice| {
            let one = |dice: &mut Dice| {
                let level = self.level + LEVEL * dice.normal();
                let seen = |at: f64, dice: &mut Dice| score(at + SPELL * dice.normal(), dice);
                let before = seen(level, dice);
                seen(level + effect + GAIN * dice.normal(), dice) - before
            };
            (0..people).map(|_| one(dice)).sum::<f64>() / people as f64
        };
        mean(self.effect, dice) - mean(0.0, dice)
    }
}

/// The smallest change that matters, points of 5.
pub const SMALLEST_CHANGE: f64 = 0.25;

/// Somebody who works in the ministry.
#[derive(Debug, Clone, Copy)]
struct Person {
    level: f64,
    /// By how much the last quarter went better or worse than usual.
    spell: f64,
    /// The official score of that quarter, by which the weakest are found.
    last: f64,
    work: EarlierWork,
    rater: usize,
    is_trained: bool,
}

struct Ministry {
    people: Vec<Person>,
    /// By how much each supervisor's yardstick moved.
    moved: Vec<f64>,
}

impl Ministry {
    fn new(course: &Course, dice: &mut Dice) -> Self {
        let raters = course.raters.iter().sum::<usize>();
        let moved = (0..raters).map(|_| course.eye * dice.normal()).collect();
        let all = course.size * course.offerings * course.pool;
        let people = (0..all).map(|_| Person::new(course.level, dice)).collect();
        Self { people, moved }
    }

    /// Choose, match, teach and rate the people of one offering.
    fn hold(&mut self, course: &Course, offering: usize, effect: f64, dice: &mut Dice) -> Vec<Observed> {
        let mut free: Vec<usize> =
            (0..self.people.len()).filter(|who| !self.people[*who].is_trained).collect();
        if course.sent != Sent::ByLot {
            free.sort_by(|one, other| self.people[*one].last.total_cmp(&self.people[*other].last));
        }
        if course.sent == Sent::WeakestDrawn {
            free.truncate(2 * course.size);
            free.sort_by_cached_key(|_| (1e9 * dice.even()) as u64);
        }
        let waiting: Vec<usize> = free.iter().skip(course.size).take(course.size).copied().collect();
        let sent: Vec<usize> = free.into_iter().take(course.size).collect();
        let [own, others] = course.raters;
        for (i, who) in sent.iter().enumerate() {
            self.people[*who].is_trained = true;
            self.people[*who].rater = i % own;
        }
        for (i, person) in self.people.iter_mut().filter(|person| !person.is_trained).enumerate() {
            person.rater = if course.shared { i % own } else { own + i % others };
        }
        let by_lot = course.sent == Sent::WeakestDrawn;
        let matched = if by_lot {
            sent.iter().copied().zip(waiting).collect()
        } else {
            self.matched(course, offering, &sent)
        };
        let mut observed: Vec<Observed> = Vec::new();
        for who in &sent {
            let (before, after) = self.rated(*who, effect + course.favour, course.spread[0], dice);
            let comparison = matched
                .get(who)
                .map(|other| self.pair(*other, self.rated(*other, 0.0, course.spread[1], dice)));
            observed.push(Observed {
                baseline: Some(before),
                state: State::Answered,
                pair: Some(self.pair(*who, (before, after))),
                comparison: comparison.into_iter().collect(),
                comparison_due: 1,
                by_lot,
                ..Observed::default()
            });
        }
        lose(&mut observed, course.lost, dice);
        observed
    }

    /// The colleague of each participant, drawn as the service draws them.
    fn matched(&self, course: &Course, offering: usize, sent: &[usize]) -> HashMap<usize, usize> {
        let id = |who: usize| Uuid::from_u128(1_000 + who as u128);
        let colleague = |who: usize| Colleague {
            employee_id: id(who),
            unit_id: id(500_000 + self.people[who].rater),
            position_group: "chuyen_vien".to_owned(),
        };
        // Everybody's unit has a head of its own.
        let heads = (0..course.raters.iter().sum()).map(|rater| {
            let unit = id(500_000 + rater);
            (unit, unit, Some(id(600_000 + rater)))
        });
        let units = Units::new(heads.collect());
        let mut pool = Pool {
            colleagues: (0..self.people.len())
                .filter(|who| !self.people[*who].is_trained)
                .map(colleague)
                .collect(),
            earlier_work: self
                .people
                .iter()
                .enumerate()
                .map(|(who, person)| (id(who), person.work))
                .collect(),
            ..Pool::default()
        };
        let unmatched = sent.iter().map(|who| Unmatched {
            participant_id: id(*who),
            offering_id: id(700_000 + offering),
            course_id: id(800_000),
            questionnaire_id: id(900_000),
            run: Run { first_half_day: 40_000, last_half_day: 40_003 },
            trainee: colleague(*who),
        });
        let back = |id: Uuid| usize::try_from(id.as_u128() - 1_000).unwrap_or_default();
        let drawn = pool.draw(unmatched.collect(), &units);
        drawn
            .iter()
            .map(|pair| (back(pair.participant.participant_id), back(pair.colleague.employee_id)))
            .collect()
    }

    fn rated(&self, who: usize, gain: f64, spread: f64, dice: &mut Dice) -> (f64, f64) {
        let person = &self.people[who];
        let before = score(person.level + person.spell, dice);
        let later = person.level + SPELL * dice.normal() + gain + spread * dice.normal();
        (before, score(later + self.moved.get(person.rater).copied().unwrap_or_default(), dice))
    }

    fn pair(&self, who: usize, (before, after): (f64, f64)) -> Pair {
        let rater = Uuid::from_u128(self.people[who].rater as u128);
        Pair { before, after, rater, ..Pair::default() }
    }
}

impl Person {
    fn new(level: f64, dice: &mut Dice) -> Self {
        let level = level + LEVEL * dice.normal();
        let spell = SPELL * dice.normal();
        let official = |spell: f64, dice: &mut Dice| {
            (75.0 + OFFICIAL * (level + spell - 3.0) + OFFICIAL_NOISE * dice.normal()).clamp(0.0, 100.0)
        };
        let last = official(spell, dice);
        let class = match last {
            90.0.. => RatingClass::Excellent,
            70.0.. => RatingClass::Good,
            50.0.. => RatingClass::Completed,
            _ => RatingClass::NotCompleted,
        };
        let earlier: Vec<f64> = (0..3).map(|_| official(SPELL * dice.normal(), dice)).chain([last]).collect();
        let mean = earlier.iter().sum::<f64>() / earlier.len() as f64;
        let score = EarlierScore { regime: RatingRegime::Decree335, kind: PeriodKind::Quarter, mean };
        Self {
            level,
            spell,
            last,
            work: EarlierWork { class: Some(class), score: Some(score) },
            rater: 0,
            is_trained: false,
        }
    }
}

/// Take the follow-ups of some away.
fn lose(people: &mut [Observed], lost: Lost, dice: &mut Dice) {
    let (share, by_gain) = match lost {
        Lost::Nobody => return,
        Lost::ByLot(share) => (share, false),
        Lost::SmallGains(share) => (share, true),
    };
    let mut order: Vec<(f64, usize)> = Vec::new();
    for (who, person) in people.iter().enumerate() {
        let gain = person.pair.map_or(0.0, |pair| pair.after - pair.before);
        order.push((if by_gain { gain / 0.66 } else { 0.0 } + dice.normal(), who));
    }
    order.sort_by(|one, other| one.0.total_cmp(&other.0));
    for (_, who) in order.into_iter().take(people.len() * share / 100) {
        (people[who].pair, people[who].state) = (None, State::Unanswered);
    }
}

/// The score of five answers about somebody at this level.
fn score(level: f64, dice: &mut Dice) -> f64 {
    let seen = level + SEEN * dice.normal();
    let answers = [0; 5].map(|_| (seen + QUESTION * dice.normal()).round().clamp(1.0, 5.0));
    answers.iter().sum::<f64>() / 5.0
}

#[cfg(test)]
mod tests {
    use super::super::behaviour::Headline;
    use super::*;
    use statistics::Verdict;

    /// What the service said of so many courses.
    struct Heard {
        held: usize,
        labelled: usize,
        clear: usize,
        unchanged: usize,
    }

    const RUNS: usize = 200;

    fn hear(course: &Course, truth: f64, seed: u64) -> Heard {
        let mut dice = Dice::new(seed);
        let mut heard = Heard { held: 0, labelled: 0, clear: 0, unchanged: 0 };
        for _ in 0..RUNS {
            let found = course.hold(&mut dice);
            assert_eq!(found.figures.headline, Headline::Difference, "everybody has a match");
            let [low, high] = found.figures.difference.ci95().unwrap();
            heard.held += usize::from(low <= truth && truth <= high);
            heard.labelled += usize::from(found.figures.difference.probably_too_narrow());
            heard.clear += usize::from(found.verdict == Some(Verdict::ClearImprovement));
            heard.unchanged += usize::from(found.verdict == Some(Verdict::PracticallyNoChange));
        }
        heard
    }

    /// The report with its ten thousand courses a row is `docs/effectiveness-simulation.md`; these are too few to see more
    /// than a gross fault, so the bounds are four standard errors wide.
    #[test]
    fn a_course_that_does_nothing_is_not_called_clearly_effective_in_any_world() {
        let worlds = [
            ("by lot", Course::PLAIN),
            ("the weakest", Course { sent: Sent::Weakest, ..Course::PLAIN }),
            ("the weakest, drawn by lot", Course { sent: Sent::WeakestDrawn, ..Course::PLAIN }),
            ("few raters", Course { eye: 0.4, raters: [3, 15], ..Course::PLAIN }),
            (
                "those who gained little are lost",
                Course { size: 20, raters: [20, 40], lost: Lost::SmallGains(20), ..Course::PLAIN },
            ),
            (
                "many are lost by lot",
                Course { size: 30, raters: [30, 60], lost: Lost::ByLot(30), ..Course::PLAIN },
            ),
            (
                "six offerings of the same raters",
                Course { offerings: 6, eye: 0.25, raters: [12, 12], pool: 4, ..Course::PLAIN },
            ),
        ];
        for (seed, (name, course)) in worlds.into_iter().enumerate() {
            let heard = hear(&course, 0.0, seed as u64);
            assert!(heard.clear <= RUNS * 25 / 1_000 + 9, "{name}: {} of {RUNS}", heard.clear);
            if heard.labelled == 0 && course.lost == Lost::Nobody && course.sent != Sent::Weakest {
                assert!(heard.held >= RUNS * 88 / 100, "{name}: {} of {RUNS}", heard.held);
            }
        }
    }

    #[test]
    fn a_large_course_that_does_nothing_is_said_to_do_nothing() {
        let course = Course { size: 200, pool: 3, raters: [50, 50], ..Course::PLAIN };
        let mut dice = Dice::new(77);
        let unchanged =
            (0..40).filter(|_| course.hold(&mut dice).verdict == Some(Verdict::PracticallyNoChange)).count();
        assert!(unchanged >= 24, "{unchanged} of 40");
    }

    #[test]
    fn an_effect_is_found() {
        let course = Course { size: 40, effect: 0.9, raters: [20, 20], ..Course::PLAIN };
        let mut dice = Dice::new(78);
        assert!(
            (0.8..0.95).contains(&course.truth(20_000, &mut dice)),
            "the ends of the scale take some of it"
        );
        let clear =
            (0..40).filter(|_| course.hold(&mut dice).verdict == Some(Verdict::ClearImprovement)).count();
        assert!(clear >= 24, "{clear} of 40");
    }
}
