//! The linear programme: between which bounds each answer lies, given the known sums and the ends of the scale.
//!
//! People in the same equations are interchangeable, so that one of each class is looked at, beside the sum of the
//! others, who together have as many times the bounds (a sum of equal convex sets).

use std::collections::{BTreeMap, BTreeSet, HashMap};

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

/// Whose unknowns: somebody may have several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Owner {
    Trained,
    Colleague,
    Form,
    Square,
    Tested,
    Judging,
    Scored,
    ScoredColleague,
    Office,
    Unit,
}

/// Owners who have figures in common: what is known of one such group says nothing about another.
const BLOCKS: [&[Owner]; 7] = [
    &[Owner::Trained, Owner::Colleague],
    &[Owner::Form],
    &[Owner::Tested],
    &[Owner::Judging],
    &[Owner::Scored, Owner::ScoredColleague],
    &[Owner::Office],
    &[Owner::Unit],
];

/// What is known of everybody whose unknowns have such kinds: what is known of others adds nothing.
pub fn about_the_same(knowledge: &Knowledge, kinds: &BTreeSet<Kind>) -> Knowledge {
    let is_asked = |owners: &&&[Owner]| kinds.iter().any(|kind| owners.contains(&owner(*kind)));
    let asked: Vec<&[Owner]> = BLOCKS.iter().filter(is_asked).copied().collect();
    knowledge.about(|kind| asked.iter().any(|owners| owners.contains(&owner(kind))))
}

type Who = (Owner, usize);
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
    /// One for each group of owners.
    pub fn all(knowledge: &Knowledge) -> Vec<Self> {
        let of = |owners: &&[Owner]| Self::of(&knowledge.about(|kind| owners.contains(&owner(kind))));
        BLOCKS.iter().map(of).collect()
    }

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
        let mut classes: HashMap<(Owner, BTreeMap<Kind, Column>), Vec<usize>> = HashMap::new();
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
            // That all are, or none is, on one side of a mark is said of a group, as by the mean.
            for kind in class.columns.keys().filter(|kind| !kind.is_mark()) {
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
        let mut require = |terms: &[(Kind, f64)], comparison, limit: f64| {
            let known: Option<Vec<(Variable, f64)>> =
                terms.iter().map(|(kind, factor)| Some((*variables.get(kind)?, *factor))).collect();
            if let Some(terms) = known {
                problem.add_constraint(terms, comparison, limit * people);
            }
        };
        // What something became lies on the scale as well; so does what somebody looks back on.
        for (one, other, [low, high]) in SCALES {
            require(&[(one, 1.0), (other, 1.0)], ComparisonOp::Ge, low);
            require(&[(one, 1.0), (other, 1.0)], ComparisonOp::Le, high);
        }
        // Above a mark or not: the answer is on that side of it.
        for (answer, mark, [low, high], [below, above]) in marks() {
            let upright = low < high;
            let [from, to] = if upright {
                [ComparisonOp::Ge, ComparisonOp::Le]
            } else {
                [ComparisonOp::Le, ComparisonOp::Ge]
            };
            require(&[(answer, 1.0), (mark, low - above)], from, low);
            require(&[(answer, 1.0), (mark, below - high)], to, below);
        }
    }
}

/// An unknown, by how much it changed, and the ends between which the sum lies.
const SCALES: [(Kind, Kind, [f64; 2]); 7] = [
    (Kind::Before, Kind::ThreeMonths, [1.0, 5.0]),
    (Kind::Before, Kind::SixMonths, [1.0, 5.0]),
    (Kind::ColleagueBefore, Kind::Colleague, [1.0, 5.0]),
    (Kind::Test, Kind::Learned, [0.0, 100.0]),
    (Kind::Own, Kind::Shift, [-4.0, 4.0]),
    (Kind::Score, Kind::ScoreChange, [0.0, 100.0]),
    (Kind::ColleagueScore, Kind::ColleagueScoreChange, [0.0, 100.0]),
];

/// An answer, whether it lies above a mark, the ends of its scale, and the last step below and the first above the mark.
/// Where the mark is of the worst, the scale is turned round.
fn marks() -> impl Iterator<Item = (Kind, Kind, [f64; 2], [f64; 2])> {
    let low = |answer: fn(u8) -> Kind, mark: fn(u8) -> Kind, items: u8| {
        (0..items).map(move |item| (answer(item), mark(item), [5.0, 1.0], [3.0, 2.0]))
    };
    let high = |answer: fn(u8) -> Kind, mark: fn(u8) -> Kind, items: u8| {
        (0..items).map(move |item| (answer(item), mark(item), [1.0, 5.0], [3.0, 4.0]))
    };
    high(Kind::Scale, Kind::Top, 4)
        .chain([(Kind::Score, Kind::Ceiling, [0.0, 100.0], [90.0, 90.0])])
        .chain(low(Kind::Condition, Kind::Barred, 6))
        .chain(low(Kind::Said, Kind::Complained, 2))
        .chain(high(Kind::Condition, Kind::Eased, 6))
        .chain(high(Kind::Said, Kind::Praised, 2))
}

fn owner(kind: Kind) -> Owner {
    match kind {
        Kind::Before | Kind::ThreeMonths | Kind::SixMonths => Owner::Trained,
        Kind::Colleague | Kind::ColleagueBefore => Owner::Colleague,
        Kind::Form | Kind::Scale(_) | Kind::Top(_) => Owner::Form,
        Kind::Squared(_) => Owner::Square,
        Kind::Test | Kind::Learned => Owner::Tested,
        Kind::Own | Kind::Shift => Owner::Judging,
        Kind::Score | Kind::ScoreChange | Kind::Ceiling => Owner::Scored,
        Kind::ColleagueScore | Kind::ColleagueScoreChange => Owner::ScoredColleague,
        Kind::Condition(_) | Kind::Barred(_) | Kind::Eased(_) => Owner::Office,
        Kind::Said(_) | Kind::Complained(_) | Kind::Praised(_) => Owner::Unit,
    }
}

/// The ends of the scale.
fn bounds(kind: Kind) -> [f64; 2] {
    match kind {
        Kind::Before | Kind::ColleagueBefore | Kind::Form => [1.0, 5.0],
        Kind::Scale(_) | Kind::Condition(_) | Kind::Said(_) => [1.0, 5.0],
        kind if kind.is_mark() => [0.0, 1.0],
        Kind::Test | Kind::Score | Kind::ColleagueScore => [0.0, 100.0],
        Kind::Learned | Kind::ScoreChange | Kind::ColleagueScoreChange => [-100.0, 100.0],
        _ => [-4.0, 4.0],
    }
}
