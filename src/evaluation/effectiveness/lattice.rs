//! Which units may be shown a quarter's pairs beside the offerings the pairs come from.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use uuid::Uuid;

use super::sums::Sums;
use crate::evaluation::statistics::thresholds::PRIVACY_FLOOR;
use crate::evaluation::statistics::withheld;

/// People told as one: an offering's, or where it is told of those by the same rater as well, these (false) and the
/// others (true).
type Group = (Uuid, bool);

/// Pairs of a unit's people in a group: group, unit, how many.
type Cell = (Group, Uuid, u64);

/// The people of a unit in an offering: offering, unit, what they came to.
pub type Part = (Uuid, Uuid, Sums);

/// The units whose pairs of a quarter must not be shown, as those of offerings are: whoever subtracts published figures
/// from each other is left with none or at least five people. All groups given must be shown themselves, that is have at
/// least five pairs: they were published before the quarter was over.
fn hidden(cells: &[Cell]) -> BTreeSet<Uuid> {
    let columns: BTreeSet<Uuid> = cells.iter().map(|(_, unit, _)| *unit).collect();
    let mut rows: BTreeMap<Group, BTreeMap<Uuid, u64>> = BTreeMap::new();
    for (group, unit, people) in cells {
        *rows.entry(*group).or_default().entry(*unit).or_default() += people;
    }
    let table: Vec<Vec<u64>> = rows
        .values()
        .map(|row| columns.iter().map(|unit| row.get(unit).copied().unwrap_or_default()).collect())
        .collect();
    let found = withheld(&table, PRIVACY_FLOOR as u64);
    columns.into_iter().zip(found.columns).filter_map(|(unit, hidden)| hidden.then_some(unit)).collect()
}

/// The units' parts of offerings, without what the offerings themselves may not show: it would be what is left of the
/// units when the offerings are subtracted.
pub fn of_shown_offerings(parts: Vec<Part>) -> Vec<Part> {
    let whole = together(&parts);
    let shown = |(offering, unit, sums): Part| {
        let of = whole.get(&offering).cloned().unwrap_or_default();
        (offering, unit, sums.within(of.trained.n, of.comparison.n))
    };
    parts.into_iter().map(shown).collect()
}

/// Each offering, of the parts of its units.
fn together(parts: &[Part]) -> HashMap<Uuid, Sums> {
    let mut whole: HashMap<Uuid, Sums> = HashMap::new();
    for (offering, _, sums) in parts {
        whole.entry(*offering).or_default().merge(sums);
    }
    whole
}

/// The units of whose trained nothing may be told. An offering may be told of the pairs by the same rater as well: then a
/// unit is compared with these and with the others, or it could be subtracted from them.
pub fn hidden_trained(parts: &[Part]) -> BTreeSet<Uuid> {
    let groups = |sums: Sums| {
        let same = sums.clone().alone().same_rater;
        let is_split = same.n > 0;
        let groups = if is_split { [same, sums.trained.without(&same)] } else { [sums.trained; 2] };
        Groups { is_split, known: groups.map(|group| group.is_unanimous()) }
    };
    hidden_units(parts, groups, |sums, is_split| {
        let first = if is_split { sums.same_rater.n } else { sums.trained.n };
        [first, sums.trained.n - first]
    })
}

/// The units of whose comparison group nothing may be told.
pub fn hidden_comparison(parts: &[Part]) -> BTreeSet<Uuid> {
    let groups = |sums: Sums| Groups { is_split: false, known: [sums.comparison.is_unanimous(); 2] };
    hidden_units(parts, groups, |sums, _| [sums.comparison.n, 0])
}

/// The groups in which an offering is told.
struct Groups {
    is_split: bool,
    /// Whether all of a group had the same before, or after, or changed alike: then everybody's follows from the group's.
    known: [bool; 2],
}

