//! A report in one sentence, as a head of department reads it.
//!
//! Numbers are rounded here and nowhere else: two decimals, with a comma in Vietnamese.

use chrono::{Days, NaiveDate};

use super::model::FollowUp;
use crate::effectiveness::measures::behaviour::{Behaviour, Floor, Headline, Limit};
use crate::effectiveness::measures::reaction::Reaction;
use crate::effectiveness::measures::{OfferingSums, quarter_end};
use crate::i18n::{Locale, date, decimal, text};
use statistics::thresholds::PAIRS_SHOWN;
use statistics::{EvidenceReason, Figure, Grade, Reason, RegressionFigures, Status, Verdict};

/// What the sentence about level 3 needs.
pub struct Facts<'a> {
    pub behaviour: &'a Behaviour,
    /// How much of the change is to be expected without any effect.
    pub expected: Option<&'a RegressionFigures>,
    pub sums: &'a OfferingSums,
    pub follow_up: FollowUp,
    pub floor: Floor,
    pub as_of: NaiveDate,
    /// Whether they are of a unit, whose people are put together by whole calendar quarters.
    pub is_unit: bool,
}

type Args = Vec<(&'static str, String)>;

/// Behaviour at work in words.
pub fn of_behaviour(locale: Locale, facts: &Facts<'_>) -> String {
    let figures = &facts.behaviour.figures;
    match figures.decisive().status() {
        Status::Ok => measured(locale, facts),
        Status::InsufficientData => insufficient(locale, facts),
        Status::Suppressed => text(locale, "effectiveness-suppressed-small-groups", &[]),
        Status::Undefined => undefined(locale, facts),
    }
}

/// The reaction in words.
pub fn of_reaction(locale: Locale, reaction: &Reaction) -> String {
    let mean = &reaction.mean;
    match (mean.status(), mean.value()) {
        (Status::Ok, Some(value)) => text(
            locale,
            "effectiveness-reaction",
            &[
                ("score", number(locale, value)),
                ("answered", count(mean.n())),
                ("invited", count(mean.n_invited())),
            ],
        ),
        (Status::Suppressed, _) if mean.reason() == Some(Reason::UnanimousAnswers) => {
            text(locale, "effectiveness-suppressed-unanimous", &[])
        }
        (Status::Suppressed, _) => text(locale, "effectiveness-suppressed", &[]),
        _ => text(locale, "effectiveness-reaction-none", &[("needed", count(mean.n_needed()))]),
    }
}

fn measured(locale: Locale, facts: &Facts<'_>) -> String {
    let figures = &facts.behaviour.figures;
    let decisive = figures.decisive();
    let [low, high] = decisive.ci95().unwrap_or_default();
    let mut args = vec![
        ("months", facts.follow_up.months().to_string()),
        ("change", moved(locale, "effectiveness-change", &figures.change)),
        ("low", number(locale, low)),
        ("high", number(locale, high)),
        ("verdict", verdict(locale, facts)),
        ("doubt", doubt(locale, facts)),
        ("pairs", facts.sums.trained.n.to_string()),
        ("rest", rest(locale, facts)),
        ("participants", facts.sums.flow.participants.to_string()),
        ("grade", grade(facts.behaviour.evidence.grade).to_owned()),
        ("level", facts.behaviour.maryland_level.to_string()),
    ];
    let (matched, others) = (facts.sums.matched().n, facts.sums.comparison().n);
    args.push(("matched", matched.to_string()));
    args.push(("others", others.to_string()));
    let key = match figures.headline {
        Headline::Change => {
            let enough = usize::try_from(others).is_ok_and(|others| others >= PAIRS_SHOWN);
            let group = match others {
                0 => "none",
                _ if enough => "few-matched",
                _ => "small",
            };
            let words = text(locale, &format!("effectiveness-comparison-{group}"), &args);
            args.push(("comparison", words));
            "effectiveness-uncompared"
        }
        Headline::Difference => {
            args.push(("other", moved(locale, "effectiveness-other", &figures.comparison_change)));
            args.push(("own", moved(locale, "effectiveness-other", &figures.matched_change)));
            args.push(("extra", moved(locale, "effectiveness-extra", &decisive)));
            if matched == facts.sums.trained.n {
                "effectiveness-compared"
            } else {
                "effectiveness-compared-some"
            }
        }
    };
    text(locale, key, &args)
}

/// The verdict in words, with what keeps it from saying as much as the interval does. Without a comparison it is one on
/// what changed since before the course, and of no effect.
fn verdict(locale: Locale, facts: &Facts<'_>) -> String {
    let behaviour = facts.behaviour;
    let key = verdict_key(behaviour.verdict);
    let said = match (behaviour.figures.headline, behaviour.verdict) {
        (Headline::Change, Some(_)) => text(locale, &format!("{key}-alone"), &[]),
        _ => text(locale, key, &[]),
    };
    let limit = |limit: &Limit| text(locale, limit_key(*limit), &[]);
    let limits: Vec<String> = behaviour.limits.iter().map(limit).collect();
    if limits.is_empty() {
        return said;
    }
    let and = text(locale, "effectiveness-limit-and", &[]);
    text(locale, "effectiveness-limited", &[("said", said), ("limits", limits.join(&format!(" {and} ")))])
}

/// Who was rated both times as well, and is in no figure here; with a space in front.
fn rest(locale: Locale, facts: &Facts<'_>) -> String {
    let flow = &facts.sums.flow;
    match flow.withheld + flow.awaiting {
        0 => String::new(),
        more => format!(" {}", text(locale, "effectiveness-rest", &[("more", more.to_string())])),
    }
}

fn limit_key(limit: Limit) -> &'static str {
    match limit {
        Limit::LostUnchanged => "effectiveness-limit-lost-unchanged",
        Limit::DependsOnMethod => "effectiveness-limit-depends-on-method",
        Limit::BaselinesDiffer => "effectiveness-limit-baselines-differ",
        Limit::FewRaters => "effectiveness-limit-few-raters",
        Limit::ChosenForWeakness => "effectiveness-limit-chosen-for-weakness",
        Limit::WeakEvidence => "effectiveness-limit-weak-evidence",
    }
}

