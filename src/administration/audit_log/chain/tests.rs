use chrono::{DateTime, Utc};
use proptest::prelude::*;
use uuid::Uuid;

use super::*;

fn entry(number: i64, kind: &str) -> Entry {
    Entry {
        number,
        occurred_at: DateTime::<Utc>::from_timestamp(1_772_000_000 + number, 0).unwrap(),
        actor_id: Uuid::from_u128(7),
        actor_name: "thu.le".to_owned(),
        on_behalf_of_id: None,
        on_behalf_of_name: None,
        permission: "units:manage".to_owned(),
        request_id: "r".to_owned(),
        kind: kind.to_owned(),
        subject_id: Uuid::from_u128(number.unsigned_abs().into()),
        purpose: None,
        before: None,
        after: Some(format!("{{\"n\": {number}}}")),
    }
}

/// A chain of batches of entries.
fn chain(batches: &[Vec<Entry>]) -> Vec<(Seal, Vec<Link>)> {
    let mut made: Vec<(Seal, Vec<Link>)> = Vec::new();
    for batch in batches {
        let now = batch[0].occurred_at;
        let (seal, places) = make_seal(made.last().map(|(s, _)| s), batch, now).unwrap();
        let links = places.into_iter().zip(batch).map(|(place, e)| Link { place, entry: Some(e.clone()) });
        made.push((seal, links.collect()));
    }
    made
}

fn walk(chain: &[(Seal, Vec<Link>)]) -> Result<Walk, Broken> {
    let mut walk = Walk::new();
    chain.iter().try_for_each(|(seal, links)| walk.step(seal, links)).map(|()| walk)
}

fn two_seals() -> Vec<(Seal, Vec<Link>)> {
    let first = (1..=4).map(|n| entry(n, "units.updated")).collect();
    chain(&[first, vec![entry(5, "unit.updated"), entry(9, "unit.updated")]])
}

fn broken(seal: i64, entry: Option<i64>, fault: Fault) -> Broken {
    Broken { seal: Some(seal), entry, fault }
}

#[test]
fn an_unbroken_chain_has_a_head_and_a_count() {
    let walked = walk(&two_seals()).unwrap();
    assert_eq!((walked.seal, walked.entries), (2, 6));
    assert_eq!(walked.head.to_string().parse(), Ok(walked.head));
    for wrong in ["abc", &"0".repeat(62), &"0".repeat(66), &"+f".repeat(32)] {
        assert!(wrong.parse::<Digest>().is_err(), "{wrong}");
    }
}

#[test]
fn each_kind_of_fault_is_named_at_its_place() {
    let mut changed = two_seals();
    changed[0].1[2].entry.as_mut().unwrap().actor_name = "ai.do".to_owned();
    assert_eq!(walk(&changed).unwrap_err(), broken(1, Some(3), Fault::Changed));

    let mut missing = two_seals();
    missing[1].1[0].entry = None;
    assert_eq!(walk(&missing).unwrap_err(), broken(2, Some(5), Fault::Missing));

    let mut swapped = two_seals();
    let (a, b) = (swapped[0].1[0].entry.take(), swapped[0].1[3].entry.take());
    (swapped[0].1[0].entry, swapped[0].1[3].entry) = (b, a);
    assert_eq!(walk(&swapped).unwrap_err(), broken(1, Some(1), Fault::Reordered));

    let mut inserted = two_seals();
    let extra = entry(7, "unit.updated");
    let place = Place { entry: 7, seal: 2, digest: of_entry(&extra).0.to_vec() };
    inserted[1].1.insert(1, Link { place, entry: Some(extra) });
    assert_eq!(walk(&inserted).unwrap_err(), broken(2, Some(7), Fault::Inserted));

    let mut gone = two_seals();
    gone[0].1.remove(1);
    assert_eq!(walk(&gone).unwrap_err(), broken(1, None, Fault::Missing));
    let mut headless = two_seals();
    headless.remove(0);
    assert_eq!(walk(&headless).unwrap_err(), broken(1, None, Fault::Missing));
}

#[test]
fn a_seal_made_anew_breaks_the_one_after_it() {
    let mut forged = two_seals();
    let mut other: Vec<Entry> = forged[0].1.iter().filter_map(|l| l.entry.clone()).collect();
    other[0].kind = "units.deleted".to_owned();
    let sealed_at = forged[0].0.sealed_at;
    let (seal, places) = make_seal(None, &other, sealed_at).unwrap();
    let links = places.into_iter().zip(other).map(|(place, e)| Link { place, entry: Some(e) });
    forged[0] = (seal, links.collect());
    assert_eq!(walk(&forged).unwrap_err(), broken(2, None, Fault::Changed));
}

#[test]
fn the_digest_never_changes_with_the_program() {
    // Computed by another program, from the description above.
    assert_eq!(
        of_entry(&entry(1, "unit.created")).to_string(),
        "cc20000575c11e89070ee506c26751cab64dfe6667db6ac6b689dfd3e570d343"
    );
}

proptest! {
    #[test]
    fn no_text_can_move_from_one_member_to_the_next(a in ".{0,8}", b in ".{0,8}", c in ".{0,8}") {
        let say = |permission: &str, request: &str, purpose: Option<&str>| {
            let mut entry = entry(1, "k");
            (entry.permission, entry.request_id) = (permission.to_owned(), request.to_owned());
            entry.purpose = purpose.map(str::to_owned);
            of_entry(&entry)
        };
        let told = say(&a, &b, Some(&c));
        prop_assert_ne!(say(&format!("{a}{b}"), "", Some(&c)) == told, !b.is_empty());
        prop_assert_ne!(told, say(&a, &b, None));
    }

    #[test]
    fn whatever_is_changed_is_found(sizes in prop::collection::vec(1usize..6, 1..5), pick in any::<prop::sample::Index>()) {
        let mut next = 0;
        let batches: Vec<Vec<Entry>> = sizes
            .iter()
            .map(|size| (0..*size).map(|_| { next += 1; entry(next, "units.updated") }).collect())
            .collect();
        let good = chain(&batches);
        prop_assert_eq!(walk(&good).unwrap().entries, next);
        let target = i64::try_from(pick.index(usize::try_from(next).unwrap())).unwrap() + 1;
        let mut bad = good;
        let link = bad.iter_mut().flat_map(|(_, l)| l).find(|l| l.place.entry == target).unwrap();
        link.entry.as_mut().unwrap().after = Some("{}".to_owned());
        let found = walk(&bad).unwrap_err();
        prop_assert_eq!((found.entry, found.fault), (Some(target), Fault::Changed));
    }
}
