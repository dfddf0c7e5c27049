use chrono::{DateTime, Datelike, Duration, Months, NaiveDate, Utc};
use strum::{EnumString, IntoStaticStr};
use uuid::Uuid;

use super::awaited::FollowUpPeriods;
use super::work_score::PeriodKind;
use crate::clock::vietnamese_day;
use crate::db::text_enum;
use crate::evaluation::evaluations::{self, Phase};
use crate::evaluation::questionnaires::{Audience, Instrument};

/// Version of the method: raised when a rule of the computation changes, so that old figures can be told apart.
pub const METHOD_VERSION: &str = "4";

/// Days for which an offering's figures wait for forms that a long leave has moved; what comes later is not counted.
pub const LONGEST_WAIT: i64 = 60;

/// What is measured again, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Measure {
    /// Behaviour at work three months after.
    ThreeMonths,
    /// Behaviour at work six months after.
    SixMonths,
    /// The official work score.
    WorkScore,
    /// What the learners, anonymously, thought of the course at its end.
    Reaction,
    /// What the learners knew before and after, by tests.
    Knowledge,
    /// How the learners rate themselves, three months after and in looking back.
    SelfRating,
    /// Whether the learners' offices, three months after, let them use what they learned; anonymous.
    Environment,
    /// What the units that sent people say three months after.
    Beneficiary,
}

text_enum!(Measure);

impl Measure {
    /// All of them.
    pub const ALL: [Measure; 8] = [
        Measure::Knowledge,
        Measure::Reaction,
        Measure::ThreeMonths,
        Measure::SelfRating,
        Measure::Environment,
        Measure::Beneficiary,
        Measure::SixMonths,
        Measure::WorkScore,
    ];

    /// Those that are told by unit too. Anonymous forms do not know their unit; of tests and self-ratings see
    /// `levels`.
    pub const OF_PEOPLE: [Measure; 3] = [Measure::ThreeMonths, Measure::SixMonths, Measure::WorkScore];

    /// Days after the last session on which the windows of its forms close; official scores
    /// have none.
    fn closes_after(self) -> Option<i64> {
        // The forms of six months are those of three months once more.
        let instrument = self.instruments().first().copied().unwrap_or(Instrument::Behaviour);
        evaluations::closes_after(instrument, self.phase()?)
    }

    /// What its forms are for, whose quality is measured with it; those of six months are the same once more.
    pub fn instruments(self) -> &'static [Instrument] {
        match self {
            Measure::Knowledge => &[Instrument::Knowledge],
            Measure::Reaction => &[Instrument::Reaction],
            Measure::ThreeMonths => &[Instrument::Behaviour],
            Measure::SelfRating => &[Instrument::SelfBehaviour, Instrument::ThenTest],
            Measure::Environment => &[Instrument::Environment],
            Measure::Beneficiary => &[Instrument::Beneficiary],
            Measure::SixMonths | Measure::WorkScore => &[],
        }
    }

    /// The phase its forms belong to; official scores have none.
    pub fn phase(self) -> Option<Phase> {
        match self {
            Measure::Reaction | Measure::Knowledge => Some(Phase::Close),
            Measure::ThreeMonths | Measure::SelfRating | Measure::Environment | Measure::Beneficiary => {
                Some(Phase::ThreeMonths)
            }
            Measure::SixMonths => Some(Phase::SixMonths),
            Measure::WorkScore => None,
        }
    }
}

/// On which day an offering's figures are added up and may be published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Release {
    /// The offering.
    pub offering_id: Uuid,
    /// What is released.
    pub measure: Measure,
    /// The day. What was known at the end of the day before it counts.
    pub on: NaiveDate,
    /// 1, and of official scores one more whenever late or corrected ones are added: see `revision_rule`.
    pub revision: i32,
}

impl Release {
    /// The day, by the last session and by the last day on which one of the forms may be answered.
    ///
    /// Forms: the day after the last window has closed; for forms that a leave has moved it waits at most 60 days.
    /// Official scores have no window: this is the day on which they come at the latest, 90 days after the second
    /// follow-up quarter (the first complete quarter after the course is dropped). On which day before it they are all
    /// there, and how long people rated by months are waited for, is said by `awaited`.
    pub fn day(measure: Measure, last_session: NaiveDate, last_due: Option<NaiveDate>) -> NaiveDate {
        let Some(days) = measure.closes_after() else {
            return FollowUpPeriods::of(PeriodKind::Quarter, last_session).latest();
        };
        let regular = last_session + Duration::days(days);
        let latest = regular + Duration::days(LONGEST_WAIT);
        last_due.map_or(regular, |due| due.clamp(regular, latest)) + Duration::days(1)
    }

    /// The last session before which an offering may be due on a day, at the earliest.
    pub fn earliest_session(measure: Measure, today: NaiveDate) -> NaiveDate {
        match measure.closes_after() {
            Some(days) => today - Duration::days(days + 1),
            // Of people rated by months: the dropped month and the two that count.
            None => today - Months::new(3),
        }
    }
}

