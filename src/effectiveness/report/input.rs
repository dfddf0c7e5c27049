//! The released sums that a report rests on, in one hash: two reports with the same one have the same changes, differences
//! and counts of their own people. What a report shows beside them is not in it: the mean of other courses moves with
//! `as_of`, and second ratings enter no other figure.

use serde_json::{Map, Value, json};

use crate::digest::sha256;
use crate::effectiveness::measures::behaviour::Comparison;
use crate::effectiveness::measures::{Flow, OfferingSums};
use statistics::PairSums;

/// One measure's part of the input.
pub struct Input<'a> {
    /// The measure.
    pub name: &'static str,
    /// What was released of it.
    pub sums: &'a OfferingSums,
    /// What is shown of it.
    pub figures: Comparison,
    /// Whether its levels are shown, or only the changes.
    pub levels: bool,
}

/// SHA-256, in hexadecimal, over the canonical JSON (members by name, no spaces) of the released sums that a report's
/// figures rest on: each measure's people before and after, and how many there were at each step.
///
/// Sums whose figures are closed do not enter: with few people, a reader who knows the hash would find their ratings by
/// trying all there can be. For the same reason neither do the lost nor the anonymous reactions, of which reports show
/// no sum, nor the levels of a measure of which only changes are shown.
pub fn input_hash(flow: &Flow, measures: &[Input<'_>]) -> String {
    let people = json!({
        "participants": flow.participants,
        "baseline_answered": flow.baseline_answered,
        "follow_up_due": flow.follow_up_due,
        "follow_up_answered": flow.follow_up_answered,
        "lost": flow.lost,
        "rater_changed": flow.rater_changed,
        "withheld": flow.withheld,
        "awaiting": flow.awaiting,
    });
    let measure = |input: &Input<'_>| {
        let shown = |sums: PairSums| if input.levels { json!(sums) } else { changes(&sums) };
        let trained = shows_trained(&input.figures).then(|| shown(input.sums.trained));
        let compared = shows_comparison(&input.figures)
            .then(|| [shown(input.sums.matched()), shown(input.sums.comparison())]);
        (input.name.to_owned(), json!({"trained": trained, "compared": compared}))
    };
    let measures: Map<String, Value> = measures.iter().map(measure).collect();
    hash(json!({"people": people, "measures": measures}))
}

fn changes(sums: &PairSums) -> Value {
    let squared =
        i128::from(sums.before_squared) + i128::from(sums.after_squared) - 2 * i128::from(sums.product);
    json!({"n": sums.n, "change": sums.after - sums.before, "change_squared": squared.to_string()})
}

/// Whether a report shows anything of its trained people.
pub fn shows_trained(figures: &Comparison) -> bool {
    figures.before.value().or(figures.change.value()).is_some()
}

/// Whether it shows anything of its comparison group.
pub fn shows_comparison(figures: &Comparison) -> bool {
    shows_trained(figures) && figures.difference.value().is_some()
}

fn hash(mut input: Value) -> String {
    input.sort_all_objects();
    sha256(&input.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::effectiveness::measures::Compared;
    use crate::effectiveness::measures::behaviour::Floor;
    use statistics::Unit;

    fn hash_of(trained: &[(f64, f64)], comparison: &[(f64, f64)]) -> String {
        told(trained, comparison, true)
    }

    fn told(trained: &[(f64, f64)], comparison: &[(f64, f64)], levels: bool) -> String {
        let [all, others] = [trained, comparison].map(PairSums::of);
        let compared = vec![Compared { trained: all, comparison: others, ..Compared::default() }];
        let mut sums = OfferingSums { trained: all, compared, ..OfferingSums::default() };
        sums.flow.offerings = 1;
        let figures = Comparison::of(&sums, Unit::PointsOf5, Floor::Standard);
        input_hash(&sums.flow, &[Input { name: "three_months", sums: &sums, figures, levels }])
    }

    #[test]
    fn the_order_of_members_is_no_input() {
        assert_eq!(
            hash(json!({"a": {"c": 1, "b": 2}, "b": []})),
            hash(json!({"b": [], "a": {"b": 2, "c": 1}}))
        );
    }

    #[test]
    fn other_people_are_another_input() {
        let people = [(3.0, 3.5); 10];
        let mut others = people;
        others[3].1 = 3.6;
        assert_eq!(hash_of(&people, &[]), hash_of(&people, &[]));
        assert_ne!(hash_of(&people, &[]), hash_of(&others, &[]));
        assert_ne!(hash_of(&people, &people), hash_of(&people, &others));
    }

    #[test]
    fn where_only_changes_are_shown_levels_are_not_in_the_hash() {
        let of = |before: f64, by: f64| told(&[(before, before + by); 10], &[], false);
        assert_eq!(of(3.0, 0.5), of(2.0, 0.5));
        assert_ne!(of(3.0, 0.5), of(3.0, 0.6));
    }

    /// Otherwise the hash of two people would be an oracle for their ratings.
    #[test]
    fn what_the_report_hides_is_not_in_the_hash() {
        assert_eq!(hash_of(&[(3.0, 3.5); 9], &[]), hash_of(&[(2.0, 5.0); 9], &[]));
        let people = [(3.0, 3.5); 10];
        assert_eq!(hash_of(&people, &[(3.0, 3.5); 9]), hash_of(&people, &[(1.0, 1.5); 9]));
    }
}
