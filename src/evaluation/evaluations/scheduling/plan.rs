//! The plan: who is asked what in which phase, and until when.

use chrono::{Duration, NaiveDate};

use super::super::model::Phase;
use super::model::Run;
use crate::evaluation::questionnaires::Instrument;
use crate::participation::seat_draws::COMPARED_DAYS;

/// Days after the last session on which the latest window ends: older offerings have nothing left to hand out.
pub const LONGEST_DAYS: i64 = AFTER_SIX_MONTHS.1;
/// Days before it opens from which on a form follows its supervisor.
pub const SETTLING_DAYS: i64 = 14;

/// Days before the end of a window on which the respondent's superior is informed; never on the day of the reminder.
pub const ESCALATED_BEFORE_DAYS: i64 = 3;
/// Days from the first to the last of the longest window.
pub const LONGEST_WINDOW_DAYS: i32 = 51;

/// Three months, days.
const THREE_MONTHS: i64 = 90;
/// Six months, days.
const SIX_MONTHS: i64 = 180;
/// First and last day of the windows three months after the last session, in days from it.
const AFTER_THREE_MONTHS: (i64, i64) = (THREE_MONTHS - 14, THREE_MONTHS + 21);
// Where seats are drawn by lot, those who wait are sent to the next run after they were rated.
const _: () = assert!(AFTER_THREE_MONTHS.1 == COMPARED_DAYS as i64);
/// First and last day of the windows six months after the last session, in days from it.
const AFTER_SIX_MONTHS: (i64, i64) = (SIX_MONTHS - 21, SIX_MONTHS + 30);
/// Days that a form at the close can be answered.
const CLOSE_DAYS: i64 = 7;
/// Days that a test at the close can be answered: what was learned fades.
const TEST_DAYS: i64 = 3;

/// Every phase that is planned.
pub const PHASES: [Phase; 4] = [Phase::Baseline, Phase::Close, Phase::ThreeMonths, Phase::SixMonths];
/// Phases in which behaviour is rated; a comparison is asked about in no other.
pub const RATINGS: [Phase; 3] = [Phase::Baseline, Phase::ThreeMonths, Phase::SixMonths];

/// Who answers a form about a participant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// The participant's supervisor.
    Supervisor,
    /// The participant.
    Oneself,
    /// The head of the unit that nominated, once for all its people in an offering.
    Unit,
}

/// A form that is owed in a phase.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Owed {
    /// What it is for.
    pub instrument: Instrument,
    /// When.
    pub phase: Phase,
    /// By whom.
    pub asked: Asked,
}

const fn owed(phase: Phase, instrument: Instrument, asked: Asked) -> Owed {
    Owed { instrument, phase, asked }
}

/// What is owed because of each participant. Tests are owed only where a course has any.
pub const OF_PARTICIPANTS: [Owed; 12] = [
    owed(Phase::Baseline, Instrument::Behaviour, Asked::Supervisor),
    owed(Phase::Baseline, Instrument::SelfBehaviour, Asked::Oneself),
    owed(Phase::Baseline, Instrument::Knowledge, Asked::Oneself),
    owed(Phase::Close, Instrument::Reaction, Asked::Oneself),
    owed(Phase::Close, Instrument::ThenTest, Asked::Oneself),
    owed(Phase::Close, Instrument::Knowledge, Asked::Oneself),
    owed(Phase::ThreeMonths, Instrument::Behaviour, Asked::Supervisor),
    owed(Phase::ThreeMonths, Instrument::SelfBehaviour, Asked::Oneself),
    owed(Phase::ThreeMonths, Instrument::Environment, Asked::Oneself),
    owed(Phase::SixMonths, Instrument::Behaviour, Asked::Supervisor),
    owed(Phase::SixMonths, Instrument::SelfBehaviour, Asked::Oneself),
    owed(Phase::SixMonths, Instrument::Environment, Asked::Oneself),
];

