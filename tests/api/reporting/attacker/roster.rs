//! Who is behind a figure: the attacker knows who took part where, and the published rules of what is put together.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use thuocdo::evaluation::statistics::withheld;
use uuid::Uuid;

use super::figures::quarter_ends;
use super::knowledge::{Kind, Knowledge, weighted};
use super::world::{RELEASED_AFTER, World};

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
        // They are rated once more only.
        colleagues.filter(|(_, c)| c.lesson == lesson && phase == "three_months").map(|(i, _)| i).collect()
    }

    /// Of some pairs those by the same rater, unless they or the others are one to four.
    pub fn same_rater(&self, pairs: &[usize]) -> Vec<usize> {
        let (changed, same) = self.by_rater(pairs);
        if is_small(&changed) || is_small(&same) { Vec::new() } else { same }
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

    /// The forms that tell of a condition.
    pub fn on_condition(&self, lesson: usize, item: usize) -> Vec<usize> {
        let mut forms = self.offices(lesson);
        forms.retain(|form| self.world.offices[*form].1[item].is_some());
        forms
    }

    /// What units say of a class.
    pub fn said(&self, lesson: usize) -> Vec<usize> {
        (0..self.world.said.len()).filter(|form| self.world.said[*form].0 == lesson).collect()
    }

    /// The pairs of a unit's people, of the classes large enough whose figures came out in a quarter.
    pub fn column(&self, phase: &str, quarter: usize, unit: usize) -> Vec<usize> {
        let classes = self.classes(phase, quarter).into_iter();
        classes.flat_map(|c| self.pairs(phase, c)).filter(|p| self.world.people[*p].unit == unit).collect()
    }

    pub fn colleague_column(&self, phase: &str, quarter: usize, unit: usize) -> Vec<usize> {
        let beside = self.classes(phase, quarter).into_iter().map(|class| self.colleagues(phase, class));
        let large = beside.filter(|colleagues| colleagues.len() >= 5).flatten();
        large.filter(|colleague| self.world.colleagues[*colleague].unit == unit).collect()
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

    /// The same of official scores, but for the units that the lattice hides.
    pub fn score_column(&self, group: usize, quarter: usize, unit: usize) -> Vec<usize> {
        let hidden = |group| self.hidden_units(group, quarter).contains(&unit);
        if hidden(0) || hidden(group) { Vec::new() } else { self.whole_score_column(group, quarter, unit) }
    }

    /// The same with those that are hidden.
    pub fn whole_score_column(&self, group: usize, quarter: usize, unit: usize) -> Vec<usize> {
        let of_unit = |who: &usize| self.world.scores[group][*who].unit == unit;
        self.score_rows(group, quarter).into_iter().flatten().filter(of_unit).collect()
    }

    /// The classes of a quarter, by their id: whose scores count in each, where they are enough.
    fn score_rows(&self, group: usize, quarter: usize) -> Vec<Vec<usize>> {
        let mut lessons: Vec<usize> =
            self.lessons().filter(|lesson| self.is_of(*lesson, Release::Scores, quarter)).collect();
        lessons.sort_by_key(|lesson| self.world.lessons[*lesson].class.offering);
        let is_large = |lesson: usize, group| self.scored(group, lesson).len() >= 5;
        let shown = lessons.into_iter().filter(|lesson| is_large(*lesson, 0) && is_large(*lesson, group));
        shown.map(|lesson| self.scored(group, lesson)).collect()
    }

    fn hidden_units(&self, group: usize, quarter: usize) -> Vec<usize> {
        let mut units: Vec<usize> = (0..self.world.units.len()).collect();
        units.sort_by_key(|unit| self.world.units[*unit]);
        let of_unit = |row: &[usize], unit: usize| {
            row.iter().filter(|who| self.world.scores[group][**who].unit == unit).count() as u64
        };
        let rows = self.score_rows(group, quarter);
        let table: Vec<Vec<u64>> =
            rows.iter().map(|row| units.iter().map(|unit| of_unit(row, *unit)).collect()).collect();
        let columns = withheld(&table, 5).columns;
        units.into_iter().zip(columns).filter_map(|(unit, hidden)| hidden.then_some(unit)).collect()
    }

    /// Whether a unit is another or below it.
    pub fn is_below(&self, unit: usize, above: Uuid) -> bool {
        let world = self.world;
        let agency = if unit < 4 { world.units[0] } else { world.agency };
        [world.units[unit], agency, world.ground.ministry].contains(&above)
    }

    /// Everybody in some classes of whom there is such an unknown.
    pub fn in_lessons(&self, lessons: &[usize], kind: Kind) -> Vec<usize> {
        let of = |lesson: &usize| match kind {
            Kind::Form | Kind::Scale(_) => self.forms(*lesson),
            Kind::Colleague | Kind::ColleagueBefore => self.colleagues("three_months", *lesson),
            _ => self.people(*lesson, |_| true),
        };
        lessons.iter().flat_map(of).collect()
    }
}

/// One to four.
pub fn is_small(group: &[usize]) -> bool {
    (1..5).contains(&group.len())
}
