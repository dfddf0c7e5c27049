use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::effectiveness::measures::Measure;
use crate::error::{Result, Rule};

/// Measure that shows whether an expected effect came about: behaviour at work three months after
/// (`three_months`) or six months after (`six_months`), points of 5, or the official work score
/// (`work_score`), points of 100.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "three_months")]
pub enum ExpectedMeasure {
    /// Behaviour at work three months after, points of 5.
    ThreeMonths,
    /// Behaviour at work six months after, points of 5.
    SixMonths,
    /// The official work score, points of 100.
    WorkScore,
}

impl ExpectedMeasure {
    /// The measure that is released of it.
    pub fn measure(self) -> Measure {
        match self {
            ExpectedMeasure::ThreeMonths => Measure::ThreeMonths,
            ExpectedMeasure::SixMonths => Measure::SixMonths,
            ExpectedMeasure::WorkScore => Measure::WorkScore,
        }
    }

    /// The largest change there can be: from one end of the scale to the other.
    pub fn widest_change(self) -> f64 {
        match self {
            ExpectedMeasure::ThreeMonths | ExpectedMeasure::SixMonths => 4.0,
            ExpectedMeasure::WorkScore => 100.0,
        }
    }
}

/// A behaviour that is expected to be seen at work, and how much that is to move.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ExpectedEffect {
    /// What will be seen.
    pub behaviour: String,
    /// What is expected to move.
    pub measure: ExpectedMeasure,
    /// By how much, at least; points of the measure, above 0.
    pub change: f64,
}

/// What is expected of an offering.
#[derive(Debug, Clone, PartialEq)]
pub struct ExpectedEffects {
    pub offering_id: Uuid,
    /// First day on which they can no longer be changed: that of the first session.
    pub frozen_on: NaiveDate,
    pub effects: Vec<ExpectedEffect>,
    /// 0 before anything is declared.
    pub version: i32,
}

impl ExpectedEffects {
    /// Whether they may still be changed.
    ///
    /// # Errors
    /// [`Rule::ExpectedEffectsFrozen`] from the first day of the offering on.
    pub fn check_open(&self, today: NaiveDate) -> Result<()> {
        if today < self.frozen_on { Ok(()) } else { Err(Rule::ExpectedEffectsFrozen.into()) }
    }
}

/// Comparison of a declared change with the 95 % interval of what was found: the whole interval is at least
/// the declared change (`reached`), lies below it (`not_reached`), or contains it (`cannot_tell_yet`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "cannot_tell_yet")]
pub enum Outcome {
    /// The whole interval is at least the declared change.
    Reached,
    /// The whole interval lies under the declared change.
    NotReached,
    /// The interval allows both.
    CannotTellYet,
}

impl Outcome {
    /// What a 95 % interval says of a declared change.
    pub fn of([lower, upper]: [f64; 2], declared: f64) -> Self {
        if lower >= declared {
            Outcome::Reached
        } else if upper < declared {
            Outcome::NotReached
        } else {
            Outcome::CannotTellYet
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_decides_whether_it_was_reached() {
        let found = |ci95| Outcome::of(ci95, 0.5);
        assert_eq!(found([0.5, 0.9]), Outcome::Reached);
        assert_eq!(found([0.3, 0.7]), Outcome::CannotTellYet);
        assert_eq!(found([0.3, 0.5]), Outcome::CannotTellYet);
        assert_eq!(found([-0.1, 0.49]), Outcome::NotReached);
        assert_eq!(found([-0.9, -0.1]), Outcome::NotReached);
        assert_eq!(found([-0.9, 0.1]), Outcome::NotReached, "however wide");
    }

    #[test]
    fn from_the_first_day_on_they_stay() {
        let first = NaiveDate::default();
        let expected =
            ExpectedEffects { offering_id: Uuid::nil(), frozen_on: first, effects: Vec::new(), version: 0 };
        assert!(expected.check_open(first.pred_opt().unwrap()).is_ok());
        assert!(expected.check_open(first).is_err());
    }
}
