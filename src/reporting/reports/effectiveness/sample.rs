//! The people of one subject, counted.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::pairs::{Observed, State};
use crate::evaluation::statistics::{EvidenceInput, attrition};

/// How many there were at each step, trained people unless said otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Flow {
    pub participants: usize,
    pub baseline_answered: usize,
    pub follow_up_due: usize,
    pub follow_up_answered: usize,
    pub pairs_used: usize,
    pub comparison_pairs: usize,
    pub lost: usize,
    pub rater_changed: usize,
}

/// The people of one subject at one follow-up.
#[derive(Debug, Clone, Default)]
pub struct Sample {
    /// Ratings before and after.
    pub trained: Vec<(f64, f64)>,
    /// Of these, those by the same rater.
    pub same_rater: Vec<(f64, f64)>,
    /// Of the comparison group.
    pub comparison: Vec<(f64, f64)>,
    /// Baselines of those who were not rated again.
    pub lost: Vec<f64>,
    pub flow: Flow,
    pub evidence: EvidenceInput,
    /// People rated before and after on different forms.
    pub instrument_changed: usize,
    /// People who rated after.
    pub raters: usize,
    /// Offerings with at least one pair.
    pub offerings: usize,
    /// Until when follow-ups come in.
    pub due_on: Option<NaiveDate>,
}

impl Sample {
    /// Put people together.
    pub fn of(people: &[&Observed]) -> Self {
        let pairs = || people.iter().filter_map(|who| Some((*who, who.pair?)));
        let count = |test: fn(&Observed) -> bool| people.iter().filter(|who| test(who)).count();
        let trained: Vec<_> = pairs().map(|(_, pair)| (pair.before, pair.after)).collect();
        let comparison: Vec<_> =
            people.iter().flat_map(|who| &who.comparison).map(|pair| (pair.before, pair.after)).collect();
        let lost: Vec<f64> =
            people.iter().filter(|who| is_lost(who)).filter_map(|who| who.baseline).collect();
        let flow = Flow {
            participants: people.len(),
            baseline_answered: count(|who| who.baseline.is_some()),
            follow_up_due: count(|who| matches!(who.state, State::Unanswered | State::Answered)),
            follow_up_answered: count(|who| who.state == State::Answered),
            pairs_used: trained.len(),
            comparison_pairs: comparison.len(),
            lost: count(|who| who.state == State::Excused),
            rater_changed: pairs().filter(|(_, pair)| pair.rater_changed).count(),
        };
        let baselines: Vec<f64> = trained.iter().map(|(before, _)| *before).collect();
        let evidence = EvidenceInput {
            supervisor_pairs: flow.pairs_used,
            rater_changed_pairs: flow.rater_changed,
            comparison_pairs: flow.comparison_pairs,
            self_pairs: count(|who| who.has_self_pair),
            follow_ups_due: flow.follow_up_due,
            follow_ups_answered: flow.follow_up_answered,
            attrition_flagged: attrition(&baselines, &lost).flagged,
            nominated: people.len(),
            nominated_for_weakness: count(|who| who.for_weakness),
        };
        Self {
            same_rater: pairs()
                .filter(|(_, pair)| !pair.rater_changed)
                .map(|(_, pair)| (pair.before, pair.after))
                .collect(),
            instrument_changed: count(|who| who.instrument_changed),
            raters: pairs().map(|(_, pair)| pair.rater).collect::<BTreeSet<_>>().len(),
            offerings: pairs().map(|(who, _)| who.offering_id).collect::<BTreeSet<_>>().len(),
            due_on: people.iter().filter_map(|who| who.due_on).max(),
            trained,
            comparison,
            lost,
            flow,
            evidence,
        }
    }
}

/// Rated before and asked about again, but never rated again on the same form.
fn is_lost(who: &Observed) -> bool {
    who.pair.is_none() && !who.instrument_changed && matches!(who.state, State::Unanswered | State::Excused)
}
