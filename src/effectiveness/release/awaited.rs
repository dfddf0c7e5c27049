//! What the release of an offering's official scores waits for, and until when.
//!
//! No form and no window says when the scores of a period are there: the HR portal pushes them, in one go or piece by
//! piece. So the release of an offering's scores waits until everybody whose scores count in it, and who still works here,
//! is rated for both periods after the dropped one, and at the latest for [`LAST_DAYS`] days after the second of them. It
//! never comes before that period is over.
//!
//! Each person is awaited by the shortest kind of period that one is rated by; how long the offering waits at most follows
//! the kind that most of its people are rated by, so that an offering of people rated by months does not wait for quarters.

use chrono::{Datelike, Days, Months, NaiveDate};
use serde::Serialize;
use utoipa::ToSchema;

use crate::effectiveness::measures::{PeriodKind, quarter_start};

/// Days after the second follow-up period after which scores are released whether or not everybody's are there: the
/// shortest calendar quarter has so many. The figures are therefore published in the quarter after their last period at
/// the latest, in which units are put together; and a quarter is time enough to push what was rated, and to correct it.
pub const LAST_DAYS: u64 = 90;
/// How long before the last session ratings show by which kind of period somebody is rated.
pub const KNOWN_BY: Months = Months::new(12);

/// That somebody was rated for a period, without what the rating says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RatedPeriod {
    /// Kind of the period.
    pub kind: PeriodKind,
    /// Its first day.
    pub start: NaiveDate,
    /// Its last day.
    pub end: NaiveDate,
    /// Vietnamese day on which the first rating of it was pushed.
    pub known_on: NaiveDate,
}

/// Somebody whose scores count in an offering: who took part, or an untrained colleague.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AwaitedPerson {
    /// Since when nobody rates the person any more: the day on which it was known that one left.
    pub left_on: Option<NaiveDate>,
    /// For which periods there are ratings.
    pub rated: Vec<RatedPeriod>,
}

/// The two periods after the dropped one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FollowUpPeriods {
    /// First day of the first.
    first: NaiveDate,
    /// First day of the second.
    second: NaiveDate,
    /// Last day of the second.
    end: NaiveDate,
}

impl FollowUpPeriods {
    /// Those of an offering with a last session.
    pub fn of(kind: PeriodKind, last_session: NaiveDate) -> Self {
        let months = |n: u32| Months::new(n * length(kind));
        let start = first_day(kind, last_session);
        Self { first: start + months(2), second: start + months(3), end: start + months(4) - Days::new(1) }
    }

    /// The first day on which they are over.
    pub fn over(self) -> NaiveDate {
        self.end + Days::new(1)
    }

    /// The day on which scores are released at the latest.
    pub fn latest(self) -> NaiveDate {
        self.end + Days::new(LAST_DAYS)
    }
}

/// What a release still waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "scores")]
pub enum AwaitedFor {
    /// The second of the two periods runs.
    PeriodEnd,
    /// It is over, and not everybody's ratings are there.
    Scores,
}

/// What the release of an offering's scores waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AwaitedScores {
    /// What is waited for.
    pub what: AwaitedFor,
    /// Kind of the periods that most of the people are rated by.
    pub kind: PeriodKind,
    /// First day of the second of the two periods.
    pub from: NaiveDate,
    /// Its last day.
    pub to: NaiveDate,
    /// The day on which the figures come at the latest, with what is there then.
    pub until: NaiveDate,
}

/// The people whose scores an offering waits for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AwaitedPeople {
    /// Day of the last session.
    pub last_session: NaiveDate,
    pub people: Vec<AwaitedPerson>,
}

impl AwaitedPeople {
    /// The day on which the scores come out, if it is not later than `today`. What was pushed by the end of the day before
    /// counts, so that the answer is the same whenever it is asked from then on.
    pub fn released_on(&self, today: NaiveDate) -> Option<NaiveDate> {
        self.days().into_iter().take_while(|day| *day <= today).find(|day| self.is_ready(*day))
    }

    /// What is waited for, as it is known at the end of a day.
    pub fn waits_for(&self, as_of: NaiveDate) -> AwaitedScores {
        let kind = self.kind(as_of);
        let periods = self.periods(kind);
        AwaitedScores {
            what: if as_of < periods.end { AwaitedFor::PeriodEnd } else { AwaitedFor::Scores },
            kind,
            from: periods.second,
            to: periods.end,
            until: periods.latest(),
        }
    }

    /// The days on which anything about the release can change, in order.
    fn days(&self) -> Vec<NaiveDate> {
        let [months, quarters] = [PeriodKind::Month, PeriodKind::Quarter].map(|kind| self.periods(kind));
        let after = |day: NaiveDate| day + Days::new(1);
        let known = self.people.iter().flat_map(|who| {
            let rated = who.rated.iter().flat_map(move |rated| [after(rated.known_on), after(rated.end)]);
            rated.chain(who.left_on.map(after))
        });
        let mut days: Vec<NaiveDate> = known
            .chain([months.over(), quarters.over(), months.latest(), quarters.latest()])
            .filter(|day| months.over() <= *day)
            .collect();
        days.sort_unstable();
        days.dedup();
        days
    }

