//! From what can be computed to what may be shown: privacy, then enough data, then undefined.

mod agreement;
mod annex;
mod items;
mod lists;
mod shift;

use serde::Serialize;
use utoipa::ToSchema;

pub use agreement::{
    AgreementFigures, ItemReliabilityFigures, OmegaMissing, ReliabilityFigures, agreement_figures,
    reliability_figures, unclustered_change,
};
pub use annex::{AncovaFigures, ancova_figures};
pub use items::{ItemFigures, item_figures};
pub use lists::{GroupFigures, ListFigures, ListedGroup, list_figures};
pub use shift::{RegressionFigures, ShiftFigures, hake_figure, regression_figures, shift_figures};

use super::{
    Baselines, DifferenceInDifferences, Figure, GroupChange, PairedEffect, Reason, Unit,
    moments::Moments,
    shares::wilson,
    student::t_quantile,
    thresholds::{COMMENT_FLOOR, INVITED_SHOWN, PAIRS_SHOWN, PRIVACY_FLOOR, UNANIMOUS_LOW, is_few},
};

/// Whether a figure could expose somebody who was promised anonymity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Respondents {
    /// Known by name and aware of it, such as supervisors: too few are insufficient, not secret.
    Named,
    /// Promised anonymity: one to four are hidden, also how many they are.
    Anonymous,
}

/// The figures of one group rated before and after.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, ToSchema)]
pub struct PairedFigures {
    /// Mean before.
    pub before: Figure,
    /// Mean after.
    pub after: Figure,
    /// After minus before, with a t interval.
    pub change: Figure,
    /// The change in average standard deviations (g_av, exact factor of Hedges), with the noncentral t interval
    /// rescaled after Algina and Keselman.
    pub effect_size: Figure,
}

/// The figures of the trained against a comparison group.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, ToSchema)]
pub struct DifferenceFigures {
    /// By how much more the trained changed, with the interval of Welch. `n` counts the trained; only where the
    /// comparison group is what is missing, it counts that.
    pub difference: Figure,
    /// The same in pooled standard deviations before (d_ppc2 of Morris).
    pub effect_size: Figure,
}

/// Puts the gates before the change of one group.
pub fn paired_figures(effect: &PairedEffect, unit: Unit, respondents: Respondents) -> PairedFigures {
    let n = effect.n;
    let gate = too_few(n, respondents).map(|reason| (reason, n));
    let mean = |value: Option<f64>| value.map(|value| (value, None)).ok_or(Reason::NoCompletePairs);
    let change = effect.inference.and_then(|found| {
        effect.change.map(|change| (change, Some(found.ci95))).ok_or(Reason::NoCompletePairs)
    });
    let size = effect.inference.map(|found| (found.g_av, Some(found.g_av_ci95)));
    PairedFigures {
        before: gated(gate, mean(effect.mean_before), unit, n),
        after: gated(gate, mean(effect.mean_after), unit, n),
        change: gated(gate, change, unit, n)
            .with_p(effect.inference.ok().map(|found| found.p()))
            .telling(effect.change),
        effect_size: gated(gate, size, Unit::Standardised, n),
    }
}

/// Puts the gates before a difference in differences.
pub fn difference_figures(
    effect: &DifferenceInDifferences,
    unit: Unit,
    respondents: Respondents,
) -> DifferenceFigures {
    let (n, others) = (effect.n_trained, effect.n_comparison);
    let gate = too_few(n, respondents)
        .map(|reason| (reason, n))
        .or_else(|| comparison_too_small(others, respondents).map(|reason| (reason, others)));
    let difference = effect.inference.and_then(|found| {
        effect.difference.map(|value| (value, Some(found.ci95))).ok_or(Reason::NoComparisonGroup)
    });
    let size = effect.d_ppc2.map(|value| (value, None)).ok_or(Reason::ZeroVarianceOfBaseline);
    DifferenceFigures {
        difference: gated(gate, difference, unit, n)
            .with_p(effect.inference.ok().map(|found| found.p()))
            .telling(effect.difference),
        effect_size: gated(gate, effect.inference.and(size), Unit::Standardised, n),
    }
}

/// Puts the gates before the change of one of two groups that are compared.
pub fn group_change_figure(found: &GroupChange, unit: Unit, respondents: Respondents) -> Figure {
    let gate = too_few(found.n, respondents).map(|reason| (reason, found.n));
    let change = found.inference.and_then(|inference| {
        found.change.map(|change| (change, Some(inference.ci95))).ok_or(Reason::NoCompletePairs)
    });
    gated(gate, change, unit, found.n).telling(found.change)
}

/// How alike two groups were before the course.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, ToSchema)]
pub struct BaselineFigures {
    /// Mean of the trained who have a match, before; weighted as the difference is.
    pub trained: Figure,
    /// Mean of the colleagues matched to them, before.
    pub comparison: Figure,
    /// The first minus the second in pooled standard deviations (Hedges' g). Up to 0.05 the groups are alike; up to 0.25
    /// they are comparable where the difference also holds at equal baselines; above, in either direction, they are not
    /// (What Works Clearinghouse, Procedures and Standards Handbook 5.0), unless they are less than 0.125 points apart.
    pub standardised: Figure,
}

/// Puts the gates before the baselines of two groups.
pub fn baseline_figures(
    found: &Baselines,
    [n, others]: [usize; 2],
    unit: Unit,
    respondents: Respondents,
) -> BaselineFigures {
    let gate = too_few(n, respondents)
        .map(|reason| (reason, n))
        .or_else(|| comparison_too_small(others, respondents).map(|reason| (reason, others)));
    let mean = |value: Option<f64>| value.map(|value| (value, None)).ok_or(Reason::NoCompletePairs);
    let size = found.standardised.map(|size| (size, None)).ok_or(Reason::ZeroVarianceOfBaseline);
    BaselineFigures {
        trained: gated(gate, mean(found.trained), unit, n),
        comparison: gated(gate, mean(found.comparison), unit, others),
        standardised: gated(gate, size, Unit::Standardised, n + others),
    }
}

