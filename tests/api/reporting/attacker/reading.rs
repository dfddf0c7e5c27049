//! What a figure says: the attacker knows who took part where and the published rules, so he knows whom each figure is
//! of. That he is right about it, the published counts show.

use std::collections::{BTreeSet, HashMap};

use chrono::{Datelike, NaiveDate};
use serde_json::Value;
use thuocdo::effectiveness::measures::quarter_start;
use uuid::Uuid;

use super::figures::{Asked, PHASES, Published, Row, quarter_ends};
use super::knowledge::{Kind, Knowledge};
use super::learning::{differ, learn, learn_placed, learn_reaction, learn_rows, shown};
use super::questionnaires::{QUESTIONNAIRES, Questionnaire, Rules};
use super::roster::{Release, Roster};
use super::world::World;

/// Whom the figures of a row are of.
#[derive(Debug, Default)]
pub struct Groups {
    pub trained: Vec<usize>,
    pub same_rater: Vec<usize>,
    /// Offering by offering: who is compared with which colleagues.
    pub compared: Vec<[Vec<usize>; 2]>,
    /// The same of those by the same rater.
    pub same_compared: Vec<[Vec<usize>; 2]>,
    /// The trained after six months.
    pub six_months: Vec<usize>,
    pub forms: Vec<usize>,
    /// The forms on each scale.
    pub scales: [Vec<usize>; 4],
    /// Who was tested before and after.
    pub tested: Vec<usize>,
    /// Who rated oneself before, in looking back and after three months.
    pub judging: Vec<usize>,
    /// Whose official scores count.
    pub scored: Vec<usize>,
    /// Who of them is compared with which colleagues, offering by offering.
    pub compared_scores: Vec<[Vec<usize>; 2]>,
    /// The forms about offices, by condition.
    pub conditions: [Vec<usize>; 6],
    /// What units say.
    pub said: Vec<usize>,
}

/// The people of a unit who followed up in a phase, whose figures came out in a quarter.
pub type Column = (&'static str, usize, usize);

pub struct Reader<'a> {
    pub roster: Roster<'a>,
    /// Pairs and colleagues of the columns that are shown, as the reports of the quarters' last days let on.
    pub shown: HashMap<Column, [bool; 2]>,
}

