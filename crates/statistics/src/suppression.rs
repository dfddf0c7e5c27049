//! Tables of counts with their totals: hiding the small cells so that nobody can compute them.
//!
//! One hidden cell in a row or column with a published total is recovered by subtraction, and so are more where the
//! totals leave no play. So beside each small cell three others are hidden, at the corners of a rectangle: adding one
//! to two opposite corners and taking one from the other two leaves every total as it is, so whoever knows the totals
//! knows each corner only up to that play. How far it goes is known from the counts, and a rectangle serves only if
//! it goes far enough for all of its corners (the hypercube method of the German statistical offices, Repsilber 1994;
//! section 13 of the model).
//!
//! All hidden cells must look the same. Whoever could tell the small ones from the others would know them to be
//! 1 to 4.

use super::{
    Reason,
    flow::{ENDLESS, Network},
};

/// What somebody who knows all totals, and all cells that are shown, can say about a hidden cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HiddenCell {
    /// Its row.
    pub row: usize,
    /// Its column.
    pub column: usize,
    /// It counts no fewer.
    pub at_least: u64,
    /// It counts no more.
    pub at_most: u64,
}

/// Tells which cells of a table with published totals must be hidden so that none of 1 to `floor` - 1 people is known
/// more exactly than by a range as wide as `floor`.
///
/// Of the rectangles that protect a cell, the one that hides the fewest people is taken, one with an empty corner
/// only where there is no other: that a cell is empty is often known from elsewhere. Where no rectangle serves, all
/// cells are hidden; a cell then ranges as far as its two totals and their complements let it, and none of these is
/// small. An error means that the table must be withheld with its totals, as one of them is small. Rows shorter than
/// the longest count as ending in empty cells.
pub fn suppress(table: &[Vec<u64>], floor: u64) -> Result<Vec<Vec<bool>>, Reason> {
    let grid = Grid::of(table);
    let small = |count: u64| (1..floor).contains(&count);
    let totals =
        (0..grid.rows).map(|row| grid.row_total(row)).chain((0..grid.columns).map(|c| grid.column_total(c)));
    if totals.into_iter().any(small) {
        return Err(Reason::FewerThan5);
    }
    let mut hidden: Vec<Vec<bool>> = vec![vec![false; grid.columns]; grid.rows];
    let mut primary: Vec<Place> = grid.places().filter(|place| small(grid.at(*place))).collect();
    primary.sort_by_key(|place| (grid.at(*place), *place));
    for place in primary {
        let Some(corners) = grid.rectangle(place, &hidden, floor) else { return Ok(grid.everything()) };
        for (row, column) in corners {
            if let Some(cell) = hidden.get_mut(row).and_then(|cells| cells.get_mut(column)) {
                *cell = true;
            }
        }
    }
    Ok(hidden)
}

/// What can be computed about each hidden cell of a table with published totals, in the order of rows and columns.
///
/// The exact range: the largest shift of the cell that other hidden cells can make up for is a largest flow through
/// them.
pub fn attack(table: &[Vec<u64>], hidden: &[Vec<bool>]) -> Vec<HiddenCell> {
    let grid = Grid::of(table);
    let unknown: Vec<Place> = grid.places().filter(|place| is_hidden(hidden, *place)).collect();
    let known = |place: &Place| {
        let count = grid.at(*place);
        HiddenCell {
            row: place.0,
            column: place.1,
            at_least: count.saturating_sub(grid.play(*place, &unknown, Direction::Down)),
            at_most: count.saturating_add(grid.play(*place, &unknown, Direction::Up)),
        }
    };
    unknown.iter().map(known).collect()
}

/// Row and column.
type Place = (usize, usize);

#[derive(Clone, Copy, PartialEq)]
enum Direction {
    Up,
    Down,
}

/// A rectangular table; cells that are not there are empty.
struct Grid<'a> {
    table: &'a [Vec<u64>],
    rows: usize,
    columns: usize,
}

impl<'a> Grid<'a> {
    fn of(table: &'a [Vec<u64>]) -> Self {
        Self { table, rows: table.len(), columns: table.iter().map(Vec::len).max().unwrap_or(0) }
    }

    fn at(&self, (row, column): Place) -> u64 {
        self.table.get(row).and_then(|cells| cells.get(column)).copied().unwrap_or(0)
    }

    fn places(&self) -> impl Iterator<Item = Place> {
        let columns = self.columns;
        (0..self.rows).flat_map(move |row| (0..columns).map(move |column| (row, column)))
    }

