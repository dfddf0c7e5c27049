//! Which units may be shown a quarter's pairs beside the offerings the pairs come from: the tables of people that
//! [`disclosure`](crate::effectiveness::disclosure) decides about.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use super::sums::OfferingSums;
use crate::effectiveness::disclosure::{Figures, is_enough, is_few};

/// The people of a unit in an offering: offering, unit, what they came to.
pub type Part = (Uuid, Uuid, OfferingSums);

/// What of each unit may be shown, of its parts of a quarter's offerings.
///
/// A unit is shown with the colleagues of its people where most of these have any: then it is of those people only, or
/// the others would be what is left of it.
pub fn shown(parts: Vec<Part>) -> BTreeMap<Uuid, OfferingSums> {
    let offerings = whole_offerings(&parts);
    let parts: Vec<Part> = parts.into_iter().map(|part| of_shown_offering(part, &offerings)).collect();
    let units = together(&parts, |(_, unit, _)| *unit);
    let no_comparison = hidden_comparison(&parts, &offerings);
    let is_compared = |unit: &Uuid, sums: &OfferingSums| {
        let (matched, all) = (sums.matched().n, sums.trained.n);
        !no_comparison.contains(unit) && is_enough(matched) && 2 * matched >= all
    };
    let compared: BTreeSet<Uuid> =
        units.iter().filter(|(unit, sums)| is_compared(unit, sums)).map(|(unit, _)| *unit).collect();
    let hidden = hidden_trained(&parts, &offerings, &compared);
    let kept = |(unit, sums): (Uuid, OfferingSums)| {
        let sums = match (hidden.contains(&unit), compared.contains(&unit)) {
            (true, _) => sums.withheld(),
            (false, true) => sums.compared_only().of_unit(),
            (false, false) => sums.without_comparison().of_unit(),
        };
        (unit, sums)
    };
    units.into_iter().map(kept).collect()
}

/// A unit's part of an offering, without what the offering itself may not show: it would be what is left of the unit when
/// the offering is subtracted. The same of the unit's people are compared as of the offering's.
fn of_shown_offering((offering, unit, mut part): Part, offerings: &BTreeMap<Uuid, OfferingSums>) -> Part {
    let Some(whole) = offerings.get(&offering) else { return (offering, unit, part.withheld()) };
    if is_few(whole.trained.n) {
        return (offering, unit, part.withheld());
    }
    let settled = whole.clone().settled();
    if settled.compared.is_empty() {
        part = part.without_comparison();
    } else if !settled.is_split() {
        let mut of = part.compared.pop().unwrap_or_default();
        (of.trained, of.raters[0]) = (part.trained, part.raters.first().cloned().unwrap_or_default());
        of.by_lot = settled.is_by_lot();
        (of.rater_changed, of.at_ceiling) = (part.flow.rater_changed, part.flow.at_ceiling);
        part.compared.push(of);
    }
    (offering, unit, part)
}

/// The offerings as they are published: all their people with a match are one group, from whichever units they come.
fn whole_offerings(parts: &[Part]) -> BTreeMap<Uuid, OfferingSums> {
    let mut whole = together(parts, |(offering, ..)| *offering);
    whole.values_mut().for_each(OfferingSums::join_compared);
    whole
}

/// Parts put together, by offering or by unit.
fn together(parts: &[Part], key: impl Fn(&Part) -> Uuid) -> BTreeMap<Uuid, OfferingSums> {
    let mut whole: BTreeMap<Uuid, OfferingSums> = BTreeMap::new();
    for part in parts {
        let of = whole.entry(key(part)).or_default();
        of.merge(&part.2);
    }
    whole
}

/// The groups in which an offering is shown.
#[derive(Clone, Copy)]
struct Groups {
    split: Split,
    /// Whether all of a group had the same before, or after, or changed alike: then everybody's follows from the group's.
    known: [bool; 2],
}

/// By what the two groups of an offering differ.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Split {
    /// It is shown as one.
    None,
    /// Those by the same rater, and the others.
    Rater,
    /// Those who are compared with a colleague, and the others.
    Match,
    /// Those whom somebody beside the supervisor saw change as well, and the others.
    Second,
}

