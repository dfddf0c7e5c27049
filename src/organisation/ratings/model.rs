use chrono::{DateTime, Datelike, Months, NaiveDate, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::db::schema::performance_ratings;
use crate::db::text_enum;
use crate::error::FieldError;

/// The rules a rating was made under; ratings of different regimes are never compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
pub enum RatingRegime {
    /// Decree 90/2020/NĐ-CP: yearly, four classes, no score.
    #[serde(rename = "decree_90_2020")]
    Decree90,
    /// Decree 335/2025/NĐ-CP: monthly, quarterly or yearly, 100 points and a class.
    #[serde(rename = "decree_335_2025")]
    Decree335,
    /// A regulation of the unit's own that maps to the four classes (Law on Public Employees 2025, Art. 26).
    #[serde(rename = "unit_regulation")]
    UnitRegulation,
}

text_enum!(RatingRegime {
    Decree90 = "decree_90_2020",
    Decree335 = "decree_335_2025",
    UnitRegulation = "unit_regulation",
});

/// Kind of a rating period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PeriodKind {
    /// Calendar month.
    Month,
    /// Calendar quarter.
    Quarter,
    /// Calendar year.
    Year,
}

text_enum!(PeriodKind {
    Month = "month",
    Quarter = "quarter",
    Year = "year",
});

/// Class of a rating, the only measure that every regime has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RatingClass {
    /// Hoàn thành xuất sắc nhiệm vụ.
    Excellent,
    /// Hoàn thành tốt nhiệm vụ.
    Good,
    /// Hoàn thành nhiệm vụ.
    Completed,
    /// Không hoàn thành nhiệm vụ.
    NotCompleted,
}

text_enum!(RatingClass {
    Excellent = "excellent",
    Good = "good",
    Completed = "completed",
    NotCompleted = "not_completed",
});

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
    pub fn faults(&self) -> Vec<FieldError> {
        let mut faults = Vec::new();
        if self.period_kind.end(self.period_start).is_none() {
            faults.push(FieldError::new("/period_start", "period"));
        }
        match self.regime {
            RatingRegime::Decree335 if self.score.is_none() => {
                faults.push(FieldError::new("/score", "required"));
            }
            RatingRegime::Decree90 => {
                if self.score.is_some() {
                    faults.push(FieldError::new("/score", "not_applicable"));
                }
                if self.period_kind != PeriodKind::Year {
                    faults.push(
                        FieldError::new("/period_kind", "not_allowed")
                            .with("allowed", PeriodKind::Year.name()),
                    );
                }
            }
            _ => {}
        }
        faults
    }
}

impl Rating {
    /// Whether the HR portal tells nothing new.
    pub fn is_as(&self, row: &BatchRow) -> bool {
        self.regime == row.regime && self.score == row.score && self.class == row.class
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

    #[test]
    fn each_regime_asks_for_its_own() {
        let row = |regime, period_kind, score| BatchRow {
            employee_code: "NV-1".to_owned(),
            regime,
            period_kind,
            period_start: day("2026-01-01"),
            score,
            class: RatingClass::Good,
        };
        let codes = |row: BatchRow| -> Vec<String> {
            row.faults().iter().map(|f| format!("{} {}", f.pointer, f.code)).collect()
        };
        use PeriodKind::{Quarter, Year};
        use RatingRegime::{Decree90, Decree335, UnitRegulation};
        assert_eq!(codes(row(Decree335, Quarter, Some(85.0))), Vec::<String>::new());
        assert_eq!(codes(row(Decree335, Quarter, None)), ["/score required"]);
        assert_eq!(codes(row(Decree90, Year, None)), Vec::<String>::new());
        assert_eq!(
            codes(row(Decree90, Quarter, Some(85.0))),
            ["/score not_applicable", "/period_kind not_allowed"]
        );
        assert_eq!(codes(row(UnitRegulation, Quarter, None)), Vec::<String>::new());
        assert_eq!(codes(row(UnitRegulation, Year, Some(1.0))), Vec::<String>::new());
    }
}
