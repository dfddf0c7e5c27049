//! Which units may be shown a quarter's pairs beside the offerings the pairs come from.
//!
//! The same people are published twice: offering by offering, and unit by unit. Whoever subtracts one from the other
//! must not be left with one to four people (effectiveness.md, section 13, differencing in sets).

use std::collections::{BTreeMap, BTreeSet};

use petgraph::algo::bridges::bridges;
use petgraph::graph::{NodeIndex, UnGraph};
use petgraph::visit::EdgeRef;
use uuid::Uuid;

use super::sums::floor;

/// Pairs of a unit's people in an offering: offering, unit, how many.
pub type Cell = (Uuid, Uuid, i64);

/// The units whose pairs of a quarter must not be shown.
///
/// A unit is hidden with fewer than five pairs. Of the others, take offerings as the rows and units as the columns of
/// a table whose margins are published. A cell follows from the margins exactly where it is a bridge of the graph that
/// joins the offerings and the units which share people: take it away and the two sides part, and all rows of one side
/// minus all its columns is the cell. What is published nowhere (hidden units, offerings under five) is one more node
/// without a margin; a way through it makes a cell free. Bridges of one to four people are taken away by hiding a unit,
/// until there are none.
pub fn hidden(cells: &[Cell]) -> BTreeSet<Uuid> {
    let mut totals: BTreeMap<Uuid, i64> = BTreeMap::new();
    for (_, unit, people) in cells {
        *totals.entry(*unit).or_default() += people;
    }
    let small = totals.iter().filter(|(_, people)| **people < floor()).map(|(unit, _)| *unit);
    let mut hidden: BTreeSet<Uuid> = small.collect();
    while let Some(unit) = telling(cells, &hidden, &totals) {
        hidden.insert(unit);
    }
    hidden
}

