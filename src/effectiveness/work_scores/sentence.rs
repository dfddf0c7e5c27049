//! The mean after the course and how much it withstands, in words.

use super::model::WorkScores;
use crate::i18n::{Locale, decimal, text};
use statistics::{Sensitivity, Verdict, direction};

/// What the scores say, and how sure it is.
pub fn in_words(locale: Locale, scores: &WorkScores) -> String {
    let found = scores.study.after.and_then(|after| Some((after, after.ci95?)));
    let Some((after, [low, high])) = found else {
        let key = if scores.study.after.is_some() { "work-scores-alike" } else { "work-scores-insufficient" };
        return text(locale, key, &[]);
    };
    let points = |value: f64| decimal(locale, value, 2);
    let points_to = direction([low, high]);
    let key = match points_to {
        Verdict::ImprovementSizeUncertain => "score-difference-above",
        Verdict::Worse => "score-difference-below",
        _ => "score-difference-around",
    };
    // The quarter of the course, of which there are most people.
    let first = scores.study.effects.iter().find(|effect| effect.event == 0);
    let [people, others] =
        first.map_or([after.trained, after.comparison], |first| [first.trained, first.comparison]);
    let mean = text(
        locale,
        "work-scores-mean",
        &[
            ("length", if after.quarters == 1 { "one" } else { "more" }.to_owned()),
            ("quarters", after.quarters.to_string()),
            ("people", people.to_string()),
            ("others", others.to_string()),
            ("value", points(after.value)),
            ("low", points(low)),
            ("high", points(high)),
            ("direction", text(locale, key, &[])),
        ],
    );
    match withstands(locale, points_to, scores.study.sensitivity) {
        Some(more) => format!("{mean} {more}"),
        None => mean,
    }
}

/// How far the trends may be apart; nothing of an effect that is not there.
fn withstands(locale: Locale, points_to: Verdict, sensitivity: Option<Sensitivity>) -> Option<String> {
    if points_to == Verdict::CannotTellYet {
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
