//! What the rules of privacy hide; with it, anyone could find people.

use uuid::Uuid;

use super::draws::FIRST_DRAWN;
use super::knowledge::{Kind, Weights, all};
use super::questionnaires::{QUESTIONNAIRES, Rules};
use super::reading::{Column, Reader, change, columns, scaled};
use super::world::SECOND;

impl Reader<'_> {
    /// What would be shown without one of the rules, by rule.
    pub fn hidden(&self) -> Vec<(&'static str, Vec<Weights>)> {
        let of = self.roster;
        vec![
            ("units whose people are left by subtraction", self.untold()),
            ("units whose scores are left by subtraction", self.untold_scores()),
            ("levels after six months", self.levels()),
            ("pairs by the same rater where few have another", self.by_same_rater()),
            ("scales that few forms lack", self.rare_scales()),
            ("scores that count in another offering", self.scores_again()),
            (
                "small classes in totals",
                self.totals(Kind::ThreeMonths, |lesson| of.pairs("three_months", lesson)),
            ),
            ("classes of few forms in totals", self.totals(Kind::Form, |lesson| of.forms(lesson))),
            ("small classes in totals of tests", self.totals(Kind::Learned, |lesson| of.tested(lesson))),
            ("small classes in totals of self-ratings", self.totals(Kind::Own, |lesson| of.judging(lesson))),
            (
                "small classes in totals of scores",
                self.totals(Kind::ScoreChange, |lesson| of.scored(0, lesson)),
            ),
            (
                "classes of few forms about offices in totals",
                (0_u8..6)
                    .flat_map(|item| {
                        self.totals(Kind::Condition(item), |lesson| of.on_condition(lesson, item.into()))
                    })
                    .collect(),
            ),
            ("classes of few units in totals", self.totals(Kind::Said(0), |lesson| of.said(lesson))),
            ("people with a seat and no match where a lot decided", self.with_a_match()),
            ("people who waited and sat in the course elsewhere", self.who_wait()),
            (
                "classes of few forms in the figures of a questionnaire",
                self.answers(Rules { few_forms: false, ..Rules::ALL }),
            ),
            (
                "items that few leave out in the figures of a questionnaire",
                self.answers(Rules { few_left_out: false, ..Rules::ALL }),
            ),
        ]
    }

    /// Where a lot decided, everybody with a seat is compared: of those with a match alone, the others would be left.
    fn with_a_match(&self) -> Vec<Weights> {
        let drawn = self.roster.lessons().filter(|lesson| self.roster.is_by_lot(*lesson));
        drawn.map(|lesson| all(Kind::ThreeMonths, &self.roster.matched("three_months", lesson))).collect()
    }

    /// Of each draw, everybody who waits.
    fn who_wait(&self) -> Vec<Weights> {
        let drawn = self.roster.world.waiting.keys();
        drawn.map(|lesson| all(Kind::Colleague, &self.roster.waiting(*lesson))).collect()
    }

    /// The answers to each item of the questionnaires, quarter by quarter, by other rules.
    fn answers(&self, rules: Rules) -> Vec<Weights> {
        let mut answers = Vec::new();
        for questionnaire in QUESTIONNAIRES {
            for standing in questionnaire.standings(&self.roster, rules).values() {
                let parts = standing.items.iter().enumerate();
                answers.extend(parts.map(|(item, part)| all(questionnaire.kinds(item)[0], &part.shown)));
            }
        }
        answers
    }

    fn untold(&self) -> Vec<Weights> {
        let hidden = self.shown.iter().filter(|(_, shown)| !shown[0]);
        hidden
            .map(|((phase, quarter, unit), _)| {
                all(change(phase), &self.roster.column(phase, *quarter, *unit, false))
            })
            .collect()
    }

    fn untold_scores(&self) -> Vec<Weights> {
        let column =
            |(_, quarter, unit): Column| all(Kind::Score, &self.roster.whole_score_column(quarter, unit));
        columns().map(column).collect()
    }

    fn levels(&self) -> Vec<Weights> {
        self.large("six_months").map(|pairs| all(Kind::Before, &pairs)).collect()
    }

    fn by_same_rater(&self) -> Vec<Weights> {
        self.large("three_months")
            .map(|pairs| all(Kind::ThreeMonths, &self.roster.by_rater(&pairs).1))
            .collect()
    }

    fn rare_scales(&self) -> Vec<Weights> {
        let scales = self.roster.lessons().flat_map(|lesson| (0..4).map(move |scale| (lesson, scale)));
        scales
            .filter(|(lesson, _)| self.roster.forms(*lesson).len() >= 5)
            .map(|(lesson, scale)| all(scaled(scale), &self.roster.on_scale(lesson, scale)))
            .collect()
    }

    /// The scores of everybody who was sent to the second class: all of the first, and others.
    fn scores_again(&self) -> Vec<Weights> {
        [(0, Kind::Score), (1, Kind::ColleagueScoreChange)]
            .map(|(group, kind)| {
                let sent = [0, SECOND].map(|lesson| self.roster.scored(group, lesson));
                all(kind, &sent.concat())
            })
            .into()
    }

    /// The pairs of the classes that are shown by themselves.
    fn large(&self, phase: &'static str) -> impl Iterator<Item = Vec<usize>> {
        let pairs = self.roster.lessons().map(move |lesson| self.roster.pairs(phase, lesson));
        pairs.filter(|of| of.len() >= 10)
    }

    /// Of each institute, everybody.
    fn totals(&self, kind: Kind, of: impl Fn(usize) -> Vec<usize>) -> Vec<Weights> {
        let world = self.roster.world;
        let total = |institute: &Uuid| {
            // Two small classes in one total hide each other: those of the draws stay out of it.
            let held = (0..FIRST_DRAWN).filter(|l| world.lessons[*l].class.institute == *institute);
            all(kind, &held.flat_map(&of).collect::<Vec<_>>())
        };
        world.institutes.iter().map(total).collect()
    }
}