    fn is_ready(&self, day: NaiveDate) -> bool {
        let known = day - Days::new(1);
        let kind = self.kind(known);
        let periods = self.periods(kind);
        let complete = || self.people.iter().all(|who| self.is_settled(who, kind, known));
        day >= periods.latest() || (known >= periods.end && complete())
    }

    /// Whether nothing more is expected of somebody.
    fn is_settled(&self, who: &AwaitedPerson, kind: PeriodKind, known: NaiveDate) -> bool {
        if who.left_on.is_some_and(|left| left <= known) {
            return true;
        }
        let kind = self.kind_of(who, known).unwrap_or(kind);
        let periods = self.periods(kind);
        let has = |start: NaiveDate| {
            let mut of_period = who.rated.iter().filter(|rated| rated.kind == kind && rated.start == start);
            of_period.any(|rated| rated.known_on <= known && rated.end <= known)
        };
        has(periods.first) && has(periods.second)
    }

    /// The kind of period that most are rated by, as far as it is known; the shorter of two that as many are rated by. Of
    /// nobody's ratings quarters follow, the longest that the decree knows for scores.
    fn kind(&self, known: NaiveDate) -> PeriodKind {
        let kinds = self.people.iter().filter_map(|who| self.kind_of(who, known));
        let (months, others): (Vec<_>, Vec<_>) = kinds.partition(|kind| *kind == PeriodKind::Month);
        if months.is_empty() || months.len() < others.len() { PeriodKind::Quarter } else { PeriodKind::Month }
    }

    /// The shortest kind that somebody is rated by; years are too long to compare before and after.
    fn kind_of(&self, who: &AwaitedPerson, known: NaiveDate) -> Option<PeriodKind> {
        let since = self.last_session - KNOWN_BY;
        let lately = who.rated.iter().filter(|rated| rated.known_on <= known && rated.end >= since);
        lately.map(|rated| rated.kind).filter(|kind| *kind != PeriodKind::Year).min()
    }

    fn periods(&self, kind: PeriodKind) -> FollowUpPeriods {
        FollowUpPeriods::of(kind, self.last_session)
    }
}

/// Months of a period.
fn length(kind: PeriodKind) -> u32 {
    match kind {
        PeriodKind::Month => 1,
        PeriodKind::Quarter => 3,
        PeriodKind::Year => 12,
    }
}