/// What each unit owes that nominated somebody.
pub const OF_UNITS: Owed = owed(Phase::ThreeMonths, Instrument::Beneficiary, Asked::Unit);

impl Owed {
    /// When it can be answered.
    pub fn frame(&self) -> Frame {
        Frame::of(self.instrument, self.phase)
    }

    /// When it can be answered in an offering.
    pub fn window(&self, run: Run) -> Window {
        self.frame().window(run)
    }

    /// The window of a task that is handed out today, if it can still be answered. Who joins on the day of the first
    /// session may be asked about the time before on that day: no session has changed anything yet.
    pub fn window_from(&self, today: NaiveDate, run: Run) -> Option<Window> {
        let mut window = self.window(run);
        if self.phase == Phase::Baseline && today == run.first() {
            window.due_on = today;
        }
        (window.due_on >= today).then_some(window)
    }
}

/// A window, in days from the first or the last session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Frame {
    /// Counted from the first session; otherwise from the last.
    pub by_first: bool,
    /// It opens so many days after.
    pub from: i64,
    /// Its last day.
    pub to: i64,
}

impl Frame {
    /// Baseline: from 14 days before the first session to the day before it. Close: from the last session for 7 days, a
    /// test for 3. Three months (90 days): from 14 days before to 21 after. Six months (180 days): from 21 days before to
    /// 30 after. All forms of a phase open on the same day.
    pub fn of(instrument: Instrument, phase: Phase) -> Self {
        let close = if instrument == Instrument::Knowledge { TEST_DAYS } else { CLOSE_DAYS };
        let (from, to) = match phase {
            Phase::Baseline => (-14, -1),
            Phase::Close => (0, close),
            Phase::ThreeMonths => AFTER_THREE_MONTHS,
            Phase::SixMonths => AFTER_SIX_MONTHS,
            // The person who opens it says from when to when; nothing of it is planned.
            Phase::OnRequest => (0, 0),
        };
        Self { by_first: phase == Phase::Baseline, from, to }
    }

    /// The earliest day of the session it is counted from for which it can be handed out today.
    pub fn earliest(&self, today: NaiveDate) -> NaiveDate {
        today - Duration::days(self.to.max(0))
    }

    fn window(&self, run: Run) -> Window {
        let day = if self.by_first { run.first() } else { run.last() };
        Window { opens_on: day + Duration::days(self.from), due_on: day + Duration::days(self.to) }
    }
}

/// Days after the last session on which the window of a form closes; `None` where the window is counted from the first
/// session, or is set by the person who opens it.
pub fn closes_after(instrument: Instrument, phase: Phase) -> Option<i64> {
    let is_counted_from_the_last = !matches!(phase, Phase::Baseline | Phase::OnRequest);
    is_counted_from_the_last.then(|| Frame::of(instrument, phase).to)
}

/// First and last day on which a form can be answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    pub opens_on: NaiveDate,
    pub due_on: NaiveDate,
}

/// A time during which somebody was not at work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Absence {
    pub first: NaiveDate,
    pub last: NaiveDate,
}