/// The units of whose trained nothing may be shown; those in `compared` are of their people with a match only.
fn hidden_trained(
    parts: &[Part],
    offerings: &BTreeMap<Uuid, OfferingSums>,
    compared: &BTreeSet<Uuid>,
) -> BTreeSet<Uuid> {
    let groups = |sums: &OfferingSums| {
        let settled = sums.clone().settled();
        let OfferingSums { same_rater: same, second, .. } = settled.clone().alone();
        let (split, first) = match (settled.is_split(), same.n > 0) {
            (true, _) => (Split::Match, settled.matched()),
            // The second raters' part is shown only where no other is.
            (false, _) if second.supervisors.n > 0 && second.supervisors != sums.trained => {
                (Split::Second, second.supervisors)
            }
            (false, true) => (Split::Rater, same),
            (false, false) => (Split::None, sums.trained),
        };
        let others = if split == Split::None { sums.trained } else { sums.trained.without(&first) };
        Groups { split, known: [first, others].map(|group| group.is_unanimous()) }
    };
    hidden_units(parts, offerings, groups, |unit, sums, split| {
        let (all, matched) = (sums.trained.n, sums.matched().n);
        let first = match split {
            Split::None => all,
            Split::Rater => sums.same_rater.n,
            Split::Match => matched,
            Split::Second => sums.second.supervisors.n,
        };
        let groups = [first, all - first];
        match (compared.contains(unit), split) {
            (true, Split::Match) => [[first, 0], [0, all - first]],
            // Of an offering that is compared as a whole, everybody is; of one that is not, nobody.
            (true, _) if matched == 0 => [[0, 0], groups],
            _ => [groups, [0, 0]],
        }
    })
}

/// The units of whose comparison group nothing may be shown.
fn hidden_comparison(parts: &[Part], offerings: &BTreeMap<Uuid, OfferingSums>) -> BTreeSet<Uuid> {
    let groups = |sums: &OfferingSums| Groups {
        split: Split::None,
        known: [sums.clone().settled().comparison().is_unanimous(); 2],
    };
    hidden_units(parts, offerings, groups, |_, sums, _| [[sums.comparison().n, 0], [0, 0]])
}

/// The units that must be withheld beside the offerings. Rows are offerings, or both groups of an offering that is shown in
/// two; columns are units, and apart from a unit those of its people whom it does not show. `people` gives a part's people
/// of both groups: those that the unit shows, and those it does not. All offerings given were published before the quarter
/// was over, so they have five pairs at least.
fn hidden_units(
    parts: &[Part],
    offerings: &BTreeMap<Uuid, OfferingSums>,
    groups: impl Fn(&OfferingSums) -> Groups,
    people: impl Fn(&Uuid, &OfferingSums, Split) -> [[i64; 2]; 2],
) -> BTreeSet<Uuid> {
    let offerings: BTreeMap<Uuid, Groups> =
        offerings.iter().map(|(offering, sums)| (*offering, groups(sums))).collect();
    let mut figures = Figures::default();
    for (offering, unit, sums) in parts {
        let of = offerings.get(offering).copied();
        let (split, known) = of.map_or((Split::None, [false; 2]), |of| (of.split, of.known));
        for (is_left, people) in [false, true].into_iter().zip(people(unit, sums, split)) {
            for ((is_other, people), known) in [false, true].into_iter().zip(people).zip(known) {
                figures.add((*offering, is_other), (*unit, is_left), people.unsigned_abs(), known);
            }
        }
    }
    let hidden = |(unit, is_left): (Uuid, bool)| (!is_left).then_some(unit);
    figures.withheld().into_iter().filter_map(hidden).collect()
}

#[cfg(test)]
mod tests {
    use super::super::compared::Compared;
    use super::*;
    use statistics::PairSums;

    /// A unit's people in the one offering: all, and of these those by the same rater.
    fn part(unit: u128, trained: usize, same: usize) -> Part {
        let pairs =
            |n: usize| PairSums::of(&(0..n).map(|i| (i as f64, (2 * i * i) as f64)).collect::<Vec<_>>());
        let sums =
            OfferingSums { trained: pairs(trained), same_rater: pairs(same), ..OfferingSums::default() };
        (Uuid::from_u128(9), Uuid::from_u128(unit), sums)
    }

    fn hidden_units(parts: &[Part]) -> Vec<u128> {
        let offerings = whole_offerings(parts);
        let hidden = hidden_trained(parts, &offerings, &BTreeSet::new());
        hidden.into_iter().map(|unit| unit.as_u128()).collect()
    }

