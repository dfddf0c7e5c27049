use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::db::text_enum;
use crate::error::{Faults, FieldError, Result};

/// State of a participation: taking part (`enrolled`), left before the start (`withdrawn`), certificate
/// issued (`completed`), or conditions of the certificate not met or certificate revoked (`not_completed`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[derive(EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum ParticipantStatus {
    /// The participant takes part.
    Enrolled,
    /// The participant left before the start.
    Withdrawn,
    /// The conditions of the certificate are met, and it was issued.
    Completed,
    /// The conditions of the certificate are not met, or it was revoked.
    NotCompleted,
}

text_enum!(ParticipantStatus);

impl ParticipantStatus {
    /// States in which attendance and results can still be recorded or corrected.
    pub const CORRECTABLE: [Self; 2] = [Self::Enrolled, Self::NotCompleted];
}

/// Attendance of a participant in a session: `present`, `absent`, or `excused` (absent for a good reason;
/// counts as absent in the percentage).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[derive(EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum AttendanceStatus {
    /// The participant was present.
    Present,
    /// The participant was absent.
    Absent,
    /// The participant was absent for a good reason; counts as absent in the percentage.
    Excused,
}

text_enum!(AttendanceStatus);

/// Who takes part, in what, and by which nomination.
#[derive(Debug, Clone, Copy)]
pub struct Enrolment {
    pub nomination_id: Uuid,
    pub offering_id: Uuid,
    pub institute_id: Uuid,
    pub employee_id: Uuid,
    /// The unit when nominated.
    pub unit_id: Uuid,
}

/// One line of the roster.
#[derive(Debug, Clone)]
pub struct RosterLine {
    pub id: Uuid,
    pub number: i32,
    pub full_name: String,
    pub unit_name: String,
    pub email: String,
    pub status: ParticipantStatus,
    pub attendance_percent: Option<f64>,
    pub certificate_number: Option<String>,
}

/// That a participant was (not) in a session.
#[derive(Debug, Clone, Copy)]
pub struct Mark {
    pub participant_id: Uuid,
    pub session_id: Uuid,
    pub status: AttendanceStatus,
}

/// What a participant reached in an assessment.
#[derive(Debug, Clone)]
pub struct Score {
    pub participant_id: Uuid,
    pub assessment: String,
    pub score: f64,
    pub maximum: f64,
}

/// Nothing twice in one batch, and no score above its maximum.
///
/// # Errors
/// [`Error::Invalid`](crate::error::Error::Invalid) with each of them.
pub fn consistent_scores(scores: &[Score]) -> Result<()> {
    let mut seen = HashSet::new();
    let mut faults = Faults::default();
    for (i, s) in scores.iter().enumerate() {
        if !seen.insert((s.participant_id, s.assessment.as_str())) {
            faults.push(FieldError::new(format!("/items/{i}"), "duplicate"));
        }
        if s.score > s.maximum {
            faults.push(FieldError::new(format!("/items/{i}/score"), "too_large").with("limit", s.maximum));
        }
    }
    faults.check()
}

/// Nothing twice in one batch.
///
/// # Errors
/// [`Error::Invalid`](crate::error::Error::Invalid) with each repetition.
pub fn consistent_marks(marks: &[Mark]) -> Result<()> {
    let mut seen = HashSet::new();
    let repeated: Faults = marks
        .iter()
        .enumerate()
        .filter(|(_, m)| !seen.insert((m.participant_id, m.session_id)))
        .map(|(i, _)| FieldError::new(format!("/items/{i}"), "duplicate"))
        .collect();
    repeated.check()
}

/// What a batch names that cannot be recorded: members of the problem `attendance.outside`.
#[derive(Debug, Default, Serialize)]
pub struct Outside {
    /// Not participants of the offering, or withdrawn.
    pub participant_ids: Vec<Uuid>,
    /// Participants who hold a certificate: what it rests on no longer changes.
    pub certified_participant_ids: Vec<Uuid>,
    /// Not sessions of the offering.
    pub session_ids: Vec<Uuid>,
    /// Sessions whose day has not come.
    pub future_session_ids: Vec<Uuid>,
}

impl Outside {
    /// Whether everything can be recorded.
    pub fn is_empty(&self) -> bool {
        self.participant_ids.is_empty()
            && self.certified_participant_ids.is_empty()
            && self.session_ids.is_empty()
            && self.future_session_ids.is_empty()
    }

    /// Sort the participants of a batch out.
    pub fn participants(
        &mut self,
        named: impl Iterator<Item = Uuid>,
        known: &HashMap<Uuid, ParticipantStatus>,
    ) {
        for id in unique(named) {
            match known.get(&id) {
                Some(status) if ParticipantStatus::CORRECTABLE.contains(status) => {}
                Some(ParticipantStatus::Completed) => self.certified_participant_ids.push(id),
                _ => self.participant_ids.push(id),
            }
        }
    }

    /// Sort the sessions of a batch out; `known` says whether the day of a session has come.
    pub fn sessions(&mut self, named: impl Iterator<Item = Uuid>, known: &HashMap<Uuid, bool>) {
        for id in unique(named) {
            match known.get(&id) {
                Some(true) => {}
                Some(false) => self.future_session_ids.push(id),
                None => self.session_ids.push(id),
            }
        }
    }
}

fn unique(ids: impl Iterator<Item = Uuid>) -> Vec<Uuid> {
    let mut seen = HashSet::new();
    ids.filter(|id| seen.insert(*id)).collect()
}

/// Share of the sessions held in which a participant was present, percent; nothing before the first.
pub fn attendance_percent(present: usize, held: usize) -> Option<f64> {
    let exact = |n: usize| u32::try_from(n).ok().map(f64::from);
    let (present, held) = (exact(present)?, exact(held)?);
    (held > 0.0).then(|| 100.0 * present / held)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_percentages_are_exact() {
        assert_eq!(attendance_percent(0, 0), None);
        assert_eq!(attendance_percent(4, 5), Some(80.0));
        assert_eq!(attendance_percent(21, 30), Some(70.0));
        assert!(attendance_percent(2, 3).unwrap() < 66.67);
    }

    #[test]
    fn a_batch_names_everything_that_is_outside_once() {
        let ids: Vec<Uuid> = (1..=4).map(Uuid::from_u128).collect();
        let known = HashMap::from([
            (ids[0], ParticipantStatus::Enrolled),
            (ids[1], ParticipantStatus::Completed),
            (ids[2], ParticipantStatus::Withdrawn),
        ]);
        let mut outside = Outside::default();
        outside.participants(ids.iter().chain(&ids).copied(), &known);
        assert_eq!(outside.participant_ids, [ids[2], ids[3]]);
        assert_eq!(outside.certified_participant_ids, [ids[1]]);
        outside.sessions(ids.iter().copied(), &HashMap::from([(ids[0], true), (ids[1], false)]));
        assert_eq!((outside.session_ids.len(), outside.future_session_ids.len()), (2, 1));
    }
}