    fn row_total(&self, row: usize) -> u64 {
        (0..self.columns).map(|column| self.at((row, column))).sum()
    }

    fn column_total(&self, column: usize) -> u64 {
        (0..self.rows).map(|row| self.at((row, column))).sum()
    }

    /// All cells, but for rows and columns whose totals tell that they are empty.
    fn everything(&self) -> Vec<Vec<bool>> {
        let used = |row: usize, column: usize| self.row_total(row) > 0 && self.column_total(column) > 0;
        (0..self.rows).map(|row| (0..self.columns).map(|column| used(row, column)).collect()).collect()
    }

    /// The best rectangle that protects a cell.
    fn rectangle(&self, place: Place, hidden: &[Vec<bool>], floor: u64) -> Option<[Place; 4]> {
        self.places()
            .filter(|opposite| opposite.0 != place.0 && opposite.1 != place.1)
            .map(|opposite| [place, (place.0, opposite.1), (opposite.0, place.1), opposite])
            .filter(|corners| self.play_of(corners) >= floor)
            .min_by_key(|corners| {
                let more: Vec<&Place> =
                    corners.iter().filter(|corner| !is_hidden(hidden, **corner)).collect();
                let people: u64 = more.iter().map(|corner| self.at(**corner)).sum();
                let empty = more.iter().any(|corner| self.at(**corner) == 0 && **corner != place);
                (empty, people, more.len(), *corners)
            })
    }

    /// How far the corners can move: the first and last against the other two, up and down.
    fn play_of(&self, [place, beside, below, opposite]: &[Place; 4]) -> u64 {
        let least = |one: &Place, other: &Place| self.at(*one).min(self.at(*other));
        least(beside, below) + least(place, opposite)
    }

    /// How far one hidden cell can move while the others make up for it.
    ///
    /// What a column gains here it loses in another hidden cell, whose row then gains elsewhere, and so on back to the
    /// row of the cell: a flow from its column to its row. Gains are endless, losses end at an empty cell.
    fn play(&self, place: Place, unknown: &[Place], direction: Direction) -> u64 {
        let of_column = |column: usize| self.rows + column;
        let mut network = Network::default();
        for other in unknown.iter().filter(|other| **other != place) {
            let losing = self.at(*other);
            let (to_row, to_column) =
                if direction == Direction::Up { (losing, ENDLESS) } else { (ENDLESS, losing) };
            network.connect(of_column(other.1), other.0, to_row);
            network.connect(other.0, of_column(other.1), to_column);
        }
        network.cut(of_column(place.1), place.0, ENDLESS).flow
    }
}