impl<'a> Reader<'a> {
    pub fn new(world: &'a World, rows: &[Row]) -> Self {
        let mut reader = Self { roster: Roster { world }, shown: HashMap::new() };
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
            reader.shown.insert((phase, quarter, unit), own);
        }
        reader
    }

    /// Read everything.
    pub fn read(&self, published: &Published) -> Knowledge {
        let mut knowledge = Knowledge::default();
        for row in &published.rows {
            let groups = if row.asked.by == "unit" { self.of_unit(row) } else { self.of_classes(row) };
            let counted = [groups.trained.len(), together(&groups.compared, 1).len()];
            assert_eq!(used(&row.item), counted, "whom this is of: {:#}", row.item);
            learn(&mut knowledge, &row.asked, &row.item, &groups);
            self.learn_expected(&mut knowledge, row);
        }
        published.cards.iter().for_each(|row| self.learn_card(&mut knowledge, row));
        published.actions.iter().for_each(|action| self.learn_action(&mut knowledge, action));
        for row in &published.exports {
            learn_rows(&mut knowledge, &self.roster, &row.asked, &row.item, |offering| self.lesson(offering));
        }
        published.discoveries.iter().for_each(|row| self.learn_discovery(&mut knowledge, row));
        self.learn_questionnaires(&mut knowledge, &published.questionnaires);
        published.draws.iter().for_each(|(lesson, draw)| self.look_at(*lesson, draw));
        knowledge
    }

    /// A course among those of a year: its headline. How probable that is by chance follows from it and its interval.
    fn learn_discovery(&self, knowledge: &mut Knowledge, row: &Row) {
        let of = self.of_classes(row);
        let figure = &row.item["figure"];
        if row.item["headline"] == "difference" {
            differ(knowledge, figure, [Kind::ThreeMonths, Kind::Colleague], &of.compared);
        } else {
            shown(knowledge, figure, &of.trained, &[Kind::ThreeMonths]);
        }
    }

    fn learn_questionnaires(&self, knowledge: &mut Knowledge, rows: &[(NaiveDate, Value)]) {
        for questionnaire in QUESTIONNAIRES {
            let standings = questionnaire.standings(&self.roster, Rules::ALL);
            let is_of = |row: &Value| {
                Questionnaire::of(row).is_some_and(|of| of.instrument == questionnaire.instrument)
            };
            let before = knowledge.figures;
            for (day, row) in rows.iter().filter(|(_, row)| is_of(row)) {
                questionnaire.learn(knowledge, &standings[&quarter_start(*day)], row);
            }
            assert!(knowledge.figures > before, "nothing is said of {}", questionnaire.instrument);
        }
    }

    /// Everybody sees who was drawn and who waits, so the attacker knows whom a class is compared with.
    fn look_at(&self, lesson: usize, draw: &Value) {
        let entries = draw["entries"].as_array().expect("entries");
        let people = |outcome: &str| -> BTreeSet<Uuid> {
            let of = entries.iter().filter(|entry| entry["outcome"] == outcome);
            of.map(|entry| parsed(&entry["employee_id"])).collect()
        };
        let waiting: BTreeSet<Uuid> = self.roster.world.waiting[&lesson].iter().copied().collect();
        assert_eq!(people("waiting"), waiting, "who waits: {draw:#}");
        let seats = self.roster.in_lessons(&[lesson], Kind::Before).len();
        assert_eq!(people("drawn").len(), seats, "who was drawn: {draw:#}");
    }

    /// An institute among the others: its own figures, year by year, and its place.
    fn learn_card(&self, knowledge: &mut Knowledge, row: &Row) {
        let of = self.of_classes(row);
        let behaviour = &row.item["behaviour"];
        shown(knowledge, &behaviour["change"], &of.trained, &[Kind::ThreeMonths]);
        differ(knowledge, &behaviour["difference"], [Kind::ThreeMonths, Kind::Colleague], &of.compared);
        learn_placed(knowledge, behaviour, &of.trained);
        learn_reaction(knowledge, &row.item["reaction"], &of);
        for year in row.item["years"].as_array().expect("years") {
            let within = |lesson: usize| {
                let last = self.roster.world.lessons[lesson].class.last;
                year["year"] == last.year() && self.belongs(lesson, &row.asked, &row.item)
            };
            let of = self.together(&row.asked, within);
            shown(knowledge, &year["change"], &of.trained, &[Kind::ThreeMonths]);
            shown(knowledge, &year["reaction"], &of.forms, &[Kind::Form]);
        }
    }

    /// What an action was opened for, and what the next run came to.
    fn learn_action(&self, knowledge: &mut Knowledge, action: &Value) {
        let by_reaction = action["reason"] == "reaction_under_limit";
        let next = &action["followed_by"];
        for (offering, figure) in
            [(&action["offering_id"], &action["measured"]), (&next["offering_id"], &next["value"])]
        {
            if offering.is_null() || figure.is_null() {
                continue;
            }
            let lesson = self.lesson(parsed(offering));
            if by_reaction {
                shown(knowledge, figure, &self.roster.forms(lesson), &[Kind::Form]);
            } else {
                shown(knowledge, figure, &self.roster.pairs("three_months", lesson), &[Kind::ThreeMonths]);
            }
        }
    }

    /// What was declared of an offering, and found.
    fn learn_expected(&self, knowledge: &mut Knowledge, row: &Row) {
        let expected = row.item["expected_effects"].as_array().expect("expected effects");
        for effect in expected {
            let (lesson, found) = (self.lesson(id(&row.item)), &effect["found"]);
            let (kinds, groups, beside) = match effect["measure"].as_str() {
                Some("work_score") => (
                    [Kind::ScoreChange, Kind::ColleagueScoreChange],
                    self.roster.scored(0, lesson),
                    self.roster.compared_scores(lesson),
                ),
                Some(phase) => (
                    [change(phase), Kind::Colleague],
                    self.roster.pairs(phase, lesson),
                    self.roster.compared(phase, lesson),
                ),
                None => panic!("no measure: {effect:#}"),
            };
            let (trained, compared) = (groups, beside);
            if compared.iter().all(|group| group.len() >= 10) {
                differ(knowledge, found, kinds, &[compared]);
            } else {
                shown(knowledge, found, &trained, &kinds[..1]);
            }
        }
    }

    fn of_classes(&self, row: &Row) -> Groups {
        self.together(&row.asked, |lesson| self.belongs(lesson, &row.asked, &row.item))
    }

    /// Whom the figures of some classes are of.
    fn together(&self, asked: &Asked, is_one: impl Fn(usize) -> bool) -> Groups {
        let mut groups = Groups::default();
        for lesson in self.roster.lessons().filter(|lesson| is_one(*lesson)) {
            self.enter_named(&mut groups, asked, lesson);
            self.enter_nameless(&mut groups, asked, lesson);
        }
        groups
    }

    fn is_out(&self, asked: &Asked, lesson: usize, what: Release) -> bool {
        self.roster.released(lesson, what) <= asked.as_of
    }

    fn enter_named(&self, groups: &mut Groups, asked: &Asked, lesson: usize) {
        let of = &self.roster;
        let is_out = |what| self.is_out(asked, lesson, what);
        let alone = asked.by == "offering";
        let enter = |into: &mut Vec<usize>, people: Vec<usize>| {
            if alone || people.len() >= 5 {
                into.extend(people);
            }
        };
        let main = if asked.phase == "three_months" { Release::ThreeMonths } else { Release::SixMonths };
        let pairs = of.pairs(asked.phase, lesson);
        if is_out(main) && (alone || pairs.len() >= 5) {
            let [compared, colleagues] = of.compared(asked.phase, lesson);
            let same = of.same_rater(&pairs, &compared);
            if !colleagues.is_empty() {
                let same: Vec<usize> = compared.iter().copied().filter(|who| same.contains(who)).collect();
                if !same.is_empty() {
                    groups.same_compared.push([same, colleagues.clone()]);
                }
                groups.compared.push([compared, colleagues]);
            }
            groups.same_rater.extend(same);
            groups.trained.extend(pairs);
        }
        if is_out(Release::SixMonths) {
            enter(&mut groups.six_months, of.pairs("six_months", lesson));
        }
        if is_out(Release::Tests) {
            enter(&mut groups.tested, of.tested(lesson));
        }
        if is_out(Release::ThreeMonths) {
            enter(&mut groups.judging, of.judging(lesson));
        }
        let trained = of.scored(0, lesson);
        if is_out(Release::Scores) && (alone || trained.len() >= 5) {
            let compared = of.compared_scores(lesson);
            if !compared[1].is_empty() {
                groups.compared_scores.push(compared);
            }
            groups.scored.extend(trained);
        }
    }

    fn enter_nameless(&self, groups: &mut Groups, asked: &Asked, lesson: usize) {
        let of = &self.roster;
        let is_told =
            |all: &[usize], some: &[usize]| some.len() >= 5 && !(1..5).contains(&(all.len() - some.len()));
        let forms = of.forms(lesson);
        if self.is_out(asked, lesson, Release::Reaction) && forms.len() >= 5 {
            for (scale, into) in groups.scales.iter_mut().enumerate() {
                into.extend(
                    Some(of.on_scale(lesson, scale)).filter(|on| is_told(&forms, on)).iter().flatten(),
                );
            }
            groups.forms.extend(forms);
        }
        if self.is_out(asked, lesson, Release::ThreeMonths) {
            let offices = of.offices(lesson);
            for (item, into) in groups.conditions.iter_mut().enumerate() {
                let on = Some(of.on_condition(lesson, item)).filter(|on| is_told(&offices, on));
                into.extend(on.iter().flatten());
            }
            groups.said.extend(Some(of.said(lesson)).filter(|said| said.len() >= 5).iter().flatten());
        }
    }

    fn belongs(&self, lesson: usize, asked: &Asked, item: &Value) -> bool {
        let held = &self.roster.world.lessons[lesson];
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
        let roster = self.roster;
        let mut groups = Groups::default();
        let ended = |quarter: usize| quarter_ends()[quarter] <= asked.as_of;
        let mine = |(_, quarter, unit): &Column| ended(*quarter) && roster.is_below(*unit, id(item));
        for (phase, quarter, unit) in columns().filter(mine) {
            let [trained, compared] = self.shown[&(phase, quarter, unit)];
            let people = if trained { roster.column(phase, quarter, unit, compared) } else { Vec::new() };
            if phase == "six_months" {
                groups.six_months.extend(&people);
            }
            if phase == asked.phase {
                // Also of those whom the unit does not show.
                let all_same = roster.by_rater(&roster.column(phase, quarter, unit, false)).0.is_empty();
                if all_same {
                    groups.same_rater.extend(&people);
                }
                if compared {
                    let column = [people.clone(), roster.colleague_column(phase, quarter, unit)];
                    if all_same {
                        groups.same_compared.push(column.clone());
                    }
                    groups.compared.push(column);
                }
                groups.trained.extend(people);
                let [scored, beside] = roster.score_columns(quarter, unit);
                if !beside.is_empty() {
                    groups.compared_scores.push([scored.clone(), beside]);
                }
                groups.scored.extend(scored);
            }
        }
        groups
    }

    fn lesson(&self, offering: Uuid) -> usize {
        let world = self.roster.world;
        self.roster.lessons().find(|l| world.lessons[*l].class.offering == offering).expect("a known class")
    }
}

