//! What the newest releases say together: how far the changes of single people lie apart, on which depends what a planned
//! evaluation can show, and how those were rated before who were not sent for a weakness.

use chrono::NaiveDate;

use super::queries;
use crate::db::Tx;
use crate::effectiveness::disclosure::is_enough;
use crate::effectiveness::measures::{Measure, OfferingSums, Others};
use crate::error::Result;
use statistics::PairMoments;
use statistics::thresholds::{CHANGE_SD_PEOPLE, CHANGE_SD_STEP};

/// Offerings that are looked at, the newest ones: people and forms change over the years.
const NEWEST: i64 = 200;

/// The standard deviation of a person's change of behaviour after three months, points of 5, within the groups of the
/// newest offerings that were released by a day; none of fewer than thirty people or five offerings. It is rounded up to a step, so that a
/// plan promises rather too little, and that nothing of a class can be found in it.
///
/// # Errors
/// When the database cannot be reached.
pub async fn spread_of_change(tx: &mut Tx<'_>, as_of: NaiveDate) -> Result<Option<f64>> {
    Ok(pooled(&queries::newest(tx, Measure::ThreeMonths, as_of, NEWEST).await?))
}

/// How people who were not sent for a weakness were rated before, over the newest offerings that were released by a day.
///
/// # Errors
/// When the database cannot be reached.
pub async fn rated_before(tx: &mut Tx<'_>, as_of: NaiveDate) -> Result<Others> {
    Ok(Others::of(&queries::newest(tx, Measure::ThreeMonths, as_of, NEWEST).await?))
}

/// Pooled within the trained and within the comparison group of each offering that counts in totals.
fn pooled(offerings: &[OfferingSums]) -> Option<f64> {
    let (mut people, mut free, mut squares, mut counted) = (0, 0, 0.0, 0_usize);
    for sums in offerings.iter().map(OfferingSums::for_totals) {
        counted += usize::from(sums.trained.n > 0);
        for group in [sums.trained, sums.comparison()] {
            let change = PairMoments::from(&group).change;
            people += change.n;
            free += change.n.saturating_sub(1);
            squares += change.ss;
        }
    }
    if people < CHANGE_SD_PEOPLE || !is_enough(counted) || free == 0 {
        return None;
    }
    let sd = (squares / free as f64).sqrt();
    // A step more for rounding of the arithmetic would say nothing.
    let steps = (sd / CHANGE_SD_STEP - 1e-9).ceil();
    // Divided and not multiplied: 0.6, and not 0.6000000000000001.
    Some(steps / (1.0 / CHANGE_SD_STEP).round()).filter(|sd| sd.is_finite() && *sd > 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::effectiveness::measures::Compared;
    use statistics::PairSums;

    /// So many people: half rise by so much more than the mean and half by so much less.
    fn group(people: usize, by: f64) -> PairSums {
        let pair = |i: usize| (3.0, 3.0 + if i.is_multiple_of(2) { by } else { -by });
        PairSums::of(&(0..people).map(pair).collect::<Vec<_>>())
    }

    fn offering(trained: PairSums, comparison: PairSums) -> OfferingSums {
        let compared = vec![Compared { trained, comparison, ..Compared::default() }];
        OfferingSums { trained, compared, ..OfferingSums::default() }
    }

    fn five(offering: OfferingSums) -> Vec<OfferingSums> {
        vec![offering; 5]
    }

    #[test]
    fn groups_are_pooled_and_the_result_rounded_up_to_a_step() {
        // The squares of each are 60 · 0.25 over 58 degrees of freedom: 0.5086.
        assert_eq!(pooled(&five(offering(group(30, 0.5), group(30, 0.5)))), Some(0.55));
        assert_eq!(
            pooled(&five(OfferingSums { trained: group(30, 0.59), ..OfferingSums::default() })),
            Some(0.65),
            "0.60009 is more than 0.60"
        );
        // How far the means of offerings lie apart is no spread of people.
        let by_a_point = |i: i32| (3.0, if i % 2 == 0 { 4.5 } else { 3.5 });
        let risen = PairSums::of(&(0..30).map(by_a_point).collect::<Vec<_>>());
        assert_eq!(pooled(&five(offering(risen, group(30, 0.5)))), Some(0.55));
    }

    #[test]
    fn of_few_people_and_of_classes_of_one_to_four_nothing_is_said() {
        assert_eq!(pooled(&[]), None);
        let of = |people: usize| OfferingSums { trained: group(people, 0.5), ..OfferingSums::default() };
        assert_eq!(pooled(&[5, 5, 5, 5, 9].map(of)), None);
        assert!(pooled(&[5, 5, 5, 5, 10].map(of)).is_some());
        assert_eq!(pooled(&[of(60), of(60), of(60), of(60)]), None, "four classes are too few");
        let small: Vec<OfferingSums> =
            (0..20).map(|_| OfferingSums { trained: group(4, 0.5), ..OfferingSums::default() }).collect();
        assert_eq!(pooled(&small), None);
        let alike = OfferingSums { trained: group(40, 0.0), ..OfferingSums::default() };
        assert_eq!(pooled(&five(alike)), None, "where all changed alike, anything would be detectable");
    }
}
