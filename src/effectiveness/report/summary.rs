//! The compact form of a report: the sentence and what it rests on, for lists of many courses.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::dto::{EffectivenessDto, SubjectDto, WorkScoreDto};
use super::model::Detail;
use super::sentence_dto::SentenceDto;
use crate::effectiveness::measures::behaviour::Headline;
use crate::effectiveness::measures::warnings::Warning;
use statistics::{Figure, Grade, Verdict};

/// A row of a report: whole, or with `detail=summary` the compact form.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
#[expect(
    clippy::large_enum_variant,
    reason = "rows are made, written and gone; no list of both kinds is kept"
)]
pub enum EffectivenessRow {
    /// Whole.
    Full(Box<EffectivenessDto>),
    /// Compact.
    Summary(EffectivenessSummaryDto),
}

/// Whether work got better after the courses of one subject, in short.
#[derive(Debug, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EffectivenessSummaryDto {
    /// What the row is about.
    pub subject: SubjectDto,
    /// Only what was known at the end of this day counts.
    #[schema(example = "2026-11-23")]
    pub as_of: NaiveDate,
    /// Behaviour at work in one sentence.
    pub sentence: SentenceDto,
    /// Which figure is the headline: the difference from untrained colleagues, or the change alone.
    pub headline: Headline,
    /// The headline figure, points of 5.
    pub figure: Figure,
    /// The headline in a word; null while there is none.
    #[schema(required)]
    pub verdict: Option<Verdict>,
    /// Evidence grade, A to D.
    pub grade: Grade,
    /// People rated before and after on the same form.
    #[schema(example = 12)]
    pub pairs_used: usize,
    /// Level 4: the official work score in short.
    pub work_score: WorkScoreSummaryDto,
    /// What could mislead.
    pub warnings: Vec<Warning>,
}

/// The official work score in short, apart from behaviour.
#[derive(Debug, Serialize, ToSchema)]
pub struct WorkScoreSummaryDto {
    /// The official score in one sentence.
    pub sentence: SentenceDto,
    /// Which figure is to be read: the difference from untrained colleagues, or the change alone.
    pub headline: Headline,
    /// That figure, points of 100.
    pub figure: Figure,
}

impl EffectivenessRow {
    /// As much of a report as is asked for.
    pub fn of(report: EffectivenessDto, detail: Detail) -> Self {
        match detail {
            Detail::Full => Self::Full(Box::new(report)),
            Detail::Summary => Self::Summary(report.into()),
        }
    }
}

impl From<EffectivenessDto> for EffectivenessSummaryDto {
    fn from(report: EffectivenessDto) -> Self {
        let behaviour = report.behaviour;
        Self {
            subject: report.subject,
            as_of: report.as_of,
            sentence: report.sentence,
            headline: behaviour.headline,
            figure: headline(behaviour.headline, behaviour.difference, behaviour.change),
            verdict: behaviour.verdict,
            grade: report.evidence.grade,
            pairs_used: report.follow_up.pairs_used,
            work_score: report.work_score.into(),
            warnings: report.warnings,
        }
    }
}

impl From<WorkScoreDto> for WorkScoreSummaryDto {
    fn from(score: WorkScoreDto) -> Self {
        Self {
            headline: score.headline,
            figure: headline(score.headline, score.difference, score.change),
            sentence: score.sentence,
        }
    }
}

fn headline(which: Headline, difference: Figure, change: Figure) -> Figure {
    match which {
        Headline::Difference => difference,
        Headline::Change => change,
    }
}
