//! Which row and column totals of a table of people may be published side by side.
//!
//! Published are figures of whole rows (such as offerings) and whole columns (such as units), never of single cells, and
//! the figure of all. Differences of such figures show more: row minus column, sums of rows minus sums of columns.
//!
//! **What can be computed.** A set of cells is given away when its sum follows from published sums whatever the
//! numbers are. Take rows and columns for points and each cell with people in it for an arc from its row to its
//! column. A set is given away exactly if every point can be given a height such that the arcs of the set fall by one
//! step and all others run level. (A combination of totals adds a number for the row and one for the column to each
//! cell; heights are the row's number and minus the column's.) Cut such heights at any level: the arcs that fall there
//! lead from an upper set of points to a lower one, and none leads back. So the smallest sets given away are the arcs
//! over cuts that are crossed in one direction only: they are sums of figures each of which is added once, subtracted
//! once or left out. Single columns are such cuts, and so is a cell whose removal
//! would divide the graph (a bridge), and everything in between: two people in two offerings who are all that some
//! unit adds to a third figure.
//!
//! **How it is found.** A set of fewer people than the floor holds a cell with fewer. For each such cell, the one-way
//! cut with the fewest people is a smallest cut from its row to its column, with the people of each cell as capacity
//! one way and no limit on the way back: a largest flow (Ford and Fulkerson 1956).
//!
//! **How it is cured.** Withheld columns together are still known, as all minus the published ones: they act as one
//! column, and withheld rows as one row. Joining two columns on opposite sides of a cut ends it and gives nothing
//! else away, so cells once safe stay safe, and one pass over the cells suffices.
//!
//! A table of one row or one column needs no cuts: [`withheld_parts`] says all of it.
//!
//! A crowded table of 750 offerings by 500 units takes a fraction of a second, a thin one some seconds: compute it
//! once, when the window closes.

use super::max_flow::{ENDLESS, Network};
use super::parts::withheld_parts;

/// What must be withheld.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withheld {
    /// For each row, whether its figures must not be published.
    pub rows: Vec<bool>,
    /// For each column, whether its figures must not be published.
    pub columns: Vec<bool>,
}

/// Says which rows and columns must be withheld so that no set of 1 to `floor` - 1 people is given away by the
/// published ones and the total of all.
///
/// `people` counts the people of each row in each column; rows shorter than the longest end in empty cells. Rows are
/// withheld only as parts of the whole ([`withheld_parts`]); everything else is cured by withholding columns, small ones
/// first. If all people together are too few, everything is withheld, and so must be the total. Where nothing is given
/// away, nothing is withheld.
pub fn withheld(people: &[Vec<u64>], floor: u64) -> Withheld {
    let mut table = Table::of(people);
    table.withhold_small(floor);
    let detours = Detours::of(&table);
    let small: Vec<(usize, usize)> = table
        .cells()
        .filter(|cell| cell.2 < floor && !detours.carry(*cell, floor))
        .map(|(row, column, _)| (row, column))
        .collect();
    let mut network = table.network();
    for (row, column) in small {
        while let Some(next) = table.given_away(&network, row, column, floor) {
            if let Some(withheld) = table.withheld.columns.get_mut(next) {
                *withheld = true;
            }
            network = table.network();
        }
    }
    table.withheld
}

struct Table<'a> {
    people: &'a [Vec<u64>],
    withheld: Withheld,
}

impl<'a> Table<'a> {
    fn of(people: &'a [Vec<u64>]) -> Self {
        let columns = people.iter().map(Vec::len).max().unwrap_or(0);
        Self { people, withheld: Withheld { rows: vec![false; people.len()], columns: vec![false; columns] } }
    }

    /// Row, column and people of each cell that has any.
    fn cells(&self) -> impl Iterator<Item = (usize, usize, u64)> {
        self.people.iter().enumerate().flat_map(|(row, cells)| {
            cells
                .iter()
                .enumerate()
                .filter(|(_, people)| **people > 0)
                .map(move |(column, people)| (row, column, *people))
        })
    }

    /// Withhold what is too small as a part of the whole.
    fn withhold_small(&mut self, floor: u64) {
        let mut rows = vec![0; self.withheld.rows.len()];
        let mut columns = vec![0; self.withheld.columns.len()];
        for (row, column, people) in self.cells() {
            for (totals, place) in [(&mut rows, row), (&mut columns, column)] {
                if let Some(total) = totals.get_mut(place) {
                    *total += people;
                }
            }
        }
        self.withheld =
            Withheld { rows: withheld_parts(&rows, floor), columns: withheld_parts(&columns, floor) };
    }

