//! The pairs behind an offering's figures, kept beside its sums so that they can be added up again by somebody else.

use serde::{Deserialize, Serialize};

use super::pairs::{Observed, Pair};
use super::work_score::Scored;
use statistics::{self, PairSums, units};

/// Somebody measured before and after, in ten-thousandths of a point. Nothing shows who it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Row {
    /// The score before.
    pub before: i64,
    /// The score after.
    pub after: i64,
    /// Whether two different people rated; of the trained only, as no figure asks it of the others.
    pub rater_changed: bool,
    /// Of the trained, whether the person is compared: a colleague matched to the person was measured twice as well, or a lot
    /// decided who of the offering was trained.
    #[serde(default)]
    pub has_match: bool,
}

/// The people of one offering at one measure, as they were added up on its day of release.
///
/// Sorted by value, so that their order shows nothing either. There is no person, unit or rater in it: what raters
/// share is only in [`raters`](super::OfferingSums::raters), since the people of a rater who sent one person would be
/// that person.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rows {
    /// Who took part.
    pub trained: Vec<Row>,
    /// The untrained colleagues matched to them.
    pub comparison: Vec<Row>,
    /// Baselines of those who were not rated again.
    pub lost: Vec<i64>,
}

impl Rows {
    /// The pairs in what was seen of the behaviour of some people of one offering.
    pub fn of_behaviour(people: &[&Observed]) -> Self {
        let trained = people.iter().filter_map(|who| Row::of_pair(who.pair.as_ref()?, who.is_compared()));
        let comparison = people.iter().flat_map(|who| &who.comparison);
        let lost = people.iter().filter(|who| who.is_lost()).filter_map(|who| who.baseline);
        let untold = |row: Row| Row { rater_changed: false, ..row };
        Self {
            trained: trained.collect(),
            comparison: comparison.filter_map(|pair| Row::of_pair(pair, false)).map(untold).collect(),
            lost: lost.filter_map(units).collect(),
        }
        .sorted()
    }

    /// The official scores of some people of one offering, each with those of the colleagues matched to the person.
    pub fn of_scores(people: &[(Scored, Vec<Scored>)]) -> Self {
        let trained = people.iter().filter_map(|(score, colleagues)| {
            let has_match = colleagues.iter().any(|score| Row::of_score(score, false).is_some());
            Row::of_score(score, has_match)
        });
        let colleagues = people.iter().flat_map(|(_, colleagues)| colleagues);
        Self {
            trained: trained.collect(),
            comparison: colleagues.filter_map(|score| Row::of_score(score, false)).collect(),
            lost: Vec::new(),
        }
        .sorted()
    }

    fn sorted(mut self) -> Self {
        self.trained.sort_unstable();
        self.comparison.sort_unstable();
        self.lost.sort_unstable();
        self
    }

    /// The trained, added up.
    pub fn trained(&self) -> PairSums {
        self.trained.iter().copied().map(PairSums::from).sum()
    }

    /// Those of the trained who have a match, added up.
    pub fn matched(&self) -> PairSums {
        self.trained.iter().filter(|row| row.has_match).copied().map(PairSums::from).sum()
    }

    /// Those of the trained whom the same person rated twice, added up.
    pub fn same_rater(&self) -> PairSums {
        self.trained.iter().filter(|row| !row.rater_changed).copied().map(PairSums::from).sum()
    }

    /// The comparison group, added up.
    pub fn comparison(&self) -> PairSums {
        self.comparison.iter().copied().map(PairSums::from).sum()
    }

    /// The baselines of the lost, added up.
    pub fn lost(&self) -> statistics::ScoreSums {
        let mut sums = statistics::ScoreSums::default();
        self.lost.iter().for_each(|baseline| sums.add(*baseline));
        sums
    }
}

impl Row {
    fn of_pair(pair: &Pair, has_match: bool) -> Option<Self> {
        let (before, after) = units(pair.before).zip(units(pair.after))?;
        Some(Self { before, after, rater_changed: pair.rater_changed, has_match })
    }

    fn of_score(score: &Scored, has_match: bool) -> Option<Self> {
        let Scored::Pair { before, after, .. } = score else { return None };
        let (before, after) = units(*before).zip(units(*after))?;
        Some(Self { before, after, rater_changed: false, has_match })
    }
}

impl From<Row> for PairSums {
    fn from(row: Row) -> Self {
        let mut sums = Self::default();
        sums.add(row.before, row.after);
        sums
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::super::pairs::State;
    use super::super::sums::OfferingSums;
    use super::*;

    fn pair(before: f64, after: f64, rater: u128) -> Pair {
        let rater_changed = rater % 2 == 1;
        let rater = Uuid::from_u128(rater);
        Pair { before, after, rater, rater_changed, ..Pair::default() }
    }

    fn people() -> Vec<Observed> {
        let answered = |i: u32| Observed {
            state: State::Answered,
            pair: Some(pair(2.0 + f64::from(i % 7) / 5.0, 4.0 - f64::from(i % 3) / 3.0, u128::from(i % 4))),
            comparison: vec![pair(3.0, 3.0 + f64::from(i) / 10.0, u128::from(i % 2)); usize::from(i > 0)],
            ..Observed::default()
        };
        let lost = Observed { baseline: Some(2.4), state: State::Excused, ..Observed::default() };
        (0..11).map(answered).chain([lost]).collect()
    }

    #[test]
    fn rows_add_up_to_the_sums() {
        let people = people();
        let rows = Rows::of_behaviour(&people.iter().collect::<Vec<_>>());
        let sums = OfferingSums::of_behaviour(&people.iter().collect::<Vec<_>>(), &rows);
        let of = &sums.compared[0];
        let found = (rows.trained(), rows.same_rater(), rows.matched(), rows.comparison(), rows.lost());
        assert_eq!(found, (sums.trained, sums.same_rater, of.trained, of.comparison, sums.lost));
        assert_eq!((sums.trained.n, sums.same_rater.n, of.trained.n, sums.lost.n), (11, 6, 10, 1));
        // The raters are added up on their own: they must be the raters of these very people.
        let changes = |sums: PairSums| (sums.n, sums.after - sums.before);
        for (pairs, raters) in
            [(sums.trained, &sums.raters[0]), (of.trained, &of.raters[0]), (of.comparison, &of.raters[1])]
        {
            assert_eq!(changes(pairs), (raters.people(), raters.change()));
        }
    }

    #[test]
    fn the_order_of_the_people_leaves_no_trace() {
        let mut people = people();
        let rows = |people: &[Observed]| Rows::of_behaviour(&people.iter().collect::<Vec<_>>());
        let before = rows(&people);
        people.reverse();
        assert_eq!(rows(&people), before);
        assert!(before.trained.is_sorted() && before.comparison.is_sorted());
    }

    #[test]
    fn what_is_no_score_is_no_row() {
        let odd = Observed { pair: Some(pair(3.0, f64::NAN, 0)), ..Observed::default() };
        assert_eq!(Rows::of_behaviour(&[&odd]), Rows::default());
    }

    #[test]
    fn what_is_stored_is_what_comes_back() {
        let people = people();
        let rows = Rows::of_behaviour(&people.iter().collect::<Vec<_>>());
        let stored = serde_json::to_value(&rows).unwrap();
        assert_eq!(serde_json::from_value::<Rows>(stored).unwrap(), rows);
    }
}
