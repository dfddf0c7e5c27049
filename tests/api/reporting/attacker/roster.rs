//! Who is behind a figure: the attacker knows who took part where, and the published rules of what is put together.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate};
use thuocdo::effectiveness::disclosure::withheld;
use uuid::Uuid;

use super::draws::Draw;
use super::figures::quarter_ends;
use super::knowledge::{Kind, Knowledge, weighted};
use super::world::{Colleague, RELEASED_AFTER, World};

/// What is released, each on a day of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Release {
    Reaction,
    ThreeMonths,
    SixMonths,
    Tests,
    Scores,
}

/// The people, colleagues and forms of the world, as the attacker groups them.
#[derive(Clone, Copy)]
pub struct Roster<'a> {
    pub world: &'a World,
}

impl Roster<'_> {
    pub fn lessons(&self) -> std::ops::Range<usize> {
        0..self.world.lessons.len()
    }

    /// The day on which something of a class is released.
    pub fn released(&self, lesson: usize, what: Release) -> NaiveDate {
        let last = self.world.lessons[lesson].class.last;
        match what {
            Release::Scores => self.world.scores_released(lesson),
            Release::Reaction => last + Days::new(RELEASED_AFTER[0]),
            Release::ThreeMonths => last + Days::new(RELEASED_AFTER[1]),
            Release::SixMonths => last + Days::new(RELEASED_AFTER[2]),
            Release::Tests => last + Days::new(RELEASED_AFTER[3]),
        }
    }

    fn people(&self, lesson: usize, is_one: impl Fn(usize) -> bool) -> Vec<usize> {
        (0..self.world.people.len())
            .filter(|who| self.world.people[*who].lesson == lesson && is_one(*who))
            .collect()
    }

    /// Rated before and in a phase.
    pub fn pairs(&self, phase: &str, lesson: usize) -> Vec<usize> {
        self.people(lesson, |who| {
            let who = &self.world.people[who];
            if phase == "three_months" { who.three } else { who.six }.is_some()
        })
    }

    /// Rated before and not again.
    pub fn lost(&self, lesson: usize) -> Vec<usize> {
        self.people(lesson, |who| self.world.people[who].three.is_none())
    }

    pub fn tested(&self, lesson: usize) -> Vec<usize> {
        self.people(lesson, |who| self.world.people[who].tests.is_some())
    }

    pub fn judging(&self, lesson: usize) -> Vec<usize> {
        self.people(lesson, |who| self.world.people[who].own.is_some())
    }

    pub fn colleagues(&self, phase: &str, lesson: usize) -> Vec<usize> {
        let colleagues = self.world.colleagues.iter().enumerate();
        // They are rated once more only; who attended the course meanwhile is no longer in the comparison group.
        let is_one = |c: &Colleague| c.lesson == lesson && phase == "three_months" && !c.crossed_over;
        colleagues.filter(|(_, c)| is_one(c)).map(|(i, _)| i).collect()
    }

    /// Everybody beside a class, also who sat in the course meanwhile.
    pub fn waiting(&self, lesson: usize) -> Vec<usize> {
        let colleagues = self.world.colleagues.iter().enumerate();
        colleagues.filter(|(_, c)| c.lesson == lesson).map(|(i, _)| i).collect()
    }

    /// Whether nothing but a lot decided who of a class was trained.
    pub fn is_by_lot(&self, lesson: usize) -> bool {
        Draw::of(lesson).is_some_and(Draw::is_abided_by)
    }

    /// The pairs of a class that have a match.
    pub fn matched(&self, phase: &str, lesson: usize) -> Vec<usize> {
        let colleagues = self.colleagues(phase, lesson);
        let has_match = |who: &usize| colleagues.iter().any(|c| self.world.colleagues[*c].to == *who);
        self.pairs(phase, lesson).into_iter().filter(has_match).collect()
    }

    /// Of some pairs those by the same rater, unless they or the others are one to four, or some are compared and others
    /// are not.
    pub fn same_rater(&self, pairs: &[usize], compared: &[usize]) -> Vec<usize> {
        let (changed, same) = self.by_rater(pairs);
        let is_split = !compared.is_empty() && compared.len() != pairs.len() && !changed.is_empty();
        if is_small(&changed) || is_small(&same) || is_split { Vec::new() } else { same }
    }

    /// Who of a class is compared with whom: those with a match, or all where one to four have none; where a lot decided,
    /// all.
    pub fn compared(&self, phase: &str, lesson: usize) -> [Vec<usize>; 2] {
        let pairs = self.pairs(phase, lesson);
        let matched = if self.is_by_lot(lesson) { pairs.clone() } else { self.matched(phase, lesson) };
        settled(pairs, matched, self.colleagues(phase, lesson))
    }

    /// The same as it counts for units: where a lot decided, those of a unit of whose people nobody has a match are
    /// compared with nobody, unless they are one to four.
    fn compared_of_units(&self, phase: &str, lesson: usize) -> [Vec<usize>; 2] {
        let [trained, colleagues] = self.compared(phase, lesson);
        if !self.is_by_lot(lesson) {
            return [trained, colleagues];
        }
        let units: BTreeSet<usize> = colleagues.iter().map(|c| self.world.colleagues[*c].unit).collect();
        let of_units = |who: &usize| units.contains(&self.world.people[*who].unit);
        let matched = trained.iter().copied().filter(of_units).collect();
        settled(trained, matched, colleagues)
    }

    /// The same of official scores.
    pub fn compared_scores(&self, lesson: usize) -> [Vec<usize>; 2] {
        let [trained, colleagues] = [0, 1].map(|group| self.scored(group, lesson));
        let of = |group: usize, who: usize| self.world.scores[group][who].of;
        let has_match = |who: &usize| colleagues.iter().any(|c| of(1, *c) == of(0, *who));
        let matched = trained.iter().copied().filter(has_match).collect();
        settled(trained, matched, colleagues)
    }

    /// Those whose rater changed, and the others.
    pub fn by_rater(&self, pairs: &[usize]) -> (Vec<usize>, Vec<usize>) {
        pairs.iter().partition(|who| self.world.people[**who].rater_changed)
    }

    /// Whose official scores count in a class: the trained (group 0) or their colleagues (1).
    pub fn scored(&self, group: usize, lesson: usize) -> Vec<usize> {
        let scores = self.world.scores[group].iter().enumerate();
        scores.filter(|(_, who)| who.lesson == lesson).map(|(place, _)| place).collect()
    }

    pub fn forms(&self, lesson: usize) -> Vec<usize> {
        (0..self.world.forms.len()).filter(|form| self.world.forms[*form].lesson == lesson).collect()
    }

    /// The forms with a step on a scale.
    pub fn on_scale(&self, lesson: usize, scale: usize) -> Vec<usize> {
        let mut forms = self.forms(lesson);
        forms.retain(|form| self.world.forms[*form].steps[scale].is_some());
        forms
    }

    pub fn offices(&self, lesson: usize) -> Vec<usize> {
        (0..self.world.offices.len()).filter(|form| self.world.offices[*form].0 == lesson).collect()
    }

    /// He is generous to himself: he knows who left which scale out, and so that so many times a form's score is the sum of
    /// its steps.
    pub fn learn_forms(&self, knowledge: &mut Knowledge) {
        let mut alike: BTreeMap<(usize, [bool; 4]), Vec<usize>> = BTreeMap::new();
        for (place, form) in self.world.forms.iter().enumerate() {
            alike.entry((form.lesson, form.steps.map(|step| step.is_some()))).or_default().push(place);
        }
        for ((_, answered), forms) in alike {
            let scales: Vec<u8> = (0..4).filter(|scale| answered[usize::from(*scale)]).collect();
            let steps = scales.iter().flat_map(|scale| weighted(Kind::Scale(*scale), &forms, -1));
            let score = weighted(Kind::Form, &forms, scales.len() as i64);
            knowledge.learn(score.into_iter().chain(steps).collect(), Some(0.0));
        }
    }

    /// The forms that answer about a condition.
    pub fn on_condition(&self, lesson: usize, item: usize) -> Vec<usize> {
        let mut forms = self.offices(lesson);
        forms.retain(|form| self.world.offices[*form].1[item].is_some());
        forms
    }

    /// What units say of a class.
    pub fn said(&self, lesson: usize) -> Vec<usize> {
        (0..self.world.said.len()).filter(|form| self.world.said[*form].0 == lesson).collect()
    }

    /// The pairs of a unit's people, of the classes large enough whose figures came out in a quarter; where the unit is
    /// compared, of those only who are.
    pub fn column(&self, phase: &str, quarter: usize, unit: usize, compared: bool) -> Vec<usize> {
        let of = |class| {
            if compared { self.compared_of_units(phase, class)[0].clone() } else { self.pairs(phase, class) }
        };
        let classes = self.classes(phase, quarter).into_iter();
        classes.flat_map(of).filter(|p| self.world.people[*p].unit == unit).collect()
    }

    pub fn colleague_column(&self, phase: &str, quarter: usize, unit: usize) -> Vec<usize> {
        let beside = self
            .classes(phase, quarter)
            .into_iter()
            .flat_map(|c| self.compared_of_units(phase, c)[1].clone());
        beside.filter(|colleague| self.world.colleagues[*colleague].unit == unit).collect()
    }

    fn classes(&self, phase: &str, quarter: usize) -> Vec<usize> {
        let what = if phase == "three_months" { Release::ThreeMonths } else { Release::SixMonths };
        let is_large = |lesson: &usize| self.pairs(phase, *lesson).len() >= 5;
        self.lessons().filter(|lesson| self.is_of(*lesson, what, quarter)).filter(is_large).collect()
    }

    fn is_of(&self, lesson: usize, what: Release, quarter: usize) -> bool {
        let (ends, day) = (quarter_ends(), self.released(lesson, what));
        day <= ends[quarter] && quarter.checked_sub(1).is_none_or(|before| ends[before] < day)
    }

    /// The official scores of a unit's people, and of their colleagues where it is compared, but for the units that the
    /// rule for tables hides.
    pub fn score_columns(&self, quarter: usize, unit: usize) -> [Vec<usize>; 2] {
        let rows = self.score_rows(quarter);
        let compared = self.compared_units(&rows);
        let is_compared = compared.contains(&unit);
        if self.hidden_units(&self.trained_cells(&rows, &compared)).contains(&unit) {
            return [Vec::new(), Vec::new()];
        }
        let own = |group: usize, people: &[usize]| -> Vec<usize> {
            people.iter().copied().filter(|who| self.world.scores[group][*who].unit == unit).collect()
        };
        let trained =
            rows.iter().flat_map(|row| own(0, if is_compared { &row.compared[0] } else { &row.all }));
        let beside = rows.iter().filter(|_| is_compared).flat_map(|row| own(1, &row.compared[1]));
        [trained.collect(), beside.collect()]
    }

    /// All official scores of a unit's people in a quarter, also of those that are hidden.
    pub fn whole_score_column(&self, quarter: usize, unit: usize) -> Vec<usize> {
        let of_unit = |who: &usize| self.world.scores[0][*who].unit == unit;
        self.score_rows(quarter).into_iter().flat_map(|row| row.all).filter(of_unit).collect()
    }

    /// The classes of a quarter, by their id, where they are enough.
    fn score_rows(&self, quarter: usize) -> Vec<ScoreRow> {
        let mut lessons: Vec<usize> =
            self.lessons().filter(|lesson| self.is_of(*lesson, Release::Scores, quarter)).collect();
        lessons.sort_by_key(|lesson| self.world.lessons[*lesson].class.offering);
        let row = |lesson| ScoreRow { all: self.scored(0, lesson), compared: self.compared_scores(lesson) };
        lessons.into_iter().map(row).filter(|row| row.all.len() >= 5).collect()
    }

    /// Units most of whose people are compared, and whose colleagues may be shown.
    fn compared_units(&self, rows: &[ScoreRow]) -> Vec<usize> {
        let cells = rows.iter().map(|row| vec![self.by_unit(1, &row.compared[1], false)]);
        let hidden = self.hidden_units(&cells.flatten().collect::<Vec<_>>());
        let count = |unit: usize, people: &dyn Fn(&ScoreRow) -> Vec<usize>| {
            let all = rows.iter().flat_map(people);
            all.filter(|who| self.world.scores[0][*who].unit == unit).count()
        };
        let is_one = |unit: &usize| {
            let (matched, all) =
                (count(*unit, &|row| row.compared[0].clone()), count(*unit, &|row| row.all.clone()));
            !hidden.contains(unit) && matched >= 5 && 2 * matched >= all
        };
        (0..self.world.units.len()).filter(is_one).collect()
    }

    /// Each class's groups, by whether they are compared: how many of each unit, shown or not.
    fn trained_cells(&self, rows: &[ScoreRow], compared: &[usize]) -> Vec<Cells> {
        let of_row = |row: &ScoreRow| {
            let matched = &row.compared[0];
            let others: Vec<usize> = row.all.iter().copied().filter(|who| !matched.contains(who)).collect();
            let groups = if matched.is_empty() {
                vec![(others, false)]
            } else {
                vec![(matched.clone(), true), (others, false)]
            };
            let cells = groups.into_iter().map(|(people, is_compared)| {
                let mut cells = Cells::new();
                for ((unit, _), n) in self.by_unit(0, &people, false) {
                    cells.insert((unit, !is_compared && compared.contains(&unit)), n);
                }
                cells
            });
            cells.collect::<Vec<_>>()
        };
        rows.iter().flat_map(of_row).collect()
    }

    fn by_unit(&self, group: usize, people: &[usize], is_left: bool) -> Cells {
        let mut cells = Cells::new();
        for who in people {
            *cells.entry((self.world.scores[group][*who].unit, is_left)).or_default() += 1;
        }
        cells
    }

    /// The units that are withheld in a table; its columns are in the order of the units' ids.
    fn hidden_units(&self, rows: &[Cells]) -> Vec<usize> {
        let mut columns: Vec<(usize, bool)> = rows.iter().flat_map(|row| row.keys().copied()).collect();
        columns.sort_by_key(|(unit, is_left)| (self.world.units[*unit], *is_left));
        columns.dedup();
        let table: Vec<Vec<u64>> = rows
            .iter()
            .map(|row| columns.iter().map(|column| row.get(column).copied().unwrap_or_default()).collect())
            .collect();
        let hidden = withheld(&table, 5).columns;
        let of = columns.into_iter().zip(hidden).filter(|((_, is_left), hidden)| *hidden && !is_left);
        of.map(|((unit, _), _)| unit).collect()
    }

    /// Whether a unit is another or below it.
    pub fn is_below(&self, unit: usize, above: Uuid) -> bool {
        let world = self.world;
        let agency = if unit < 4 { world.units[0] } else { world.agency };
        [world.units[unit], agency, world.ground.ministry].contains(&above)
    }

    /// Everybody in some classes who has such an unknown.
    pub fn in_lessons(&self, lessons: &[usize], kind: Kind) -> Vec<usize> {
        let of = |lesson: &usize| match kind {
            Kind::Form | Kind::Scale(_) => self.forms(*lesson),
            Kind::Colleague | Kind::ColleagueBefore => self.colleagues("three_months", *lesson),
            _ => self.people(*lesson, |_| true),
        };
        lessons.iter().flat_map(of).collect()
    }
}

/// How many of each unit, and whether the unit does not show them.
type Cells = BTreeMap<(usize, bool), u64>;

/// Whose official scores count in a class, and who of them is compared with whom.
struct ScoreRow {
    all: Vec<usize>,
    compared: [Vec<usize>; 2],
}

/// Who is compared with some colleagues.
fn settled(all: Vec<usize>, matched: Vec<usize>, colleagues: Vec<usize>) -> [Vec<usize>; 2] {
    let trained = if (1..5).contains(&(all.len() - matched.len())) { all } else { matched };
    let enough = trained.len() >= 5 && colleagues.len() >= 5;
    if enough { [trained, colleagues] } else { [Vec::new(), Vec::new()] }
}

/// One to four.
pub fn is_small(group: &[usize]) -> bool {
    (1..5).contains(&group.len())
}
