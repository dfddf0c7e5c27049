use chrono::{DateTime, Duration, Utc};

/// Wrong passwords for a name from a place that cost nothing: people mistype.
const FREE_FAILURES: i64 = 5;
/// The same where the name has signed in before.
const FREE_FAILURES_KNOWN: i64 = 10;
/// Wrong passwords for a name from all places, or from a place for all names, within [`WINDOW`], before those who have
/// never signed in from there have to wait as well. A place has as many more as people sign in from it: a ministry of
/// thousands behind one address mistypes more often than a household.
pub(super) const FREE_FAILURES_TOGETHER: i64 = 50;
/// The most people of a place that count for it.
pub(super) const PEOPLE_OF_A_PLACE: i64 = 5_000;
/// Wrong passwords a day where the name has signed in before that are met with patience. With the waits that follow,
/// guessing from there is slower than from anywhere else.
const PATIENCE: i64 = 40;
/// Longest wait.
const LONGEST: Duration = Duration::minutes(15);
/// Longest wait where the name has signed in before.
const LONGEST_KNOWN: Duration = Duration::seconds(16);
/// Longest wait there once the patience of the day is used up.
const LONGEST_IMPATIENT: Duration = Duration::minutes(30);
/// How long a wrong password counts.
pub const WINDOW: Duration = Duration::hours(1);
/// How long a wrong password counts where the name has signed in before.
pub const DAY: Duration = Duration::hours(24);
/// How long a place is known after a name signed in from there.
pub const KNOWN_FOR: Duration = Duration::days(90);
/// An attempt that was not decided for so long never will be: its process has ended.
pub const UNDECIDED_FOR: Duration = Duration::seconds(10);

/// Whose name an attempt gives and from where it comes: keyed hashes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    pub(super) name: Vec<u8>,
    pub(super) place: Vec<u8>,
    pub(super) trust: Trust,
}

/// What makes a place known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trust {
    /// That the name has signed in from there.
    History,
    /// A refresh token of an earlier login of the same account.
    Device,
    /// Nothing: who already holds a token may have stolen it.
    Nothing,
}

/// Whether the name has signed in from the place before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known(pub bool);

/// Wrong passwords in a row, and when the last one was.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Failures {
    /// All, those that are still being looked at included.
    pub count: i64,
    /// Those that are still being looked at.
    pub undecided: i64,
    pub last: Option<DateTime<Utc>>,
}

/// What is known when somebody tries to sign in.
#[derive(Debug, Clone, Copy, Default)]
pub struct History {
    /// For this name from this place.
    pub pair: Failures,
    /// For this name from anywhere.
    pub name: Failures,
    /// From this place for any name.
    pub place: Failures,
    /// Names that signed in from this place within [`KNOWN_FOR`], up to [`PEOPLE_OF_A_PLACE`]; counted once the failures
    /// of the place are more than [`FREE_FAILURES_TOGETHER`].
    pub people: i64,
    /// When this name last signed in from this place.
    pub succeeded: Option<DateTime<Utc>>,
    /// Failures of the pair within a day, and since when.
    pub day: (i64, Option<DateTime<Utc>>),
}

/// What becomes of an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// It is looked at.
    Open(Known),
    /// It has to wait for so long.
    Closed(Duration),
    /// It depends on attempts of others that are being looked at: come back in a moment.
    Undecided,
}

impl History {
    /// What becomes of an attempt.
    pub fn way(&self, trust: Trust, now: DateTime<Utc>) -> Way {
        let recognised = self.succeeded.is_some_and(|at| at + KNOWN_FOR > now);
        if trust == Trust::Device || trust == Trust::History && recognised {
            return closed(self.wait_where_known(now)).unwrap_or(Way::Open(Known(true)));
        }
        let pair = delay(self.pair, self.pair.count - FREE_FAILURES, LONGEST, WINDOW, now);
        if recognised {
            return closed(pair).unwrap_or(Way::Open(Known(true)));
        }
        let together = |failures: Failures, free: i64, undecided: bool| {
            let count = if undecided { failures.count } else { failures.count - failures.undecided };
            delay(failures, count - free, LONGEST, WINDOW, now)
        };
        let all = |undecided| {
            let name = together(self.name, FREE_FAILURES_TOGETHER, undecided);
            name.max(together(self.place, FREE_FAILURES_TOGETHER + self.people, undecided))
        };
        closed(pair.max(all(false)))
            .or_else(|| closed(all(true)).map(|_| Way::Undecided))
            .unwrap_or(Way::Open(Known(false)))
    }

    fn wait_where_known(&self, now: DateTime<Utc>) -> Duration {
        let is_patient = self.failures_of_the_day(now) < PATIENCE;
        let (free, longest) =
            if is_patient { (FREE_FAILURES_KNOWN, LONGEST_KNOWN) } else { (0, LONGEST_IMPATIENT) };
        delay(self.pair, self.pair.count - free, longest, DAY, now)
    }

    fn failures_of_the_day(&self, now: DateTime<Utc>) -> i64 {
        let (count, since) = self.day;
        if since.is_some_and(|since| since + DAY > now) { count } else { 0 }
    }

    /// Failures of the pair in a row, of the day, and since when the day is counted, once this attempt has failed too.
    pub fn after_failure(&self, now: DateTime<Utc>) -> (i64, i64, DateTime<Utc>) {
        let window = if self.succeeded.is_some() { DAY } else { WINDOW };
        let recent = self.pair.last.is_some_and(|at| at + window > now);
        let in_a_row = if recent { self.pair.count } else { 0 };
        let of_the_day = self.failures_of_the_day(now);
        let since = self.day.1.filter(|_| of_the_day > 0).unwrap_or(now);
        (in_a_row + 1, of_the_day + 1, since)
    }
}

fn closed(wait: Duration) -> Option<Way> {
    (wait > Duration::zero()).then_some(Way::Closed(wait))
}

/// Two seconds after the first failure that costs, doubled with each further one.
fn delay(
    failures: Failures,
    costly: i64,
    longest: Duration,
    window: Duration,
    now: DateTime<Utc>,
) -> Duration {
    let Some(last) = failures.last.filter(|at| *at + window > now) else {
        return Duration::zero();
    };
    let costly = u32::try_from(costly).unwrap_or(0).min(20);
    if costly == 0 {
        return Duration::zero();
    }
    let wait = Duration::seconds(1_i64 << costly).min(longest);
    (last + wait - now).max(Duration::zero())
}

#[cfg(test)]
#[path = "model/tests.rs"]
mod tests;
