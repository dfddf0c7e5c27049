//! The linear programme: between which bounds each answer lies, given the known sums and the ends of the scale.
//!
//! People in the same equations are interchangeable, so that one of each class is looked at, beside the sum of the
//! others, who together have as many times the bounds (a sum of equal convex sets).

use std::collections::{BTreeMap, HashMap};

use microlp::{ComparisonOp, LinearExpr, OptimizationDirection, Problem, Variable};

use super::algebra::{Echelon, atoms};
use super::knowledge::{Kind, Knowledge, Unknown, Weights};

/// Between which bounds somebody's unknown lies.
#[derive(Debug, Clone, Copy)]
pub struct Range {
    pub of: Unknown,
    pub least: f64,
    pub most: f64,
}

impl Range {
    pub fn width(&self) -> f64 {
        self.most - self.least
    }
}

/// Whose unknowns: a trained person has several.
type Who = (u8, usize);
/// An unknown's equations, each with the weight.
type Column = Vec<(usize, i64)>;

/// People in the same equations.
struct Class {
    /// Kinds of unknowns with their equations.
    columns: BTreeMap<Kind, Column>,
    members: Vec<usize>,
}

/// The equations with a value that say something new, and the classes in them.
pub struct Programme {
    sums: Vec<f64>,
    classes: Vec<Class>,
}

impl Programme {
    pub fn of(knowledge: &Knowledge) -> Self {
        let (equations, values): (Vec<&Weights>, Vec<f64>) =
            knowledge.equations.iter().filter_map(|(weights, sum)| Some((weights, (*sum)?))).unzip();
        let independent = Echelon::of(&atoms(&equations), equations.len()).independent;
        let mut columns: BTreeMap<Who, BTreeMap<Kind, Column>> = BTreeMap::new();
        for (number, place) in independent.iter().enumerate() {
            for (unknown, weight) in equations[*place] {
                let of = columns.entry((owner(unknown.kind), unknown.who)).or_default();
                of.entry(unknown.kind).or_default().push((number, *weight));
            }
        }
        let mut classes: HashMap<(u8, BTreeMap<Kind, Column>), Vec<usize>> = HashMap::new();
        for ((owner, who), columns) in columns {
            classes.entry((owner, columns)).or_default().push(who);
        }
        let mut classes: Vec<Class> =
            classes.into_iter().map(|((_, columns), members)| Class { columns, members }).collect();
        classes.sort_by_key(|class| (class.members.len(), class.members[0]));
        Self { sums: independent.into_iter().map(|place| values[place]).collect(), classes }
    }

    /// How many unknowns and equations there are.
    pub fn size(&self) -> (usize, usize) {
        let unknowns = self.classes.iter().map(|class| class.columns.len() * class.members.len()).sum();
        (unknowns, self.sums.len())
    }

    /// The bounds of one of each class, and of each kind of its unknowns: they hold for all of the class.
    pub fn ranges(&self) -> Vec<(Range, &[usize])> {
        let mut ranges = Vec::new();
        for (place, class) in self.classes.iter().enumerate() {
            for kind in class.columns.keys() {
                let of = Unknown { kind: *kind, who: class.members[0] };
                let [least, most] = [OptimizationDirection::Minimize, OptimizationDirection::Maximize]
                    .map(|direction| self.solve(direction, place, *kind));
                ranges.push((Range { of, least, most }, class.members.as_slice()));
            }
        }
        ranges
    }

    fn solve(&self, direction: OptimizationDirection, target: usize, wanted: Kind) -> f64 {
        let mut problem = Problem::new(direction);
        let mut rows = vec![LinearExpr::empty(); self.sums.len()];
        for (place, class) in self.classes.iter().enumerate() {
            let size = class.members.len();
            let parts =
                if place == target { vec![(1, Some(wanted)), (size - 1, None)] } else { vec![(size, None)] };
            for (people, wanted) in parts.into_iter().filter(|(people, _)| *people > 0) {
                class.enter(&mut problem, &mut rows, people as f64, wanted);
            }
        }
        for (row, sum) in rows.into_iter().zip(&self.sums) {
            problem.add_constraint(row, ComparisonOp::Eq, *sum);
        }
        let solved = problem.solve().expect("the truth fits the figures").into_solution();
        solved.expect("no limit was set").objective()
    }
}

impl Class {
    /// Let so many of it enter a programme, as one.
    fn enter(&self, problem: &mut Problem, rows: &mut [LinearExpr], people: f64, wanted: Option<Kind>) {
        let mut variables: HashMap<Kind, Variable> = HashMap::new();
        for (kind, column) in &self.columns {
            let [low, high] = bounds(*kind).map(|end| end * people);
            let variable = problem.add_var(if wanted == Some(*kind) { 1.0 } else { 0.0 }, (low, high));
            for (number, weight) in column {
                rows[*number].add(variable, *weight as f64);
            }
            variables.insert(*kind, variable);
        }
        // What a rating became lies on the scale as well.
        for change in [Kind::ThreeMonths, Kind::SixMonths] {
            if let (Some(before), Some(change)) = (variables.get(&Kind::Before), variables.get(&change)) {
                let after = [(*before, 1.0), (*change, 1.0)];
                problem.add_constraint(after, ComparisonOp::Ge, people);
                problem.add_constraint(after, ComparisonOp::Le, 5.0 * people);
            }
        }
        // So does what a test became, and what somebody looks back on.
        for (one, other, [low, high]) in
            [(Kind::Test, Kind::Learned, [0.0, 100.0]), (Kind::Own, Kind::Shift, [-4.0, 4.0])]
        {
            if let (Some(one), Some(other)) = (variables.get(&one), variables.get(&other)) {
                let sum = [(*one, 1.0), (*other, 1.0)];
                problem.add_constraint(sum, ComparisonOp::Ge, low * people);
                problem.add_constraint(sum, ComparisonOp::Le, high * people);
            }
        }
    }
}

fn owner(kind: Kind) -> u8 {
    match kind {
        Kind::Before | Kind::ThreeMonths | Kind::SixMonths => 0,
        Kind::Colleague => 1,
        Kind::Form => 2,
        Kind::Squared(_) => 3,
        Kind::Test | Kind::Learned => 4,
        Kind::Own | Kind::Shift => 5,
    }
}

/// The ends of the scale.
fn bounds(kind: Kind) -> [f64; 2] {
    match kind {
        Kind::Before | Kind::Form => [1.0, 5.0],
        Kind::Test => [0.0, 100.0],
        Kind::Learned => [-100.0, 100.0],
        _ => [-4.0, 4.0],
    }
}
