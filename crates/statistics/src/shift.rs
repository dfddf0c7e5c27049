//! The then-test: people judge afterwards how they were before, by the yardstick they have now.
//!
//! Training shifts the yardstick itself (Howard 1979), so people who learned much may rate themselves no higher than
//! before. The look back corrects for it, but invites flattering memory, and the two methods disagree. So it is shown
//! beside the change of self-reports, with grade C, is never mixed into what supervisors or official scores say, and
//! never replaces the change because it is larger.

use super::{
    moments::PairMoments,
    paired::{PairedEffect, paired_from},
};

/// What the then-test says, over people with all three ratings.
#[derive(Debug, Clone, PartialEq)]
pub struct ResponseShift {
    /// From before to after: the change as it was measured.
    pub prospective: PairedEffect,
    /// From then to after: the change in looking back.
    pub retrospective: PairedEffect,
    /// Before minus then: by how much people judge their former selves lower now.
    pub shift: PairedEffect,
}

/// Compares the change measured with the change remembered, from moments over the same people: before and after, then and
/// after, then and before. «Then» is the rating that people give afterwards of how it was before.
pub fn response_shift_from(
    prospective: &PairMoments,
    retrospective: &PairMoments,
    shift: &PairMoments,
) -> ResponseShift {
    ResponseShift {
        prospective: paired_from(prospective),
        retrospective: paired_from(retrospective),
        shift: paired_from(shift),
    }
}

/// From each person's ratings: before, then and after.
#[cfg(test)]
pub(super) fn of_rows(people: &[[f64; 3]]) -> ResponseShift {
    let pairs =
        |pair: fn(&[f64; 3]) -> (f64, f64)| PairMoments::of(&people.iter().map(pair).collect::<Vec<_>>());
    response_shift_from(
        &pairs(|[before, _, after]| (*before, *after)),
        &pairs(|[_, then, after]| (*then, *after)),
        &pairs(|[before, then, _]| (*then, *before)),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shift_is_what_both_changes_differ_by() {
        let found = of_rows(&[[4.0, 2.0, 4.0], [4.0, 3.0, 5.0], [3.0, 3.0, 4.0]]);
        assert_eq!((found.prospective.n, found.retrospective.n, found.shift.n), (3, 3, 3));
        let change = |effect: &PairedEffect| effect.change.unwrap();
        let difference = change(&found.retrospective) - change(&found.prospective);
        assert!((change(&found.shift) - difference).abs() < 1e-12);
    }
}