/// A shown unit that takes part in telling of one to four people, the smallest first; none when nothing is told.
fn telling(cells: &[Cell], hidden: &BTreeSet<Uuid>, totals: &BTreeMap<Uuid, i64>) -> Option<Uuid> {
    let graph = graph(cells, hidden);
    let told = bridges(&graph).filter(|edge| (1..floor()).contains(edge.weight()));
    let units = told.flat_map(|edge| {
        let ends = [edge.source(), edge.target()];
        // The unit itself; of an offering's hidden rest, the units that stand beside it.
        ends.into_iter().flat_map(|end| graph.neighbors(end).chain([end])).collect::<Vec<_>>()
    });
    units
        .filter_map(|node| match graph.node_weight(node) {
            Some(Node::Unit(unit)) => Some((totals.get(unit).copied().unwrap_or_default(), *unit)),
            _ => None,
        })
        .min()
        .map(|(_, unit)| unit)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Node {
    /// Everything that is published nowhere.
    Nowhere,
    Offering(Uuid),
    Unit(Uuid),
}

/// Offerings and shown units, joined by the people they share; an offering's people of hidden units, and an offering
/// that is itself hidden, are joined to what is published nowhere.
fn graph(cells: &[Cell], hidden: &BTreeSet<Uuid>) -> UnGraph<Node, i64> {
    let mut graph = UnGraph::new_undirected();
    let mut nodes: BTreeMap<Node, NodeIndex> = BTreeMap::new();
    let mut rests: BTreeMap<Uuid, (i64, i64)> = BTreeMap::new();
    let mut at = |graph: &mut UnGraph<Node, i64>, node: Node| {
        *nodes.entry(node).or_insert_with(|| graph.add_node(node))
    };
    for (offering, unit, people) in cells.iter().filter(|(_, _, people)| *people > 0) {
        let (all, rest) = rests.entry(*offering).or_default();
        *all += people;
        if hidden.contains(unit) {
            *rest += people;
        } else {
            let (row, column) =
                (at(&mut graph, Node::Offering(*offering)), at(&mut graph, Node::Unit(*unit)));
            graph.add_edge(row, column, *people);
        }
    }
    for (offering, (all, rest)) in rests {
        let is_hidden = all < floor();
        if rest > 0 || is_hidden {
            let (row, nowhere) = (at(&mut graph, Node::Offering(offering)), at(&mut graph, Node::Nowhere));
            graph.add_edge(row, nowhere, if is_hidden { 0 } else { rest });
        }
    }
    graph
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::{collection::vec, prelude::*};

    fn id(n: usize) -> Uuid {
        Uuid::from_u128(n as u128)
    }

    /// Rows are offerings, columns units.
    fn cells(table: &[&[i64]]) -> Vec<Cell> {
        let row = |(i, row): (usize, &&[i64])| {
            row.iter().enumerate().map(move |(j, people)| (id(i), id(j), *people)).collect::<Vec<_>>()
        };
        table.iter().enumerate().flat_map(row).collect()
    }

    fn hidden_columns(table: &[&[i64]]) -> Vec<u128> {
        hidden(&cells(table)).into_iter().map(|unit| unit.as_u128()).collect()
    }

    #[test]
    fn five_in_a_quarter_are_shown_and_four_are_not() {
        assert_eq!(hidden_columns(&[&[5]]), Vec::<u128>::new());
        assert_eq!(hidden_columns(&[&[4]]), [0]);
        // The unit minus the first offering would be the four of the second, which is itself hidden.
        assert_eq!(hidden_columns(&[&[5], &[4]]), [0]);
        // Both offerings minus the first and the last unit would be the four: one of those goes too.
        assert_eq!(hidden_columns(&[&[5, 4, 6], &[6, 0, 5]]), [0, 1]);
    }

    #[test]
    fn an_offering_minus_a_unit_must_not_leave_one_person() {
        // The unit's nine are all of the offering's ten but one; without the unit nothing is told.
        assert_eq!(hidden_columns(&[&[9, 1]]), [0, 1]);
        // Five are left: that is a group.
        assert_eq!(hidden_columns(&[&[9, 5]]), Vec::<u128>::new());
        // Nor may two units together leave one.
        assert_eq!(hidden_columns(&[&[10, 9, 1], &[0, 0, 6]]), [1, 2]);
    }

    #[test]
    fn a_second_way_round_leaves_the_cells_free() {
        assert_eq!(hidden_columns(&[&[4, 3], &[2, 5]]), Vec::<u128>::new());
    }

    /// Whether the margins that are published say what a cell is: by elimination over all published sums.
    fn told(cells: &[Cell], hidden: &BTreeSet<Uuid>) -> Vec<i64> {
        let full: Vec<&Cell> = cells.iter().filter(|cell| cell.2 > 0).collect();
        let sum = |offering: Uuid| full.iter().filter(|c| c.0 == offering).map(|c| c.2).sum::<i64>();
        let mut rows: Vec<Vec<f64>> = Vec::new();
        for offering in full.iter().map(|c| c.0).collect::<BTreeSet<_>>() {
            if sum(offering) >= floor() {
                rows.push(full.iter().map(|c| f64::from(u8::from(c.0 == offering))).collect());
            }
        }
        for unit in full.iter().map(|c| c.1).collect::<BTreeSet<_>>() {
            if !hidden.contains(&unit) {
                rows.push(full.iter().map(|c| f64::from(u8::from(c.1 == unit))).collect());
            }
        }
        let mut rank = 0;
        for column in 0..full.len() {
            let Some(pivot) = (rank..rows.len()).find(|r| rows[*r][column].abs() > 1e-9) else { continue };
            rows.swap(rank, pivot);
            let pivot = rows[rank].clone();
            for (r, row) in rows.iter_mut().enumerate() {
                let factor = row[column] / pivot[column];
                if r != rank && factor.abs() > 1e-9 {
                    row.iter_mut().zip(&pivot).for_each(|(value, p)| *value -= factor * p);
                }
            }
            rank += 1;
        }
        let alone = |row: &Vec<f64>| row.iter().filter(|value| value.abs() > 1e-9).count() == 1;
        rows.iter()
            .filter(|row| alone(row))
            .filter_map(|row| row.iter().position(|value| value.abs() > 1e-9))
            .map(|cell| full[cell].2)
            .collect()
    }

    proptest! {
        #[test]
        fn no_published_sums_ever_tell_of_one_to_four_people(
            people in vec(prop_oneof![3 => Just(0i64), 2 => 1i64..4, 1 => 4i64..12], 20)
        ) {
            let rows: Vec<&[i64]> = people.chunks(5).collect();
            let cells = cells(&rows);
            let hidden = hidden(&cells);
            for people in told(&cells, &hidden) {
                prop_assert!(people >= floor(), "{people} of {rows:?} with {hidden:?} hidden");
            }
        }
    }
}
