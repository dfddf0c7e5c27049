//! How people were rated before, by the questionnaire they were rated on.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::pairs::{Observed, Pair};
use statistics::{self, units};

/// Ratings of behaviour before, on one questionnaire.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OnForm {
    /// Trained people who were rated on it before and after.
    pub trained: i64,
    /// The ratings before of those of them who were not nominated for a weakness, and of the colleagues matched to anybody.
    pub others: statistics::ScoreSums,
}

impl OnForm {
    /// Put other people's ratings to these.
    pub fn merge(&mut self, other: &Self) {
        self.trained += other.trained;
        self.others.merge(&other.others);
    }
}

/// The ratings before of some people of one offering, by questionnaire.
pub(super) fn by_form(people: &[&Observed]) -> BTreeMap<Uuid, OnForm> {
    let mut forms: BTreeMap<Uuid, OnForm> = BTreeMap::new();
    for who in people {
        let trained = who.pair.iter().map(|pair| (pair, 1, !who.for_weakness));
        let colleagues = who.comparison.iter().map(|pair| (pair, 0, true));
        for (pair, trained, is_other) in trained.chain(colleagues) {
            let Some(before) = before(pair) else { continue };
            let of = forms.entry(pair.form).or_default();
            of.trained += trained;
            if is_other {
                of.others.add(before);
            }
        }
    }
    forms
}

/// The rating before of what counts as a pair.
fn before(pair: &Pair) -> Option<i64> {
    units(pair.before).zip(units(pair.after)).map(|(before, _)| before)
}
