//! Shares of people.

use super::thresholds::Z_975;

/// The 95 % interval of Wilson for `hits` out of `n`, between 0 and 1; none where the share is none.
pub fn wilson(hits: usize, n: usize) -> Option<[f64; 2]> {
    if n == 0 || hits > n {
        return None;
    }
    let (share, n) = (hits as f64 / n as f64, n as f64);
    let squared = Z_975 * Z_975;
    let scale = 1.0 + squared / n;
    let centre = (share + squared / (2.0 * n)) / scale;
    let half = Z_975 * (share * (1.0 - share) / n + squared / (4.0 * n * n)).sqrt() / scale;
    // At 0 and at n the ends are 0 and 1, which rounding would miss by a hair.
    let low = if hits == 0 { 0.0 } else { centre - half };
    let high = if share == 1.0 { 1.0 } else { centre + half };
    Some([low, high])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_share_of_nothing_nor_more_than_all() {
        assert_eq!((wilson(0, 0), wilson(3, 2)), (None, None));
    }

    #[test]
    fn nobody_and_everybody_touch_the_ends() {
        assert!(wilson(0, 12).is_some_and(|[low, _]| low == 0.0));
        assert!(wilson(12, 12).is_some_and(|[_, high]| high == 1.0));
    }
}