/// Everybody of one side of some comparisons.
pub fn together(compared: &[[Vec<usize>; 2]], side: usize) -> Vec<usize> {
    compared.iter().flat_map(|of| of[side].iter().copied()).collect()
}

/// All columns: phase, quarter, unit.
pub fn columns() -> impl Iterator<Item = Column> {
    let cells = (0..quarter_ends().len()).flat_map(|quarter| (0..7).map(move |unit| (quarter, unit)));
    PHASES.into_iter().flat_map(move |phase| cells.clone().map(move |(quarter, unit)| (phase, quarter, unit)))
}

/// The change in a phase.
pub fn change(phase: &str) -> Kind {
    if phase == "three_months" { Kind::ThreeMonths } else { Kind::SixMonths }
}

/// The step on a scale, by its place.
pub fn scaled(scale: usize) -> Kind {
    Kind::Scale(u8::try_from(scale).expect("four scales"))
}

fn used(item: &Value) -> [usize; 2] {
    ["pairs_used", "comparison_pairs"]
        .map(|count| usize::try_from(item["follow_up"][count].as_u64().expect("a count")).expect("few"))
}

pub fn id(item: &Value) -> Uuid {
    parsed(&item["subject"]["id"])
}

pub fn parsed(id: &Value) -> Uuid {
    id.as_str().expect("an id").parse().expect("a UUID")
}