/// The units hidden where everybody counts, and those hidden where nobody does who is known anyway: such people hide
/// nobody else in a unit.
fn hidden_units(
    parts: &[Part],
    groups: impl Fn(Sums) -> Groups,
    people: impl Fn(&Sums, bool) -> [i64; 2],
) -> BTreeSet<Uuid> {
    let offerings: HashMap<Uuid, Groups> =
        together(parts).into_iter().map(|(offering, sums)| (offering, groups(sums))).collect();
    let cells = |counts_known: bool| -> Vec<Cell> {
        let of_part = |(offering, unit, sums): &Part| {
            let of = offerings.get(offering);
            let [first, others] = people(sums, of.is_some_and(|of| of.is_split));
            let [first_known, others_known] = of.map(|of| of.known).unwrap_or_default();
            let cell = |is_other: bool, people: i64, known: bool| {
                let counts = counts_known || !known;
                ((*offering, is_other), *unit, if counts { people.unsigned_abs() } else { 0 })
            };
            [cell(false, first, first_known), cell(true, others, others_known)]
        };
        parts.iter().flat_map(of_part).collect()
    };
    &hidden(&cells(true)) | &hidden(&cells(false))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluation::statistics::PairSums;

    /// A unit's people in the one offering: all, and of these those by the same rater.
    fn part(unit: u128, trained: usize, same: usize) -> Part {
        let pairs =
            |n: usize| PairSums::of(&(0..n).map(|i| (i as f64, (2 * i * i) as f64)).collect::<Vec<_>>());
        let sums = Sums { trained: pairs(trained), same_rater: pairs(same), ..Sums::default() };
        (Uuid::from_u128(9), Uuid::from_u128(unit), sums)
    }

    fn hidden_units(parts: &[Part]) -> Vec<u128> {
        hidden_trained(parts).into_iter().map(|unit| unit.as_u128()).collect()
    }

    /// Each unit sent eleven people to one class and one to the other. Of a class with full marks everybody is known, and so
    /// what is left of a unit without them: the one in the other class.
    #[test]
    fn who_is_known_anyway_hides_nobody() {
        let pairs = |n: usize, before: fn(usize) -> f64| -> PairSums {
            PairSums::of(&(0..n).map(|i| (before(i), (2 * i * i) as f64)).collect::<Vec<_>>())
        };
        let part = |offering, unit, trained| {
            let sums = Sums { trained, same_rater: trained, ..Sums::default() };
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
        // Four whose rater changed are told of no offering, so nothing can be subtracted from the others.
        assert_eq!(hidden_units(&[part(1, 10, 10), part(2, 6, 2)]), Vec::<u128>::new());
        assert_eq!(hidden_units(&[part(1, 10, 10), part(2, 10, 5)]), Vec::<u128>::new());
    }

    /// Rows are offerings, columns units.
    fn hidden_columns(table: &[&[u64]]) -> Vec<u128> {
        let row = |(i, row): (usize, &&[u64])| {
            let cell = move |(j, people): (usize, &u64)| {
                ((Uuid::from_u128(i as u128), false), Uuid::from_u128(j as u128), *people)
            };
            row.iter().enumerate().map(cell).collect::<Vec<_>>()
        };
        let cells: Vec<Cell> = table.iter().enumerate().flat_map(row).collect();
        hidden(&cells).into_iter().map(|unit| unit.as_u128()).collect()
    }

    #[test]
    fn five_in_a_quarter_are_shown_and_four_are_not() {
        assert_eq!(hidden_columns(&[&[5]]), Vec::<u128>::new());
        // Both offerings minus the first and the last unit would be the four: one of those goes too.
        assert_eq!(hidden_columns(&[&[5, 4, 6], &[6, 0, 5]]).len(), 2);
    }

    #[test]
    fn an_offering_minus_a_unit_must_not_leave_one_person() {
        assert_eq!(hidden_columns(&[&[9, 1]]), [0, 1]);
        assert_eq!(hidden_columns(&[&[9, 5]]), Vec::<u128>::new());
    }

    /// The two units minus the first offering are two people, one in each of the others, though neither is told alone.
    #[test]
    fn two_people_in_two_offerings_must_not_be_left_together() {
        let found = hidden_columns(&[&[9, 9, 0, 0], &[1, 0, 8, 8], &[0, 1, 8, 8]]);
        assert!(!found.is_empty(), "nothing is hidden");
    }
}