fn is_hidden(hidden: &[Vec<bool>], (row, column): Place) -> bool {
    hidden.get(row).and_then(|cells| cells.get(column)).copied().unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;

    /// The table of section 13.
    const WORKED: [[u64; 3]; 3] = [[12, 3, 9], [8, 11, 7], [15, 6, 10]];

    fn table<const N: usize>(cells: &[[u64; N]]) -> Vec<Vec<u64>> {
        cells.iter().map(|row| row.to_vec()).collect()
    }

    fn range(table: &[Vec<u64>], places: &[Place], of: Place) -> (u64, u64) {
        let hidden: Vec<Vec<bool>> = (0..table.len())
            .map(|row| (0..table[row].len()).map(|column| places.contains(&(row, column))).collect())
            .collect();
        let cells = attack(table, &hidden);
        let cell = cells.iter().find(|cell| (cell.row, cell.column) == of).unwrap();
        (cell.at_least, cell.at_most)
    }

    #[test]
    fn the_worked_table() {
        let counts = table(&WORKED);
        assert_eq!(range(&counts, &[(0, 1)], (0, 1)), (3, 3), "alone, it is recovered");
        assert_eq!(
            range(&counts, &[(0, 1), (0, 2)], (0, 1)),
            (3, 3),
            "two in a row are recovered by their columns"
        );
        let hidden = suppress(&counts, 5).unwrap();
        let expected = table(&[[0, 1, 1], [0, 0, 0], [0, 1, 1]]);
        assert_eq!(
            hidden,
            expected
                .iter()
                .map(|row| row.iter().map(|cell| *cell == 1).collect())
                .collect::<Vec<Vec<bool>>>()
        );
        let cells = attack(&counts, &hidden);
        assert_eq!((cells[0].at_least, cells[0].at_most), (0, 9));
        assert!(cells.iter().all(|cell| cell.at_most - cell.at_least == 9), "{cells:?}");
    }

    #[test]
    fn tables_that_must_be_withheld() {
        let withheld = |counts: &[Vec<u64>]| suppress(counts, 5) == Err(Reason::FewerThan5);
        assert!(withheld(&table(&[[12, 3, 9]])), "a single row is its column totals");
        assert!(withheld(&table(&[[12], [3], [9]])));
        assert!(withheld(&table(&[[3, 0], [9, 9]])), "a total of three");
        assert!(withheld(&[vec![9, 9, 2], vec![9]]), "rows of different lengths");
    }

    #[test]
    fn nothing_small_hides_nothing() {
        let large = table(&[[5, 0], [0, 7]]);
        assert_eq!(suppress(&large, 5), Ok(vec![vec![false; 2]; 2]));
        assert_eq!(suppress(&[], 5), Ok(vec![]));
        assert_eq!(attack(&large, &suppress(&large, 5).unwrap()), []);
    }

    #[test]
    fn where_no_rectangle_serves_all_cells_are_hidden() {
        let counts = table(&[[1, 1, 1, 1, 1, 0]; 5]);
        let hidden = suppress(&counts, 5).unwrap();
        assert!(hidden.iter().all(|row| *row == [true, true, true, true, true, false]));
        assert!(attack(&counts, &hidden).iter().all(|cell| (cell.at_least, cell.at_most) == (0, 5)));
    }

    #[test]
    fn an_empty_corner_is_the_last_resort() {
        let counts = table(&[[3, 9, 20], [9, 0, 30], [25, 30, 40]]);
        let hidden = suppress(&counts, 5).unwrap();
        assert!(!hidden[1][1], "the empty cell stays: {hidden:?}");
        let only = table(&[[3, 9], [9, 0]]);
        assert_eq!(suppress(&only, 5), Ok(vec![vec![true; 2]; 2]));
    }

    /// All tables with the same totals that agree with what is shown: the attack by hand.
    fn possible(counts: &[Vec<u64>], hidden: &[Vec<bool>], of: Place) -> Vec<u64> {
        let unknown: Vec<Place> =
            Grid::of(counts).places().filter(|place| is_hidden(hidden, *place)).collect();
        let mut found = Vec::new();
        try_all(counts, &mut counts.to_vec(), &unknown, of, &mut found);
        found
    }

    fn try_all(
        original: &[Vec<u64>],
        now: &mut Vec<Vec<u64>>,
        left: &[Place],
        of: Place,
        found: &mut Vec<u64>,
    ) {
        let Some(((row, column), rest)) = left.split_first() else {
            let (a, b) = (Grid::of(original), Grid::of(now));
            if (0..a.rows).all(|r| a.row_total(r) == b.row_total(r))
                && (0..a.columns).all(|c| a.column_total(c) == b.column_total(c))
            {
                found.push(now[of.0][of.1]);
            }
            return;
        };
        let most = Grid::of(original).row_total(*row).min(Grid::of(original).column_total(*column));
        let before = now[*row][*column];
        for count in 0..=most {
            now[*row][*column] = count;
            try_all(original, now, rest, of, found);
        }
        now[*row][*column] = before;
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn what_is_hidden_stays_hidden(counts in (2..6usize, 2..6usize).prop_flat_map(|(rows, columns)| {
            vec(vec(0..15u64, columns), rows)
        })) {
            if let Ok(hidden) = suppress(&counts, 5) {
                let grid = Grid::of(&counts);
                for place in grid.places() {
                    prop_assert!(!(1..5).contains(&grid.at(place)) || is_hidden(&hidden, place));
                }
                for cell in attack(&counts, &hidden) {
                    prop_assert!(cell.at_most - cell.at_least >= 5, "{counts:?} {hidden:?} {cell:?}");
                }
            }
        }

        #[test]
        fn the_range_is_what_trying_all_tables_finds(
            counts in vec(vec(0..4u64, 3), 3),
            hidden in vec(vec(any::<bool>(), 3), 3),
        ) {
            let unknown = hidden.iter().flatten().filter(|cell| **cell).count();
            if unknown > 6 { return Ok(()); }
            for cell in attack(&counts, &hidden) {
                let possible = possible(&counts, &hidden, (cell.row, cell.column));
                prop_assert_eq!(Some(&cell.at_least), possible.iter().min());
                prop_assert_eq!(Some(&cell.at_most), possible.iter().max());
            }
        }
    }
}
