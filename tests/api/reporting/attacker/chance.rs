//! What chance decides: who takes part, and what they say.

use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};

use super::draws::FIRST_DRAWN;
use super::world::{BAD, FULL_MARKS, Form, ONE_KEPT, SECOND, Trained};

/// The people of a class.
pub fn trained(lesson: usize, size: usize, dice: &mut ChaCha8Rng) -> Vec<Trained> {
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
pub fn fifths(dice: &mut ChaCha8Rng, low: u32, high: u32) -> f64 {
    f64::from(dice.random_range(low..=high)) / 5.0
}

/// The score of a test of ten questions, of which at most so many are right, percent.
fn tens(dice: &mut ChaCha8Rng, most: u32) -> f64 {
    f64::from(dice.random_range(0..=most)) * 10.0
}

impl Form {
    /// Some leave a scale out. Their other steps have a mean that is a whole number, so that it is stored as it is.
    pub fn new(lesson: usize, number: usize, dice: &mut ChaCha8Rng) -> Self {
        let best = if lesson == BAD { 3 } else { 5 };
        let mut steps = [0; 4].map(|_| Some(dice.random_range(1..=best)));
        if lesson > SECOND {
            // One form of all of these: it must not follow from what is said of the questionnaire.
            if lesson == FIRST_DRAWN && number == 0 {
                steps = [None, Some(2), Some(4), Some(3)];
            }
        } else if dice.random_range(0..6) == 0 {
            let middle = dice.random_range(2..best);
            let left_out = dice.random_range(0..4);
            steps = [0, 1, 2, 3].map(|scale| (scale != left_out).then_some(middle));
            steps[(left_out + 1) % 4] = Some(middle - 1);
            steps[(left_out + 2) % 4] = Some(middle + 1);
        }
        if lesson == FULL_MARKS {
            steps = [Some(5); 4];
        }
        Self { lesson, steps, comment: format!("Ý kiến {lesson}/{number}") }
    }
}