/// What the reader should bear in mind, each with a space in front: that a lot decided who was trained, what is to be expected
/// without any effect, how many rated, if few did, and what would explain an improvement away.
fn doubt(locale: Locale, facts: &Facts<'_>) -> String {
    let points = facts.behaviour.tipping_point.map(|points| number(locale, points));
    let tipping = points.map(|points| text(locale, "effectiveness-tipping-point", &[("points", points)]));
    let is_drawn = facts.behaviour.reasons.contains(&EvidenceReason::DrawnByLot);
    let drawn = is_drawn.then(|| text(locale, "effectiveness-drawn-by-lot", &[]));
    let said = drawn.into_iter().chain(expected(locale, facts));
    let said = said.chain(few_raters(locale, facts)).chain(tipping);
    said.map(|said| format!(" {said}")).collect()
}

/// How much is to be expected without any effect: as a part of the change, where the change is at least as much.
fn expected(locale: Locale, facts: &Facts<'_>) -> Option<String> {
    let found = facts.expected?;
    let expected = found.expected.value()?;
    let change = facts.behaviour.figures.change.value()?;
    let points = number(locale, expected.abs());
    if points == number(locale, 0.0) {
        return None;
    }
    let is_part = change / expected >= 1.0;
    let key = match (expected > 0.0, is_part) {
        (true, true) => "effectiveness-expected-of-gain",
        (true, false) => "effectiveness-expected-gain",
        (false, true) => "effectiveness-expected-of-loss",
        (false, false) => "effectiveness-expected-loss",
    };
    let args = [
        ("change", number(locale, change.abs())),
        ("expected", points),
        ("reliability", decimal(locale, found.reliability_assumed, 1)),
    ];
    Some(text(locale, key, &args))
}

fn few_raters(locale: Locale, facts: &Facts<'_>) -> Option<String> {
    let figures = &facts.behaviour.figures;
    if !figures.decisive().probably_too_narrow() {
        return None;
    }
    let [raters, comparison] = facts.behaviour.raters.map(|n| n.to_string());
    let args = [("raters", raters), ("comparison", comparison)];
    let key = match figures.headline {
        Headline::Difference => "effectiveness-few-raters-compared",
        Headline::Change => "effectiveness-few-raters",
    };
    Some(text(locale, key, &args))
}

