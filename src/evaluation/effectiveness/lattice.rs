//! Which units may be shown a quarter's pairs beside the offerings the pairs come from.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use uuid::Uuid;

use super::sums::Sums;
use crate::evaluation::statistics::thresholds::PRIVACY_FLOOR;
use crate::evaluation::statistics::withheld;

/// People told as one: an offering's, or where it is told of those by the same rater as well, these (false) and the
/// others (true).
pub type Group = (Uuid, bool);

/// Pairs of a unit's people in a group: group, unit, how many.
pub type Cell = (Group, Uuid, u64);

/// The units whose pairs of a quarter must not be shown, as those of offerings are: whoever subtracts published figures
/// from each other is left with none or at least five people. All groups given must be shown themselves, that is have at
/// least five pairs: they were published before the quarter was over.
pub fn hidden(cells: &[Cell]) -> BTreeSet<Uuid> {
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

/// The trained of each offering's units. An offering may be told of the pairs by the same rater as well: then a unit is
/// compared with these and with the others, or it could be subtracted from them.
pub fn by_rater(parts: &[(Uuid, Uuid, Sums)]) -> Vec<Cell> {
    let mut whole: HashMap<Uuid, Sums> = HashMap::new();
    for (offering, _, sums) in parts {
        whole.entry(*offering).or_default().merge(sums);
    }
    let is_split: HashMap<Uuid, bool> =
        whole.into_iter().map(|(offering, sums)| (offering, sums.alone().same_rater.n > 0)).collect();
    let cells = parts.iter().flat_map(|(offering, unit, sums)| {
        let same = if is_split.get(offering) == Some(&true) { sums.same_rater.n } else { sums.trained.n };
        let cell = |others: bool, people: i64| ((*offering, others), *unit, people.unsigned_abs());
        [cell(false, same), cell(true, sums.trained.n - same)]
    });
    cells.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluation::statistics::PairSums;

    /// A unit's people in the one offering: all, and of these those by the same rater.
    fn part(unit: u128, trained: usize, same: usize) -> (Uuid, Uuid, Sums) {
        let pairs = |n: usize| PairSums::of(&vec![(3.0, 3.5); n]);
        let sums = Sums { trained: pairs(trained), same_rater: pairs(same), ..Sums::default() };
        (Uuid::from_u128(9), Uuid::from_u128(unit), sums)
    }

    fn hidden_units(parts: &[(Uuid, Uuid, Sums)]) -> Vec<u128> {
        hidden(&by_rater(parts)).into_iter().map(|unit| unit.as_u128()).collect()
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
