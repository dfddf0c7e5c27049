//! An attack by brute force, which the rules are compared with: small worlds, in which everything can be tried.

use std::collections::BTreeSet;

use super::{Nested, withheld};

/// What an attacker knows: how many people each cell has, and which cells are in which published figure.
#[derive(Debug, Clone)]
pub struct Attack {
    people: Vec<u64>,
    figures: Vec<Vec<i64>>,
}

/// The cells of a set of people that is given away.
pub type Set = Vec<usize>;

impl Attack {
    /// On cells with so many people each, of which nothing is published yet.
    pub fn on(people: impl IntoIterator<Item = u64>) -> Self {
        Self { people: people.into_iter().collect(), figures: Vec::new() }
    }

    /// Publish the figure of the cells that are in it.
    pub fn publish(&mut self, is_in: impl Fn(usize) -> bool) {
        let weight = |cell: usize| i64::from(self.people[cell] > 0 && is_in(cell));
        self.figures.push((0..self.people.len()).map(weight).collect());
    }

    /// Every set of fewer than `floor` people that is a sum of figures, each added once, subtracted once or left out.
    pub fn by_adding(&self, floor: u64) -> BTreeSet<Set> {
        let mut found = BTreeSet::new();
        self.add_up(0, &mut vec![0; self.people.len()], &mut |weights: &[i64]| {
            if weights.iter().any(|weight| ![0, 1].contains(weight)) {
                return;
            }
            let set: Set = (0..weights.len()).filter(|cell| weights[*cell] == 1).collect();
            if (1..floor).contains(&set.iter().map(|cell| self.people[*cell]).sum::<u64>()) {
                found.insert(set);
            }
        });
        found
    }

    fn add_up(&self, next: usize, weights: &mut [i64], seen: &mut impl FnMut(&[i64])) {
        let Some(figure) = self.figures.get(next) else { return seen(weights) };
        let add = |weights: &mut [i64], times: i64| {
            weights.iter_mut().zip(figure).for_each(|(weight, of)| *weight += times * of);
        };
        add(weights, -1);
        for _ in -1..=1 {
            self.add_up(next + 1, weights, seen);
            add(weights, 1);
        }
        add(weights, -2);
    }

    /// Every set of fewer than `floor` people whose sum follows from the figures in whatever way, by elimination.
    pub fn by_elimination(&self, floor: u64) -> BTreeSet<Set> {
        let mut sets: Vec<(Set, u64)> = vec![(Vec::new(), 0)];
        for (cell, people) in self.people.iter().enumerate().filter(|(_, people)| **people > 0) {
            for (set, sum) in sets.clone() {
                if sum + people < floor {
                    sets.push(([set, vec![cell]].concat(), sum + people));
                }
            }
        }
        let known = rank(&self.figures);
        let follows = |set: &Set| {
            let figure = (0..self.people.len()).map(|cell| i64::from(set.contains(&cell))).collect();
            rank(&[&self.figures[..], &[figure]].concat()) == known
        };
        sets.into_iter().map(|(set, _)| set).filter(|set| !set.is_empty() && follows(set)).collect()
    }
}

/// How many of some figures are independent.
fn rank(figures: &[Vec<i64>]) -> usize {
    let mut rows: Vec<Vec<f64>> =
        figures.iter().map(|row| row.iter().map(|weight| *weight as f64).collect()).collect();
    let mut rank = 0;
    for column in 0..rows.first().map_or(0, Vec::len) {
        let Some(pivot) = (rank..rows.len()).find(|row| rows[*row][column].abs() > 1e-9) else { continue };
        rows.swap(rank, pivot);
        let (done, left) = rows.split_at_mut(rank + 1);
        for row in left {
            let factor = row[column] / done[rank][column];
            row.iter_mut().zip(&done[rank]).for_each(|(cell, above)| *cell -= factor * above);
        }
        rank += 1;
    }
    rank
}

#[test]
fn a_total_minus_a_part_is_found_by_both_attacks() {
    let mut attack = Attack::on([7, 4, 0]);
    attack.publish(|_| true);
    assert!(attack.by_adding(5).is_empty() && attack.by_elimination(5).is_empty());
    attack.publish(|cell| cell == 0);
    let rest = BTreeSet::from([vec![1]]);
    assert_eq!((attack.by_adding(5), attack.by_elimination(5)), (rest.clone(), rest));
}

/// Why an offering is divided only once: ten of twenty have a match and eleven have the same rater. Of neither division a
/// part or a rest is small, and yet the one minus the other is a single person. Only who counts the people in both
/// divisions at once can see it, as the rule for tables does.
#[test]
fn two_divisions_that_are_harmless_by_themselves_can_give_one_person_away() {
    let people = [vec![10, 0], vec![1, 9]];
    let mut attack = Attack::on(people.concat());
    attack.publish(|_| true);
    for division in [|cell| cell < 2, |cell| cell % 2 == 0] {
        let mut alone = attack.clone();
        alone.publish(division);
        assert!(alone.by_adding(5).is_empty());
    }
    attack.publish(|cell| cell < 2);
    attack.publish(|cell| cell % 2 == 0);
    assert_eq!(attack.by_adding(5), BTreeSet::from([vec![2]]));
    assert_eq!([(10, 20), (11, 20)].map(|(part, whole)| Nested::of(part, whole).is_withheld()), [false; 2]);
    assert!(withheld(&people, 5).columns.contains(&true));
}