    /// Each unit sent eleven people to one class and one to the other. Of a class with full marks everybody is known, and so
    /// what is left of a unit without them: the one in the other class.
    #[test]
    fn who_is_known_anyway_hides_nobody() {
        let pairs = |n: usize, before: fn(usize) -> f64| -> PairSums {
            PairSums::of(&(0..n).map(|i| (before(i), (2 * i * i) as f64)).collect::<Vec<_>>())
        };
        let part = |offering, unit, trained| {
            let sums = OfferingSums { trained, same_rater: trained, ..OfferingSums::default() };
            (Uuid::from_u128(offering), Uuid::from_u128(unit), sums)
        };
        let first_class =
            |before: fn(usize) -> f64| [part(1, 1, pairs(11, before)), part(1, 2, pairs(1, before))];
        let second_class = [part(2, 1, pairs(1, |i| i as f64)), part(2, 2, pairs(11, |i| i as f64))];
        let with = |before| hidden_units(&[first_class(before), second_class.clone()].concat());
        assert_eq!(with(|i| i as f64), Vec::<u128>::new());
        assert_eq!(with(|_| 5.0), [1, 2]);
        let alone = [part(1, 1, pairs(7, |_| 5.0)), part(1, 2, pairs(5, |_| 5.0))];
        assert_eq!(hidden_units(&alone), Vec::<u128>::new(), "of them alone units may tell");
        let two = [part(1, 1, pairs(7, |_| 5.0)), part(1, 2, pairs(2, |_| 5.0))];
        assert_eq!(hidden_units(&two), [1, 2], "what they had after is no more known for it");
    }

    /// The eleven by the same rater minus the ten of the first unit would be one of the second.
    #[test]
    fn a_unit_must_not_be_subtracted_from_an_offerings_pairs_by_the_same_rater() {
        assert_eq!(hidden_units(&[part(1, 10, 10), part(2, 6, 1)]), [1, 2]);
        // Four whose rater changed are shown of no offering, so nothing can be subtracted from the others.
        assert_eq!(hidden_units(&[part(1, 10, 10), part(2, 6, 2)]), Vec::<u128>::new());
        assert_eq!(hidden_units(&[part(1, 10, 10), part(2, 10, 5)]), Vec::<u128>::new());
    }

    /// Of sixteen, eleven have a second rater who saw them change: the ten of the first unit and one of the second.
    #[test]
    fn a_unit_must_not_be_subtracted_from_those_with_second_raters() {
        let with = |second: [usize; 2]| {
            let part = |(unit, trained, second): (u128, usize, usize)| {
                let (offering, unit, mut sums) = part(unit, trained, trained);
                sums.second.supervisors =
                    PairSums::of(&(0..second).map(|i| (i as f64, (2 * i * i) as f64)).collect::<Vec<_>>());
                sums.second.change = sums.second.supervisors;
                (offering, unit, sums)
            };
            hidden_units(&[(1, 10, second[0]), (2, 6, second[1])].map(part))
        };
        assert_eq!(with([10, 1]), [1, 2]);
        assert_eq!(with([10, 0]), Vec::<u128>::new(), "a whole unit and the other");
        assert_eq!(with([10, 3]), Vec::<u128>::new(), "three are left, so they are not shown");
        assert_eq!(with([10, 6]), Vec::<u128>::new());
    }

    /// Of the offering are shown all 23 and those with a match, 16 from four units of which each has a few: the others are
    /// seven, and those of the one unit that sent nobody with a match are six of them.
    #[test]
    fn the_matched_of_many_units_are_one_group() {
        let part = |unit: u128, matched: usize, others: usize| {
            let pairs =
                |n: usize| PairSums::of(&(0..n).map(|i| (i as f64, (2 * i * i) as f64)).collect::<Vec<_>>());
            let of = Compared { trained: pairs(matched), comparison: pairs(matched), ..Compared::default() };
            let trained = pairs(matched + others);
            let compared = if matched > 0 { vec![of] } else { Vec::new() };
            let sums = OfferingSums { trained, same_rater: trained, compared, ..OfferingSums::default() };
            (Uuid::from_u128(9), Uuid::from_u128(unit), sums)
        };
        let parts = [part(1, 4, 1), part(2, 0, 6), part(3, 4, 0), part(4, 4, 0), part(5, 4, 0)];
        let shown: Vec<u128> = shown(parts.to_vec())
            .into_iter()
            .filter(|(_, sums)| sums.trained.n > 0)
            .map(|(unit, _)| unit.as_u128())
            .collect();
        assert!(!(shown.contains(&1) && shown.contains(&2)), "{shown:?}");
    }
}
