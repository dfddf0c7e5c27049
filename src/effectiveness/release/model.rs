use chrono::{Duration, Months, NaiveDate};
use uuid::Uuid;

use super::awaited::FollowUpPeriods;
use crate::effectiveness::measures::{Measure, PeriodKind};

/// Days for which an offering's figures wait for forms that a long leave has moved; what comes later is not counted.
pub const LONGEST_WAIT: i64 = 60;

/// On which day an offering's figures are added up and may be published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Release {
    /// The offering.
    pub offering_id: Uuid,
    /// What is released.
    pub measure: Measure,
    /// The day. What was known at the end of the day before it counts.
    pub on: NaiveDate,
    /// 1, and of official scores one more whenever late or corrected ones are added: see
    /// [`revisions`](crate::effectiveness::disclosure::revisions).
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

/// What one round of adding up came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[must_use = "institutes answer for what is bad, in the same unit of work"]
pub struct RolledUp {
    /// How many figures are new, or were looked at again.
    pub new: usize,
    /// Offering and measure of each new figure that is bad: a learners' mean below the limit, or behaviour at work that is
    /// worse three months after.
    pub bad: Vec<(Uuid, Measure)>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
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
