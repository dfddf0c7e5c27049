use chrono::{DateTime, Datelike, Months, NaiveDate, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::db::schema::performance_ratings;
use crate::db::text_enum;
use crate::error::{Faults, FieldError};

/// Highest score of Decree 335/2025/NĐ-CP: 30 points for common criteria, 70 for results (Art. 12).
const HIGHEST_SCORE: f64 = 100.0;
/// Most points for the common criteria (Decree 335/2025/NĐ-CP, Art. 12).
const HIGHEST_COMMON_SCORE: f64 = 30.0;
/// Most points for the results of tasks (Decree 335/2025/NĐ-CP, Art. 12).
const HIGHEST_TASK_SCORE: f64 = 70.0;
/// By how many points the parts may miss the score: each is rounded to hundredths. The rest is for what binary numbers
/// cannot write.
const PARTS_MISS_BY: f64 = 0.01 + 1e-9;

/// Regulation under which a rating was made: Decree 90/2020/NĐ-CP (yearly, four classes, no score), Decree
/// 335/2025/NĐ-CP (monthly, quarterly or yearly, 100 points and a class), or a regulation of the unit.
/// Ratings under different regulations are never compared.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema, EnumString, IntoStaticStr,
)]
#[strum(serialize_all = "snake_case")]
pub enum RatingRegime {
    /// Decree 90/2020/NĐ-CP: yearly, four classes, no score.
    #[serde(rename = "decree_90_2020")]
    #[strum(serialize = "decree_90_2020")]
    Decree90,
    /// Decree 335/2025/NĐ-CP: monthly, quarterly or yearly, 100 points and a class.
    #[serde(rename = "decree_335_2025")]
    #[strum(serialize = "decree_335_2025")]
    Decree335,
    /// A regulation of the unit's own that maps to the four classes (Law on Public Employees 2025, Art. 26).
    #[serde(rename = "unit_regulation")]
    UnitRegulation,
}

text_enum!(RatingRegime);

impl RatingRegime {
    /// First year whose work it rates. No law says since when units have regulations of their own: theirs only catches
    /// years that cannot be meant.
    const fn first_year(self) -> i32 {
        match self {
            RatingRegime::Decree90 => 2020,
            RatingRegime::Decree335 => 2026,
            RatingRegime::UnitRegulation => 2000,
        }
    }
}

/// Kind of rating period, the shortest first: calendar month, calendar quarter or calendar year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[derive(EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum PeriodKind {
    /// Calendar month.
    Month,
    /// Calendar quarter.
    Quarter,
    /// Calendar year.
    Year,
}

text_enum!(PeriodKind);

/// Class of a rating, which every regulation knows: excellent, good, completed, or not completed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[derive(EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum RatingClass {
    /// Tasks completed excellently (hoàn thành xuất sắc nhiệm vụ).
    Excellent,
    /// Tasks completed well (hoàn thành tốt nhiệm vụ).
    Good,
    /// Tasks completed (hoàn thành nhiệm vụ).
    Completed,
    /// Tasks not completed (không hoàn thành nhiệm vụ).
    NotCompleted,
}

text_enum!(RatingClass);

/// A rating as stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = performance_ratings, check_for_backend(diesel::pg::Pg))]
pub struct Rating {
    /// Its id.
    pub id: Uuid,
    /// Who was rated.
    pub employee_id: Uuid,
    /// The rules it was made under.
    pub regime: RatingRegime,
    /// Kind of the period.
    pub period_kind: PeriodKind,
    /// First day of the period.
    pub period_start: NaiveDate,
    /// Last day of the period.
    pub period_end: NaiveDate,
    /// 0 to 100, where the regime knows a score.
    pub score: Option<f64>,
    /// Of it, the points for the common criteria, 0 to 30.
    pub common_score: Option<f64>,
    /// Of it, the points for the results of tasks, 0 to 70.
    pub task_score: Option<f64>,
    /// The class.
    pub class: RatingClass,
    /// 1, and one more with every correction.
    pub revision: i32,
    /// Whether it is the newest revision.
    pub is_current: bool,
    /// When it was written.
    pub created_at: DateTime<Utc>,
}

/// A row of the HR portal's batch.
#[derive(Debug, Clone)]
pub struct BatchRow {
    pub employee_code: String,
    pub regime: RatingRegime,
    pub period_kind: PeriodKind,
    pub period_start: NaiveDate,
    pub score: Option<f64>,
    pub common_score: Option<f64>,
    pub task_score: Option<f64>,
    pub class: RatingClass,
}

