use super::*;
use proptest::prelude::*;

fn now() -> DateTime<Utc> {
    "2026-11-25T02:00:00Z".parse().unwrap()
}

fn failures(count: i64) -> Failures {
    Failures { count, undecided: 0, last: Some(now()) }
}

fn wait(history: &History, at: DateTime<Utc>) -> Duration {
    match history.way(Trust::History, at) {
        Way::Closed(wait) => wait,
        Way::Open(_) | Way::Undecided => Duration::zero(),
    }
}

#[test]
fn mistyping_costs_nothing_and_guessing_doubles() {
    let wait = |count| wait(&History { pair: failures(count), ..History::default() }, now()).num_seconds();
    assert_eq!([wait(0), wait(5), wait(6), wait(7), wait(10), wait(60)], [0, 0, 2, 4, 32, 900]);
}

#[test]
fn who_signed_in_from_here_before_is_not_held_up_by_the_guesses_of_others() {
    let mut history = History { name: failures(10_000), place: failures(10_000), ..History::default() };
    assert!(wait(&history, now()) > Duration::zero());
    history.succeeded = Some(now() - Duration::days(1));
    assert_eq!(history.way(Trust::History, now()), Way::Open(Known(true)));
    history.succeeded = Some(now() - Duration::days(91));
    assert!(wait(&history, now()) > Duration::zero());
    assert_eq!(history.way(Trust::Device, now()), Way::Open(Known(true)), "a device that was known");
}

#[test]
fn a_place_of_thousands_mistypes_more_often_than_a_household() {
    let from = |people, count| History { place: failures(count), people, ..History::default() };
    assert_eq!(wait(&from(0, 51), now()).num_seconds(), 2);
    assert_eq!(wait(&from(5_000, 1_000), now()), Duration::zero());
    assert_eq!(wait(&from(5_000, 5_051), now()).num_seconds(), 2);
    let one_name = History { name: failures(51), ..from(5_000, 51) };
    assert_eq!(wait(&one_name, now()).num_seconds(), 2, "one name is guessed as slowly as before");
}

#[test]
fn a_known_place_is_met_with_patience() {
    let known = |count, of_the_day| History {
        pair: failures(count),
        succeeded: Some(now()),
        day: (of_the_day, Some(now())),
        ..History::default()
    };
    let waits = [6, 10, 11, 14, 39].map(|count| wait(&known(count, count), now()).num_seconds());
    assert_eq!(waits, [0, 0, 2, 16, 16]);
    assert_eq!(wait(&known(40, 40), now()).num_seconds(), 1800, "the day's patience is used up");
    assert_eq!(wait(&known(0, 40), now()).num_seconds(), 0, "and who was right begins anew");
    let strict = known(6, 6).way(Trust::Nothing, now());
    assert_eq!(strict, Way::Closed(Duration::seconds(2)), "a stolen token earns no patience");
}

#[test]
fn strangers_wait_for_others_that_are_being_looked_at() {
    let many = Failures { count: 51, undecided: 30, last: Some(now()) };
    let history = History { place: many, ..History::default() };
    assert_eq!(history.way(Trust::History, now()), Way::Undecided);
    let decided = History { place: Failures { undecided: 0, ..many }, ..History::default() };
    assert_eq!(decided.way(Trust::History, now()), Way::Closed(Duration::seconds(2)));
}

proptest! {
    #[test]
    fn nobody_waits_longer_than_half_an_hour(pair in 0i64..i64::MAX, name in 0i64..1_000_000, ago in 0i64..100_000,
        known in any::<bool>(), of_the_day in 0i64..1000) {
        let last = Some(now() - Duration::seconds(ago));
        let history = History {
            pair: Failures { count: pair, undecided: 0, last },
            name: Failures { count: name, undecided: 0, last },
            succeeded: known.then(now),
            day: (of_the_day, last),
            ..History::default()
        };
        let wait = wait(&history, now());
        let longest = if known { LONGEST_IMPATIENT } else { LONGEST };
        prop_assert!(wait <= longest && wait >= Duration::zero());
        if ago >= 86_400 { prop_assert_eq!(wait, Duration::zero()); }
    }
}

/// The rule of before: what a guesser could try in a day at one pair. Five wrong passwords were free, then waits doubled
/// from two seconds to a quarter of an hour, and an hour without a failure forgot everything.
fn of_before(count: i64, last: Option<DateTime<Utc>>, at: DateTime<Utc>) -> (Duration, bool) {
    let recent = last.is_some_and(|last| last + Duration::hours(1) > at);
    let costly = if recent { u32::try_from(count - 5).unwrap_or(0).min(20) } else { 0 };
    let wait = if costly == 0 { Duration::zero() } else { Duration::seconds(1 << costly).min(LONGEST) };
    (last.map_or(Duration::zero(), |last| (last + wait - at).max(Duration::zero())), recent)
}

/// Guesses that a day admits to who tries as soon as possible, but rests for a time after some in a row. The owner signs
/// in now and then, which ends the row.
fn guesses(known: Option<bool>, in_a_row: i64, rest: Duration, owner: u32) -> i64 {
    let (begin, mut at) = (now(), now());
    let mut history = History { succeeded: known.filter(|k| *k).map(|_| begin), ..History::default() };
    let (mut admitted, mut row, mut signed_in) = (0, 0, 0);
    while at < begin + DAY {
        let due = i32::try_from(owner).unwrap_or(1).max(1);
        if owner > 0 && at - begin > DAY / due * signed_in {
            signed_in += 1;
            history.pair.count = 0;
        }
        let wait = match known {
            Some(_) => wait(&history, at),
            None => of_before(history.pair.count, history.pair.last, at).0,
        };
        if wait > Duration::zero() {
            at += wait;
            continue;
        }
        let (count, day, since) = match known {
            Some(_) => history.after_failure(at),
            None => {
                let recent = of_before(history.pair.count, history.pair.last, at).1;
                (if recent { history.pair.count + 1 } else { 1 }, 0, at)
            }
        };
        history.pair = Failures { count, undecided: 0, last: Some(at) };
        history.day = (day, Some(since));
        (admitted, row) = (admitted + 1, row + 1);
        if row == in_a_row {
            (row, at) = (0, at + rest);
        }
    }
    admitted
}

#[test]
fn guessing_is_nowhere_faster_than_it_was() {
    for owner in [0, 1, 3, 8] {
        let best = |known| {
            let rests = [30, 61, 180].map(Duration::minutes);
            let all = rests.into_iter().flat_map(|rest| (1..60).map(move |row| (row, rest)));
            all.map(|(row, rest)| guesses(known, row, rest, owner)).max().unwrap()
        };
        let greedy = |known| guesses(known, i64::MAX, Duration::zero(), owner);
        for known in [true, false] {
            assert!(greedy(Some(known)) <= greedy(None), "{known} {owner}: in one go");
            assert!(best(Some(known)) <= best(None), "{known} {owner}: with rests");
        }
    }
    assert_eq!(guesses(None, i64::MAX, Duration::zero(), 0), 109, "the figure of before");
}