/// The first day of the calendar quarter of a day.
pub fn quarter_start(day: NaiveDate) -> NaiveDate {
    let first = day.with_day(1).unwrap_or(day);
    first - Months::new(first.month0() % 3)
}

/// The last day of the calendar quarter of a day.
pub fn quarter_end(day: NaiveDate) -> NaiveDate {
    quarter_start(day) + Months::new(3) - Duration::days(1)
}

/// The first day of the quarter so many quarters before another.
pub fn quarters_before(quarter: NaiveDate, quarters: u32) -> NaiveDate {
    quarter - Months::new(3 * quarters)
}

/// Quarters from one to another, by their first days.
pub fn quarters_between(from: NaiveDate, to: NaiveDate) -> i32 {
    let number = |day: NaiveDate| day.year() * 4 + i32::try_from(day.month0() / 3).unwrap_or_default();
    number(to) - number(from)
}

/// Someone who took part in an offering.
#[derive(Debug, Clone)]
pub struct Participation {
    pub id: Uuid,
    pub offering_id: Uuid,
    pub course_id: Uuid,
    pub employee_id: Uuid,
    pub unit_id: Uuid,
    /// Nominated because of a weakness: regression to the mean alone would look like an improvement.
    pub for_weakness: bool,
    /// Whether only a lot decided who of the offering was trained and who stands for comparison.
    pub by_lot: bool,
    /// When it was decided to send the person: what happens from here on is no baseline of the official score.
    pub index_date: NaiveDate,
    pub first_day: NaiveDate,
    pub last_day: NaiveDate,
}

/// A form about somebody's work that was delivered, with its answer as far as it was known.
#[derive(Debug, Clone)]
pub struct Form {
    /// Whose work it is about.
    pub subject_id: Uuid,
    /// An untrained colleague, matched to the participant.
    pub is_comparison: bool,
    /// Asked of who was named to rate beside the supervisor.
    pub is_second: bool,
    pub audience: Audience,
    pub phase: Phase,
    pub questionnaire_id: Uuid,
    /// Written for one course, and not for all.
    pub is_of_course: bool,
    pub respondent_id: Uuid,
    pub due_on: NaiveDate,
    pub is_excused: bool,
    pub answer: Option<Answer>,
}

/// An answered form.
#[derive(Debug, Clone, Copy)]
pub struct Answer {
    pub on: NaiveDate,
    /// Points; none when too few items were answered.
    pub score: Option<f64>,
}

/// An answer, if it was given by the end of a day.
pub fn answer_by(
    as_of: NaiveDate,
    submitted_at: Option<DateTime<Utc>>,
    score: Option<f64>,
) -> Option<Answer> {
    let on = vietnamese_day(submitted_at?);
    (on <= as_of).then_some(Answer { on, score })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn an_answer_of_the_evening_belongs_to_the_vietnamese_day() {
        let late = "2026-11-23T17:00:00Z".parse().unwrap();
        assert!(answer_by(day("2026-11-23"), Some(late), Some(3.0)).is_none());
        assert_eq!(answer_by(day("2026-11-24"), Some(late), None).unwrap().on, day("2026-11-24"));
    }

    #[test]
    fn figures_wait_for_the_last_window_and_not_for_ever() {
        let last = day("2026-03-10");
        let on = |due: Option<&str>| Release::day(Measure::ThreeMonths, last, due.map(day));
        assert_eq!(on(None), day("2026-06-30"), "111 days and one");
        assert_eq!(
            on(Some("2026-06-01")),
            day("2026-06-30"),
            "a window that closed early does not hasten them"
        );
        assert_eq!(on(Some("2026-07-20")), day("2026-07-21"));
        assert_eq!(on(Some("2027-01-01")), day("2026-08-29"), "sixty days later at most");
        assert_eq!(Release::day(Measure::SixMonths, last, None), day("2026-10-07"));
        assert_eq!(Release::day(Measure::Knowledge, last, None), day("2026-03-14"), "three days and one");
        assert_eq!(Release::day(Measure::SelfRating, last, None), on(None));
    }

    #[test]
    fn official_scores_come_ninety_days_after_the_second_quarter_that_counts_at_the_latest() {
        let on = |last: &str| Release::day(Measure::WorkScore, day(last), None);
        // The second quarter is dropped, the third and the fourth count.
        assert_eq!(on("2026-03-31"), day("2027-03-31"));
        assert_eq!(on("2026-01-01"), day("2027-03-31"));
        assert_eq!(on("2026-11-30"), day("2027-12-29"));
    }

    #[test]
    fn no_offering_is_due_before_the_day_the_search_begins_with() {
        for measure in Measure::ALL {
            for offset in 0..800 {
                let last = day("2026-01-01") + Duration::days(offset);
                let due = Release::day(measure, last, None);
                assert!(last <= Release::earliest_session(measure, due), "{measure:?} {last} {due}");
                let by_months = FollowUpPeriods::of(PeriodKind::Month, last).over();
                assert!(
                    last <= Release::earliest_session(Measure::WorkScore, by_months),
                    "{last} {by_months}"
                );
            }
        }
    }
}
