use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

use super::super::effectiveness::{SentenceDto, SubjectDto};
use super::model::{WorkScoreWarning, WorkScores};
use super::sentence::in_words;
use crate::evaluation::effectiveness::quarter_end;
use crate::evaluation::score_panels::{Cohort, LeftOut};
use crate::evaluation::statistics::{EventEffect, MeanAfter, Sensitivity};
use crate::http::list_query;
use crate::i18n::Locale;

list_query! {
    /// Which courses.
    WorkScoresQuery {
        /// Only this course; nothing comes back where nobody was trained in it in quarters with scores.
        course_id: Uuid,
    }
}

/// Which picture.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct WorkScorePictureQuery {
    /// Of this course; of the whole ministry without it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub course_id: Option<Uuid>,
}

/// What became of official work scores around a course.
#[derive(Debug, Serialize, ToSchema)]
pub struct WorkScoresDto {
    /// The course; null for the whole ministry, where people count as trained once they have completed any course.
    #[schema(required)]
    pub course: Option<SubjectDto>,
    /// First day of the first quarter that is looked at.
    #[schema(example = "2026-01-01")]
    pub from: NaiveDate,
    /// Last day of the last.
    #[schema(example = "2026-09-30")]
    pub to: NaiveDate,
    /// How many quarters these are, eight at most.
    #[schema(minimum = 1, maximum = 8, example = 3)]
    pub quarters: usize,
    /// The day on which the scores were added up: what was known on it counts, until the next quarter is sealed.
    #[schema(example = "2026-10-11")]
    pub sealed_on: NaiveDate,
    /// Edition of the method.
    #[schema(example = "4")]
    pub method_version: String,
    /// Those trained, by the quarter in which their first completed offering of the course began.
    pub groups: Vec<WorkScoreGroupDto>,
    /// People trained in quarters with fewer than five of them: they enter no figure.
    pub left_out: Vec<WorkScoreGroupDto>,
    /// People not trained by the end of the last quarter; 0 also for fewer than five.
    #[schema(minimum = 0, example = 412)]
    pub untrained: i64,
    /// People trained in the first of the quarters or before: there is nothing to compare them with, and they are not
    /// untrained either.
    #[schema(minimum = 0, example = 37)]
    pub trained_earlier: i64,
    /// People who attended without completing (yet): neither trained nor untrained.
    #[schema(minimum = 0, example = 2)]
    pub incomplete: i64,
    /// The effect in each quarter before and after the course, in order; that of the quarter before the course (-1) is zero
    /// by definition and not among them. Those before the course should be near zero.
    pub effects: Vec<WorkScoreEffectDto>,
    /// The mean of the effects from the quarter of the course on; null with too few people.
    #[schema(required)]
    pub after: Option<WorkScoreMeanDto>,
    /// How far from each other both groups may have moved; null without a quarter before the course to see how they did.
    #[schema(required)]
    pub sensitivity: Option<WorkScoreSensitivityDto>,
    /// What to know before concluding anything.
    #[schema(example = json!(["few_quarters", "regime_change"]))]
    pub warnings: Vec<WorkScoreWarning>,
    /// The mean after the course and how sure it is, in words.
    pub sentence: SentenceDto,
}

/// People first trained in a quarter.
#[derive(Debug, Serialize, ToSchema)]
pub struct WorkScoreGroupDto {
    /// First day of the quarter.
    #[schema(example = "2026-04-01")]
    pub quarter: NaiveDate,
    /// People.
    #[schema(minimum = 1, example = 24)]
    pub people: i64,
}

/// The effect at an event time, points of 100.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"event_time": 1, "value": 1.84, "standard_error": 0.51, "ci95": [0.82, 2.86],
    "trained": 46, "comparison": 412, "groups": 2}))]
pub struct WorkScoreEffectDto {
    /// Quarters since the one in which people were first trained, -4 to 3: 0 is that quarter.
    #[schema(minimum = -4, maximum = 3)]
    pub event_time: i32,
    /// By how many points more the trained changed, since the quarter before the course, than those not yet trained.
    pub value: f64,
    /// Its standard error.
    pub standard_error: f64,
    /// The 95 % interval of this value alone; null where nobody's score differs from the others'.
    #[schema(required)]
    pub ci95: Option<[f64; 2]>,
    /// Trained people it is of.
    #[schema(minimum = 10)]
    pub trained: i64,
    /// Different people they are compared with.
    #[schema(minimum = 10)]
    pub comparison: i64,
    /// Groups the trained are from; not every group has every event time.
    #[schema(minimum = 1)]
    pub groups: usize,
}

/// The mean of the effects after the course, points of 100.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"value": 1.62, "standard_error": 0.44, "ci95": [0.74, 2.5], "quarters": 2, "trained": 24,
    "comparison": 412}))]
pub struct WorkScoreMeanDto {
    /// The mean.
    pub value: f64,
    /// Its standard error.
    pub standard_error: f64,
    /// Its 95 % interval; null where nobody's score differs from the others'.
    #[schema(required)]
    pub ci95: Option<[f64; 2]>,
    /// Over how many quarters, from that of the course on.
    #[schema(minimum = 1, maximum = 4)]
    pub quarters: usize,
    /// Trained people in the quarter with the fewest.
    #[schema(minimum = 10)]
    pub trained: i64,
    /// People of the comparison in the quarter with the fewest.
    #[schema(minimum = 10)]
    pub comparison: i64,
}

/// How large a violation of equal trends the mean after the course withstands.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"breakdown": 0.41, "largest_trend": 0.22, "largest_trend_upper": 1.13, "trends": 1}))]
pub struct WorkScoreSensitivityDto {
    /// How many times larger than `largest_trend_upper` the difference in trend of each quarter after the course may be
    /// until the mean can no longer be distinguished from zero. 0: it cannot even if both groups would have moved alike.
    #[schema(minimum = 0)]
    pub breakdown: f64,
    /// The largest difference in trend of a quarter before the course, as estimated; points of 100, without its sign.
    #[schema(minimum = 0)]
    pub largest_trend: f64,
    /// The largest that the scores allow: the upper end of its interval.
    #[schema(minimum = 0)]
    pub largest_trend_upper: f64,
    /// How many differences in trend before the course there are.
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
