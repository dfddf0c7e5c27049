//! Level 3, the headline: behaviour at work, rated by the supervisor.

use serde::Serialize;
use utoipa::ToSchema;

use super::sample::Sample;
use crate::evaluation::statistics::thresholds::{
    LECTURER_OFFERINGS, LECTURER_PAIRS, PAIRS_SHOWN, RATERS_INDEPENDENT,
};
use crate::evaluation::statistics::{
    Evidence, EvidenceReason, Figure, PairedFigures, Reason, Respondents, Unit, Verdict, difference_figures,
    difference_in_differences, evidence_grade, evidence_reasons, headline_verdict, paired, paired_figures,
    settled, with_lost_unchanged,
};

/// Which figure the verdict, the effect size and the sentence rest on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "difference")]
pub enum Headline {
    /// The change of the trained minus that of the comparison group.
    Difference,
    /// The change of the trained alone, as there is no comparison group of ten.
    Change,
}

/// How many pairs a subject's figures need.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Floor {
    /// Ten pairs.
    Standard,
    /// Thirty pairs from three offerings: a lecturer is one of many causes.
    Lecturer,
}

impl Floor {
    /// Whether a lecturer's people are too few.
    pub fn refuses(self, pairs: usize, offerings: usize) -> bool {
        self == Floor::Lecturer && (pairs < LECTURER_PAIRS || offerings < LECTURER_OFFERINGS)
    }
}

/// Before, after, and against the comparison group, in some unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Comparison {
    pub before: Figure,
    pub after: Figure,
    pub change: Figure,
    pub comparison_change: Figure,
    pub difference: Figure,
    pub effect_size: Figure,
    pub headline: Headline,
}

/// Level 3 of one subject.
#[derive(Debug, Clone, PartialEq)]
pub struct Behaviour {
    pub figures: Comparison,
    /// The headline without the pairs whose rater changed.
    pub same_rater: Figure,
    pub verdict: Option<Verdict>,
    pub evidence: Evidence,
    pub reasons: Vec<EvidenceReason>,
}

/// Something that could mislead the reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "few_raters")]
pub enum Warning {
    /// Most were nominated for a weakness and there is no comparison group: they would have risen untaught.
    RegressionToMean,
    /// More than 30 % of the pairs were rated by two different people; see `same_rater`.
    RaterChanged,
    /// Those who were rated again differed from those who were not.
    Attrition,
    /// More than half of the official scores were at the ceiling before the course and could not rise.
    Ceiling,
    /// Some people were rated before and after on different forms or under different regimes; they are left out.
    InstrumentChanged,
    /// Fewer than ten people rated: the interval is probably too narrow.
    FewRaters,
    /// The pairs come from fewer than the three offerings that a lecturer's figures need.
    FewOfferings,
}

impl Comparison {
    /// Compare two groups, or say why not.
    pub fn of(
        trained: &[(f64, f64)],
        comparison: &[(f64, f64)],
        unit: Unit,
        instrument_changed: usize,
        too_few: bool,
    ) -> Self {
        let n = trained.len();
        if n == 0 && instrument_changed > 0 {
            let closed = |unit| Figure::closed(Reason::InstrumentChanged, unit, instrument_changed);
            return Self::closed(
                closed(unit).needing(PAIRS_SHOWN),
                closed(Unit::Standardised).needing(PAIRS_SHOWN),
            );
        }
        if too_few {
            let closed = |unit| Figure::closed(Reason::FewerThanNeeded, unit, n).needing(LECTURER_PAIRS);
            return Self::closed(closed(unit), closed(Unit::Standardised));
        }
        let PairedFigures { before, after, change, effect_size } =
            paired_figures(&paired(trained), unit, Respondents::Named);
        let between =
            difference_figures(&difference_in_differences(trained, comparison), unit, Respondents::Named);
        let compared = n >= PAIRS_SHOWN && comparison.len() >= PAIRS_SHOWN;
        Self {
            before,
            after,
            change,
            comparison_change: comparison_change(comparison, unit),
            difference: between.difference,
            effect_size: if compared { between.effect_size } else { effect_size },
            headline: if compared { Headline::Difference } else { Headline::Change },
        }
    }

    fn closed(figure: Figure, effect_size: Figure) -> Self {
        Self {
            before: figure,
            after: figure,
            change: figure,
            comparison_change: figure,
            difference: figure,
            effect_size,
            headline: Headline::Change,
        }
    }

    /// The figure that decides.
    pub fn decisive(&self) -> Figure {
        match self.headline {
            Headline::Difference => self.difference,
            Headline::Change => self.change,
        }
    }
}

fn comparison_change(comparison: &[(f64, f64)], unit: Unit) -> Figure {
    if comparison.is_empty() {
        Figure::closed(Reason::NoComparisonGroup, unit, 0).needing(PAIRS_SHOWN)
    } else {
        paired_figures(&paired(comparison), unit, Respondents::Named).change
    }
}

