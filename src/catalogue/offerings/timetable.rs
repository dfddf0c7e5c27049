//! What a timetable must be: pure rules, every fault named at its member.

use std::collections::{HashMap, HashSet};

use chrono::{Datelike, NaiveDate, Weekday};
use serde::Serialize;
use uuid::Uuid;

use super::model::{Mode, SessionDraft};
use crate::catalogue::lecturers::Lecturer;
use crate::error::{Error, Faults, FieldError, Result, Rule};
use crate::half_day::{Half, HalfDay};

/// Days that differ from the week: holidays (`false`), and weekend days worked in exchange (`true`).
pub struct Calendar(pub HashMap<NaiveDate, bool>);

impl Calendar {
    pub fn is_working_day(&self, day: NaiveDate) -> bool {
        let weekend = matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
        self.0.get(&day).copied().unwrap_or(!weekend)
    }
}

/// First and last half-day, if there are sessions.
pub fn span(sessions: &[SessionDraft]) -> Option<(HalfDay, HalfDay)> {
    let half_days = || sessions.iter().map(|s| s.half_day);
    half_days().min().zip(half_days().max())
}

/// Faults of the sessions among themselves, and against the course, the calendar and the institute's lecturers.
pub fn session_faults(
    sessions: &[SessionDraft],
    course_periods: i32,
    calendar: &Calendar,
    lecturers: &[Lecturer],
) -> Faults {
    let mut faults = Faults::default();
    let mut seen = HashSet::new();
    for (i, session) in sessions.iter().enumerate() {
        if !seen.insert(session.half_day) {
            faults.push(FieldError::new(format!("/sessions/{i}/half"), "duplicate"));
        }
        if !calendar.is_working_day(session.half_day.date()) {
            faults.push(FieldError::new(format!("/sessions/{i}/date"), "weekday"));
        }
        let lecturer = lecturers.iter().find(|l| l.id == session.lecturer_id);
        let code = match lecturer {
            None => Some("unknown_reference"),
            Some(lecturer) if !lecturer.is_active => Some("lecturer_inactive"),
            Some(_) => None,
        };
        faults.extend(code.map(|code| FieldError::new(format!("/sessions/{i}/lecturer_id"), code)));
    }
    let periods: i32 = sessions.iter().map(|s| s.periods).sum();
    if periods != course_periods {
        faults.push(
            FieldError::new("/sessions", "periods_mismatch")
                .with("actual", periods)
                .with("expected", course_periods),
        );
    }
    faults
}

/// Faults of what surrounds the sessions.
pub fn frame_faults(
    mode: Mode,
    location: Option<&str>,
    nominations_close_on: NaiveDate,
    first_day: NaiveDate,
) -> Faults {
    let mut faults = Faults::default();
    if mode.has_place() && location.is_none() {
        faults.push(FieldError::new("/location", "required"));
    }
    if nominations_close_on > first_day {
        faults.push(FieldError::new("/nominations_close_on", "after_first_session").with("limit", first_day));
    }
    faults
}

#[derive(Serialize)]
struct Busy {
    busy: Vec<BusySession>,
}

#[derive(Serialize)]
struct BusySession {
    lecturer_id: Uuid,
    date: NaiveDate,
    half: Half,
}

/// Refuse sessions whose lecturer teaches elsewhere in that half-day; the refusal names them.
pub fn check_lecturers_free(sessions: &[SessionDraft], taken: &HashSet<(Uuid, HalfDay)>) -> Result<()> {
    let busy: Vec<BusySession> = sessions
        .iter()
        .filter(|s| taken.contains(&(s.lecturer_id, s.half_day)))
        .map(|s| BusySession { lecturer_id: s.lecturer_id, date: s.half_day.date(), half: s.half_day.half() })
        .collect();
    if busy.is_empty() {
        return Ok(());
    }
    Err(Error::refused(Rule::LecturerBusy, &Busy { busy }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_working_saturday_counts_and_a_holiday_does_not() {
        let calendar = Calendar(HashMap::from([(day("2026-05-01"), false), (day("2026-05-09"), true)]));
        for (text, working) in
            [("2026-04-30", true), ("2026-05-01", false), ("2026-05-02", false), ("2026-05-09", true)]
        {
            assert_eq!(calendar.is_working_day(day(text)), working, "{text}");
        }
    }

    #[test]
    fn the_span_does_not_depend_on_the_order() {
        let session = |n| SessionDraft {
            half_day: HalfDay(n),
            periods: 4,
            topic: "Bài học".to_owned(),
            lecturer_id: Uuid::nil(),
        };
        assert_eq!(span(&[session(7), session(3), session(5)]), Some((HalfDay(3), HalfDay(7))));
        assert_eq!(span(&[]), None);
    }

    #[test]
    fn only_what_has_a_place_needs_one() {
        let first = day("2026-05-04");
        for (mode, needs) in
            [(Mode::InPerson, true), (Mode::Blended, true), (Mode::Online, false), (Mode::Distance, false)]
        {
            assert_eq!(!frame_faults(mode, None, first, first).is_empty(), needs, "{mode:?}");
            assert!(frame_faults(mode, Some("Hà Nội"), first, first).is_empty());
        }
        let late = frame_faults(Mode::Online, None, day("2026-05-05"), first);
        assert_eq!(late.iter().map(|f| f.code).collect::<Vec<_>>(), ["after_first_session"]);
    }
}
