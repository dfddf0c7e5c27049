//! Of which forms the figures about a questionnaire are. They are of all its forms in the ministry, and move at the start
//! of a quarter; anyone who knows the rules and how many answered which item knows which forms they are of.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde_json::Value;
use thuocdo::effectiveness::measures::quarter_start;

use super::knowledge::{Kind, Knowledge};
use super::learning::shared;
use super::roster::{Release, Roster, is_small};
use super::world::END;
use crate::support::seed::day;

/// Forms by which any part of the figures moves, at the least.
const MOVED_BY: usize = 30;

/// A questionnaire of whose forms the attacker wants to know the answers.
#[derive(Debug, Clone, Copy)]
pub struct Questionnaire {
    /// What it is for, which is its code as well.
    pub instrument: &'static str,
    /// Its items, in the order in which this world has the answers.
    items: &'static [&'static str],
    /// With what its forms are released.
    release: Release,
    is_anonymous: bool,
    /// Its place among these.
    number: u8,
}

/// The others have no answers in this world, only scores.
pub const QUESTIONNAIRES: [Questionnaire; 3] = [
    Questionnaire {
        instrument: "reaction",
        items: &["relevance_1", "engagement_1", "lecturer_1", "organisation_1"],
        release: Release::Reaction,
        is_anonymous: true,
        number: 0,
    },
    Questionnaire {
        instrument: "environment",
        items: &["chance", "supervisor", "peers", "time", "resources", "recognition"],
        release: Release::ThreeMonths,
        is_anonymous: true,
        number: 1,
    },
    Questionnaire {
        instrument: "beneficiary",
        items: &["used", "rework"],
        release: Release::ThreeMonths,
        is_anonymous: false,
        number: 2,
    },
];

/// Which of the rules hold that keep few people out of these figures. Not among them, as nobody here is found without
/// them: classes of one to four named forms wait until they have five together, and each part moves by thirty forms.
#[derive(Debug, Clone, Copy)]
pub struct Rules {
    /// Classes of one to four anonymous forms count nowhere.
    pub few_forms: bool,
    /// Of a class, no item counts that one to four of its anonymous forms answer or leave out, and no complete forms of
    /// which there are, or which leave, one to four.
    pub few_left_out: bool,
}

impl Rules {
    /// Those of the service.
    pub const ALL: Self = Self { few_forms: true, few_left_out: true };
}

/// A part of the figures: the forms that it is of, and those that wait.
#[derive(Debug, Clone, Default)]
pub struct Part {
    /// The forms with an answer.
    pub shown: Vec<usize>,
    /// How many there are, with those that leave it out.
    pub asked: usize,
    waiting: Vec<usize>,
    asked_waiting: usize,
}

impl Part {
    fn wait(&mut self, answered: &[usize], asked: usize) {
        self.waiting.extend(answered);
        self.asked_waiting += asked;
    }

    fn settle(&mut self) {
        if self.asked_waiting >= MOVED_BY && !is_small(&self.waiting) {
            self.shown.append(&mut self.waiting);
            self.asked += std::mem::take(&mut self.asked_waiting);
        }
    }
}

/// What the figures of a quarter are of.
#[derive(Debug, Clone)]
pub struct Standing {
    counted: Part,
    /// The forms that answer every item.
    complete: Part,
    pub items: Vec<Part>,
}

impl Standing {
    fn settle(&mut self) {
        self.counted.settle();
        self.complete.settle();
        self.items.iter_mut().for_each(Part::settle);
    }
}

impl Questionnaire {
    /// That of a row of the report.
    pub fn of(row: &Value) -> Option<Self> {
        QUESTIONNAIRES.into_iter().find(|of| row["questionnaire"]["code"] == of.instrument)
    }

    /// The answer to an item, and whether it is one of the two best.
    pub fn kinds(&self, item: usize) -> [Kind; 2] {
        let item = u8::try_from(item).expect("few items");
        match self.number {
            0 => [Kind::Scale(item), Kind::Top(item)],
            1 => [Kind::Condition(item), Kind::Eased(item)],
            _ => [Kind::Said(item), Kind::Praised(item)],
        }
    }

    /// The forms of a class.
    fn forms(&self, roster: &Roster<'_>, lesson: usize) -> Vec<usize> {
        match self.number {
            0 => roster.forms(lesson),
            1 => roster.offices(lesson),
            _ => roster.said(lesson),
        }
    }

    /// Those that answer an item.
    fn on(&self, roster: &Roster<'_>, lesson: usize, item: usize) -> Vec<usize> {
        match self.number {
            0 => roster.on_scale(lesson, item),
            1 => roster.on_condition(lesson, item),
            _ => roster.said(lesson),
        }
    }

