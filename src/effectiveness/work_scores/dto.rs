use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

use super::model::{WorkScoreWarning, WorkScores};
use super::sentence::in_words;
use crate::effectiveness::measures::quarter_end;
use crate::effectiveness::report::{SentenceDto, SubjectDto};
use crate::effectiveness::score_panels::{Cohort, LeftOut};
use crate::http::list_query;
use crate::i18n::Locale;
use statistics::{EventEffect, MeanAfter, Sensitivity};

list_query! {
    /// Which courses.
    WorkScoresQuery {
        /// Only this course (UUID). The page is empty when nobody was trained in it in quarters with scores.
        course_id: Uuid,
    }
}

/// Which picture.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct WorkScorePictureQuery {
    /// Course that the picture is about (UUID). Default: the whole ministry.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub course_id: Option<Uuid>,
}

/// Development of the official work scores before and after a course.
#[derive(Debug, Serialize, ToSchema)]
pub struct WorkScoresDto {
    /// The course that the row is about; null for the whole ministry, where people count as trained once they
    /// have completed any course.
    #[schema(required)]
    pub course: Option<SubjectDto>,
    /// First day of the first quarter examined (ISO 8601 date).
    #[schema(example = "2026-01-01")]
    pub from: NaiveDate,
    /// Last day of the last quarter examined (ISO 8601 date).
    #[schema(example = "2026-09-30")]
    pub to: NaiveDate,
    /// Number of quarters examined, 1 to 8.
    #[schema(minimum = 1, maximum = 8, example = 3)]
    pub quarters: usize,
    /// Day on which the scores were added up (ISO 8601 date). What was known on it counts until the next
    /// quarter is sealed.
    #[schema(example = "2026-10-11")]
    pub sealed_on: NaiveDate,
    /// Edition of the method by which the report was computed.
    #[schema(example = "4")]
    pub method_version: String,
    /// Groups of trained people, by the quarter in which the first offering of the course that they completed
    /// began.
    pub groups: Vec<WorkScoreGroupDto>,
    /// Groups of fewer than five trained people. They are left out of every figure.
    pub left_out: Vec<WorkScoreGroupDto>,
    /// Number of people not trained by the end of the last quarter; 0 also when there are fewer than five.
    #[schema(minimum = 0, example = 412)]
    pub untrained: i64,
    /// Number of people trained in the first quarter examined or before. They have no earlier scores to
    /// compare with, and are not untrained either.
    #[schema(minimum = 0, example = 37)]
    pub trained_earlier: i64,
    /// Number of people who attended and did not complete, or not yet. They count neither as trained nor as
    /// untrained.
    #[schema(minimum = 0, example = 2)]
    pub incomplete: i64,
    /// Effect in each quarter before and after the course, in order of time. The quarter directly before the
    /// course (-1) is missing, as its effect is 0 by definition. The effects before the course should be near
    /// 0.
    pub effects: Vec<WorkScoreEffectDto>,
    /// Mean of the effects from the quarter of the course on; null when there are too few people.
    #[schema(required)]
    pub after: Option<WorkScoreMeanDto>,
    /// How much the trends of trained and untrained people may have differed before the mean can no longer be
    /// distinguished from 0; null when no quarter before the course is left to judge by.
    #[schema(required)]
    pub sensitivity: Option<WorkScoreSensitivityDto>,
    /// Warnings to consider before drawing conclusions; empty when there are none.
    #[schema(example = json!(["few_quarters", "regime_change"]))]
    pub warnings: Vec<WorkScoreWarning>,
    /// Mean after the course and how certain it is, in words.
    pub sentence: SentenceDto,
}

/// Group of people who were first trained in the same quarter.
#[derive(Debug, Serialize, ToSchema)]
pub struct WorkScoreGroupDto {
    /// First day of the quarter (ISO 8601 date).
    #[schema(example = "2026-04-01")]
    pub quarter: NaiveDate,
    /// Number of people in the group.
    #[schema(minimum = 1, example = 24)]
    pub people: i64,
}

/// Effect in one quarter relative to the course, points of 100.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"event_time": 1, "value": 1.84, "standard_error": 0.51, "ci95": [0.82, 2.86],
    "trained": 46, "comparison": 412, "groups": 2}))]
pub struct WorkScoreEffectDto {
    /// Number of quarters since the one in which people were first trained, -4 to 3; 0 is that quarter.
    #[schema(minimum = -4, maximum = 3)]
    pub event_time: i32,
    /// Change of the trained people's scores since the quarter before the course, minus that of people not
    /// yet trained, points of 100.
    pub value: f64,
    /// Standard error of the value, points of 100.
    pub standard_error: f64,
    /// Lower and upper end of the 95 % interval of this value alone; null when the scores show no spread.
    #[schema(required)]
    pub ci95: Option<[f64; 2]>,
    /// Number of trained people that the value is computed from, 10 or more.
    #[schema(minimum = 10)]
    pub trained: i64,
    /// Number of different people with whom the trained are compared, 10 or more.
    #[schema(minimum = 10)]
    pub comparison: i64,
    /// Number of groups to which the trained people belong; not every group has scores for every quarter.
    #[schema(minimum = 1)]
    pub groups: usize,
}

