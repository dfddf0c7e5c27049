//! Gates of agreement between raters and of the reliability of questionnaires: thirty people.

use serde::Serialize;
use utoipa::ToSchema;

use super::super::{
    Agreement, AgreementBand, Coefficient, Figure, ItemReliability, PairedEffect, Reason, Reliability,
    ReliabilityUse, Status, Unit,
    thresholds::{AGREEMENT_SHOWN, ALPHA_COPIES, ALPHA_ITEMS},
};
use super::{Respondents, gated, hidden, paired_figures};

/// For so many items omega follows from the answers by a formula.
const OMEGA_ITEMS: usize = 3;

/// The figures of raters of the same people.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, ToSchema)]
pub struct AgreementFigures {
    /// Would one rater's mark be another's? ICC(A,1).
    pub absolute: Figure,
    /// Would one rater's order be another's? ICC(C,1).
    pub consistency: Figure,
    /// The same as `absolute` for the mean of all raters. ICC(A,k).
    pub absolute_of_mean: Figure,
    /// The second rater's marks minus the first's; null for more than two.
    #[schema(required)]
    pub bias: Option<Figure>,
    /// How good the absolute agreement is at the least and at the most, by its interval; null while closed.
    #[schema(required, min_items = 2, max_items = 2)]
    pub bands: Option<[AgreementBand; 2]>,
}

/// The figures of the internal consistency of a scale.
#[derive(Debug, Clone, PartialEq)]
pub struct ReliabilityFigures {
    /// Cronbach's alpha.
    pub alpha: Figure,
    /// Omega of three items, or why there is none.
    pub omega: Result<Figure, OmegaMissing>,
    /// Standard error of one person's scale score (the mean of the items).
    pub standard_error: Figure,
    /// What the scale suffices for; none while closed.
    pub suffices_for: Option<ReliabilityUse>,
    /// The items are copies of each other: fewer would do.
    pub items_are_copies: bool,
    /// Each item among the others.
    pub each: Vec<ItemReliabilityFigures>,
}

/// Why there is no omega.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "not_three_items")]
pub enum OmegaMissing {
    /// Only for three items does it follow from the answers by a formula; for more, a model has to be fitted.
    NotThreeItems,
    /// No common factor explains the three items.
    NoCommonFactor,
}

/// The figures of one item among the others of its scale.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ItemReliabilityFigures {
    /// Correlation with the sum of the other items.
    pub rest_correlation: Figure,
    /// Alpha of the others without it.
    pub alpha_without: Figure,
}

/// Puts the gates before the agreement of raters; `bias` is the change from the first rater to the second.
pub fn agreement_figures(
    found: &Agreement,
    bias: Option<&PairedEffect>,
    unit: Unit,
    respondents: Respondents,
) -> AgreementFigures {
    let n = found.n;
    let gate = thirty(n, respondents, Reason::NoCompleteRows);
    let figure = |coefficient| like_strangers(shown(gate, coefficient, n));
    let absolute = figure(found.absolute);
    let of_bias = |effect: &PairedEffect| {
        let change = effect.inference.and_then(|inference| {
            effect.change.map(|change| (change, Some(inference.ci95))).ok_or(Reason::NoCompletePairs)
        });
        like_strangers(gated(gate, change, unit, n).telling(effect.change).needing(AGREEMENT_SHOWN))
    };
    AgreementFigures {
        absolute,
        consistency: figure(found.consistency),
        absolute_of_mean: figure(found.absolute_of_mean),
        bias: bias.map(of_bias),
        bands: absolute.ci95().map(|ends| ends.map(AgreementBand::of)),
    }
}

/// The change of people counted as if independent, although each rater rated several of them.
pub fn unclustered_change(effect: &PairedEffect, unit: Unit, respondents: Respondents) -> Figure {
    like_strangers(paired_figures(effect, unit, respondents).change)
}

