//! The then-test: people judge afterwards how they were before, by the yardstick they have now.
//!
//! Training shifts the yardstick itself (Howard 1979), so people who learned much may rate themselves no higher than
//! before. The look back corrects for it, but invites flattering memory; the two methods disagree (section 6 of the
//! model). So it stands beside the change of self-reports, with grade C, and is never mixed into level 3 or 4, and
//! never replaces the change because it is larger.

use super::{
    moments::PairMoments,
    paired::{PairedEffect, paired_from},
};

/// One person's own ratings of the same items, in points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ThenTest {
    /// Given before.
    pub before: f64,
    /// Given afterwards, of how it was before.
    pub then: f64,
    /// Given afterwards, of how it is now.
    pub after: f64,
}

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

/// Compares the change measured with the change remembered; people without all three ratings are left out.
pub fn response_shift(people: &[ThenTest]) -> ResponseShift {
    let complete =
        |person: &&ThenTest| [person.before, person.then, person.after].iter().all(|mark| mark.is_finite());
    let pairs = |pair: fn(&ThenTest) -> (f64, f64)| {
        PairMoments::of(&people.iter().filter(complete).map(pair).collect::<Vec<_>>())
    };
    response_shift_from(
        &pairs(|person| (person.before, person.after)),
        &pairs(|person| (person.then, person.after)),
        &pairs(|person| (person.then, person.before)),
    )
}

/// The same from moments over the same people, which may come from sums put together: before and after, then and
/// after, then and before.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shift_is_what_both_changes_differ_by() {
        let person = |before: f64, then: f64, after: f64| ThenTest { before, then, after };
        let people =
            [person(4.0, 2.0, 4.0), person(4.0, 3.0, 5.0), person(3.0, f64::NAN, 5.0), person(3.0, 3.0, 4.0)];
        let found = response_shift(&people);
        assert_eq!((found.prospective.n, found.retrospective.n, found.shift.n), (3, 3, 3));
        let change = |effect: &PairedEffect| effect.change.unwrap();
        let difference = change(&found.retrospective) - change(&found.prospective);
        assert!((change(&found.shift) - difference).abs() < 1e-12);
    }
}
