//! Level 1: what the learners, anonymously, thought of it at its end.

use super::form_counts::{Scores, Tally};
use crate::effectiveness::disclosure::{FLOOR, Nested};
use crate::evaluation::questionnaires::REACTION_SCALES;
use statistics::thresholds::TOP_TWO;
use statistics::{Figure, Reason, Respondents, Status, Unit, anonymous_mean, anonymous_share, response_rate};

/// Level 1 of one subject.
#[derive(Debug, Clone, PartialEq)]
pub struct Reaction {
    pub mean: Figure,
    pub response_rate: Figure,
    pub scales: Vec<Scale>,
}

/// One scale of the form.
#[derive(Debug, Clone, PartialEq)]
pub struct Scale {
    /// `relevance`, `engagement`, `lecturer`, `organisation`.
    pub name: &'static str,
    pub mean: Figure,
    /// Share of forms of 4 points and more.
    pub top_two: Figure,
}

/// Put offerings together. One that may not be shown alone is left out of every total as well: subtracting its
/// neighbours from the total would show it. Each scale is treated so by itself, as not everybody answers all of them;
/// and since a form's score is the mean of its scales, a scale that one to four forms lack would show those forms'
/// scores.
pub fn reaction(offerings: &[Tally]) -> Reaction {
    let (mean, _) = scores(offerings, |tally| Some(&tally.whole), scored);
    let is_shown = |tally: &&Tally| closed(&tally.whole, scored(tally)).is_none();
    let shown: Vec<&Tally> = offerings.iter().filter(is_shown).collect();
    let counted: Vec<&Tally> = if shown.is_empty() { offerings.iter().collect() } else { shown };
    let sum = |of: fn(&Tally) -> usize| counted.iter().map(|tally| of(tally)).sum::<usize>();
    let (answered, invited) = (sum(|tally| tally.answered), sum(|tally| tally.invited));
    Reaction {
        response_rate: match mean.status() {
            Status::Suppressed => hidden(Reason::FewerThan5, Unit::Percent, invited),
            _ => response_rate(answered, invited, Respondents::Anonymous),
        },
        scales: REACTION_SCALES
            .iter()
            .filter(|(name, _)| offerings.iter().any(|tally| tally.scales.contains_key(*name)))
            .map(|(name, _)| scale(name, offerings))
            .collect(),
        mean,
    }
}

fn scale(name: &'static str, offerings: &[Tally]) -> Scale {
    let (mean, top_two) = mean_and_share(name, offerings, scored, |value| value >= TOP_TWO);
    Scale { name, mean, top_two }
}

/// Against how many forms of an offering the scores of a scale are held: one to four more or fewer give people away.
pub(super) type Beside = fn(&Tally) -> usize;

/// Forms with a score of their own.
fn scored(tally: &Tally) -> usize {
    tally.whole.forms()
}

/// The mean of one scale over the offerings that may be shown, and the share of its scores that are such, percent.
pub(super) fn mean_and_share(
    scale: &str,
    offerings: &[Tally],
    beside: Beside,
    is_such: impl Fn(f64) -> bool,
) -> (Figure, Figure) {
    let (mean, values) = scores(offerings, |tally| tally.scales.get(scale), beside);
    let share = match (mean.status(), mean.reason()) {
        (Status::Ok, _) => {
            let hits = values.iter().filter(|value| is_such(**value)).count();
            anonymous_share(hits, values.len(), mean.n_invited().unwrap_or_default())
        }
        (_, reason) => {
            let closed = Figure::closed(reason.unwrap_or(Reason::NoAnswers), Unit::Percent, 0);
            closed.needing(FLOOR).invited(mean.n_invited().unwrap_or_default())
        }
    };
    (mean, share)
}

/// The mean of one kind of score over the offerings that may be shown, and the scores it is of.
fn scores<'a>(
    offerings: &'a [Tally],
    of: impl Fn(&'a Tally) -> Option<&'a Scores>,
    beside: Beside,
) -> (Figure, Vec<f64>) {
    let closed = |tally: &'a Tally, scores: &Scores| closed(scores, beside(tally));
    let may_be_shown = |tally: &&'a Tally| of(tally).is_some_and(|scores| closed(tally, scores).is_none());
    let (shown, hidden_ones): (Vec<&Tally>, Vec<&Tally>) = offerings.iter().partition(may_be_shown);
    let invited = |of: &[&Tally]| of.iter().map(|tally| tally.invited).sum::<usize>();
    let answered = hidden_ones.iter().any(|&tally| of(tally).is_some_and(|scores| scores.forms() > 0));
    if shown.is_empty() && answered {
        let reason = match hidden_ones.as_slice() {
            [only] => of(only).and_then(|scores| closed(only, scores)),
            _ => None,
        };
        let figure = hidden(reason.unwrap_or(Reason::FewerThan5), Unit::PointsOf5, invited(&hidden_ones));
        return (figure, Vec::new());
    }
    let counted = if shown.is_empty() { hidden_ones } else { shown };
    let values: Vec<f64> = counted.iter().filter_map(|tally| of(tally)).flat_map(Scores::values).collect();
    (anonymous_mean(&values, invited(&counted), Unit::PointsOf5), values)
}

