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
        /// Only this employee.
        employee_id: Uuid,
        /// Only people of this unit, with everything below it.
        unit_id: Uuid,
        /// Only periods of this kind.
        period_kind: PeriodKind,
        /// Only periods that start on this day or later.
        from: NaiveDate,
        /// Only periods that end on this day or earlier.
        to: NaiveDate,
        /// `true`: superseded revisions too.
        history: bool,
    }
}

/// One rating of a batch.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RatingBatchItem {
    /// Code of the employee.
    #[schema(max_length = 50)]
    pub employee_code: String,
    /// The rules it was made under: `decree_90_2020` rates years from 2020 on, `decree_335_2025` periods from 2026 on.
    pub regime: RatingRegime,
    /// Kind of the period; Decree 90/2020/NĐ-CP knows years only.
    pub period_kind: PeriodKind,
    /// First day of a whole calendar month, quarter or year that has begun.
    pub period_start: NaiveDate,
    /// Points, 0 to 100: required under Decree 335/2025/NĐ-CP (Art. 12), not applicable under Decree 90/2020/NĐ-CP.
    #[schema(minimum = 0, maximum = 100)]
    pub score: Option<f64>,
    /// Of the score, the points for the common criteria, 0 to 30 (Decree 335/2025/NĐ-CP, Art. 12). Only together with
    /// `task_score`, and only under that decree; both must add up to `score`, to 0.01.
    #[schema(minimum = 0, maximum = 30)]
    pub common_score: Option<f64>,
    /// Of the score, the points for the results of tasks, 0 to 70.
    #[schema(minimum = 0, maximum = 70)]
    pub task_score: Option<f64>,
    /// The class, as decided; it is not derived from the score.
    pub class: RatingClass,
}

/// Push ratings, up to 1,000.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"items": [
    {"employee_code": "NV-0147", "regime": "decree_335_2025", "period_kind": "month", "period_start": "2026-01-01",
     "score": 86.5, "common_score": 27.5, "task_score": 59.0, "class": "good"},
    {"employee_code": "NV-0148", "regime": "decree_90_2020", "period_kind": "year", "period_start": "2025-01-01",
     "class": "excellent"}]}))]
pub struct BatchRatings {
    /// The ratings, each employee and period once.
    #[validate(length(min = 1, max = 1000))]
    #[schema(min_items = 1, max_items = 1000)]
    pub items: Vec<RatingBatchItem>,
}

/// What a batch of ratings did.
#[derive(Debug, Clone, Copy, Default, Serialize, ToSchema)]
pub struct RatingCountsDto {
    /// Ratings that were new.
    #[schema(minimum = 0, example = 985)]
    pub created: usize,
    /// Ratings that differ from the current one: new revisions.
    #[schema(minimum = 0, example = 3)]
    pub corrected: usize,
    /// Ratings that were already so.
    #[schema(minimum = 0, example = 12)]
    pub unchanged: usize,
}

/// A performance rating.
#[derive(Debug, Serialize, ToSchema)]
pub struct RatingDto {
    /// Its id.
    pub id: Uuid,
    /// Who was rated.
    pub employee_id: Uuid,
    /// The rules it was made under.
    #[schema(example = "decree_335_2025")]
    pub regime: RatingRegime,
    /// Kind of the period.
    #[schema(example = "quarter")]
    pub period_kind: PeriodKind,
    /// First day of the period.
    #[schema(example = "2026-07-01")]
    pub period_start: NaiveDate,
    /// Last day of the period.
    #[schema(example = "2026-09-30")]
    pub period_end: NaiveDate,
    /// Points, 0 to 100; `null` where the regime knows none.
    #[schema(minimum = 0, maximum = 100, example = 86.5)]
    pub score: Option<f64>,
    /// Of the score, the points for the common criteria, 0 to 30; `null` where only the sum was pushed.
    #[schema(minimum = 0, maximum = 30, example = 27.5)]
    pub common_score: Option<f64>,
    /// Of the score, the points for the results of tasks, 0 to 70; `null` where only the sum was pushed.
    #[schema(minimum = 0, maximum = 70, example = 59.0)]
    pub task_score: Option<f64>,
    /// The class.
    #[schema(example = "good")]
    pub class: RatingClass,
    /// 1, and one more with every correction.
    #[schema(minimum = 1)]
    pub revision: i32,
    /// Whether it is the newest revision: the one that counts.
    pub is_current: bool,
    /// When it was written.
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