/// A revision to write.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = performance_ratings)]
pub struct NewRating {
    pub id: Uuid,
    pub employee_id: Uuid,
    pub regime: RatingRegime,
    pub period_kind: PeriodKind,
    pub period_start: NaiveDate,
    pub period_end: NaiveDate,
    pub score: Option<f64>,
    pub common_score: Option<f64>,
    pub task_score: Option<f64>,
    pub class: RatingClass,
    pub revision: i32,
    pub is_current: bool,
    pub created_at: DateTime<Utc>,
}

impl PeriodKind {
    /// Last day of the period that starts on a day; `None` where no such period starts.
    pub fn end(self, start: NaiveDate) -> Option<NaiveDate> {
        let (months, starts) = match self {
            PeriodKind::Month => (1, true),
            PeriodKind::Quarter => (3, start.month0().is_multiple_of(3)),
            PeriodKind::Year => (12, start.month0() == 0),
        };
        if start.day() != 1 || !starts {
            return None;
        }
        start.checked_add_months(Months::new(months))?.pred_opt()
    }
}

impl BatchRow {
    /// What the regime asks for: Decree 335/2025 a score (Art. 12), Decree 90/2020 none and whole years (Art. 20). The
    /// class does not follow from the score: discipline and quotas override it, so both are stored as told.
    pub fn faults(&self, today: NaiveDate) -> Faults {
        let faults = [self.kind_fault(), self.start_fault(today), self.regime_fault(), self.score_fault()];
        faults.into_iter().chain(self.parts_faults()).flatten().collect()
    }

    fn kind_fault(&self) -> Option<FieldError> {
        let fits = self.regime != RatingRegime::Decree90 || self.period_kind == PeriodKind::Year;
        (!fits)
            .then(|| FieldError::new("/period_kind", "not_allowed").with("allowed", PeriodKind::Year.name()))
    }

    /// A period that runs may be rated: the yearly ranking is due by 15 December (Decree 335/2025, Art. 21).
    fn start_fault(&self, today: NaiveDate) -> Option<FieldError> {
        if self.period_kind.end(self.period_start).is_none() {
            return Some(FieldError::new("/period_start", "period"));
        }
        (self.period_start > today).then(|| FieldError::new("/period_start", "period_ahead"))
    }

    fn regime_fault(&self) -> Option<FieldError> {
        let fits = self.period_start.year() >= self.regime.first_year();
        (!fits).then(|| FieldError::new("/regime", "not_applicable"))
    }

    fn score_fault(&self) -> Option<FieldError> {
        match (self.regime, self.score) {
            (RatingRegime::Decree90, Some(_)) => Some(FieldError::new("/score", "not_applicable")),
            (RatingRegime::Decree335, None) => Some(FieldError::new("/score", "required")),
            (_, Some(score)) => outside("/score", score, HIGHEST_SCORE),
            _ => None,
        }
    }

    /// The parts come together or not at all, belong to the decree that knows them, and add up to the score.
    fn parts_faults(&self) -> [Option<FieldError>; 3] {
        let common = self.part_fault("/common_score", self.common_score, HIGHEST_COMMON_SCORE);
        let task = self.part_fault("/task_score", self.task_score, HIGHEST_TASK_SCORE);
        let sum = if common.is_none() && task.is_none() { self.sum_fault() } else { None };
        [common, task, sum]
    }

    fn part_fault(&self, pointer: &str, part: Option<f64>, highest: f64) -> Option<FieldError> {
        let is_known = self.regime == RatingRegime::Decree335;
        let is_whole = self.common_score.or(self.task_score).is_none();
        match part {
            None => (is_known && !is_whole).then(|| FieldError::new(pointer, "required")),
            Some(_) if !is_known => Some(FieldError::new(pointer, "not_applicable")),
            Some(part) => outside(pointer, part, highest),
        }
    }

    fn sum_fault(&self) -> Option<FieldError> {
        let sum = self.common_score? + self.task_score?;
        let score = self.score?;
        ((sum - score).abs() > PARTS_MISS_BY).then(|| {
            FieldError::new("/score", "parts_mismatch")
                .with("actual", format!("{score:.2}"))
                .with("expected", format!("{sum:.2}"))
        })
    }
}

/// Points below nothing, or above what there can be.
fn outside(pointer: &str, points: f64, highest: f64) -> Option<FieldError> {
    if points < 0.0 {
        Some(FieldError::new(pointer, "too_small").with("limit", 0))
    } else {
        (points > highest).then(|| FieldError::new(pointer, "too_large").with("limit", highest))
    }
}