    /// The point of a row: its own, or that of all withheld rows.
    fn row_point(&self, row: usize) -> usize {
        if is(&self.withheld.rows, row) { self.first_free() } else { row }
    }

    /// The point of a column: its own, or that of all withheld columns.
    fn column_point(&self, column: usize) -> usize {
        if is(&self.withheld.columns, column) {
            self.first_free() + 1
        } else {
            self.withheld.rows.len() + column
        }
    }

    fn first_free(&self) -> usize {
        self.withheld.rows.len() + self.withheld.columns.len()
    }

    fn network(&self) -> Network {
        let mut network = Network::default();
        for (row, column, people) in self.cells() {
            let (row, column) = (self.row_point(row), self.column_point(column));
            network.connect(row, column, people);
            network.connect(column, row, ENDLESS);
        }
        network
    }

    /// If a set with this cell and too few people is given away: the column to withhold next.
    fn given_away(&self, network: &Network, row: usize, column: usize, floor: u64) -> Option<usize> {
        let cut = network.cut(self.row_point(row), self.column_point(column), floor);
        if cut.flow >= floor {
            return None;
        }
        let upper = |column: &usize| cut.source_side.contains(&self.column_point(*column));
        let published = |column: &usize| !is(&self.withheld.columns, *column);
        let together = self.first_free() + 1;
        let any_withheld = self.withheld.columns.contains(&true);
        // The next column must lie across from those already withheld; the first of all may lie on either side.
        let wanted = any_withheld && !cut.source_side.contains(&together);
        (0..self.withheld.columns.len())
            .filter(|column| published(column) && upper(column) == wanted && self.total(*column) > 0)
            .min_by_key(|column| (self.total(*column), *column))
    }

    fn total(&self, column: usize) -> u64 {
        self.people.iter().filter_map(|cells| cells.get(column)).sum()
    }
}

/// The shortest ways from a row to a column beside their own cell: over another column and another row. Where enough
/// people fit through these alone, no larger flow need be looked for; in a crowded table that is nearly everywhere.
struct Detours<'a> {
    people: &'a [Vec<u64>],
    of_row: Vec<Vec<(usize, u64)>>,
    of_column: Vec<Vec<(usize, u64)>>,
}

impl<'a> Detours<'a> {
    fn of(table: &Table<'a>) -> Self {
        let mut of_row = vec![Vec::new(); table.withheld.rows.len()];
        let mut of_column = vec![Vec::new(); table.withheld.columns.len()];
        for (row, column, people) in table.cells() {
            if let (Some(cells), Some(others)) = (of_row.get_mut(row), of_column.get_mut(column)) {
                cells.push((column, people));
                others.push((row, people));
            }
        }
        Self { people: table.people, of_row, of_column }
    }

    /// Whether a cell and its detours carry so many people. Withholding joins points and takes no way away, so the
    /// answer stays good.
    fn carry(&self, (row, column, people): (usize, usize, u64), enough: u64) -> bool {
        let others = |of: &[Vec<(usize, u64)>], place: usize, but: usize| {
            let cells = of.get(place).cloned().unwrap_or_default();
            cells.into_iter().filter(|(other, _)| *other != but).collect::<Vec<_>>()
        };
        let mut ends = others(&self.of_column, column, row);
        let mut flow = people;
        for (over, mut left) in others(&self.of_row, row, column) {
            for (back, free) in &mut ends {
                let joined = self.people.get(*back).and_then(|cells| cells.get(over)).is_some_and(|n| *n > 0);
                let more = if joined { left.min(*free) } else { 0 };
                (left, *free, flow) = (left - more, *free - more, flow + more);
                if flow >= enough {
                    return true;
                }
            }
        }
        flow >= enough
    }
}

