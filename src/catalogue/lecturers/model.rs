use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::db::schema::lecturers;
use crate::db::text_enum;
use crate::error::{FieldError, Result};

/// Highest academic degree, from lowest to highest: `bachelor` (cử nhân, kỹ sư), `master` (thạc sĩ),
/// `doctorate` (tiến sĩ).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[derive(EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Degree {
    /// Cử nhân, kỹ sư.
    Bachelor,
    /// Thạc sĩ.
    Master,
    /// Tiến sĩ.
    Doctorate,
}

text_enum!(Degree);

/// Teaching title: `lecturer` (giảng viên), `principal_lecturer` (giảng viên chính), `senior_lecturer` (giảng
/// viên cao cấp), `visiting_lecturer` (giảng viên thỉnh giảng), `guest_speaker` (báo cáo viên).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[derive(EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum LecturerRole {
    /// Giảng viên.
    Lecturer,
    /// Giảng viên chính.
    PrincipalLecturer,
    /// Giảng viên cao cấp.
    SeniorLecturer,
    /// Giảng viên thỉnh giảng.
    VisitingLecturer,
    /// Báo cáo viên.
    GuestSpeaker,
}

text_enum!(LecturerRole);

impl LecturerRole {
    /// Lowest degree that the role requires (Circular 03/2023/TT-BNV, Art. 13). Every degree we know is enough for a
    /// lecturer; visiting lecturers and guest speakers come for their experience.
    pub const fn lowest_degree(self) -> Degree {
        match self {
            LecturerRole::SeniorLecturer => Degree::Doctorate,
            LecturerRole::PrincipalLecturer => Degree::Master,
            LecturerRole::Lecturer | LecturerRole::VisitingLecturer | LecturerRole::GuestSpeaker => {
                Degree::Bachelor
            }
        }
    }

    /// Refuse a degree below what the role requires.
    pub fn check_degree(self, degree: Degree) -> Result<()> {
        if degree >= self.lowest_degree() {
            return Ok(());
        }
        let fault = FieldError::new("/role", "degree_too_low").with("lowest", self.lowest_degree().name());
        Err(fault.into())
    }
}

/// A lecturer as stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = lecturers, check_for_backend(diesel::pg::Pg))]
pub struct Lecturer {
    /// Their id.
    pub id: Uuid,
    /// The institute they teach for.
    pub institute_id: Uuid,
    /// Full name.
    pub full_name: String,
    /// E-mail address.
    pub email: Option<String>,
    /// Highest degree.
    pub degree: Degree,
    /// Role in teaching.
    pub role: LecturerRole,
    /// What they teach.
    pub subjects: Vec<String>,
    /// Whether they can be given sessions.
    pub is_active: bool,
    /// Raised with every change.
    pub version: i32,
    /// When they were entered.
    pub created_at: DateTime<Utc>,
    /// When they were last changed.
    pub updated_at: DateTime<Utc>,
}

/// What is needed to enter a lecturer.
#[derive(Debug, Clone)]
pub struct Draft {
    pub full_name: String,
    pub email: Option<String>,
    pub degree: Degree,
    pub role: LecturerRole,
    pub subjects: Vec<String>,
}

/// What changes; absent members stay.
#[derive(Debug, Clone, AsChangeset)]
#[diesel(table_name = lecturers)]
pub struct Change {
    pub full_name: Option<String>,
    pub email: Option<Option<String>>,
    pub degree: Option<Degree>,
    pub role: Option<LecturerRole>,
    pub subjects: Option<Vec<String>>,
    pub is_active: Option<bool>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_role_requires_its_degree() {
        use Degree::*;
        use LecturerRole::*;
        for (role, lowest) in [
            (SeniorLecturer, Doctorate),
            (PrincipalLecturer, Master),
            (Lecturer, Bachelor),
            (VisitingLecturer, Bachelor),
            (GuestSpeaker, Bachelor),
        ] {
            for degree in [Bachelor, Master, Doctorate] {
                assert_eq!(role.check_degree(degree).is_ok(), degree >= lowest, "{role:?} {degree:?}");
            }
        }
    }
}
