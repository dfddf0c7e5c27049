use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::clock::random_id;
use crate::db::schema::certificates;
use crate::db::text_enum;
use crate::error::Result;
use crate::transition::Transition;

/// State of a certificate: `issued` (valid) or `revoked` (taken back, Circular 03/2023/TT-BNV, Art. 8).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[derive(EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum CertificateStatus {
    /// The certificate is valid.
    Issued,
    /// The certificate was taken back (Circular 03/2023/TT-BNV, Art. 8).
    Revoked,
}

text_enum!(CertificateStatus);

impl CertificateStatus {
    /// THE TRANSITION TABLE: a valid certificate can be revoked, nothing else.
    ///
    /// # Errors
    /// [`crate::error::Rule::WrongState`] when it is revoked already.
    pub fn revoke(self) -> Result<Self> {
        Transition::to(&[Self::Issued], Self::Revoked).step(self, Self::name)
    }
}

/// A certificate as stored and printed.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = certificates, check_for_backend(diesel::pg::Pg))]
pub struct Certificate {
    /// Its id.
    pub id: Uuid,
    /// Its number: institute, year, running number.
    pub number: String,
    /// The participation it rests on.
    pub participant_id: Uuid,
    /// The offering.
    pub offering_id: Uuid,
    /// Who issued it.
    pub institute_id: Uuid,
    /// Whose it is.
    pub employee_id: Uuid,
    /// The holder's name when issued.
    pub holder_name: String,
    /// The course's title when issued.
    pub course_title: String,
    /// Lesson periods of the course.
    pub periods: i32,
    /// When it was issued.
    pub issued_on: NaiveDate,
    /// Whether it is valid.
    pub status: CertificateStatus,
    /// Why it was revoked.
    pub revoked_reason: Option<String>,
    /// Raised with every change.
    pub version: i32,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
    /// Printed beside the number; only the holder knows it.
    pub check_code: String,
}

/// Characters of a check code: 48 bits.
const CHECK_CODE_LENGTH: usize = 12;

/// A new check code. Numbers can be guessed from one another; with its code a certificate is looked up only by those
/// who were shown it.
pub fn check_code() -> String {
    normal_check_code(&random_id().simple().to_string()).chars().take(CHECK_CODE_LENGTH).collect()
}

/// A check code as stored, however it was typed: in capitals, without spaces and hyphens.
pub fn normal_check_code(typed: &str) -> String {
    typed.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect()
}

/// Condition of a certificate that is not met (Circular 03/2023/TT-BNV, Art. 6): attendance as the course
/// requires (`attendance`), at least one result (`results_recorded`), every result at half of its maximum or
/// more (`results_half`), or no earlier certificate of the offering that was revoked (`not_revoked_before`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CertificateCondition {
    /// Attended as much as the course asks.
    Attendance,
    /// At least one result is recorded.
    ResultsRecorded,
    /// Every result reaches half of its maximum.
    ResultsHalf,
    /// No certificate of the offering was revoked before, unless the participant is named.
    NotRevokedBefore,
}

impl CertificateCondition {
    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Attendance => "attendance",
            Self::ResultsRecorded => "results_recorded",
            Self::ResultsHalf => "results_half",
            Self::NotRevokedBefore => "not_revoked_before",
        }
    }
}

/// What a participant has to show.
#[derive(Debug, Clone)]
pub struct Candidate {
    pub participant_id: Uuid,
    pub employee_id: Uuid,
    pub number: i32,
    pub holder_name: String,
    pub attendance_percent: Option<f64>,
    /// Points reached and points that can be reached.
    pub results: Vec<(f64, f64)>,
    pub was_revoked: bool,
}

impl Candidate {
    /// Conditions that are not met.
    pub fn unmet(&self, minimum_attendance_percent: i32, is_named: bool) -> Vec<CertificateCondition> {
        use CertificateCondition::{Attendance, NotRevokedBefore, ResultsHalf, ResultsRecorded};
        let attended = self.attendance_percent.is_some_and(|p| p >= f64::from(minimum_attendance_percent));
        let half = self.results.iter().all(|(score, maximum)| 2.0 * score >= *maximum);
        [
            (attended, Attendance),
            (!self.results.is_empty(), ResultsRecorded),
            (half, ResultsHalf),
            (!self.was_revoked || is_named, NotRevokedBefore),
        ]
        .into_iter()
        .filter(|(met, _)| !met)
        .map(|(_, condition)| condition)
        .collect()
    }
}

/// What came of issuing.
#[derive(Debug)]
pub struct Issue {
    pub issued: Vec<Certificate>,
    pub not_issued: Vec<(Candidate, Vec<CertificateCondition>)>,
    pub minimum_attendance_percent: i32,
}

/// The number of a certificate.
pub fn certificate_number(institute_code: &str, year: i32, running: i32) -> String {
    format!("{institute_code}-{year:04}-{running:06}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use CertificateCondition::{Attendance, NotRevokedBefore, ResultsHalf, ResultsRecorded};

    fn candidate(attendance_percent: Option<f64>, results: &[(f64, f64)]) -> Candidate {
        Candidate {
            participant_id: Uuid::nil(),
            employee_id: Uuid::nil(),
            number: 1,
            holder_name: String::new(),
            attendance_percent,
            results: results.to_vec(),
            was_revoked: false,
        }
    }

    #[test]
    fn half_of_every_scale_and_the_attendance_that_the_course_asks() {
        let unmet = |attendance, results: &[(f64, f64)]| candidate(attendance, results).unmet(80, false);
        assert_eq!(unmet(Some(100.0), &[(50.0, 100.0)]), []);
        assert_eq!(unmet(Some(100.0), &[(50.0, 100.0), (49.9, 100.0)]), [ResultsHalf]);
        assert_eq!(unmet(Some(80.0), &[(5.0, 10.0)]), []);
        assert_eq!(unmet(Some(79.99), &[(5.0, 10.0)]), [Attendance]);
        assert_eq!(unmet(None, &[]), [Attendance, ResultsRecorded]);
    }

    #[test]
    fn who_lost_a_certificate_gets_another_only_by_name() {
        let mut again = candidate(Some(100.0), &[(9.0, 10.0)]);
        again.was_revoked = true;
        assert_eq!(again.unmet(80, false), [NotRevokedBefore]);
        assert_eq!(again.unmet(80, true), []);
    }

    #[test]
    fn a_certificate_is_revoked_once() {
        assert_eq!(CertificateStatus::Issued.revoke().ok(), Some(CertificateStatus::Revoked));
        assert!(CertificateStatus::Revoked.revoke().is_err());
    }

    #[test]
    fn numbers_are_padded() {
        assert_eq!(certificate_number("TDT", 2026, 7), "TDT-2026-000007");
        assert_eq!(normal_check_code(" 7f3a-91C0 44de"), "7F3A91C044DE");
        assert_eq!(check_code().len(), CHECK_CODE_LENGTH);
        assert_ne!(check_code(), check_code());
    }
}