fn is(withheld: &[bool], place: usize) -> bool {
    withheld.get(place).copied().unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::super::oracle::{Attack, Set};
    use super::*;

    fn columns(people: &[Vec<u64>]) -> Vec<usize> {
        let found = withheld(people, 5);
        (0..found.columns.len()).filter(|column| found.columns[*column]).collect()
    }

    #[test]
    fn large_cells_withhold_nothing() {
        let found = withheld(&[vec![5, 9], vec![7, 0]], 5);
        assert_eq!(found, Withheld { rows: vec![false; 2], columns: vec![false; 2] });
        assert_eq!(withheld(&[], 5), Withheld { rows: vec![], columns: vec![] });
    }

    #[test]
    fn a_small_column_takes_another_with_it() {
        assert_eq!(columns(&[vec![9, 3, 20], vec![8, 0, 20]]), [0, 1]);
    }

    #[test]
    fn a_bridge_is_given_away() {
        // Row 0 minus column 0 is the three people of row 0 in column 1.
        let people = [vec![9, 3, 0], vec![0, 8, 9], vec![0, 9, 9]];
        assert_eq!(columns(&people), [0, 2]);
        // With a second way round, it no longer follows from the totals.
        assert_eq!(columns(&[vec![9, 3, 0], vec![9, 8, 9], vec![0, 9, 9]]), Vec::<usize>::new());
    }

    #[test]
    fn two_people_in_two_rows_are_given_away_together() {
        // No cell is a bridge, but rows 0 and 1 minus column 0 are the two people in column 1.
        let people = [vec![9, 1, 0], vec![8, 1, 0], vec![0, 9, 9], vec![0, 9, 9]];
        assert_eq!(columns(&people), [0, 2]);
    }

    #[test]
    fn small_rows_are_withheld_with_the_next_smallest() {
        let found = withheld(&[vec![2, 1], vec![20, 30], vec![9, 10]], 5);
        assert_eq!(found.rows, [true, false, true]);
        let found = withheld(&[vec![2, 1], vec![1, 1], vec![30, 30]], 5);
        assert_eq!(found.rows, [true, true, false], "together they are five");
        let found = withheld(&[vec![2, 1], vec![1]], 5);
        assert_eq!(found, Withheld { rows: vec![true; 2], columns: vec![true; 2] });
    }

    /// The table and its published figures, as an attacker sees them.
    fn attack(people: &[Vec<u64>], found: &Withheld) -> Attack {
        let columns = found.columns.len();
        let mut attack = Attack::on(
            people
                .iter()
                .flat_map(|row| (0..columns).map(|column| row.get(column).copied().unwrap_or_default())),
        );
        attack.publish(|_| true);
        for row in (0..found.rows.len()).filter(|row| !found.rows[*row]) {
            attack.publish(|cell| cell / columns == row);
        }
        for column in (0..columns).filter(|column| !found.columns[*column]) {
            attack.publish(|cell| cell % columns == column);
        }
        attack
    }

    /// Every set of fewer than `floor` people that the published figures give away.
    fn given_away(people: &[Vec<u64>], found: &Withheld, floor: u64) -> Vec<Set> {
        attack(people, found).by_elimination(floor).into_iter().collect()
    }

    #[test]
    fn the_attack_by_hand_finds_what_the_rule_cures() {
        let people = [vec![9, 1, 0], vec![8, 1, 0], vec![0, 9, 9], vec![0, 9, 9]];
        let all = Withheld { rows: vec![false; 4], columns: vec![false; 3] };
        // The cells of both rows in the second column.
        assert_eq!(given_away(&people, &all, 5), [[1, 4]]);
        assert!(given_away(&people, &withheld(&people, 5), 5).is_empty());
    }

    /// What adding and subtracting finds in what the rule leaves.
    fn attack_on_what_is_left(people: &[Vec<u64>]) -> Vec<Set> {
        let total: u64 = people.iter().flatten().sum();
        let found = attack(people, &withheld(people, 5)).by_adding(5);
        found.into_iter().filter(|_| total >= 5).collect()
    }

    fn tables() -> impl Strategy<Value = Vec<Vec<u64>>> {
        let count = prop_oneof![3 => Just(0u64), 3 => 1..5u64, 2 => 5..20u64];
        (1..5usize, 1..5usize).prop_flat_map(move |(rows, columns)| vec(vec(count.clone(), columns), rows))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]

        #[test]
        fn nobody_is_given_away(people in tables()) {
            let total: u64 = people.iter().flatten().sum();
            if total < 5 { return Ok(()); }
            let found = withheld(&people, 5);
            let sets = given_away(&people, &found, 5);
            prop_assert!(sets.is_empty(), "{people:?} {found:?} {sets:?}");
        }

        #[test]
        fn nothing_is_withheld_where_nothing_is_given_away(people in tables()) {
            let all = Withheld { rows: vec![false; people.len()], columns: vec![false; people[0].len()] };
            if given_away(&people, &all, 5).is_empty() {
                prop_assert_eq!(withheld(&people, 5), all);
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        /// The cuts of the proof: whatever is withheld, an attacker who adds and subtracts each figure once finds few
        /// people where one who combines them in any way does.
        #[test]
        fn adding_and_subtracting_once_is_attack_enough(people in tables(), places in vec(any::<bool>(), 8)) {
            let columns = people[0].len();
            let some = Withheld { rows: places[..people.len()].to_vec(), columns: places[4..4 + columns].to_vec() };
            let attack = attack(&people, &some);
            prop_assert_eq!(attack.by_adding(5).is_empty(), attack.by_elimination(5).is_empty());
            let found = attack_on_what_is_left(&people);
            prop_assert!(found.is_empty(), "{:?} {:?}", people, found);
        }
    }
}