/// The mean of anonymous scores; answers that are not finite count as not given.
///
/// Compute it once, when the window closes: published after the sixth and again after the seventh answer, two
/// means give away the seventh.
pub fn anonymous_mean(answers: &[f64], invited: usize, unit: Unit) -> Figure {
    let answers = Moments::of(answers);
    let n = answers.n;
    let figure = match no_answers(n, invited).or(unanimous(&answers)) {
        Some(reason) => Figure::closed(reason, unit, n),
        None => Figure::ok(answers.mean, mean_interval(&answers), unit, n),
    };
    figure.needing(PRIVACY_FLOOR).invited(invited)
}

/// The share of anonymous answers with some property, such as one of the top two answers, in percent.
pub fn anonymous_share(hits: usize, answers: usize, invited: usize) -> Figure {
    no_answers(answers, invited)
        .map_or_else(|| percentage(hits, answers), |reason| Figure::closed(reason, Unit::Percent, answers))
        .needing(PRIVACY_FLOOR)
        .invited(invited)
}

/// The share of the invited who answered, in percent; `n` and `n_needed` count the invited.
///
/// For anonymous forms one to four answers are hidden here too, as the rate would show how many there are.
pub fn response_rate(answered: usize, invited: usize, respondents: Respondents) -> Figure {
    let gate = if invited == 0 {
        Some(Reason::NoInvitations)
    } else if hidden(answered, respondents) {
        Some(Reason::FewerThan5)
    } else {
        (invited < INVITED_SHOWN).then_some(Reason::FewerThanNeeded)
    };
    gate.map_or_else(
        || percentage(answered, invited),
        |reason| Figure::closed(reason, Unit::Percent, invited),
    )
    .needing(INVITED_SHOWN)
    .invited(invited)
}

/// The share of official scores before the course that could hardly rise, in percent, from counts: how many of `n` scores
/// are at the ceiling ([`CEILING`](super::thresholds::CEILING) or more).
pub fn ceiling_share_of(at_ceiling: usize, n: usize) -> Figure {
    too_few(n, Respondents::Named)
        .map_or_else(|| percentage(at_ceiling, n), |reason| Figure::closed(reason, Unit::Percent, n))
        .needing(PAIRS_SHOWN)
}

/// Says why the comments of so many anonymous forms stay hidden; none when they may be read.
pub fn comment_gate(forms: usize) -> Option<Reason> {
    (forms < COMMENT_FLOOR).then_some(Reason::FewerThan10)
}

/// A value with its interval, or why there is none.
type Found = Result<(f64, Option<[f64; 2]>), Reason>;

/// A closed gate comes with the count of the people it missed.
fn gated(gate: Option<(Reason, usize)>, found: Found, unit: Unit, n: usize) -> Figure {
    let figure = match (gate, found) {
        (Some((reason, counted)), _) => Figure::closed(reason, unit, counted),
        (None, Ok((value, ci95))) => Figure::ok(value, ci95, unit, n),
        (None, Err(reason)) => Figure::closed(reason, unit, n),
    };
    figure.needing(PAIRS_SHOWN)
}

fn hidden(n: usize, respondents: Respondents) -> bool {
    respondents == Respondents::Anonymous && is_few(n)
}

fn too_few(pairs: usize, respondents: Respondents) -> Option<Reason> {
    match pairs {
        n if hidden(n, respondents) => Some(Reason::FewerThan5),
        0 => Some(Reason::NoCompletePairs),
        1 => Some(Reason::NBelow2),
        n => (n < PAIRS_SHOWN).then_some(Reason::FewerThanNeeded),
    }
}

fn comparison_too_small(pairs: usize, respondents: Respondents) -> Option<Reason> {
    match pairs {
        n if hidden(n, respondents) => Some(Reason::FewerThan5),
        0 => Some(Reason::NoComparisonGroup),
        n => (n < PAIRS_SHOWN).then_some(Reason::ComparisonTooSmall),
    }
}

fn no_answers(n: usize, invited: usize) -> Option<Reason> {
    match (n, invited) {
        (0, 0) => Some(Reason::NoInvitations),
        (0, _) => Some(Reason::NoAnswers),
        _ => hidden(n, Respondents::Anonymous).then_some(Reason::FewerThan5),
    }
}

/// Without spread, all gave the same answer.
fn unanimous(answers: &Moments) -> Option<Reason> {
    (answers.ss == 0.0 && answers.mean <= UNANIMOUS_LOW).then_some(Reason::UnanimousAnswers)
}

/// The t interval of a mean; none without spread, which would claim certainty.
fn mean_interval(answers: &Moments) -> Option<[f64; 2]> {
    let error = answers.squared_error().filter(|error| *error > 0.0)?.sqrt();
    let half = t_quantile((answers.n - 1) as f64) * error;
    Some([answers.mean - half, answers.mean + half])
}

fn percentage(hits: usize, n: usize) -> Figure {
    // Hits above n have no interval and are no share: such a call ends as undefined.
    let value = wilson(hits, n).map_or(f64::NAN, |_| 100.0 * hits as f64 / n as f64);
    let ci95 = wilson(hits, n).map(|ends| ends.map(|end| 100.0 * end));
    Figure::ok(value, ci95, Unit::Percent, n)
}

#[cfg(test)]
mod tests;
