//! Elimination: which sums follow from the known ones, whatever the answers are.
//!
//! Whether a set's sum follows is asked of random numbers: give each unknown a number such that all known sums are
//! nought, and otherwise at random. A sum that follows is nought as well; one that does not is nought with a chance of
//! one to the size of the field. Two such fillings make that chance 2^-62.
//!
//! Unknowns in the same equations with the same weights cannot be distinguished: a sum that follows holds all
//! of such an atom or none. So only sets put together of atoms need be tried, and that is all sets there are.

use std::collections::{BTreeMap, HashMap};

use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};

use super::knowledge::{Kind, Knowledge, Unknown, Weights};

/// The field: a prime, so that two of its numbers multiply within 64 bits.
const PRIME: u64 = 2_147_483_647;

/// An unknown's equations by number, each with its weight there.
type Column = Vec<(usize, i64)>;

/// Unknowns of one kind that no figure distinguishes.
#[derive(Debug, Clone)]
pub struct Atom {
    pub members: Vec<Unknown>,
    /// The same of each member.
    column: Column,
}

/// The atoms of all unknowns.
pub fn atoms(equations: &[&Weights]) -> Vec<Atom> {
    let mut columns: BTreeMap<Unknown, Column> = BTreeMap::new();
    for (number, weights) in equations.iter().enumerate() {
        for (unknown, weight) in *weights {
            columns.entry(*unknown).or_default().push((number, *weight));
        }
    }
    let mut atoms: BTreeMap<(Kind, Column), Vec<Unknown>> = BTreeMap::new();
    for (unknown, column) in columns {
        atoms.entry((unknown.kind, column)).or_default().push(unknown);
    }
    atoms.into_iter().map(|((_, column), members)| Atom { members, column }).collect()
}

/// Equations over atoms, brought to echelon form.
pub struct Echelon {
    columns: usize,
    /// Pivot and row.
    rows: Vec<(usize, Vec<u64>)>,
    /// Equations that say something the ones before did not.
    pub independent: Vec<usize>,
}

impl Echelon {
    /// Eliminate. An atom's number is the sum of its members'.
    pub fn of(atoms: &[Atom], equations: usize) -> Self {
        let mut dense = vec![vec![0; atoms.len()]; equations];
        for (place, atom) in atoms.iter().enumerate() {
            for (number, weight) in &atom.column {
                dense[*number][place] = in_field(*weight);
            }
        }
        let mut echelon = Self { columns: atoms.len(), rows: Vec::new(), independent: Vec::new() };
        for (number, row) in dense.into_iter().enumerate() {
            echelon.add(number, row);
        }
        echelon
    }

    fn add(&mut self, number: usize, mut row: Vec<u64>) {
        for (pivot, known) in &self.rows {
            subtract(&mut row, known, *pivot);
        }
        let Some(pivot) = row.iter().position(|entry| *entry != 0) else { return };
        let inverse = power(row[pivot], PRIME - 2);
        row.iter_mut().for_each(|entry| *entry = *entry * inverse % PRIME);
        for (_, known) in &mut self.rows {
            subtract(known, &row, pivot);
        }
        self.rows.push((pivot, row));
        self.independent.push(number);
    }

    /// Numbers of the atoms that make all known sums nought, and are random otherwise.
    fn filling(&self, seed: u64) -> Vec<u64> {
        let mut dice = ChaCha8Rng::seed_from_u64(seed);
        let mut numbers: Vec<u64> = (0..self.columns).map(|_| dice.random_range(0..PRIME)).collect();
        for (pivot, _) in &self.rows {
            numbers[*pivot] = 0;
        }
        let free = numbers.clone();
        for (pivot, row) in &self.rows {
            let sum = row.iter().zip(&free).fold(0, |sum, (entry, number)| (sum + entry * number) % PRIME);
            numbers[*pivot] = (PRIME - sum) % PRIME;
        }
        numbers
    }
}

/// `row` minus so much of `known`, whose entry at `pivot` is one, that its entry there is nought.
fn subtract(row: &mut [u64], known: &[u64], pivot: usize) {
    let factor = PRIME - row[pivot];
    if factor < PRIME {
        row.iter_mut()
            .zip(known)
            .filter(|(_, of)| **of > 0)
            .for_each(|(e, of)| *e = (*e + factor * of) % PRIME);
    }
}

fn power(base: u64, mut exponent: u64) -> u64 {
    let (mut result, mut square) = (1, base);
    while exponent > 0 {
        if exponent % 2 == 1 {
            result = result * square % PRIME;
        }
        square = square * square % PRIME;
        exponent /= 2;
    }
    result
}

fn in_field(weight: i64) -> u64 {
    weight.rem_euclid(PRIME as i64).unsigned_abs()
}

/// Every set of one to four people whose sum follows, whatever the answers are.
pub fn given_away(knowledge: &Knowledge) -> Vec<Vec<Unknown>> {
    let equations: Vec<&Weights> = knowledge.equations.keys().collect();
    let atoms = atoms(&equations);
    let echelon = Echelon::of(&atoms, equations.len());
    let fillings = [echelon.filling(1), echelon.filling(2)];
    let mut by_kind: HashMap<Kind, Vec<(&Atom, [u64; 2])>> = HashMap::new();
    for (place, atom) in atoms.iter().enumerate() {
        if atom.members.len() < 5 {
            let numbers = fillings.each_ref().map(|filling| filling[place]);
            by_kind.entry(atom.members[0].kind).or_default().push((atom, numbers));
        }
    }
    let mut found = Vec::new();
    for atoms in by_kind.values() {
        unions(atoms, &mut Vec::new(), [0, 0], &mut found);
    }
    found
}

/// Try all unions of atoms of at most four people that begin with these.
fn unions(
    atoms: &[(&Atom, [u64; 2])],
    chosen: &mut Vec<Unknown>,
    sum: [u64; 2],
    found: &mut Vec<Vec<Unknown>>,
) {
    for (place, (atom, numbers)) in atoms.iter().enumerate() {
        if chosen.len() + atom.members.len() > 4 {
            continue;
        }
        let sum = [(sum[0] + numbers[0]) % PRIME, (sum[1] + numbers[1]) % PRIME];
        let before = chosen.len();
        chosen.extend(&atom.members);
        if sum == [0, 0] {
            found.push(chosen.clone());
        }
        unions(&atoms[place + 1..], chosen, sum, found);
        chosen.truncate(before);
    }
}
