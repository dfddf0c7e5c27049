mod given;

use proptest::collection::{hash_set, vec};
use proptest::prelude::*;

use super::*;
use crate::organisation::ratings::RatingClass::{Completed, Excellent, Good, NotCompleted};
use crate::organisation::ratings::{PeriodKind, RatingRegime};
use given::{FIRST, clerk, clerks, colleague, day, drawn, id, only, order, units, unmatched, work};

#[test]
fn colleagues_are_drawn_by_rank_and_once() {
    let mut pool = Pool {
        colleagues: vec![
            colleague(51, 31, "clerk"),
            colleague(52, 22, "clerk"),
            colleague(53, 21, "clerk"),
            colleague(54, 31, "driver"),
            colleague(55, 31, "clerk"),
            colleague(56, 21, "clerk"),
            colleague(57, 4, "clerk"),
            colleague(58, 21, "driver"),
            colleague(100, 21, "clerk"),
        ],
        waiting: [(id(8), id(54)), (id(8), id(55)), (id(9), id(58))].into(),
        ..Pool::default()
    };
    pool.engaged.trained = [(id(8), id(56))].into();
    let matched = pool.draw((1..=7).map(clerk).collect(), &units());
    let mut pairs: Vec<_> =
        matched.iter().map(|m| (m.participant.participant_id, m.colleague.employee_id)).collect();
    pairs.sort_unstable();
    let expected: Vec<_> = [55, 54, 53, 52, 51].iter().zip(1..).map(|(c, p)| (id(p), id(*c))).collect();
    assert_eq!(pairs, expected, "people without a supervisor cannot be rated; two are left without");
    assert!(matched.iter().all(|m| m.supervisor_id == id(100)));
    let places: Vec<_> = matched.iter().map(|m| m.rank.place).collect();
    use Place::{Elsewhere, SameAgency, SameUnit};
    assert_eq!(places, [Elsewhere, Elsewhere, SameUnit, SameAgency, Elsewhere]);
}

#[test]
fn who_waits_comes_first_by_work_then_class_then_score() {
    let mut pool = clerks(&[
        (1, Some(work(Good, 80.0))),
        (51, Some(work(Good, 80.0))),
        (52, Some(work(Good, 60.0))),
        (53, Some(work(Completed, 80.0))),
        (54, None),
        (55, Some(work(Good, 80.0))),
    ]);
    pool.colleagues.retain(|c| c.employee_id != id(51));
    pool.colleagues.push(colleague(51, 31, "driver"));
    pool.waiting = [51, 52, 53, 54].map(|n| (id(8), id(n))).into();
    assert_eq!(order(pool, &clerk(1)), [52, 53, 54, 51, 55]);
}

#[test]
fn the_same_class_comes_before_adjacent_ones_and_these_before_further_and_unknown_ones() {
    let known = |of_trainee| {
        let others = [(51, Excellent), (52, Good), (53, Completed), (54, NotCompleted)];
        let known = others.map(|(n, class)| (n, Some(only(class)))).into_iter();
        clerks(&known.chain([(55, None), (1, of_trainee)]).collect::<Vec<_>>())
    };
    assert_eq!(order(known(Some(only(NotCompleted))), &clerk(1)), [54, 53, 52, 51, 55]);
    assert_eq!(order(known(Some(only(Excellent))), &clerk(1)), [51, 52, 53, 54, 55]);
    let of_completed = order(known(Some(only(Completed))), &clerk(1));
    assert_eq!((of_completed[0], &of_completed[3..]), (53, &[51, 55][..]));
    assert_eq!(order(known(None), &clerk(1))[0], 55, "two of whom nothing is known");
}

#[test]
fn the_nearest_earlier_score_decides_in_bands() {
    let mut pool = clerks(&[
        (1, Some(work(Good, 80.0))),
        (51, Some(work(Good, 70.0))),
        (52, Some(work(Good, 86.0))),
        (53, Some(work(Good, 84.9))),
        (54, Some(work(Good, 80.0))),
        (55, Some(only(Good))),
        (56, Some(work(Completed, 80.0))),
    ]);
    for far in pool.colleagues.iter_mut().filter(|c| c.employee_id == id(54)) {
        far.unit_id = id(31);
    }
    assert_eq!(order(pool, &clerk(1)), [53, 54, 52, 51, 55, 56], "under five points the unit decides");
}