/// By how many days a follow-up moves for long absences, the earliest first: behaviour at work needs time at work. Each
/// that reaches into the time between the course's end and the opening of the window, as moved so far, counts with its
/// days after the course. It follows from dates alone, so that it can be computed again and again.
pub fn days_away(absences: &[Absence], ended_on: NaiveDate, opens_on: NaiveDate) -> i64 {
    absences.iter().fold(0, |moved, absence| {
        let from = absence.first.max(ended_on + Duration::days(1));
        let counts = absence.last > ended_on && from <= opens_on + Duration::days(moved);
        if counts { moved + (absence.last - from).num_days() + 1 } else { moved }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::half_day::{Half, HalfDay};

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn run() -> Run {
        let half_day = |text| HalfDay::new(day(text), Half::Morning).0;
        Run { first_half_day: half_day("2026-03-16"), last_half_day: half_day("2026-03-20") }
    }

    #[test]
    fn windows_follow_the_first_and_last_session() {
        let window = |instrument, phase| {
            let w = owed(phase, instrument, Asked::Oneself).window(run());
            (w.opens_on.to_string(), w.due_on.to_string())
        };
        let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        let rated = |phase| window(Instrument::Behaviour, phase);
        assert_eq!(rated(Phase::Baseline), pair("2026-03-02", "2026-03-15"));
        assert_eq!(rated(Phase::ThreeMonths), pair("2026-06-04", "2026-07-09"));
        assert_eq!(rated(Phase::SixMonths), pair("2026-08-26", "2026-10-16"));
        assert_eq!(window(Instrument::Reaction, Phase::Close), pair("2026-03-20", "2026-03-27"));
        assert_eq!(window(Instrument::Knowledge, Phase::Close), pair("2026-03-20", "2026-03-23"));
        assert_eq!(window(Instrument::Knowledge, Phase::Baseline), rated(Phase::Baseline));
        let latest = Frame::of(Instrument::Behaviour, Phase::SixMonths).to;
        assert_eq!(latest, LONGEST_DAYS);
    }

    #[test]
    fn no_window_is_longer_than_the_longest() {
        let length = |owed: &Owed| owed.frame().to - owed.frame().from;
        let longest = OF_PARTICIPANTS.iter().chain([&OF_UNITS]).map(length).max();
        assert_eq!(longest, Some(LONGEST_WINDOW_DAYS.into()));
    }

    #[test]
    fn all_forms_of_a_phase_open_on_the_same_day() {
        for owed in OF_PARTICIPANTS.iter().chain([&OF_UNITS]) {
            let other = Frame::of(Instrument::Behaviour, owed.phase);
            assert_eq!((owed.frame().by_first, owed.frame().from), (other.by_first, other.from));
        }
    }

    #[test]
    fn a_baseline_is_handed_out_up_to_the_first_session_and_never_after() {
        let before = owed(Phase::Baseline, Instrument::Behaviour, Asked::Supervisor);
        let due = |today| before.window_from(day(today), run()).map(|w| w.due_on.to_string());
        assert_eq!(due("2026-03-15").as_deref(), Some("2026-03-15"));
        assert_eq!(due("2026-03-16").as_deref(), Some("2026-03-16"));
        assert_eq!(due("2026-03-17"), None);
    }

    /// What the database is asked for is what can be handed out.
    #[test]
    fn the_earliest_session_is_the_one_whose_window_is_still_open() {
        for owed in OF_PARTICIPANTS {
            let counted = if owed.frame().by_first { run().first() } else { run().last() };
            for n in 0..300 {
                let today = day("2026-01-01") + Duration::days(n);
                let open = owed.window_from(today, run()).is_some();
                assert_eq!(counted >= owed.frame().earliest(today), open, "{owed:?} on {today}");
            }
        }
    }

    #[test]
    fn long_absences_between_the_course_and_the_window_move_it_by_their_length() {
        let absence = |first, last| Absence { first: day(first), last: day(last) };
        let moved = |absences: &[Absence]| days_away(absences, day("2026-03-20"), day("2026-06-04"));
        assert_eq!(moved(&[]), 0);
        assert_eq!(moved(&[absence("2026-04-01", "2026-05-10")]), 40);
        assert_eq!(moved(&[absence("2026-02-01", "2026-03-20")]), 0, "over before");
        assert_eq!(moved(&[absence("2026-03-01", "2026-04-09")]), 20, "what lies after the course");
        assert_eq!(moved(&[absence("2026-06-04", "2026-07-13")]), 40, "begins with the window");
        assert_eq!(moved(&[absence("2026-06-05", "2026-07-14")]), 0, "begins in the window");
        let first = absence("2026-04-01", "2026-05-10");
        assert_eq!(
            moved(&[first, absence("2026-07-14", "2026-08-22")]),
            80,
            "begins before the moved window"
        );
        assert_eq!(moved(&[first, absence("2026-07-15", "2026-08-23")]), 40);
    }
}