impl Behaviour {
    /// Measure a sample; `smallest_change` in points of 5.
    pub fn of(sample: &Sample, smallest_change: f64, floor: Floor) -> Self {
        let evidence = evidence_grade(&sample.evidence);
        let mut figures = compare(sample, &sample.trained, floor);
        (figures.change, figures.difference) =
            (asked(figures.change, sample, evidence), asked(figures.difference, sample, evidence));
        // The verdict must survive the assumption that the course did nothing for those who were not rated again.
        let bounded = compare(sample, &with_lost_unchanged(&sample.trained, &sample.lost), floor);
        let word = |figure: &Figure| headline_verdict(figure, smallest_change, &evidence);
        let verdict = word(&figures.decisive())
            .map(|observed| settled(observed, word(&bounded.decisive()).unwrap_or(Verdict::CannotTellYet)));
        let same_rater = compare(sample, &sample.same_rater, floor).decisive();
        Self {
            same_rater: asked(same_rater, sample, evidence),
            figures,
            verdict,
            reasons: evidence_reasons(&sample.evidence),
            evidence,
        }
    }
}

/// The headline alone.
pub fn headline(sample: &Sample, floor: Floor) -> Figure {
    let figure = compare(sample, &sample.trained, floor).decisive();
    asked(figure, sample, evidence_grade(&sample.evidence))
}

fn compare(sample: &Sample, trained: &[(f64, f64)], floor: Floor) -> Comparison {
    let too_few = floor.refuses(trained.len(), sample.offerings);
    // Other forms are the reason only where nobody at all has a pair.
    let instrument_changed = if sample.trained.is_empty() { sample.instrument_changed } else { 0 };
    Comparison::of(trained, &sample.comparison, Unit::PointsOf5, instrument_changed, too_few)
}

fn asked(figure: Figure, sample: &Sample, evidence: Evidence) -> Figure {
    figure.invited(sample.flow.follow_up_due).graded(evidence.grade)
}

/// What could mislead the reader of level 3; `floor` as in [`Behaviour::of`].
pub fn warnings(sample: &Sample, reasons: &[EvidenceReason], floor: Floor) -> Vec<Warning> {
    let has = |reason| reasons.contains(&reason);
    let few_offerings = floor == Floor::Lecturer && sample.offerings < LECTURER_OFFERINGS;
    [
        (has(EvidenceReason::WeaknessMajority), Warning::RegressionToMean),
        (has(EvidenceReason::RaterChanged), Warning::RaterChanged),
        (has(EvidenceReason::Attrition), Warning::Attrition),
        (sample.instrument_changed > 0, Warning::InstrumentChanged),
        (!sample.trained.is_empty() && sample.raters < RATERS_INDEPENDENT, Warning::FewRaters),
        (few_offerings, Warning::FewOfferings),
    ]
    .into_iter()
    .filter_map(|(applies, warning)| applies.then_some(warning))
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluation::statistics::{Grade, Status};

    fn sample(trained: &[(f64, f64)], comparison: &[(f64, f64)], lost: &[f64]) -> Sample {
        let mut sample = Sample {
            trained: trained.to_vec(),
            same_rater: trained.to_vec(),
            comparison: comparison.to_vec(),
            lost: lost.to_vec(),
            offerings: 3,
            ..Sample::default()
        };
        sample.evidence.supervisor_pairs = trained.len();
        sample.evidence.comparison_pairs = comparison.len();
        sample.evidence.follow_ups_due = trained.len() + lost.len();
        sample.evidence.follow_ups_answered = trained.len();
        sample
    }

    fn rising(n: usize, by: f64) -> Vec<(f64, f64)> {
        (0..n).map(|i| (3.0, 3.0 + by + if i % 2 == 0 { 0.1 } else { -0.1 })).collect()
    }

    #[test]
    fn a_comparison_group_of_ten_takes_over_the_headline() {
        let found = |others: &[(f64, f64)]| {
            Behaviour::of(&sample(&rising(12, 0.6), others, &[]), 0.25, Floor::Standard)
        };
        let alone = found(&rising(9, 0.6));
        assert_eq!((alone.figures.headline, alone.evidence.grade), (Headline::Change, Grade::B));
        assert_eq!(alone.verdict, Some(Verdict::ClearImprovement));
        let compared = found(&rising(10, 0.6));
        assert_eq!((compared.figures.headline, compared.evidence.grade), (Headline::Difference, Grade::A));
        assert_eq!(compared.verdict, Some(Verdict::PracticallyNoChange));
    }

    #[test]
    fn the_lost_can_unsettle_a_verdict() {
        let trained = rising(12, 0.4);
        let verdict =
            |lost: &[f64]| Behaviour::of(&sample(&trained, &[], lost), 0.25, Floor::Standard).verdict;
        assert_eq!(verdict(&[]), Some(Verdict::ClearImprovement));
        assert_eq!(verdict(&[3.0; 6]), Some(Verdict::CannotTellYet));
        assert_eq!(verdict(&[3.0; 20]), None, "under 40 % came back");
    }

    #[test]
    fn a_lecturer_needs_thirty_pairs_from_three_offerings() {
        let closed = |pairs, offerings| {
            let mut sample = sample(&rising(pairs, 0.4), &[], &[]);
            sample.offerings = offerings;
            let change = Behaviour::of(&sample, 0.25, Floor::Lecturer).figures.change;
            (change.status(), change.n_needed())
        };
        assert_eq!(closed(30, 3), (Status::Ok, Some(10)));
        assert_eq!(closed(29, 3), (Status::InsufficientData, Some(30)));
        assert_eq!(closed(30, 2), (Status::InsufficientData, Some(30)));
    }

    #[test]
    fn people_rated_on_other_forms_only_are_undefined() {
        let mut sample = sample(&[], &[], &[]);
        sample.instrument_changed = 4;
        let figure = Behaviour::of(&sample, 0.25, Floor::Standard).figures.change;
        assert_eq!(figure.reason(), Some(Reason::InstrumentChanged));
    }
}