    /// What the figures are of from the first day of each quarter on: what was released before it is added once.
    pub fn standings(&self, roster: &Roster<'_>, rules: Rules) -> BTreeMap<NaiveDate, Standing> {
        let days = roster.world.release_days().into_iter().chain([day(END)]);
        let quarters: BTreeSet<NaiveDate> = days.map(quarter_start).collect();
        let mut standing = Standing {
            counted: Part::default(),
            complete: Part::default(),
            items: vec![Part::default(); self.items.len()],
        };
        let mut added = BTreeSet::new();
        let mut standings = BTreeMap::new();
        for quarter in quarters {
            let is_new =
                |lesson: &usize| !added.contains(lesson) && roster.released(*lesson, self.release) < quarter;
            let waits = |lesson: &usize| !self.is_anonymous && is_small(&self.forms(roster, *lesson));
            let (few, enough): (Vec<usize>, Vec<usize>) = roster.lessons().filter(is_new).partition(waits);
            let together: Vec<usize> = few.iter().flat_map(|lesson| self.forms(roster, *lesson)).collect();
            let few = if is_small(&together) { Vec::new() } else { few };
            for lesson in enough.into_iter().chain(few) {
                self.add(&mut standing, roster, lesson, rules);
                added.insert(lesson);
            }
            standing.settle();
            standings.insert(quarter, standing.clone());
        }
        standings
    }

    /// Add the forms of a class, as far as few of them say nothing by themselves.
    fn add(&self, standing: &mut Standing, roster: &Roster<'_>, lesson: usize, rules: Rules) {
        let forms = self.forms(roster, lesson);
        let are_few = is_small(&forms);
        if self.is_anonymous && are_few && rules.few_forms {
            return;
        }
        let is_kept = |some: &[usize]| {
            let few = |people: usize| (1..5).contains(&people);
            let gives_away = few(some.len()) || few(forms.len() - some.len());
            are_few || !self.is_anonymous || !rules.few_left_out || !gives_away
        };
        let mut complete = forms.clone();
        for (item, part) in standing.items.iter_mut().enumerate() {
            let on = self.on(roster, lesson, item);
            complete.retain(|form| on.contains(form));
            if is_kept(&on) {
                part.wait(&on, forms.len());
            }
        }
        if is_kept(&complete) {
            standing.complete.wait(&complete, complete.len());
        }
        standing.counted.wait(&forms, forms.len());
    }

    /// Take down what a row of the report says.
    pub fn learn(&self, knowledge: &mut Knowledge, standing: &Standing, row: &Value) {
        assert_eq!(row["forms"], standing.counted.shown.len(), "which forms these are: {row:#}");
        let items = row["items"].as_array().expect("items");
        let mut among_others = Vec::new();
        for (place, (code, part)) in self.items.iter().zip(&standing.items).enumerate() {
            let item = items.iter().find(|item| item["item"] == *code).expect("the item");
            let [answer, best] = self.kinds(place);
            shared(knowledge, &item["best"], &part.shown, best);
            // A median, and whether more than half gave the best or the worst answer: as if the sum was shown.
            if !item["median"]["value"].is_null() {
                assert_eq!(item["median"]["n"], part.shown.len(), "which forms these are: {item:#}");
                knowledge.figures += 1;
                knowledge.learn_of(&[answer], &part.shown);
            }
            // Who left it out he knows anyway.
            if !item["left_out"]["value"].is_null() {
                assert_eq!(item["left_out"]["n"], part.asked, "which forms these are: {item:#}");
            }
            among_others.extend([&item["rest_correlation"], &item["alpha_without"]]);
        }
        let consistency = &row["consistency"];
        let whole = ["alpha", "omega", "standard_error"].map(|name| &consistency[name]);
        self.learn_complete(knowledge, &standing.complete.shown, &[whole.to_vec(), among_others].concat());
    }

    /// Coefficients of complete forms: as if each sum, square and product that they are made of was shown.
    fn learn_complete(&self, knowledge: &mut Knowledge, complete: &[usize], figures: &[&Value]) {
        let shown: Vec<&&Value> = figures.iter().filter(|figure| !figure["value"].is_null()).collect();
        for figure in &shown {
            assert_eq!(figure["n"], complete.len(), "which forms this is of: {figure:#}");
        }
        if shown.is_empty() {
            return;
        }
        knowledge.figures += shown.len();
        let places: Vec<u8> = (0..).take(self.items.len()).collect();
        for one in &places {
            let [answer, _] = self.kinds(usize::from(*one));
            knowledge.learn_of(&[answer, answer.squared()], complete);
            for other in &places[usize::from(*one) + 1..] {
                knowledge.learn_of(&[Kind::product(self.number, [*one, *other])], complete);
            }
        }
    }
}
