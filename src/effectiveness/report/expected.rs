//! What was declared of an offering before it started, set against what was found.

use serde::Serialize;
use utoipa::ToSchema;

use crate::effectiveness::expected_effects::{ExpectedEffect, ExpectedMeasure, Outcome};
use crate::effectiveness::measures::OfferingSums;
use crate::effectiveness::measures::behaviour::{Behaviour, Comparison, Floor};
use statistics::{Figure, Status, Unit};

/// An effect that was declared before the offering started, set against what was found.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(example = json!({
    "behaviour": "Văn bản mật được đăng ký và lưu giữ đúng quy định.", "measure": "three_months", "change": 0.5,
    "found": {"status": "ok", "reason": null, "value": 0.35, "unit": "points_of_5", "ci95": [0.131, 0.569], "probably_too_narrow": false, "n": 12, "n_needed": 10, "n_invited": 12, "evidence_grade": "A"},
    "outcome": "cannot_tell_yet"
}))]
pub struct ExpectedAgainstFound {
    /// What was to be seen at work.
    pub behaviour: String,
    /// What was expected to move.
    pub measure: ExpectedMeasure,
    /// By how much, at least; points of the measure.
    pub change: f64,
    /// The headline of the measure: the change against comparable untrained colleagues where there are enough.
    pub found: Figure,
    /// Whether the expected effect came about; null until the figure may be shown.
    #[schema(required)]
    pub outcome: Option<Outcome>,
}

impl ExpectedAgainstFound {
    /// Set a declared effect against the sums of its measure.
    pub fn of(declared: &ExpectedEffect, sums: &OfferingSums) -> Self {
        let (found, outcome) = found(declared, sums);
        Self {
            behaviour: declared.behaviour.clone(),
            measure: declared.measure,
            change: declared.change,
            found,
            outcome,
        }
    }
}

/// The headline, and what it says of the declared change.
fn found(declared: &ExpectedEffect, sums: &OfferingSums) -> (Figure, Option<Outcome>) {
    let said = |figure: &Figure| {
        let ci95 = figure.ci95().filter(|_| figure.status() == Status::Ok)?;
        Some(Outcome::of(ci95, declared.change))
    };
    match declared.measure {
        ExpectedMeasure::ThreeMonths | ExpectedMeasure::SixMonths => {
            let behaviour = Behaviour::of(sums, declared.change, Floor::Standard);
            let figure = behaviour.figures.decisive();
            let said = said(&figure).filter(|_| behaviour.evidence.verdict_allowed);
            let bounded = Outcome::of(behaviour.bounded.ci95().unwrap_or(NOTHING_KNOWN), declared.change);
            (figure, said.map(|said| settled(said, bounded, &behaviour)))
        }
        ExpectedMeasure::WorkScore => {
            let figure = Comparison::of(sums, Unit::PointsOf100, Floor::Standard).decisive();
            (figure, said(&figure))
        }
    }
}

/// An interval that says nothing.
const NOTHING_KNOWN: [f64; 2] = [f64::NEG_INFINITY, f64::INFINITY];

/// The outcome of behaviour: it must be the same if those not rated again had not changed, and nothing is reached where the
/// verdict on the declared change says less than its interval.
fn settled(said: Outcome, bounded: Outcome, behaviour: &Behaviour) -> Outcome {
    let unproven = said == Outcome::Reached && !behaviour.limits.is_empty();
    if said != bounded || unproven { Outcome::CannotTellYet } else { said }
}

#[cfg(test)]
mod tests {
    use super::*;
    use statistics::{PairSums, Reason};

    /// Twelve people who rise by about so much.
    fn rising(by: f64, from: f64) -> OfferingSums {
        let pairs: Vec<(f64, f64)> =
            (0..12).map(|i| (from, from + by + f64::from(i % 3 - 1) / 10.0)).collect();
        let mut sums = OfferingSums { trained: PairSums::of(&pairs), ..OfferingSums::default() };
        sums.flow.offerings = 1;
        (sums.flow.baseline_answered, sums.flow.follow_up_due, sums.flow.follow_up_answered) = (12, 12, 12);
        sums
    }

    fn set(measure: ExpectedMeasure, change: f64, sums: &OfferingSums) -> ExpectedAgainstFound {
        let declared = ExpectedEffect { behaviour: "Đúng hạn".to_owned(), measure, change };
        ExpectedAgainstFound::of(&declared, sums)
    }

    #[test]
    fn what_was_declared_decides_and_not_the_smallest_change() {
        let sums = rising(0.6, 3.0);
        let outcome = |change| set(ExpectedMeasure::ThreeMonths, change, &sums).outcome;
        assert_eq!(outcome(0.5), Some(Outcome::Reached));
        assert_eq!(outcome(0.6), Some(Outcome::CannotTellYet));
        assert_eq!(outcome(1.0), Some(Outcome::NotReached));
        let score = set(ExpectedMeasure::WorkScore, 5.0, &rising(0.6, 70.0));
        assert_eq!((score.found.unit(), score.outcome), (Unit::PointsOf100, Some(Outcome::NotReached)));
    }

    /// Some fell by far and some did not: how much is unsure, but not that it was too little.
    #[test]
    fn what_lies_below_was_not_reached_however_wide_it_is() {
        let mut sums = rising(0.6, 3.0);
        let pairs: Vec<(f64, f64)> = (0..12).map(|i| (3.0, if i % 3 == 0 { 3.4 } else { 2.4 })).collect();
        sums.trained = PairSums::of(&pairs);
        let found = set(ExpectedMeasure::ThreeMonths, 0.1, &sums);
        let [lower, upper] = found.found.ci95().unwrap();
        assert!(lower < -0.1 && (0.0..0.1).contains(&upper), "{lower} {upper}");
        assert_eq!(found.outcome, Some(Outcome::NotReached));
    }

    #[test]
    fn those_not_rated_again_may_leave_it_open() {
        let mut sums = rising(0.6, 3.0);
        assert_eq!(set(ExpectedMeasure::ThreeMonths, 0.5, &sums).outcome, Some(Outcome::Reached));
        sums.lost = statistics::ScoreSums::of(&[3.0; 6]);
        assert_eq!(set(ExpectedMeasure::ThreeMonths, 0.5, &sums).outcome, Some(Outcome::CannotTellYet));
    }

    #[test]
    fn what_may_not_be_told_has_no_outcome() {
        let nothing = set(ExpectedMeasure::WorkScore, 5.0, &OfferingSums::default());
        assert_eq!((nothing.outcome, nothing.found.reason()), (None, Some(Reason::NoCompletePairs)));
        assert_eq!(set(ExpectedMeasure::SixMonths, 0.5, &OfferingSums::default()).outcome, None);
    }
}
