use chrono::{DateTime, Duration, Utc};

/// Wrong passwords for a name from an address that cost nothing: people mistype.
const FREE_FAILURES: i64 = 5;
/// Wrong passwords for a name from all addresses, or from an address for all names, within [`WINDOW`], before those who
/// have never signed in from there have to wait as well.
const FREE_FAILURES_TOGETHER: i64 = 50;
/// Longest wait.
const LONGEST: Duration = Duration::minutes(15);
/// How long a wrong password counts.
pub const WINDOW: Duration = Duration::hours(1);
/// How long an address is known after a name signed in from there.
pub const KNOWN_FOR: Duration = Duration::days(90);

/// Wrong passwords in a row, and when the last one was.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Failures {
    pub count: i64,
    pub last: Option<DateTime<Utc>>,
}

/// What is known when somebody tries to sign in.
#[derive(Debug, Clone, Copy, Default)]
pub struct History {
    /// For this name from this address.
    pub pair: Failures,
    /// For this name from anywhere.
    pub name: Failures,
    /// From this address for any name.
    pub address: Failures,
    /// When this name last signed in from this address.
    pub succeeded: Option<DateTime<Utc>>,
}

impl History {
    /// How long to wait before the next attempt is looked at; zero or less: none.
    pub fn wait(&self, now: DateTime<Utc>) -> Duration {
        let pair = delay(self.pair, FREE_FAILURES, now);
        if self.succeeded.is_some_and(|at| at + KNOWN_FOR > now) {
            return pair;
        }
        let name = delay(self.name, FREE_FAILURES_TOGETHER, now);
        let address = delay(self.address, FREE_FAILURES_TOGETHER, now);
        pair.max(name).max(address)
    }
}

/// Two seconds after the first failure that costs, doubled with each further one.
fn delay(failures: Failures, free: i64, now: DateTime<Utc>) -> Duration {
    let Some(last) = failures.last.filter(|at| *at + WINDOW > now) else {
        return Duration::zero();
    };
    let costly = u32::try_from(failures.count - free).unwrap_or(0).min(20);
    if costly == 0 {
        return Duration::zero();
    }
    let wait = Duration::seconds(1_i64 << costly).min(LONGEST);
    (last + wait - now).max(Duration::zero())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn now() -> DateTime<Utc> {
        "2026-11-25T02:00:00Z".parse().unwrap()
    }

    fn failures(count: i64) -> Failures {
        Failures { count, last: Some(now()) }
    }

    #[test]
    fn mistyping_costs_nothing_and_guessing_doubles() {
        let wait = |count| History { pair: failures(count), ..History::default() }.wait(now()).num_seconds();
        assert_eq!([wait(0), wait(5), wait(6), wait(7), wait(10), wait(60)], [0, 0, 2, 4, 32, 900]);
    }

    #[test]
    fn who_signed_in_from_here_before_is_not_held_up_by_the_guesses_of_others() {
        let mut history = History { name: failures(10_000), address: failures(10_000), ..History::default() };
        assert!(history.wait(now()) > Duration::zero());
        history.succeeded = Some(now() - Duration::days(1));
        assert_eq!(history.wait(now()), Duration::zero());
        history.succeeded = Some(now() - Duration::days(91));
        assert!(history.wait(now()) > Duration::zero());
    }

    proptest! {
        #[test]
        fn nobody_waits_longer_than_a_quarter_of_an_hour(pair in 0i64..i64::MAX, name in 0i64..1_000_000, ago in 0i64..100_000) {
            let last = Some(now() - Duration::seconds(ago));
            let history = History {
                pair: Failures { count: pair, last }, name: Failures { count: name, last }, ..History::default()
            };
            let wait = history.wait(now());
            prop_assert!(wait <= LONGEST && wait >= Duration::zero());
            if ago >= 3600 { prop_assert_eq!(wait, Duration::zero()); }
        }
    }
}
