//! What could mislead the reader of level 3.

use serde::Serialize;
use utoipa::ToSchema;

use super::behaviour::{Behaviour, Floor};
use super::sums::OfferingSums;
use statistics::EvidenceReason;

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
    /// Fewer than ten supervisors rated, or fewer than five one of the groups: the interval is probably too narrow.
    FewRaters,
    /// Before the course, both groups were more than 0.25 standard deviations apart; see `baselines`.
    BaselinesDiffer,
    /// The pairs come from fewer than the three offerings that a lecturer's figures need.
    FewOfferings,
    /// The difference of the changes and the comparison at equal baselines do not say the same.
    DependsOnMethod,
    /// The form or the smallest change is not what was registered when the offering began, or it was registered after its
    /// first session.
    NotAsRegistered,
}

/// What could mislead the reader of these figures; `sums` and `floor` as in [`Behaviour::of`].
pub fn warnings(sums: &OfferingSums, behaviour: &Behaviour, floor: Floor) -> Vec<Warning> {
    let has = |reason| behaviour.reasons.contains(&reason);
    [
        (has(EvidenceReason::WeaknessMajority), Warning::RegressionToMean),
        (has(EvidenceReason::RaterChanged), Warning::RaterChanged),
        (has(EvidenceReason::Attrition), Warning::Attrition),
        (sums.flow.instrument_changed > 0, Warning::InstrumentChanged),
        (behaviour.figures.decisive().probably_too_narrow(), Warning::FewRaters),
        (has(EvidenceReason::BaselinesDiffer), Warning::BaselinesDiffer),
        (floor.refuses(sums.flow.offerings), Warning::FewOfferings),
        (behaviour.depends_on_method, Warning::DependsOnMethod),
    ]
    .into_iter()
    .filter_map(|(applies, warning)| applies.then_some(warning))
    .collect()
}
