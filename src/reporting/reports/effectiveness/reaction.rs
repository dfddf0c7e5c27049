//! Level 1: what the learners, anonymously, thought of it at its end.

use chrono::{Days, NaiveDate};

use crate::evaluation::statistics::thresholds::PRIVACY_FLOOR;
use crate::evaluation::statistics::{
    Figure, Reason, Respondents, Status, Unit, anonymous_mean, response_rate,
};

/// Days after the last session in which the anonymous form may be answered.
const WINDOW_DAYS: u64 = 7;

/// Anonymous forms of one offering.
#[derive(Debug, Clone, Default)]
pub struct Forms {
    /// Scores in points of 5, of the forms with enough answers to score.
    pub scores: Vec<f64>,
    /// Forms handed in.
    pub answered: usize,
    /// People asked.
    pub invited: usize,
}

/// Level 1 of one subject.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reaction {
    pub mean: Figure,
    pub response_rate: Figure,
}

/// Whether an offering's anonymous forms are final: published while they still come in, two means would give away
/// what was answered in between.
pub fn is_final(last_day: NaiveDate, as_of: NaiveDate) -> bool {
    last_day + Days::new(WINDOW_DAYS) < as_of
}

/// Put offerings together. One that may not be shown alone is left out of every total as well: subtracting its
/// neighbours from the total would show it.
pub fn reaction(offerings: &[&Forms]) -> Reaction {
    let mean = |forms: &Forms| anonymous_mean(&forms.scores, forms.invited, Unit::PointsOf5);
    let (shown, hidden): (Vec<&Forms>, Vec<&Forms>) =
        offerings.iter().copied().partition(|forms| mean(forms).status() == Status::Ok);
    if shown.is_empty() && hidden.iter().any(|forms| forms.answered > 0) {
        let invited = hidden.iter().map(|forms| forms.invited).sum();
        let reason = match hidden.as_slice() {
            [only] => mean(only).reason().unwrap_or(Reason::FewerThan5),
            _ => Reason::FewerThan5,
        };
        let closed = |unit| Figure::closed(reason, unit, 0).needing(PRIVACY_FLOOR).invited(invited);
        return Reaction { mean: closed(Unit::PointsOf5), response_rate: closed(Unit::Percent) };
    }
    let counted = if shown.is_empty() { hidden } else { shown };
    let scores: Vec<f64> = counted.iter().flat_map(|forms| forms.scores.clone()).collect();
    let (answered, invited) =
        (counted.iter().map(|forms| forms.answered).sum(), counted.iter().map(|forms| forms.invited).sum());
    Reaction {
        mean: anonymous_mean(&scores, invited, Unit::PointsOf5),
        response_rate: response_rate(answered, invited, Respondents::Anonymous),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forms(scores: &[f64], invited: usize) -> Forms {
        Forms { scores: scores.to_vec(), answered: scores.len(), invited }
    }

    #[test]
    fn forms_are_final_a_week_after_the_last_day() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        assert!(!is_final(day("2026-03-04"), day("2026-03-11")));
        assert!(is_final(day("2026-03-04"), day("2026-03-12")));
    }

    #[test]
    fn a_small_class_cannot_be_found_by_subtraction() {
        let (large, small) = (forms(&[4.0, 4.5, 5.0, 3.5, 4.0], 8), forms(&[1.0, 2.0, 1.0], 3));
        let (alone, together) = (reaction(&[&large]), reaction(&[&large, &small]));
        assert_eq!(alone, together);
        let hidden = reaction(&[&small]);
        assert_eq!(hidden.mean.status(), Status::Suppressed);
        assert_eq!((hidden.mean.n(), hidden.response_rate.n()), (None, None));
        assert_eq!(hidden.response_rate.status(), Status::Suppressed);
    }

    #[test]
    fn two_small_classes_stay_hidden_together() {
        let small = forms(&[1.0, 2.0, 1.0], 3);
        assert_eq!(reaction(&[&small, &small]).mean.status(), Status::Suppressed);
    }

    #[test]
    fn a_class_that_agrees_on_the_worst_is_hidden() {
        let angry = forms(&[1.0; 6], 6);
        assert_eq!(reaction(&[&angry]).mean.reason(), Some(Reason::UnanimousAnswers));
    }

    #[test]
    fn nobody_asked_and_nobody_answered() {
        assert_eq!(reaction(&[]).mean.reason(), Some(Reason::NoInvitations));
        assert_eq!(reaction(&[&forms(&[], 9)]).mean.reason(), Some(Reason::NoAnswers));
        let rate = reaction(&[&forms(&[], 10)]).response_rate;
        assert_eq!(rate.value(), Some(0.0));
    }
}