#[test]
fn scores_of_other_rules_or_periods_are_not_compared() {
    let score = |regime, kind| Some(EarlierScore { regime, kind, mean: 80.0 });
    let quarter = score(RatingRegime::Decree335, PeriodKind::Quarter);
    for other in [
        score(RatingRegime::UnitRegulation, PeriodKind::Quarter),
        score(RatingRegime::Decree335, PeriodKind::Year),
        None,
    ] {
        assert_eq!(Distance::of_scores(quarter, other), Distance::Unknown);
        assert_eq!(Distance::of_scores(other, other), Distance::Steps(0));
    }
}

#[test]
fn among_the_equally_alike_the_nearest_comes_first_and_then_who_stood_less_often() {
    let mut pool = Pool {
        colleagues: vec![
            colleague(51, 31, "clerk"),
            colleague(52, 22, "clerk"),
            colleague(53, 21, "clerk"),
            colleague(54, 21, "clerk"),
            colleague(55, 21, "clerk"),
        ],
        ..Pool::default()
    };
    let first = day("2026-01-05");
    pool.engaged.stood = [(id(53), vec![first]), (id(54), vec![day("2024-01-08")])].into();
    let mut first_two: Vec<u128> = Vec::new();
    for participant in [1, 2] {
        first_two.extend(drawn(&mut pool, vec![clerk(participant)]).iter().map(|(_, c)| c));
    }
    first_two.sort_unstable();
    assert_eq!(first_two, [54, 55], "what was years ago does not count");
    assert_eq!(drawn(&mut pool, vec![clerk(3)]), [(3, 53)]);
    assert_eq!(drawn(&mut pool, vec![clerk(4)]), [(4, 52)]);
    assert_eq!(drawn(&mut pool, vec![clerk(5)]), [(5, 51)]);
}

/// Whether somebody who is in the comparison groups of other offerings may join another one from a day on.
fn may_stand(others: &[&str], first: &str) -> bool {
    let mut pool = clerks(&[(51, None)]);
    pool.engaged.stood.insert(id(51), others.iter().map(|text| day(text)).collect());
    !pool.draw(vec![unmatched(1, 7, 8, first)], &units()).is_empty()
}

#[test]
fn people_stand_in_two_offerings_of_a_year_and_not_in_three() {
    assert!(may_stand(&[], FIRST));
    assert!(may_stand(&["2026-01-05"], FIRST));
    assert!(!may_stand(&["2026-01-05", "2026-02-02"], FIRST));
    assert!(!may_stand(&["2026-03-23", "2026-03-23"], FIRST), "on one day");
    assert!(!may_stand(&["2026-01-05", "2026-06-01"], FIRST), "before and after");
    assert!(!may_stand(&["2026-06-01", "2027-03-23"], FIRST), "both after");
    assert!(!may_stand(&["2025-03-23", "2025-09-01"], FIRST), "the same day of the year before");
    assert!(may_stand(&["2025-03-22", "2025-09-01"], FIRST));
    assert!(may_stand(&["2025-09-01", "2026-10-05"], FIRST), "near to this one, and not to each other");
    let five = ["2024-01-08", "2024-02-05", "2024-03-04", "2024-04-01", "2024-05-06"];
    assert!(may_stand(&five, FIRST), "what was too much once is over");
}

#[test]
fn offerings_of_one_draw_count_together() {
    let mut pool = clerks(&[(51, None), (52, None)]);
    let participants = (1..=5).map(|n| unmatched(n, n, n, FIRST)).collect();
    let mut standing: Vec<_> = drawn(&mut pool, participants).iter().map(|(_, c)| *c).collect();
    standing.sort_unstable();
    assert_eq!(standing, [51, 51, 52, 52]);
}

