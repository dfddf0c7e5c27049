//! What a figure says: the attacker knows who took part where and the published rules, so he knows whom each figure is
//! of. That he is right about it, the published counts show.

use std::collections::{BTreeSet, HashMap};

use chrono::{Days, NaiveDate};
use serde_json::Value;
use uuid::Uuid;

use super::figures::{Asked, PHASES, Row, quarter_ends};
use super::knowledge::{BEFORE_SQUARED, Kind, Knowledge, TEST_SQUARED, Weights, all, weighted};
use super::world::{RELEASED_AFTER, World};

/// Whom the figures of a row are of.
#[derive(Debug, Default)]
pub struct Groups {
    pub trained: Vec<usize>,
    pub same_rater: Vec<usize>,
    pub colleagues: Vec<usize>,
    /// The trained after six months.
    pub six_months: Vec<usize>,
    pub forms: Vec<usize>,
    /// Who was tested before and after.
    pub tested: Vec<usize>,
    /// Who rated oneself before, in looking back and after three months.
    pub judging: Vec<usize>,
}

/// The people of a unit who followed up in a phase, whose figures came out in a quarter.
pub type Column = (&'static str, usize, usize);

pub struct Reader<'a> {
    pub world: &'a World,
    /// Pairs and colleagues of the columns that are told, as the reports of the quarters' last days let on.
    told: HashMap<Column, [bool; 2]>,
}

impl<'a> Reader<'a> {
    pub fn new(world: &'a World, rows: &[Row]) -> Self {
        let mut reader = Self { world, told: HashMap::new() };
        let mut counts: HashMap<(&str, NaiveDate, Uuid), [usize; 2]> = HashMap::new();
        for row in rows.iter().filter(|row| row.asked.by == "unit") {
            counts.insert((row.asked.phase, row.asked.as_of, id(&row.item)), used(&row.item));
        }
        for (phase, quarter, unit) in columns() {
            let until = |end: Option<&NaiveDate>, unit: usize| -> [usize; 2] {
                let of = end.and_then(|end| counts.get(&(phase, *end, world.units[unit])));
                of.copied().unwrap_or_default()
            };
            let ends = quarter_ends();
            let within = |unit: usize, which: usize| {
                let before = quarter.checked_sub(1).map(|q| &ends[q]);
                until(Some(&ends[quarter]), unit)[which] - until(before, unit)[which]
            };
            // The first unit holds the next three.
            let below = if unit == 0 { 1..4 } else { 0..0 };
            let own = [0, 1].map(|which| {
                within(unit, which) > below.clone().map(|unit| within(unit, which)).sum::<usize>()
            });
            reader.told.insert((phase, quarter, unit), own);
        }
        reader
    }

    /// Read all rows.
    pub fn read(&self, rows: &[Row]) -> Knowledge {
        let mut knowledge = Knowledge::default();
        for row in rows {
            let groups = if row.asked.by == "unit" { self.of_unit(row) } else { self.of_classes(row) };
            let counted = [groups.trained.len(), groups.colleagues.len()];
            assert_eq!(used(&row.item), counted, "whom this is of: {:#}", row.item);
            learn(&mut knowledge, &row.asked, &row.item, &groups);
        }
        knowledge
    }