fn mean(scores: &Scores, invited: usize) -> Figure {
    anonymous_mean(&scores.values(), invited, Unit::PointsOf5)
}

/// Why scores of an offering may not be shown, if so: by themselves, or beside so many forms.
fn closed(scores: &Scores, beside: usize) -> Option<Reason> {
    let forms = scores.forms();
    let leaves_few = Nested::of(forms.min(beside), forms.max(beside)).leaves_few();
    mean(scores, forms).reason().or(leaves_few.then_some(Reason::SmallGroups))
}

/// Whether an offering's mean may be shown and lies under a limit, points of 5. The scores are summed as whole
/// ten-thousandths, so that a mean of exactly the limit is not under it.
pub fn is_under(tally: &Tally, limit: f64) -> bool {
    closed(&tally.whole, scored(tally)).is_none() && tally.whole.mean_is_under(limit)
}

pub(super) fn hidden(reason: Reason, unit: Unit, invited: usize) -> Figure {
    Figure::closed(reason, unit, 0).needing(FLOOR).invited(invited)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forms(scores: &[f64], invited: usize) -> Tally {
        let mut tally = Tally { invited, ..Tally::default() };
        scores.iter().for_each(|score| tally.add(&[], &[], Some(*score)));
        tally
    }

    #[test]
    fn a_small_class_cannot_be_found_by_subtraction() {
        let (large, small) = (forms(&[4.0, 4.5, 5.0, 3.5, 4.0], 8), forms(&[1.0, 2.0, 1.0], 3));
        let (alone, together) = (reaction(std::slice::from_ref(&large)), reaction(&[large, small.clone()]));
        assert_eq!(alone, together);
        let hidden = reaction(&[small]);
        assert_eq!(hidden.mean.status(), Status::Suppressed);
        assert_eq!((hidden.mean.n(), hidden.response_rate.n()), (None, None));
        assert_eq!(hidden.response_rate.status(), Status::Suppressed);
    }

    #[test]
    fn two_small_classes_stay_hidden_together() {
        let small = forms(&[1.0, 2.0, 1.0], 3);
        assert_eq!(reaction(&[small.clone(), small]).mean.status(), Status::Suppressed);
    }

    #[test]
    fn a_class_that_agrees_on_the_worst_is_hidden() {
        let angry = forms(&[1.0; 6], 6);
        assert_eq!(reaction(&[angry]).mean.reason(), Some(Reason::UnanimousAnswers));
    }

    /// Nine forms with a scale beside ten with a score: the tenth form's score would follow.
    #[test]
    fn a_scale_that_few_forms_lack_is_hidden() {
        let scale = |with_scale: usize| {
            let mut class = forms(&[4.0, 4.5, 5.0, 3.5, 4.0, 3.0, 2.5, 4.0, 3.5, 4.5], 12);
            let answered = forms(&[4.0, 4.5, 5.0, 3.5, 4.0, 3.0, 2.5, 4.0, 3.5, 4.5][..with_scale], 12);
            class.scales.insert("lecturer".to_owned(), answered.whole);
            let other = forms(&[3.0, 4.0, 3.5, 4.5, 5.0], 6);
            let found = [reaction(std::slice::from_ref(&class)), reaction(&[class, other])];
            found.map(|found| (found.scales[0].mean.reason(), found.scales[0].top_two.value().is_some()))
        };
        for with_scale in [10, 5] {
            assert_eq!(scale(with_scale), [(None, true); 2], "{with_scale}");
        }
        for with_scale in [9, 6] {
            assert_eq!(scale(with_scale)[0], (Some(Reason::SmallGroups), false), "{with_scale}");
            assert!(!scale(with_scale)[1].1, "nor in a total");
        }
    }

    #[test]
    fn only_what_may_be_shown_lies_under_a_limit() {
        let under = |scores: &[f64]| is_under(&forms(scores, scores.len()), 3.0);
        assert!(under(&[2.9, 3.0, 3.0, 3.0, 3.0]));
        assert!(!under(&[2.9, 3.1, 2.7, 3.3, 3.0]), "exactly the limit");
        assert!(!under(&[1.0, 2.0, 1.0, 2.0]), "four forms are hidden");
        assert!(!under(&[1.0; 6]), "all alike are hidden");
        assert!(!under(&[]));
    }

    #[test]
    fn nobody_asked_and_nobody_answered() {
        assert_eq!(reaction(&[]).mean.reason(), Some(Reason::NoInvitations));
        assert_eq!(reaction(&[forms(&[], 9)]).mean.reason(), Some(Reason::NoAnswers));
        let rate = reaction(&[forms(&[], 10)]).response_rate;
        assert_eq!(rate.value(), Some(0.0));
    }
}