/// The first participant has no colleague of the same class; the second has one, who is the nearest to the first as well.
#[test]
fn the_only_colleague_of_a_class_is_left_to_who_has_that_class() {
    let mut pool = clerks(&[
        (1, Some(work(NotCompleted, 60.0))),
        (2, Some(work(Completed, 90.0))),
        (51, Some(work(Completed, 60.0))),
        (52, Some(work(Good, 60.0))),
    ]);
    assert_eq!(drawn(&mut pool, vec![clerk(1), clerk(2)]), [(1, 52), (2, 51)]);
}

/// The second participant can have one colleague only, who can be compared only once more; the first can have another.
#[test]
fn who_has_least_to_choose_from_chooses_first() {
    let mut pool = clerks(&[(51, Some(only(Good))), (52, Some(only(Good)))]);
    pool.earlier_work.extend([(id(1), only(Good)), (id(2), only(Good))]);
    pool.engaged.trained.insert((id(8), id(52)));
    pool.engaged.stood.insert(id(51), vec![day("2026-01-05")]);
    for colleague in pool.colleagues.iter_mut().filter(|c| c.employee_id == id(52)) {
        colleague.unit_id = id(31);
    }
    let participants = vec![unmatched(1, 6, 6, FIRST), clerk(2)];
    assert_eq!(drawn(&mut pool, participants), [(1, 52), (2, 51)]);
}

#[test]
fn earlier_work_is_asked_for_of_those_only_who_can_be_drawn() {
    let mut pool = clerks(&[(51, None), (52, None), (53, None), (54, None)]);
    pool.colleagues.extend([
        colleague(55, 21, "driver"),
        colleague(56, 21, "driver"),
        colleague(1, 21, "clerk"),
    ]);
    pool.waiting.insert((id(8), id(55)));
    pool.engaged.trained.insert((id(8), id(52)));
    pool.engaged.used.insert((id(7), id(53)));
    pool.engaged.stood.insert(id(54), vec![day("2026-01-05"), day("2026-02-02")]);
    assert_eq!(pool.in_question(&[clerk(1)]), [id(51), id(55)]);
}

/// A class of those rated weakest gets a group as weak; a draw by lot would get one of everybody's mean.
#[test]
fn a_class_of_the_weakest_is_compared_with_people_as_weak() {
    let weak = (1..=12).map(|n| (n, Some(work(Completed, 55.0))));
    let others = (1..=200).map(|n| {
        let class = if n % 10 == 0 { Completed } else { Good };
        (100 + n, Some(work(class, if n % 10 == 0 { 57.0 } else { 82.0 })))
    });
    let mut pool = clerks(&weak.chain(others).collect::<Vec<_>>());
    let matched = pool.draw((1..=12).map(clerk).collect(), &units());
    assert_eq!(matched.len(), 12);
    for m in matched {
        assert_eq!(m.rank.tier.class, Distance::Steps(0));
        assert_eq!(m.rank.score, Distance::Steps(0));
    }
}

/// A ministry of a few units, groups and courses, and participants of some offerings.
#[derive(Debug, Clone)]
struct Ministry {
    colleagues: Vec<Colleague>,
    participants: Vec<Unmatched>,
    earlier_work: HashMap<Uuid, EarlierWork>,
    waiting: HashSet<(Uuid, Uuid)>,
    trained: HashSet<(Uuid, Uuid)>,
    stood: HashMap<Uuid, Vec<NaiveDate>>,
}

impl Ministry {
    fn pool(&self) -> Pool {
        Pool {
            colleagues: self.colleagues.clone(),
            waiting: self.waiting.clone(),
            earlier_work: self.earlier_work.clone(),
            engaged: Engaged {
                trained: self.trained.clone(),
                used: HashSet::new(),
                stood: self.stood.clone(),
            },
        }
    }
}

const FIRSTS: [&str; 4] = ["2025-06-02", "2026-03-23", "2026-06-01", "2027-06-01"];