/// Puts the gates before an internal consistency: thirty complete forms, three items.
///
/// A negative alpha is published, but as undefined: it is a fault of the form, not a figure.
pub fn reliability_figures(found: &Reliability, unit: Unit, respondents: Respondents) -> ReliabilityFigures {
    let n = found.n;
    let items = (found.items < ALPHA_ITEMS).then_some((Reason::TooFewItems, found.items));
    let people = thirty(n, respondents, Reason::NoCompleteRows);
    let gate = people.filter(|(reason, _)| *reason == Reason::FewerThan5).or(items).or(people);
    let needed = if gate.is_some_and(|(reason, _)| reason == Reason::TooFewItems) {
        ALPHA_ITEMS
    } else {
        AGREEMENT_SHOWN
    };
    let negative = found.alpha.ok().map(|alpha| alpha.value).filter(|alpha| *alpha < 0.0);
    let usable = match negative {
        Some(_) => Err(Reason::CheckReverseScoredItems),
        None => found.alpha,
    };
    let alpha = like_strangers(shown(gate, usable, n).telling(negative).needing(needed));
    let standard_error = found.standard_error.map(|error| (error / found.items as f64, None));
    let standard_error = usable.and(standard_error.ok_or(Reason::NotFinite));
    let coefficient = |value: Option<f64>, missing: Reason| {
        let found = value.map(|value| Coefficient { value, ci95: None }).ok_or(missing);
        shown(gate, found, n).needing(needed)
    };
    let omega = match (found.items, gate, found.omega) {
        (OMEGA_ITEMS, None, None) => Err(OmegaMissing::NoCommonFactor),
        (OMEGA_ITEMS, _, omega) => Ok(coefficient(omega, Reason::NotFinite)),
        _ => Err(OmegaMissing::NotThreeItems),
    };
    let each = |item: &ItemReliability| ItemReliabilityFigures {
        rest_correlation: coefficient(item.rest_correlation, Reason::NoSpreadBetweenPeople),
        alpha_without: coefficient(item.alpha_without, Reason::NoSpreadBetweenPeople),
    };
    ReliabilityFigures {
        alpha,
        omega,
        each: found.each.iter().map(each).collect(),
        standard_error: gated(gate, standard_error, unit, n).needing(needed),
        suffices_for: alpha.ci95().map(|[lower, _]| ReliabilityUse::of(lower)),
        items_are_copies: alpha.status() == Status::Ok
            && alpha.value().is_some_and(|alpha| alpha > ALPHA_COPIES),
    }
}

/// An interval that counts people like strangers, though those of one class or one supervisor are more alike.
fn like_strangers(figure: Figure) -> Figure {
    figure.doubtful(figure.ci95().is_some())
}

fn thirty(n: usize, respondents: Respondents, nobody: Reason) -> Option<(Reason, usize)> {
    let reason = match n {
        n if hidden(n, respondents) => Some(Reason::FewerThan5),
        0 => Some(nobody),
        n => (n < AGREEMENT_SHOWN).then_some(Reason::FewerThanNeeded),
    };
    reason.map(|reason| (reason, n))
}

fn shown(gate: Option<(Reason, usize)>, found: Result<Coefficient, Reason>, n: usize) -> Figure {
    let found = found.map(|found| (found.value, found.ci95));
    gated(gate, found, Unit::Coefficient, n).needing(AGREEMENT_SHOWN)
}

#[cfg(test)]
mod tests {
    use super::super::super::{ItemSums, PairMoments, RatingTable, agreement, paired_from, reliability};
    use super::*;

    fn agree(n: usize, respondents: Respondents) -> AgreementFigures {
        let pairs: Vec<(f64, f64)> =
            (0..n).map(|i| ((i % 7) as f64 / 2.0, (i % 7) as f64 / 2.0 + (i % 3) as f64 / 5.0)).collect();
        let moments = PairMoments::of(&pairs);
        let found = agreement(&RatingTable::of_pairs(&moments));
        agreement_figures(&found, Some(&paired_from(&moments)), Unit::PointsOf5, respondents)
    }

    #[test]
    fn thirty_people_make_an_agreement() {
        let table = [
            (0, Respondents::Named, Some(Reason::NoCompleteRows), Some(0)),
            (4, Respondents::Named, Some(Reason::FewerThanNeeded), Some(4)),
            (4, Respondents::Anonymous, Some(Reason::FewerThan5), None),
            (29, Respondents::Named, Some(Reason::FewerThanNeeded), Some(29)),
            (30, Respondents::Named, None, Some(30)),
        ];
        for (n, respondents, reason, told) in table {
            let figures = agree(n, respondents);
            let bias = figures.bias.unwrap();
            for figure in [figures.absolute, figures.consistency, figures.absolute_of_mean, bias] {
                assert_eq!((figure.reason(), figure.n(), figure.n_needed()), (reason, told, Some(30)));
            }
            assert_eq!(figures.bands.is_some(), reason.is_none());
        }
        let open = agree(30, Respondents::Named);
        assert_eq!(open.bands, Some([AgreementBand::Moderate, AgreementBand::Excellent]), "{open:?}");
        assert_eq!(open.bias.map(|figure| figure.unit()), Some(Unit::PointsOf5));
    }

