//! Many tests at once: of twenty courses without any effect, one looks «significant» with a chance of 64 %.

use super::thresholds::FALSE_DISCOVERIES;

/// Adjusts the probabilities of a family of tests so that among those called significant few are false (Benjamini
/// and Hochberg 1995).
///
/// The family is one outcome in one period over all courses that passed the gates, fixed before looking. A course
/// that did not pass is none: it does not count and stays none. So does what is no probability.
pub fn benjamini_hochberg(p: &[Option<f64>]) -> Vec<Option<f64>> {
    let mut sorted: Vec<f64> = p.iter().copied().filter_map(probability).collect();
    sorted.sort_by(f64::total_cmp);
    let tests = sorted.len() as f64;
    let mut smallest = 1.0_f64;
    let mut adjusted: Vec<(f64, f64)> = sorted
        .iter()
        .enumerate()
        .rev()
        .map(|(smaller, p)| {
            smallest = smallest.min(p * (tests / (smaller + 1) as f64));
            (*p, smallest)
        })
        .collect();
    adjusted.reverse();
    let look_up = |p: f64| {
        let place = adjusted.partition_point(|(other, _)| *other < p);
        adjusted.get(place).map(|(_, q)| *q)
    };
    p.iter().map(|p| probability(*p).and_then(look_up)).collect()
}

/// Whether an adjusted probability counts as found.
pub fn discovered(q: Option<f64>) -> bool {
    q.is_some_and(|q| q <= FALSE_DISCOVERIES)
}

fn probability(p: Option<f64>) -> Option<f64> {
    p.filter(|p| (0.0..=1.0).contains(p))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closed_courses_stay_outside_the_family() {
        assert_eq!(benjamini_hochberg(&[]), []);
        assert_eq!(benjamini_hochberg(&[None, Some(f64::NAN), Some(1.5)]), [None, None, None]);
        let alone = benjamini_hochberg(&[Some(0.04)]);
        let beside = benjamini_hochberg(&[None, Some(0.04), Some(f64::NAN), Some(-0.1)]);
        assert_eq!((alone, beside), (vec![Some(0.04)], vec![None, Some(0.04), None, None]));
    }

    #[test]
    fn the_border_is_found() {
        assert!(discovered(Some(0.05)) && !discovered(Some(0.0501)) && !discovered(None));
    }
}