fn ministries() -> impl Strategy<Value = Ministry> {
    let workplace =
        || (prop::sample::select(vec![21_u128, 22, 31, 4]), prop::sample::select(vec!["clerk", "driver"]));
    let earlier = || (prop::sample::select(CLASSES.to_vec()), prop::option::of(0.0..=100.0_f64));
    let of_course = || hash_set((1..4_u128, 50..80_u128), 0..12);
    let pairs = |set: HashSet<(u128, u128)>| set.into_iter().map(|(a, b)| (id(a), id(b))).collect();
    (
        vec((workplace(), earlier()), 1..30),
        vec((0..4_usize, workplace(), earlier()), 1..16),
        of_course(),
        of_course(),
        vec((50..80_u128, 0..4_usize), 0..8),
    )
        .prop_map(move |(people, participants, waiting, trained, stood)| {
            let mut ministry = Ministry {
                colleagues: Vec::new(),
                participants: Vec::new(),
                earlier_work: HashMap::new(),
                waiting: pairs(waiting),
                trained: pairs(trained),
                stood: HashMap::new(),
            };
            let known = |(class, mean): (Option<RatingClass>, Option<f64>)| EarlierWork {
                class,
                score: mean.map(|mean| work(Good, mean).score.unwrap()),
            };
            for (n, ((unit, group), earlier)) in (50..).zip(people) {
                ministry.colleagues.push(colleague(n, unit, group));
                ministry.earlier_work.insert(id(n), known(earlier));
            }
            for (n, (offering, (unit, group), earlier)) in (1..).zip(participants) {
                let number = offering as u128 + 1;
                let mut participant = unmatched(n, 1000 + number, number, FIRSTS[offering]);
                participant.trainee = colleague(n, unit, group);
                ministry.earlier_work.insert(id(n), known(earlier));
                ministry.participants.push(participant);
            }
            for (n, first) in stood {
                ministry.stood.entry(id(n)).or_default().push(day(FIRSTS[first]));
            }
            ministry
        })
}

fn shuffled() -> impl Strategy<Value = (Ministry, Ministry)> {
    ministries().prop_flat_map(|ministry| {
        let colleagues = Just(ministry.colleagues.clone()).prop_shuffle();
        let participants = Just(ministry.participants.clone()).prop_shuffle();
        (Just(ministry), colleagues, participants).prop_map(|(ministry, colleagues, participants)| {
            let other = Ministry { colleagues, participants, ..ministry.clone() };
            (ministry, other)
        })
    })
}

proptest! {
    #[test]
    fn each_draw_keeps_the_rules((ministry, other) in shuffled()) {
        let mut pool = ministry.pool();
        let matched = pool.draw(ministry.participants.clone(), &units());
        prop_assert_eq!(&matched, &other.pool().draw(other.participants, &units()), "in whatever order");

        let mut seats = HashSet::new();
        for Matched { participant, colleague, rank, .. } in &matched {
            let course = (participant.course_id, colleague.employee_id);
            prop_assert!(seats.insert((participant.offering_id, colleague.employee_id)), "once in an offering");
            prop_assert!(!ministry.trained.contains(&course));
            let like_work = participant.trainee.position_group == colleague.position_group;
            prop_assert_eq!(like_work, rank.tier.likeness != Likeness::Waiting);
            prop_assert_eq!(ministry.waiting.contains(&course), rank.tier.likeness != Likeness::LikeWork);
            // Of all days of which one is new, no three lie within a year.
            let days = &pool.engaged.stood[&colleague.employee_id];
            let near = days.iter().copied().filter(|d| are_near(*d, participant.run.first()));
            let mut days: Vec<_> = near.collect();
            days.sort_unstable();
            for three in days.windows(3).filter(|three| three.contains(&participant.run.first())) {
                prop_assert!(!are_near(three[0], three[2]), "{:?}", three);
            }
        }

        // No participant for whom there is a free colleague is left without one.
        let left = ministry.participants.iter().filter(|p| matched.iter().all(|m| m.participant != **p));
        for participant in left {
            let question = pool.in_question(std::slice::from_ref(participant));
            let rated = pool.colleagues.iter().filter(|c| c.unit_id != id(4));
            prop_assert!(rated.into_iter().all(|c| !question.contains(&c.employee_id)));
        }
    }
}