/// Mean of the effects after the course, points of 100.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"value": 1.62, "standard_error": 0.44, "ci95": [0.74, 2.5], "quarters": 2, "trained": 24,
    "comparison": 412}))]
pub struct WorkScoreMeanDto {
    /// Mean of the effects from the quarter of the course on, points of 100.
    pub value: f64,
    /// Standard error of the mean, points of 100.
    pub standard_error: f64,
    /// Lower and upper end of the 95 % interval of the mean; null when the scores show no spread.
    #[schema(required)]
    pub ci95: Option<[f64; 2]>,
    /// Number of quarters averaged, 1 to 4, from that of the course on.
    #[schema(minimum = 1, maximum = 4)]
    pub quarters: usize,
    /// Smallest number of trained people in any of these quarters, 10 or more.
    #[schema(minimum = 10)]
    pub trained: i64,
    /// Smallest number of people to compare with in any of these quarters, 10 or more.
    #[schema(minimum = 10)]
    pub comparison: i64,
}

/// How large a difference in trend between trained and untrained people the mean after the course withstands.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"breakdown": 0.41, "largest_trend": 0.22, "largest_trend_upper": 1.13, "trends": 1}))]
pub struct WorkScoreSensitivityDto {
    /// How many times larger than `largest_trend_upper` the difference in trend of each quarter after the
    /// course may be before the mean can no longer be distinguished from 0. With 0 it cannot be distinguished
    /// even if both groups had the same trend.
    #[schema(minimum = 0)]
    pub breakdown: f64,
    /// Largest difference in trend in any quarter before the course, as estimated; points of 100, without its
    /// sign.
    #[schema(minimum = 0)]
    pub largest_trend: f64,
    /// Largest difference in trend before the course that the scores allow, the upper end of its interval;
    /// points of 100.
    #[schema(minimum = 0)]
    pub largest_trend_upper: f64,
    /// Number of differences in trend before the course that were estimated, 1 to 4.
    #[schema(minimum = 1, maximum = 4)]
    pub trends: usize,
}

impl From<WorkScores> for WorkScoresDto {
    fn from(scores: WorkScores) -> Self {
        let sentence = SentenceDto { vi: in_words(Locale::Vi, &scores), en: in_words(Locale::En, &scores) };
        let WorkScores { panel, study, warnings } = scores;
        let [from, last] = panel.quarters;
        let quarters = panel.length();
        Self {
            course: panel.course.map(|of| SubjectDto {
                id: Some(of.id),
                code: Some(of.code),
                name: of.title,
            }),
            from,
            to: quarter_end(last),
            quarters,
            sealed_on: panel.sealed_on,
            method_version: panel.method_version,
            groups: panel.cohorts.trained.iter().map(WorkScoreGroupDto::from).collect(),
            left_out: panel.cohorts.left_out.iter().map(WorkScoreGroupDto::from).collect(),
            untrained: panel.cohorts.untrained.n,
            trained_earlier: panel.cohorts.earlier,
            incomplete: panel.cohorts.incomplete,
            effects: study.effects.iter().map(WorkScoreEffectDto::from).collect(),
            after: study.after.map(WorkScoreMeanDto::from),
            sensitivity: study.sensitivity.map(WorkScoreSensitivityDto::from),
            warnings,
            sentence,
        }
    }
}

impl From<&Cohort> for WorkScoreGroupDto {
    fn from(cohort: &Cohort) -> Self {
        Self { quarter: cohort.quarter, people: cohort.scores.n }
    }
}

impl From<&LeftOut> for WorkScoreGroupDto {
    fn from(few: &LeftOut) -> Self {
        Self { quarter: few.quarter, people: few.people }
    }
}

impl From<&EventEffect> for WorkScoreEffectDto {
    fn from(effect: &EventEffect) -> Self {
        Self {
            event_time: effect.event,
            value: effect.value,
            standard_error: effect.standard_error,
            ci95: effect.ci95,
            trained: effect.trained,
            comparison: effect.comparison,
            groups: effect.groups,
        }
    }
}

impl From<MeanAfter> for WorkScoreMeanDto {
    fn from(after: MeanAfter) -> Self {
        Self {
            value: after.value,
            standard_error: after.standard_error,
            ci95: after.ci95,
            quarters: after.quarters,
            trained: after.trained,
            comparison: after.comparison,
        }
    }
}

impl From<Sensitivity> for WorkScoreSensitivityDto {
    fn from(found: Sensitivity) -> Self {
        Self {
            breakdown: found.breakdown,
            largest_trend: found.largest_trend,
            largest_trend_upper: found.largest_trend_upper,
            trends: found.trends,
        }
    }
}
