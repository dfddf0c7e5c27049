//! A table of published figures, put together person by person.

use std::collections::{BTreeMap, BTreeSet};

use super::groups::FLOOR;
use super::table::withheld;

/// Figures that are published side by side: each person is in one row and one column, and every row and every column is a
/// figure of all of its people. The rows are published already, so that only columns can be withheld; each row has nobody
/// or at least [`FLOOR`] people.
#[derive(Debug, Clone)]
pub struct Figures<R, C> {
    rows: BTreeMap<R, BTreeMap<C, Cell>>,
}

/// The people who are in the same row and the same column.
#[derive(Debug, Clone, Copy, Default)]
struct Cell {
    people: u64,
    /// Of these, those whose numbers follow without any subtraction.
    known: u64,
}

impl<R, C> Default for Figures<R, C> {
    fn default() -> Self {
        Self { rows: BTreeMap::new() }
    }
}

impl<R: Ord, C: Ord + Copy> Figures<R, C> {
    /// Put people into a row and a column. `is_known`: whether their numbers follow anyway, as all of their row have the
    /// same: they hide nobody else of a column.
    pub fn add(&mut self, row: R, column: C, people: u64, is_known: bool) {
        if people > 0 {
            let cell = self.rows.entry(row).or_default().entry(column).or_default();
            cell.people += people;
            cell.known += if is_known { people } else { 0 };
        }
    }

    /// The columns that must be withheld: where everybody counts, and where only those do who are not known anyway.
    pub fn withheld(&self) -> BTreeSet<C> {
        &self.withheld_of(|cell| cell.people) | &self.withheld_of(|cell| cell.people - cell.known)
    }

    fn withheld_of(&self, people: impl Fn(&Cell) -> u64) -> BTreeSet<C> {
        let columns: BTreeSet<C> = self.rows.values().flat_map(BTreeMap::keys).copied().collect();
        let row = |row: &BTreeMap<C, Cell>| {
            columns.iter().map(|column| row.get(column).map_or(0, &people)).collect::<Vec<u64>>()
        };
        let table: Vec<Vec<u64>> = self.rows.values().map(row).collect();
        let found = withheld(&table, FLOOR as u64).columns;
        columns.iter().zip(found).filter(|(_, withheld)| *withheld).map(|(column, _)| *column).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn withheld_columns(table: &[&[u64]]) -> Vec<usize> {
        let mut figures = Figures::default();
        for (row, people) in table.iter().enumerate() {
            people.iter().enumerate().for_each(|(column, people)| figures.add(row, column, *people, false));
        }
        figures.withheld().into_iter().collect()
    }

    #[test]
    fn five_in_a_quarter_are_shown_and_four_are_not() {
        assert_eq!(withheld_columns(&[&[5]]), Vec::<usize>::new());
        // Both offerings minus the first and the last unit would be the four: one of those goes too.
        assert_eq!(withheld_columns(&[&[5, 4, 6], &[6, 0, 5]]).len(), 2);
    }

    #[test]
    fn an_offering_minus_a_unit_must_not_leave_one_person() {
        assert_eq!(withheld_columns(&[&[9, 1]]), [0, 1]);
        assert_eq!(withheld_columns(&[&[9, 5]]), Vec::<usize>::new());
    }

    /// The two units minus the first offering are two people, one in each of the others, though neither is shown alone.
    #[test]
    fn two_people_in_two_offerings_must_not_be_left_together() {
        let found = withheld_columns(&[&[9, 9, 0, 0], &[1, 0, 8, 8], &[0, 1, 8, 8]]);
        assert!(!found.is_empty(), "nothing is hidden");
    }

    #[test]
    fn who_is_known_anyway_hides_nobody() {
        let with = |is_known| {
            let mut figures = Figures::default();
            for (row, column, people) in [(1, 1, 11), (1, 2, 1), (2, 1, 1), (2, 2, 11)] {
                figures.add(row, column, people, is_known && row == 1);
            }
            figures.withheld()
        };
        assert_eq!((with(false).len(), with(true).len()), (0, 2));
    }
}