    /// What would be told without one of the rules, by rule.
    pub fn hidden(&self) -> [(&'static str, Vec<Weights>); 7] {
        [
            ("units whose people are left by subtraction", self.untold()),
            ("levels after six months", self.levels()),
            ("pairs by the same rater where few have another", self.by_same_rater()),
            (
                "small classes in totals",
                self.totals(Kind::ThreeMonths, |lesson| self.pairs("three_months", lesson)),
            ),
            ("classes of few forms in totals", self.totals(Kind::Form, |lesson| self.forms(lesson))),
            ("small classes in totals of tests", self.totals(Kind::Learned, |lesson| self.tested(lesson))),
            (
                "small classes in totals of self-ratings",
                self.totals(Kind::Own, |lesson| self.judging(lesson)),
            ),
        ]
    }

    fn untold(&self) -> Vec<Weights> {
        let hidden = self.told.iter().filter(|(_, told)| !told[0]);
        hidden
            .map(|((phase, quarter, unit), _)| all(change(phase), &self.column(phase, *quarter, *unit)))
            .collect()
    }

    fn levels(&self) -> Vec<Weights> {
        self.large("six_months").map(|pairs| all(Kind::Before, &pairs)).collect()
    }

    fn by_same_rater(&self) -> Vec<Weights> {
        let same = |pairs: Vec<usize>| pairs.into_iter().filter(|who| !self.world.people[*who].rater_changed);
        self.large("three_months")
            .map(|pairs| all(Kind::ThreeMonths, &same(pairs).collect::<Vec<_>>()))
            .collect()
    }

    /// The pairs of the classes that are told by themselves.
    fn large(&self, phase: &'static str) -> impl Iterator<Item = Vec<usize>> {
        (0..self.world.lessons.len()).map(move |lesson| self.pairs(phase, lesson)).filter(|of| of.len() >= 10)
    }

    /// Of each institute, everybody.
    fn totals(&self, kind: Kind, of: impl Fn(usize) -> Vec<usize>) -> Vec<Weights> {
        let lessons = || self.world.lessons.iter().enumerate();
        let total = |institute: &Uuid| {
            let held = lessons().filter(|(_, lesson)| lesson.class.institute == *institute);
            all(kind, &held.flat_map(|(lesson, _)| of(lesson)).collect::<Vec<_>>())
        };
        self.world.institutes.iter().map(total).collect()
    }

    fn of_classes(&self, row: &Row) -> Groups {
        let Row { asked, item } = row;
        let alone = asked.by == "offering";
        let mut groups = Groups::default();
        for lesson in (0..self.world.lessons.len()).filter(|lesson| self.belongs(*lesson, asked, item)) {
            let is_out = |measure: usize| self.released(lesson, measure) <= asked.as_of;
            let (main, pairs) = (1 + place(asked.phase), self.pairs(asked.phase, lesson));
            if is_out(main) && (alone || pairs.len() >= 5) {
                groups.same_rater.extend(self.same_rater(&pairs));
                let beside = self.colleagues(asked.phase, lesson);
                if alone || beside.len() >= 5 {
                    groups.colleagues.extend(beside);
                }
                groups.trained.extend(pairs);
            }
            let later = self.pairs("six_months", lesson);
            if is_out(2) && (alone || later.len() >= 5) {
                groups.six_months.extend(later);
            }
            if is_out(0) {
                groups.forms.extend(self.shown_forms(lesson));
            }
            let (tested, judging) = (self.tested(lesson), self.judging(lesson));
            if is_out(3) && (alone || tested.len() >= 5) {
                groups.tested.extend(tested);
            }
            if is_out(1) && (alone || judging.len() >= 5) {
                groups.judging.extend(judging);
            }
        }
        groups
    }

    fn belongs(&self, lesson: usize, asked: &Asked, item: &Value) -> bool {
        let held = &self.world.lessons[lesson];
        let class = held.class;
        let in_time = class.last <= asked.as_of
            && asked.from.is_none_or(|from| from <= class.last)
            && asked.to.is_none_or(|to| class.last <= to);
        let within_reach = asked.institute.is_none_or(|institute| institute == class.institute);
        in_time
            && within_reach
            && match asked.by {
                "course" => id(item) == class.course,
                "offering" => id(item) == class.offering,
                "lecturer" => id(item) == held.lecturer,
                "institute" => id(item) == class.institute,
                "mode" => item["subject"]["code"] == held.mode,
                _ => true,
            }
    }

    fn of_unit(&self, row: &Row) -> Groups {
        let Row { asked, item } = row;
        let mut groups = Groups::default();
        for (phase, quarter, unit) in columns() {
            if quarter_ends()[quarter] > asked.as_of || !self.is_below(unit, id(item)) {
                continue;
            }
            let [trained, colleagues] = self.told[&(phase, quarter, unit)];
            let people = if trained { self.column(phase, quarter, unit) } else { Vec::new() };
            if phase == "six_months" {
                groups.six_months.extend(&people);
            }
            if phase == asked.phase {
                if people.iter().all(|who| !self.world.people[*who].rater_changed) {
                    groups.same_rater.extend(&people);
                }
                groups.trained.extend(people);
                if colleagues {
                    groups.colleagues.extend(self.colleague_column(phase, quarter, unit));
                }
            }
        }
        groups
    }

    fn is_below(&self, unit: usize, above: Uuid) -> bool {
        let world = self.world;
        let agency = if unit < 4 { world.units[0] } else { world.agency };
        [world.units[unit], agency, world.ground.ministry].contains(&above)
    }

    /// The day on which a class's reactions (0), three (1) or six months (2) or tests (3) are released.
    fn released(&self, lesson: usize, measure: usize) -> NaiveDate {
        self.world.lessons[lesson].class.last + Days::new(RELEASED_AFTER[measure])
    }

    fn pairs(&self, phase: &str, lesson: usize) -> Vec<usize> {
        let people = self.world.people.iter().enumerate().filter(|(_, who)| who.lesson == lesson);
        let rated =
            people.filter(|(_, who)| if phase == "three_months" { who.three } else { who.six }.is_some());
        rated.map(|(place, _)| place).collect()
    }

    fn tested(&self, lesson: usize) -> Vec<usize> {
        let people = self.world.people.iter().enumerate();
        people.filter(|(_, who)| who.lesson == lesson && who.tests.is_some()).map(|(i, _)| i).collect()
    }

    fn judging(&self, lesson: usize) -> Vec<usize> {
        let people = self.world.people.iter().enumerate();
        people.filter(|(_, who)| who.lesson == lesson && who.own.is_some()).map(|(i, _)| i).collect()
    }

    fn colleagues(&self, phase: &str, lesson: usize) -> Vec<usize> {
        let colleagues = self.world.colleagues.iter().enumerate();
        // They are rated once more only.
        colleagues.filter(|(_, c)| c.lesson == lesson && phase == "three_months").map(|(i, _)| i).collect()
    }

    /// Of some pairs those by the same rater, unless they or the others are one to four.
    fn same_rater(&self, pairs: &[usize]) -> Vec<usize> {
        let (changed, same): (Vec<usize>, Vec<usize>) =
            pairs.iter().partition(|who| self.world.people[**who].rater_changed);
        let is_small = |group: &[usize]| (1..5).contains(&group.len());
        if is_small(&changed) || is_small(&same) { Vec::new() } else { same }
    }

    fn forms(&self, lesson: usize) -> Vec<usize> {
        (0..self.world.forms.len()).filter(|form| self.world.forms[*form].0 == lesson).collect()
    }

    fn shown_forms(&self, lesson: usize) -> Vec<usize> {
        let forms = self.forms(lesson);
        if forms.len() < 5 { Vec::new() } else { forms }
    }

    fn column(&self, phase: &str, quarter: usize, unit: usize) -> Vec<usize> {
        let classes = self.classes(phase, quarter).into_iter();
        classes.flat_map(|c| self.pairs(phase, c)).filter(|p| self.world.people[*p].unit == unit).collect()
    }

    fn colleague_column(&self, phase: &str, quarter: usize, unit: usize) -> Vec<usize> {
        let beside = self.classes(phase, quarter).into_iter().map(|class| self.colleagues(phase, class));
        let large = beside.filter(|colleagues| colleagues.len() >= 5).flatten();
        large.filter(|colleague| self.world.colleagues[*colleague].unit == unit).collect()
    }

    /// The classes large enough whose figures came out in a quarter.
    fn classes(&self, phase: &str, quarter: usize) -> Vec<usize> {
        let ends = quarter_ends();
        let in_quarter = |day: NaiveDate| {
            day <= ends[quarter] && quarter.checked_sub(1).is_none_or(|before| ends[before] < day)
        };
        (0..self.world.lessons.len())
            .filter(|lesson| in_quarter(self.released(*lesson, 1 + place(phase))))
            .filter(|lesson| self.pairs(phase, *lesson).len() >= 5)
            .collect()
    }
}

/// Take down what the figures of a row say.
fn learn(knowledge: &mut Knowledge, asked: &Asked, item: &Value, of: &Groups) {
    let behaviour = &item["behaviour"];
    let main = change(asked.phase);
    let told = |knowledge: &mut Knowledge, figure: &Value, group: &[usize], kinds: &[Kind]| {
        if let Some(mean) = figure["value"].as_f64() {
            assert_eq!(figure["n"], group.len(), "whom this is of: {figure:#}");
            knowledge.figures += 1;
            let sum = kinds.iter().flat_map(|kind| all(*kind, group)).collect();
            knowledge.learn(sum, Some(mean * group.len() as f64));
            if !figure["ci95"].is_null() {
                kinds.iter().for_each(|kind| knowledge.learn(all(kind.squared(), group), None));
            }
        }
    };
    told(knowledge, &behaviour["before"], &of.trained, &[Kind::Before]);
    told(knowledge, &behaviour["after"], &of.trained, &[Kind::Before, main]);
    told(knowledge, &behaviour["change"], &of.trained, &[main]);
    told(knowledge, &behaviour["comparison_change"], &of.colleagues, &[Kind::Colleague]);
    told(knowledge, &behaviour["six_months"], &of.six_months, &[Kind::SixMonths]);
    if let Some(reaction) = item["reaction"].as_object() {
        told(knowledge, &reaction["mean"], &of.forms, &[Kind::Form]);
    }
    // By unit they are null, and so of nobody.
    let (tests, own) = (&item["knowledge"], &item["self_rating"]);
    told(knowledge, &tests["before"], &of.tested, &[Kind::Test]);
    told(knowledge, &tests["after"], &of.tested, &[Kind::Test, Kind::Learned]);
    told(knowledge, &tests["change"], &of.tested, &[Kind::Learned]);
    told(knowledge, &own["change"], &of.judging, &[Kind::Own]);
    told(knowledge, &own["looking_back"], &of.judging, &[Kind::Own, Kind::Shift]);
    told(knowledge, &own["shift"], &of.judging, &[Kind::Shift]);
    if !tests["effect_size"]["value"].is_null() {
        knowledge.learn(all(TEST_SQUARED, &of.tested), None);
    }
    differ(knowledge, &behaviour["difference"], main, (&of.trained, &of.colleagues));
    if of.same_rater.len() >= 10 && of.colleagues.len() >= 10 {
        differ(knowledge, &behaviour["same_rater"], main, (&of.same_rater, &of.colleagues));
    } else {
        told(knowledge, &behaviour["same_rater"], &of.same_rater, &[main]);
    }
    if !behaviour["effect_size"]["value"].is_null() {
        // More than it says: the spread of the trained alone.
        knowledge.figures += 1;
        knowledge.learn(all(BEFORE_SQUARED, &of.trained), None);
    }
}

/// A mean change minus that of the colleagues.
fn differ(knowledge: &mut Knowledge, figure: &Value, main: Kind, (trained, beside): (&[usize], &[usize])) {
    let Some(value) = figure["value"].as_f64() else { return };
    assert_eq!(figure["n"], trained.len(), "whom this is of: {figure:#}");
    knowledge.figures += 1;
    let (n, others) = (trained.len() as i64, beside.len() as i64);
    let sum = [weighted(main, trained, others), weighted(Kind::Colleague, beside, -n)].concat();
    knowledge.learn(sum, Some(value * (n * others) as f64));
    knowledge.learn(all(main.squared(), trained), None);
}

/// All columns: phase, quarter, unit.
fn columns() -> impl Iterator<Item = Column> {
    let cells = (0..quarter_ends().len()).flat_map(|quarter| (0..7).map(move |unit| (quarter, unit)));
    PHASES.into_iter().flat_map(move |phase| cells.clone().map(move |(quarter, unit)| (phase, quarter, unit)))
}

/// The change in a phase.
fn change(phase: &str) -> Kind {
    if phase == "three_months" { Kind::ThreeMonths } else { Kind::SixMonths }
}

/// 0 for three months and 1 for six.
fn place(phase: &str) -> usize {
    usize::from(phase == "six_months")
}

fn used(item: &Value) -> [usize; 2] {
    ["pairs_used", "comparison_pairs"]
        .map(|count| usize::try_from(item["follow_up"][count].as_u64().expect("a count")).expect("few"))
}

fn id(item: &Value) -> Uuid {
    item["subject"]["id"].as_str().expect("an id").parse().expect("a UUID")
}

/// Unknowns of people of some classes.
pub fn of_lessons(world: &World, lessons: &[usize], kind: Kind) -> BTreeSet<usize> {
    let within = |lesson: usize| lessons.contains(&lesson);
    match kind {
        Kind::Form => (0..world.forms.len()).filter(|form| within(world.forms[*form].0)).collect(),
        Kind::Colleague => {
            (0..world.colleagues.len()).filter(|who| within(world.colleagues[*who].lesson)).collect()
        }
        _ => (0..world.people.len()).filter(|who| within(world.people[*who].lesson)).collect(),
    }
}
