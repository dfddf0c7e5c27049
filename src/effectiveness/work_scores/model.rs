use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::effectiveness::score_panels::{QUARTERS, ScorePanel};
use statistics::thresholds::PAIRS_SHOWN;
use statistics::{EventStudy, Least};

/// From how many people on anything is estimated: trained people at an event time, and people that each group of them is
/// compared with.
pub const LEAST: Least = Least { trained: PAIRS_SHOWN as i64, comparison: PAIRS_SHOWN as i64 };

/// Warning to consider before drawing conclusions: too few people in some quarters or groups (`few_people`),
/// scores of fewer than eight quarters (`few_quarters`), or earlier quarters left out because they were rated
/// by other rules (`regime_change`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "few_quarters")]
pub enum WorkScoreWarning {
    /// People of some quarters, or some quarters before or after the course, are left out because there are too few people.
    FewPeople,
    /// There are scores of fewer than eight quarters.
    FewQuarters,
    /// Earlier quarters were rated by other rules and are left out: scores of different rules are never compared.
    RegimeChange,
}

/// What became of the scores around a course, or around any.
#[derive(Debug, Clone)]
pub struct WorkScores {
    /// What was added up.
    pub panel: ScorePanel,
    /// What it says.
    pub study: EventStudy,
    /// What to know before.
    pub warnings: Vec<WorkScoreWarning>,
}

impl WorkScores {
    /// Everything that follows from what was added up.
    pub fn of(panel: ScorePanel) -> Self {
        let study = panel.study(LEAST);
        let shows_nothing = study.effects.is_empty() && study.trends_before.is_empty();
        let few_people = !panel.cohorts.left_out.is_empty() || study.dropped > 0 || shows_nothing;
        let few_quarters = panel.length() < QUARTERS as usize;
        let warnings = [
            (few_people, WorkScoreWarning::FewPeople),
            (few_quarters, WorkScoreWarning::FewQuarters),
            (panel.regime_change, WorkScoreWarning::RegimeChange),
        ];
        let warnings = warnings.into_iter().filter_map(|(holds, warning)| holds.then_some(warning)).collect();
        Self { panel, study, warnings }
    }
}
