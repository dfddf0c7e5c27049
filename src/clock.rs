//! The only source of time, ids and secrets, so that a test (and the demo) decides what day it is.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveTime, TimeDelta, Utc};
use uuid::{ContextV7, Timestamp, Uuid};

use crate::error::{Error, Result};

/// Hours Vietnam is ahead of UTC; it has no daylight saving time.
const VIETNAM_UTC_OFFSET_HOURS: i32 = 7;

/// Tells the time and makes ids; cheap to clone, all clones tell the same time.
#[derive(Clone)]
pub struct Clock(Arc<Inner>);

struct Inner {
    /// `None` for the system's clock.
    fixed: Option<Mutex<DateTime<Utc>>>,
    ids: Mutex<ContextV7>,
}

impl Clock {
    /// The machine's clock.
    pub fn system() -> Self {
        Self(Arc::new(Inner { fixed: None, ids: Mutex::new(ContextV7::new()) }))
    }

    /// A clock that stands still until [`Clock::set`] moves it.
    pub fn fixed(now: DateTime<Utc>) -> Self {
        Self(Arc::new(Inner { fixed: Some(Mutex::new(now)), ids: Mutex::new(ContextV7::new()) }))
    }

    /// Move a fixed clock; the system's clock ignores it.
    pub fn set(&self, now: DateTime<Utc>) {
        if let Some(fixed) = &self.0.fixed {
            *fixed.lock().unwrap_or_else(PoisonError::into_inner) = now;
        }
    }

    /// The moment, to the microsecond that Postgres keeps.
    #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the system's clock")]
    pub fn now(&self) -> DateTime<Utc> {
        let now = self
            .0
            .fixed
            .as_ref()
            .map_or_else(Utc::now, |fixed| *fixed.lock().unwrap_or_else(PoisonError::into_inner));
        DateTime::from_timestamp_micros(now.timestamp_micros()).unwrap_or(now)
    }

    /// The calendar day in Vietnam.
    pub fn today(&self) -> NaiveDate {
        vietnamese_day(self.now())
    }

    /// A time-ordered id (UUIDv7): later ids sort after earlier ones, within this process even in one millisecond.
    pub fn new_id(&self) -> Uuid {
        let now = self.now();
        let seconds = u64::try_from(now.timestamp()).unwrap_or_default();
        let ids = self.0.ids.lock().unwrap_or_else(PoisonError::into_inner);
        Uuid::new_v7(Timestamp::from_unix(&*ids, seconds, now.timestamp_subsec_nanos()))
    }
}

/// The calendar day in Vietnam at a moment.
pub fn vietnamese_day(at: DateTime<Utc>) -> NaiveDate {
    match FixedOffset::east_opt(VIETNAM_UTC_OFFSET_HOURS * 3600) {
        Some(offset) => at.with_timezone(&offset).date_naive(),
        None => at.date_naive(),
    }
}

/// The moment at which a day begins in Vietnam.
pub fn first_moment(day: NaiveDate) -> DateTime<Utc> {
    let midnight = day.and_time(NaiveTime::MIN).and_utc();
    midnight.checked_sub_signed(TimeDelta::hours(VIETNAM_UTC_OFFSET_HOURS.into())).unwrap_or(midnight)
}

/// A random id (UUIDv4) that tells nothing about time or order: for anonymous rows, and for codes that nobody must guess.
#[expect(clippy::disallowed_methods, reason = "this is the one place that makes random ids")]
pub fn random_id() -> Uuid {
    Uuid::new_v4()
}

/// 256 random bits, for secrets that cannot be guessed.
///
/// # Errors
/// [`Error::Internal`] when the machine has no randomness.
pub fn random_bytes() -> Result<[u8; 32]> {
    let mut bytes = [0_u8; 32];
    aws_lc_rs::rand::fill(&mut bytes).map_err(|_| Error::internal("no randomness for a secret"))?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_changes_at_midnight_in_hanoi() {
        let clock = Clock::fixed("2026-11-23T16:59:59Z".parse().unwrap());
        assert_eq!(clock.today(), NaiveDate::from_ymd_opt(2026, 11, 23).unwrap());
        clock.set("2026-11-23T17:00:00Z".parse().unwrap());
        let day = NaiveDate::from_ymd_opt(2026, 11, 24).unwrap();
        assert_eq!(clock.today(), day);
        assert_eq!(first_moment(day), clock.now());
    }

    #[test]
    fn ids_of_a_standing_clock_still_increase() {
        let clock = Clock::fixed("2026-11-23T00:00:00Z".parse().unwrap());
        let ids: Vec<_> = (0..1000).map(|_| clock.new_id()).collect();
        assert!(ids.is_sorted());
    }
}
