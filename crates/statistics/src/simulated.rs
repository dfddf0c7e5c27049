//! Groups made up by dice, of which the truth is known: how often is the service right?
//!
//! Shared by the test below and by `examples/effectiveness_simulation.rs`, which writes the report.
//!
//! A person has a level; on each occasion the supervisor sees it a little higher or lower, and so does each of the
//! five questions, whose answers are whole numbers from 1 to 5. Between the two occasions a supervisor's yardstick
//! may have moved for all of his or her people.

use rand::{RngExt, SeedableRng, rngs::ChaCha8Rng};

use super::{Moments, PairMoments};

/// Standard deviations, in points, of what makes answers differ: the person, the occasion, the question, and by how
/// much people gain more or less than others. They give a score before a standard deviation of 0.66 points, half of
/// whose variance is the person's.
const PERSON: f64 = 0.50;
const OCCASION: f64 = 0.35;
const QUESTION: f64 = 0.60;
const GAIN: f64 = 0.20;

/// People under one supervisor.
const PEOPLE_PER_RATER: usize = 4;

/// Random numbers that repeat.
pub struct Dice(ChaCha8Rng);

impl Dice {
    /// The stream of a seed.
    pub fn new(seed: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(seed))
    }

    /// Evenly between 0 and 1.
    pub fn even(&mut self) -> f64 {
        self.0.random::<f64>()
    }

    /// Normal, with mean 0 and standard deviation 1 (Box and Muller 1958).
    pub fn normal(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.even()).ln()).sqrt();
        radius * (std::f64::consts::TAU * self.even()).cos()
    }
}

/// What is true of a group.
#[derive(Debug, Clone, Copy)]
pub struct World {
    /// Mean level before, on the scale of 1 to 5.
    pub level: f64,
    /// Mean gain of the trained beyond the others, on the same scale; rounding and the ends of the scale leave less.
    pub effect: f64,
    /// Standard deviation of what the supervisors' yardsticks moved by.
    pub eye: f64,
    /// Whether the comparison people have the supervisors of the trained.
    pub shared: bool,
}

/// One person's scores and supervisor.
#[derive(Debug, Clone, Copy)]
pub struct Person {
    /// The supervisor.
    pub rater: usize,
    /// The score before.
    pub before: f64,
    /// The score after.
    pub after: f64,
}

/// A course and its comparison group.
pub struct Drawn {
    /// The trained.
    pub trained: Vec<Person>,
    /// The others.
    pub comparison: Vec<Person>,
}

impl World {
    /// Draws so many trained and comparison people.
    pub fn draw(&self, trained: usize, comparison: usize, dice: &mut Dice) -> Drawn {
        let raters = |people: usize| people.div_ceil(PEOPLE_PER_RATER);
        let first = if self.shared { 0 } else { raters(trained) };
        let moved: Vec<f64> =
            (0..raters(trained).max(first + raters(comparison))).map(|_| self.eye * dice.normal()).collect();
        let mut group = |people: usize, first: usize, effect: f64| -> Vec<Person> {
            (0..people)
                .map(|person| first + person / PEOPLE_PER_RATER)
                .map(|rater| self.person(rater, effect, moved.get(rater).copied().unwrap_or(0.0), dice))
                .collect()
        };
        Drawn { trained: group(trained, 0, self.effect), comparison: group(comparison, first, 0.0) }
    }

    fn person(&self, rater: usize, effect: f64, moved: f64, dice: &mut Dice) -> Person {
        let level = self.level + PERSON * dice.normal();
        let gain = effect + GAIN * dice.normal();
        Person { rater, before: score(level, dice), after: score(level + gain + moved, dice) }
    }
}

/// The score of five answers about somebody at this level.
fn score(level: f64, dice: &mut Dice) -> f64 {
    let seen = level + OCCASION * dice.normal();
    let answers = [0; 5].map(|_| (seen + QUESTION * dice.normal()).round().clamp(1.0, 5.0));
    answers.iter().sum::<f64>() / 5.0
}

/// Before and after.
pub fn pairs(people: &[Person]) -> Vec<(f64, f64)> {
    people.iter().map(|person| (person.before, person.after)).collect()
}

/// Supervisor and change.
pub fn rated(people: &[Person]) -> Vec<(usize, f64)> {
    people.iter().map(|person| (person.rater, person.after - person.before)).collect()
}

/// The true change of the trained, the true difference, and the true change in average standard deviations, as far as
/// so many people can show.
pub fn truth(world: &World, people: usize, dice: &mut Dice) -> [f64; 3] {
    let drawn = world.draw(people, people, dice);
    let [trained, comparison] =
        [drawn.trained, drawn.comparison].map(|group| PairMoments::of(&pairs(&group)));
    let variance = |moments: &Moments| moments.ss / moments.n as f64;
    let spread = f64::midpoint(variance(&trained.before), variance(&trained.after)).sqrt();
    let change = trained.change.mean;
    [change, change - comparison.change.mean, change / spread]
}

/// Whether an interval holds the truth.
pub fn holds(ends: [f64; 2], truth: f64) -> bool {
    ends.first().is_some_and(|low| *low <= truth) && ends.last().is_some_and(|high| truth <= *high)
}

#[cfg(test)]
mod tests {
    use super::super::{Verdict, cluster_robust, difference_in_differences, paired, verdict};
    use super::*;

    #[test]
    fn a_course_without_effect_is_not_called_effective_and_intervals_hold_the_truth() {
        let world = World { level: 3.0, effect: 0.0, eye: 0.0, shared: false };
        let mut dice = Dice::new(8);
        let runs = 400;
        let (mut clear, mut claimed, mut held, mut held_by_raters) = (0, 0, 0, 0);
        for _ in 0..runs {
            let drawn = world.draw(24, 24, &mut dice);
            let found = difference_in_differences(&pairs(&drawn.trained), &pairs(&drawn.comparison));
            let ends = found.inference.unwrap().ci95;
            let word = verdict(ends, 0.25);
            clear += usize::from(word == Verdict::ClearImprovement);
            claimed +=
                usize::from(matches!(word, Verdict::ClearImprovement | Verdict::ImprovementSizeUncertain));
            held += usize::from(holds(ends, 0.0));
            let robust = cluster_robust(&rated(&drawn.trained), &rated(&drawn.comparison));
            held_by_raters += usize::from(holds(robust.inference.unwrap().ci95, 0.0));
        }
        // Bounds four standard errors of the simulation away from 2.5 % and from 95 %.
        assert_eq!(clear, 0);
        assert!(claimed <= 22, "{claimed} of {runs}");
        assert!((362..=398).contains(&held), "{held} of {runs}");
        assert!((355..=398).contains(&held_by_raters), "{held_by_raters} of {runs}");
    }

    #[test]
    fn a_large_effect_is_found() {
        let world = World { level: 3.0, effect: 1.0, eye: 0.0, shared: false };
        let mut dice = Dice::new(9);
        let [change, difference, standardised] = truth(&world, 20_000, &mut dice);
        assert!((0.9..1.0).contains(&change) && (0.9..1.0).contains(&difference), "{change} {difference}");
        let clear = (0..100)
            .filter(|_| {
                let found = paired(&pairs(&world.draw(24, 0, &mut dice).trained)).inference.unwrap();
                assert!(found.d_av > 0.5 * standardised);
                verdict(found.ci95, 0.25) == Verdict::ClearImprovement
            })
            .count();
        assert!(clear > 90, "{clear} of 100");
    }
}