    #[test]
    fn intervals_that_know_nothing_of_classes_and_supervisors_are_called_too_narrow() {
        let open = agree(30, Respondents::Named);
        let alpha = |n| scale(n, |i| vec![i % 4, i % 4 + i % 3, i % 5], Respondents::Named).alpha;
        for figure in [open.absolute, open.consistency, open.bias.unwrap(), alpha(30)] {
            assert!(figure.ci95().is_some() && figure.probably_too_narrow(), "{figure:?}");
        }
        let closed = agree(29, Respondents::Named);
        assert!(!closed.absolute.probably_too_narrow() && !alpha(29).probably_too_narrow(), "no interval");
    }

    fn scale(n: usize, form: impl Fn(i64) -> Vec<i64>, respondents: Respondents) -> ReliabilityFigures {
        let forms: Vec<Vec<Option<i64>>> =
            (0..n as i64).map(|i| form(i).into_iter().map(Some).collect()).collect();
        let items = form(0).len();
        reliability_figures(&reliability(&ItemSums::of(items, &forms)), Unit::PointsOf5, respondents)
    }

    #[test]
    fn thirty_forms_of_three_items_make_a_reliability() {
        let form = |i: i64| vec![i % 4, i % 4 + i % 3, i % 5];
        let table = [
            (0, Respondents::Named, Some(Reason::NoCompleteRows)),
            (4, Respondents::Anonymous, Some(Reason::FewerThan5)),
            (29, Respondents::Named, Some(Reason::FewerThanNeeded)),
            (30, Respondents::Named, None),
        ];
        for (n, respondents, reason) in table {
            let figures = scale(n, form, respondents);
            assert_eq!((figures.alpha.reason(), figures.alpha.n_needed()), (reason, Some(30)));
            assert_eq!(
                (figures.standard_error.reason(), figures.suffices_for.is_some()),
                (reason, reason.is_none())
            );
        }
        let two = scale(40, |i| vec![i % 4, i % 4 + i % 3], Respondents::Named).alpha;
        assert_eq!((two.reason(), two.n(), two.n_needed()), (Some(Reason::TooFewItems), Some(2), Some(3)));
    }

    #[test]
    fn negative_alpha_is_told_as_a_fault_of_the_form() {
        let figures = scale(30, |i| vec![i % 4, 5 - i % 4, i % 5], Respondents::Named);
        assert_eq!(figures.alpha.reason(), Some(Reason::CheckReverseScoredItems));
        assert_eq!((figures.alpha.status(), figures.alpha.ci95()), (Status::Undefined, None));
        assert!(figures.alpha.value().is_some_and(|alpha| alpha < 0.0));
        assert_eq!(figures.standard_error.value(), None);
        let few = scale(29, |i| vec![i % 4, 5 - i % 4, i % 5], Respondents::Named);
        assert_eq!(few.alpha.value(), None, "a closed earlier gate hides it");
    }

    #[test]
    fn omega_and_single_items_pass_the_same_gates() {
        let form = |i: i64| vec![i % 4, i % 4 + i % 3, i % 4 + i % 5];
        let open = scale(30, form, Respondents::Named);
        assert_eq!(open.omega.map(|omega| omega.status()), Ok(Status::Ok));
        assert!(open.each.iter().all(|item| item.alpha_without.value().is_some()));
        let few = scale(29, form, Respondents::Named);
        assert_eq!(few.omega.map(|omega| omega.reason()), Ok(Some(Reason::FewerThanNeeded)));
        assert!(few.each.iter().all(|item| item.rest_correlation.value().is_none()));
        let four = scale(30, |i| vec![i % 4, i % 4, i % 3, i % 5], Respondents::Named);
        assert_eq!(four.omega, Err(OmegaMissing::NotThreeItems));
        let apart = scale(30, |i| vec![i % 4, i % 4, 5 - i % 4 + i % 2], Respondents::Named);
        assert_eq!(apart.omega, Err(OmegaMissing::NoCommonFactor));
        let constant = scale(30, |i| vec![3, i % 4, i % 4 + i % 3], Respondents::Named);
        assert_eq!(constant.each[0].rest_correlation.reason(), Some(Reason::NoSpreadBetweenPeople));
    }

    #[test]
    fn copies_are_called_so() {
        let copies = scale(30, |i| vec![i % 4, i % 4, i % 4 + i64::from(i == 7)], Respondents::Named);
        assert!(copies.items_are_copies && copies.suffices_for == Some(ReliabilityUse::Persons));
    }
}
