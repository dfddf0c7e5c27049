use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::db::schema::absences;
use crate::db::text_enum;
use crate::error::{Error, Result};
use crate::half_day::HalfDay;

/// Kind of absence: annual leave, sick leave, maternity leave, duty roster, business trip, secondment, or
/// other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[derive(EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum AbsenceKind {
    /// Annual leave (nghỉ phép năm).
    AnnualLeave,
    /// Sick leave (nghỉ ốm).
    SickLeave,
    /// Maternity leave (nghỉ thai sản).
    MaternityLeave,
    /// On the duty roster (trực, làm nhiệm vụ).
    Duty,
    /// Business trip (đi công tác).
    BusinessTrip,
    /// Seconded to another body (biệt phái).
    Secondment,
    /// Another reason (lý do khác).
    Other,
}

text_enum!(AbsenceKind);

/// An absence as stored; both half-days belong to it.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = absences, check_for_backend(diesel::pg::Pg))]
pub struct Absence {
    /// Its id.
    pub id: Uuid,
    /// Who is away.
    pub employee_id: Uuid,
    /// Why.
    pub kind: AbsenceKind,
    /// First half-day ([`HalfDay`]).
    pub first_half_day: i32,
    /// Last half-day ([`HalfDay`]).
    pub last_half_day: i32,
    /// A remark.
    pub note: Option<String>,
    /// Raised with every change.
    pub version: i32,
    /// When it was recorded.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

/// What is needed to record an absence.
#[derive(Debug, Clone)]
pub struct Draft {
    pub employee_id: Uuid,
    pub kind: AbsenceKind,
    pub first: HalfDay,
    pub last: HalfDay,
    pub note: Option<String>,
}

impl Draft {
    /// It does not end before it starts.
    pub fn check(&self) -> Result<()> {
        if self.last >= self.first {
            Ok(())
        } else if self.last.date() < self.first.date() {
            Err(Error::field("/ends_on", "date_order"))
        } else {
            Err(Error::field("/ends_half", "date_order"))
        }
    }
}
