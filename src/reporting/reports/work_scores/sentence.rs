//! The mean after the course and how much it withstands, in words.

use super::model::WorkScores;
use crate::evaluation::statistics::{EventEffect, Sensitivity};
use crate::i18n::{Locale, decimal, text};

/// What the scores say, and how sure it is.
pub fn in_words(locale: Locale, scores: &WorkScores) -> String {
    let found = scores.study.after.and_then(|after| Some((after, after.ci95?)));
    let Some((after, [low, high])) = found else {
        let key = if scores.study.after.is_some() { "work-scores-alike" } else { "work-scores-insufficient" };
        return text(locale, key, &[]);
    };
    let points = |value: f64| decimal(locale, value, 2);
    let direction = if low > 0.0 {
        "above"
    } else if high < 0.0 {
        "below"
    } else {
        "around"
    };
    let quarters = scores.quarters_after();
    let mean = text(
        locale,
        "work-scores-mean",
        &[
            ("length", if quarters == 1 { "one" } else { "more" }.to_owned()),
            ("quarters", quarters.to_string()),
            ("people", first(scores, &after).trained.to_string()),
            ("others", first(scores, &after).comparison.to_string()),
            ("value", points(after.value)),
            ("low", points(low)),
            ("high", points(high)),
            ("direction", text(locale, &format!("score-difference-{direction}"), &[])),
        ],
    );
    match withstands(locale, direction, scores.study.sensitivity) {
        Some(more) => format!("{mean} {more}"),
        None => mean,
    }
}

/// The effect in the quarter of the course, of which there are most people.
fn first<'a>(scores: &'a WorkScores, after: &'a EventEffect) -> &'a EventEffect {
    scores.study.effects.iter().find(|effect| effect.event == 0).unwrap_or(after)
}

/// How far the trends may be apart; nothing of an effect that is not there.
fn withstands(locale: Locale, direction: &str, sensitivity: Option<Sensitivity>) -> Option<String> {
    if direction == "around" {
        return None;
    }
    let Some(found) = sensitivity else {
        return Some(text(locale, "work-scores-no-trend", &[]));
    };
    // Rounded down: the sentence claims no more than the figure.
    let times = (found.breakdown * 100.0).floor() / 100.0;
    if times <= 0.0 {
        return Some(text(locale, "work-scores-withstands-nothing", &[]));
    }
    let args =
        [("times", decimal(locale, times, 2)), ("trend", decimal(locale, found.largest_trend_upper, 2))];
    Some(text(locale, "work-scores-withstands", &args))
}
