use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use super::model::{BatchRow, PeriodKind, Rating, RatingClass, RatingRegime};
use crate::http::list_query;

list_query! {
    /// Filters of the rating list.
    RatingsQuery {
        /// Only ratings of this employee (UUID).
        employee_id: Uuid,
        /// Only ratings of employees of this unit (UUID) and of all units below it.
        unit_id: Uuid,
        /// Only ratings for periods of this kind: month, quarter or year.
        period_kind: PeriodKind,
        /// Only ratings whose period begins on this day or later (ISO 8601 date).
        from: NaiveDate,
        /// Only ratings whose period ends on this day or earlier (ISO 8601 date).
        to: NaiveDate,
        /// `true` includes revisions that a correction replaced; by default only current revisions are
        /// listed.
        history: bool,
    }
}

/// One performance rating of a batch.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RatingBatchItem {
    /// Code of the rated employee in the HR portal, at most 50 characters.
    #[schema(max_length = 50)]
    pub employee_code: String,
    /// Regulation under which the rating was made: `decree_90_2020` for years from 2020, `decree_335_2025`
    /// for periods from 2026, `unit_regulation` for a regulation of the unit.
    pub regime: RatingRegime,
    /// Kind of rating period: month, quarter or year; only year under Decree 90/2020/NĐ-CP.
    pub period_kind: PeriodKind,
    /// First day of the calendar month, quarter or year that is rated (ISO 8601 date); not in the future.
    pub period_start: NaiveDate,
    /// Total score in points, 0 to 100: required under Decree 335/2025/NĐ-CP (Art. 12), not allowed under
    /// Decree 90/2020/NĐ-CP.
    #[schema(minimum = 0, maximum = 100)]
    pub score: Option<f64>,
    /// Points for the common criteria within the score, 0 to 30 (Decree 335/2025/NĐ-CP, Art. 12). Send it
    /// only under that decree and only together with `task_score`; the two must add up to `score` within
    /// 0.01.
    #[schema(minimum = 0, maximum = 30)]
    pub common_score: Option<f64>,
    /// Points for the results of tasks within the score, 0 to 70 (Decree 335/2025/NĐ-CP, Art. 12). Send it
    /// only under that decree and only together with `common_score`.
    #[schema(minimum = 0, maximum = 70)]
    pub task_score: Option<f64>,
    /// Rating class as the competent authority decided it; it is not derived from the score.
    pub class: RatingClass,
}

/// A batch of 1 to 1,000 performance ratings to record.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"items": [
    {"employee_code": "NV-0147", "regime": "decree_335_2025", "period_kind": "month", "period_start": "2026-01-01",
     "score": 86.5, "common_score": 27.5, "task_score": 59.0, "class": "good"},
    {"employee_code": "NV-0148", "regime": "decree_90_2020", "period_kind": "year", "period_start": "2025-01-01",
     "class": "excellent"}]}))]
pub struct BatchRatings {
    /// The ratings of the batch, 1 to 1,000; each employee and period at most once.
    #[validate(length(min = 1, max = 1000))]
    #[schema(min_items = 1, max_items = 1000)]
    pub items: Vec<RatingBatchItem>,
}

/// How many ratings of a batch were new, corrected or unchanged.
#[derive(Debug, Clone, Copy, Default, Serialize, ToSchema)]
pub struct RatingCountsDto {
    /// Number of ratings recorded for the first time.
    #[schema(minimum = 0, example = 985)]
    pub created: usize,
    /// Number of ratings that differed from the current one and were recorded as new revisions.
    #[schema(minimum = 0, example = 3)]
    pub corrected: usize,
    /// Number of ratings that equal the current one; nothing was written for them.
    #[schema(minimum = 0, example = 12)]
    pub unchanged: usize,
}

/// A performance rating of an employee for a period; one of its revisions.
#[derive(Debug, Serialize, ToSchema)]
pub struct RatingDto {
    /// Identifier of the revision of the rating (UUID), assigned by the service.
    pub id: Uuid,
    /// Identifier of the employee who was rated (UUID).
    pub employee_id: Uuid,
    /// Regulation under which the rating was made.
    #[schema(example = "decree_335_2025")]
    pub regime: RatingRegime,
    /// Kind of rating period: month, quarter or year.
    #[schema(example = "quarter")]
    pub period_kind: PeriodKind,
    /// First day of the rating period (ISO 8601 date).
    #[schema(example = "2026-07-01")]
    pub period_start: NaiveDate,
    /// Last day of the rating period (ISO 8601 date).
    #[schema(example = "2026-09-30")]
    pub period_end: NaiveDate,
    /// Total score in points, 0 to 100; `null` if the rating has no score, as under Decree 90/2020/NĐ-CP.
    #[schema(minimum = 0, maximum = 100, example = 86.5)]
    pub score: Option<f64>,
    /// Points for the common criteria within the score, 0 to 30; `null` if the parts of the score were not
    /// sent.
    #[schema(minimum = 0, maximum = 30, example = 27.5)]
    pub common_score: Option<f64>,
    /// Points for the results of tasks within the score, 0 to 70; `null` if the parts of the score were not
    /// sent.
    #[schema(minimum = 0, maximum = 70, example = 59.0)]
    pub task_score: Option<f64>,
    /// Rating class as the competent authority decided it; it is not derived from the score.
    #[schema(example = "good")]
    pub class: RatingClass,
    /// Number of the revision: 1 for the first, one more with every correction.
    #[schema(minimum = 1)]
    pub revision: i32,
    /// Whether this is the newest revision, the one that is used.
    pub is_current: bool,
    /// Moment the revision of the rating was recorded (RFC 3339, UTC).
    pub created_at: DateTime<Utc>,
}

impl From<RatingBatchItem> for BatchRow {
    fn from(dto: RatingBatchItem) -> Self {
        Self {
            employee_code: dto.employee_code,
            regime: dto.regime,
            period_kind: dto.period_kind,
            period_start: dto.period_start,
            score: dto.score,
            common_score: dto.common_score,
            task_score: dto.task_score,
            class: dto.class,
        }
    }
}

impl From<Rating> for RatingDto {
    fn from(rating: Rating) -> Self {
        Self {
            id: rating.id,
            employee_id: rating.employee_id,
            regime: rating.regime,
            period_kind: rating.period_kind,
            period_start: rating.period_start,
            period_end: rating.period_end,
            score: rating.score,
            common_score: rating.common_score,
            task_score: rating.task_score,
            class: rating.class,
            revision: rating.revision,
            is_current: rating.is_current,
            created_at: rating.created_at,
        }
    }
}