fn insufficient(locale: Locale, facts: &Facts<'_>) -> String {
    let decisive = facts.behaviour.figures.decisive();
    let mut args: Args = vec![
        ("n", count(decisive.n())),
        ("needed", count(decisive.n_needed())),
        ("deadline", deadline(locale, facts)),
    ];
    if decisive.reason() == Some(Reason::WindowOpen) {
        return text(locale, "effectiveness-window-open", &args);
    }
    if facts.floor == Floor::Lecturer {
        args.push(("offerings", facts.sums.flow.offerings.to_string()));
        return text(locale, "effectiveness-insufficient-lecturer", &args);
    }
    text(locale, "effectiveness-insufficient", &args)
}

/// Until when answers come in, or when units are published next, with what separates it from the words before.
fn deadline(locale: Locale, facts: &Facts<'_>) -> String {
    if facts.is_unit {
        let day = date(locale, quarter_end(facts.as_of + Days::new(1)));
        return text(locale, "effectiveness-deadline-unit", &[("day", day)]);
    }
    let days = facts.sums.due_on.map(|due| (due - facts.as_of).num_days());
    match days {
        Some(days) if days >= 0 => text(locale, "effectiveness-deadline", &[("days", days.to_string())]),
        Some(_) => text(locale, "effectiveness-deadline-over", &[]),
        None => text(locale, "effectiveness-deadline-none", &[]),
    }
}

fn undefined(locale: Locale, facts: &Facts<'_>) -> String {
    let figures = &facts.behaviour.figures;
    let figure = figures.decisive();
    match (figure.reason(), figure.value(), figures.headline) {
        (Some(Reason::ZeroVarianceOfChange), Some(_), Headline::Change) => {
            let change = moved(locale, "effectiveness-change", &figure);
            text(locale, "effectiveness-undefined-alike", &[("change", change)])
        }
        (Some(Reason::ZeroVarianceOfChange), Some(_), Headline::Difference) => {
            let args = [
                ("change", moved(locale, "effectiveness-change", &figures.matched_change)),
                ("other", moved(locale, "effectiveness-other", &figures.comparison_change)),
                ("extra", moved(locale, "effectiveness-extra", &figure)),
            ];
            text(locale, "effectiveness-undefined-alike-compared", &args)
        }
        (Some(Reason::InstrumentChanged), ..) => {
            text(locale, "effectiveness-undefined-instrument", &[("n", count(figure.n()))])
        }
        _ => text(locale, "effectiveness-undefined", &[]),
    }
}

/// «tăng 0,45 điểm», «giảm 0,10 điểm», «không đổi»: the key's words for a figure's direction.
pub(super) fn moved(locale: Locale, key: &str, figure: &Figure) -> String {
    let Some(value) = figure.value() else {
        return text(locale, &format!("{key}-unknown"), &[]);
    };
    let points = number(locale, value.abs());
    let direction = match value {
        _ if points == number(locale, 0.0) => "flat",
        value if value > 0.0 => "up",
        _ => "down",
    };
    text(locale, &format!("{key}-{direction}"), &[("points", points)])
}

fn verdict_key(verdict: Option<Verdict>) -> &'static str {
    match verdict {
        Some(Verdict::ClearImprovement) => "effectiveness-verdict-clear-improvement",
        Some(Verdict::PracticallyNoChange) => "effectiveness-verdict-practically-no-change",
        Some(Verdict::Worse) => "effectiveness-verdict-worse",
        Some(Verdict::ImprovementSizeUncertain) => "effectiveness-verdict-improvement-size-uncertain",
        Some(Verdict::CannotTellYet) => "effectiveness-verdict-cannot-tell-yet",
        None => "effectiveness-verdict-none",
    }
}

fn grade(grade: Grade) -> &'static str {
    match grade {
        Grade::A => "A",
        Grade::B => "B",
        Grade::C => "C",
        Grade::D => "D",
    }
}

pub(super) fn count(n: Option<usize>) -> String {
    n.unwrap_or_default().to_string()
}

/// A figure of a sentence.
pub(super) fn number(locale: Locale, value: f64) -> String {
    decimal(locale, value, 2)
}

#[cfg(test)]
mod tests;