/// The first day of the period of a day.
fn first_day(kind: PeriodKind, day: NaiveDate) -> NaiveDate {
    match kind {
        PeriodKind::Month => day.with_day(1).unwrap_or(day),
        PeriodKind::Quarter => quarter_start(day),
        PeriodKind::Year => day.with_ordinal(1).unwrap_or(day),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn rated(kind: PeriodKind, start: &str, known_on: &str) -> RatedPeriod {
        let start = day(start);
        let end = start + Months::new(length(kind)) - Days::new(1);
        RatedPeriod { kind, start, end, known_on: day(known_on) }
    }

    /// Rated for the quarters before and after an offering that ended in March 2026, the last one on a day.
    fn by_quarters(last_known_on: &str) -> AwaitedPerson {
        let rated = [
            ("2025-07-01", "2025-10-10"),
            ("2025-10-01", "2026-01-10"),
            ("2026-07-01", "2026-10-10"),
            ("2026-10-01", last_known_on),
        ];
        AwaitedPerson {
            left_on: None,
            rated: rated.map(|(start, known)| self::rated(PeriodKind::Quarter, start, known)).into(),
        }
    }

    fn by_months(last_known_on: &str) -> AwaitedPerson {
        let rated = [
            ("2025-12-01", "2026-01-10"),
            ("2026-01-01", "2026-02-10"),
            ("2026-05-01", "2026-06-10"),
            ("2026-06-01", last_known_on),
        ];
        AwaitedPerson {
            left_on: None,
            rated: rated.map(|(start, known)| self::rated(PeriodKind::Month, start, known)).into(),
        }
    }

    fn offering(people: Vec<AwaitedPerson>) -> AwaitedPeople {
        AwaitedPeople { last_session: day("2026-03-10"), people }
    }

    fn released(people: Vec<AwaitedPerson>) -> NaiveDate {
        offering(people).released_on(day("2030-01-01")).unwrap()
    }

    #[test]
    fn a_quarter_pushed_in_time_is_released_the_day_after() {
        assert_eq!(released(vec![by_quarters("2027-01-10"); 3]), day("2027-01-11"));
        let mixed = vec![by_quarters("2027-01-10"), by_quarters("2027-02-05")];
        assert_eq!(released(mixed), day("2027-02-06"), "everybody is waited for");
        let offering = offering(vec![by_quarters("2027-01-10")]);
        assert_eq!(offering.released_on(day("2027-01-10")), None);
    }

    #[test]
    fn a_quarter_pushed_early_waits_until_it_is_over() {
        assert_eq!(released(vec![by_quarters("2026-12-15")]), day("2027-01-01"));
    }

    #[test]
    fn a_quarter_pushed_late_is_not_waited_for_for_ever() {
        let late = offering(vec![by_quarters("2027-05-01"), by_quarters("2027-01-10")]);
        assert_eq!(late.released_on(day("2027-12-31")), Some(day("2027-03-31")));
        let waits = late.waits_for(day("2027-01-15"));
        assert_eq!(
            (waits.what, waits.kind, waits.until),
            (AwaitedFor::Scores, PeriodKind::Quarter, day("2027-03-31"))
        );
        assert_eq!((waits.from, waits.to), (day("2026-10-01"), day("2026-12-31")));
        assert_eq!(late.waits_for(day("2026-12-30")).what, AwaitedFor::PeriodEnd);
    }

    /// A correction is no new period: the first push counts, and what comes later opens a revision.
    #[test]
    fn a_corrected_quarter_is_released_as_early_as_it_was_pushed() {
        let mut corrected = by_quarters("2027-01-10");
        corrected.rated.push(rated(PeriodKind::Quarter, "2026-10-01", "2027-12-10"));
        assert_eq!(released(vec![corrected]), day("2027-01-11"));
    }

    #[test]
    fn who_is_rated_by_months_does_not_wait_for_quarters() {
        // April is dropped, May and June count.
        assert_eq!(released(vec![by_months("2026-07-10"); 2]), day("2026-07-11"));
        let unrated = vec![by_months("2026-07-10"), AwaitedPerson::default()];
        assert_eq!(released(unrated), day("2026-09-28"), "ninety days after June");
        let waits = offering(vec![by_months("2026-07-10")]).waits_for(day("2026-03-20"));
        assert_eq!((waits.kind, waits.to), (PeriodKind::Month, day("2026-06-30")));
    }

    #[test]
    fn the_kind_that_most_are_rated_by_says_how_long() {
        let one_by_months =
            vec![by_months("2026-07-10"), by_quarters("2027-01-10"), by_quarters("2027-01-12")];
        assert_eq!(
            released(one_by_months),
            day("2027-01-13"),
            "each is awaited by the kind they are rated by"
        );
        let one_by_quarters =
            vec![by_months("2026-07-10"), by_months("2026-07-12"), by_quarters("2027-01-10")];
        assert_eq!(released(one_by_quarters), day("2026-09-28"));
        let mut both = by_quarters("2027-01-10");
        both.rated.extend(by_months("2026-07-10").rated);
        assert_eq!(released(vec![both]), day("2026-07-11"), "the shorter is read, and waited for");
    }

    #[test]
    fn nothing_pushed_is_released_on_the_last_day() {
        let nothing = offering(vec![AwaitedPerson::default(); 12]);
        assert_eq!(nothing.released_on(day("2027-03-30")), None);
        assert_eq!(nothing.released_on(day("2027-03-31")), Some(day("2027-03-31")));
        assert_eq!(nothing.waits_for(day("2027-02-01")).until, day("2027-03-31"));
    }

    #[test]
    fn years_of_the_old_regime_say_nothing_of_the_kind() {
        let mut yearly = by_quarters("2027-01-10");
        yearly.rated.drain(..2);
        yearly.rated.push(rated(PeriodKind::Year, "2025-01-01", "2025-12-14"));
        assert_eq!(released(vec![yearly.clone()]), day("2027-01-11"));
        yearly.rated.drain(..2);
        assert_eq!(released(vec![yearly]), day("2027-03-31"), "of whole years nothing can be compared");
    }

    #[test]
    fn who_left_is_not_waited_for() {
        let left = AwaitedPerson { left_on: Some(day("2026-11-02")), rated: Vec::new() };
        assert_eq!(released(vec![by_quarters("2027-01-10"), left]), day("2027-01-11"));
        let later = AwaitedPerson { left_on: Some(day("2027-02-01")), rated: Vec::new() };
        assert_eq!(released(vec![by_quarters("2027-01-10"), later.clone()]), day("2027-02-02"));
        assert_eq!(
            released(vec![AwaitedPerson { left_on: Some(day("2026-04-01")), ..later }]),
            day("2027-01-01")
        );
    }

    #[test]
    fn whatever_is_pushed_the_release_stands_in_the_quarter_after_the_last_period() {
        for offset in 0..800 {
            let last_session = day("2026-01-01") + Days::new(offset);
            let periods = FollowUpPeriods::of(PeriodKind::Quarter, last_session);
            assert_eq!(quarter_start(periods.latest()), periods.end + Days::new(1), "{last_session}");
        }
    }
}