impl Rating {
    /// Whether the HR portal tells nothing new.
    pub fn is_as(&self, row: &BatchRow) -> bool {
        let parts = (self.common_score, self.task_score) == (row.common_score, row.task_score);
        self.regime == row.regime && self.score == row.score && parts && self.class == row.class
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_period_starts_on_its_first_day() {
        for (kind, start, end) in [
            (PeriodKind::Month, "2028-02-01", Some("2028-02-29")),
            (PeriodKind::Month, "2026-02-02", None),
            (PeriodKind::Quarter, "2026-10-01", Some("2026-12-31")),
            (PeriodKind::Quarter, "2026-11-01", None),
            (PeriodKind::Year, "2026-01-01", Some("2026-12-31")),
            (PeriodKind::Year, "2026-04-01", None),
        ] {
            assert_eq!(kind.end(day(start)), end.map(day), "{kind:?} {start}");
        }
    }

    fn faults(regime: RatingRegime, period_kind: PeriodKind, start: &str, score: Option<f64>) -> Vec<String> {
        let row = BatchRow {
            employee_code: "NV-1".to_owned(),
            regime,
            period_kind,
            period_start: day(start),
            score,
            common_score: None,
            task_score: None,
            class: RatingClass::Good,
        };
        let faults = row.faults(day("2026-03-02"));
        faults.iter().map(|f| format!("{} {}", f.pointer, f.code)).collect()
    }

    #[test]
    fn each_regime_asks_for_its_own() {
        use PeriodKind::{Month, Quarter, Year};
        use RatingRegime::{Decree90, Decree335, UnitRegulation};
        for (regime, kind, start, score) in [
            (Decree90, Year, "2025-01-01", None),
            (Decree335, Month, "2026-01-01", Some(0.0)),
            (Decree335, Year, "2026-01-01", Some(100.0)),
            (UnitRegulation, Quarter, "2025-01-01", None),
            (UnitRegulation, Year, "2025-01-01", Some(50.5)),
        ] {
            assert_eq!(faults(regime, kind, start, score), Vec::<String>::new(), "{regime:?} {start}");
        }
        assert_eq!(
            faults(Decree90, Quarter, "2019-01-01", Some(80.0)),
            ["/period_kind not_allowed", "/regime not_applicable", "/score not_applicable"]
        );
        assert_eq!(
            faults(Decree335, Quarter, "2025-10-01", None),
            ["/regime not_applicable", "/score required"]
        );
        assert_eq!(faults(Decree335, Month, "2026-01-01", Some(100.5)), ["/score too_large"]);
        assert_eq!(faults(UnitRegulation, Month, "2026-01-01", Some(-0.5)), ["/score too_small"]);
    }

    #[test]
    fn the_parts_belong_to_the_decree_and_add_up() {
        let of = |regime, score, common_score, task_score| {
            let row = BatchRow {
                employee_code: "NV-1".to_owned(),
                regime,
                period_kind: PeriodKind::Month,
                period_start: day("2026-01-01"),
                score: Some(score),
                common_score,
                task_score,
                class: RatingClass::Good,
            };
            row.faults(day("2026-03-02"))
                .iter()
                .map(|f| format!("{} {}", f.pointer, f.code))
                .collect::<Vec<_>>()
        };
        let decree = |score, common, task| of(RatingRegime::Decree335, score, common, task);
        for (score, common, task) in
            [(86.5, 27.5, 59.0), (100.0, 30.0, 70.0), (0.0, 0.0, 0.0), (86.51, 27.5, 59.0)]
        {
            assert_eq!(decree(score, Some(common), Some(task)), Vec::<String>::new(), "{score}");
        }
        assert_eq!(decree(86.5, Some(27.5), None), ["/task_score required"]);
        assert_eq!(decree(86.5, None, Some(59.0)), ["/common_score required"]);
        assert_eq!(decree(86.52, Some(27.5), Some(59.0)), ["/score parts_mismatch"]);
        assert_eq!(
            decree(98.0, Some(30.5), Some(-1.0)),
            ["/common_score too_large", "/task_score too_small"]
        );
        assert_eq!(
            of(RatingRegime::UnitRegulation, 86.5, Some(27.5), Some(59.0)),
            ["/common_score not_applicable", "/task_score not_applicable"]
        );
    }

    #[test]
    fn a_running_period_may_be_rated_and_a_coming_one_not() {
        let quarter = |start| faults(RatingRegime::Decree335, PeriodKind::Quarter, start, Some(70.0));
        assert_eq!(quarter("2026-01-01"), Vec::<String>::new());
        assert_eq!(quarter("2026-04-01"), ["/period_start period_ahead"]);
        assert_eq!(quarter("2026-05-01"), ["/period_start period"]);
    }
}
