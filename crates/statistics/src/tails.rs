//! Tail probabilities and quantiles of the t, F and normal distributions.
//!
//! The incomplete beta function behind t and F is not that of the statrs crate, which stops after 140 terms and takes
//! differences of large logarithms: for a whole ministry this leaves an error of 2e-3 (at a = 500 000, b = 2 000 000).
//! Here the leading factor is taken apart as Loader (2000) does it, so that nothing large is subtracted, and the
//! fraction runs until it no longer changes.

use statrs::function::gamma::ln_gamma;

use super::noncentral::{MOST_STEPS, normal_cdf, ridders};

/// Terms of the continued fraction; it takes some thousands for the largest parameters.
const MOST_TERMS: u32 = 100_000;

/// From here on the series of the remainder in Stirling's formula is exact to the last digit.
const STIRLING: f64 = 15.0;

/// The probability of a value at least as far from 0 as `t` under Student's t.
pub(super) fn two_sided_t(t: f64, df: f64) -> f64 {
    if t.is_infinite() {
        return 0.0;
    }
    let (square, sum) = (t * t, df + t * t);
    incomplete_beta(df / 2.0, 0.5, df / sum, square / sum)
}

/// The probability of a value at least as far from 0 as `z` under the normal distribution.
pub(super) fn two_sided_normal(z: f64) -> f64 {
    2.0 * normal_cdf(-z.abs())
}

/// The probability of more than `f` under the F distribution.
pub(super) fn f_above(f: f64, df1: f64, df2: f64) -> f64 {
    if f.is_infinite() {
        return 0.0;
    }
    let sum = df1 * f + df2;
    incomplete_beta(df2 / 2.0, df1 / 2.0, df2 / sum, df1 * f / sum)
}

/// The value that an F variable stays below with this probability.
pub(super) fn f_quantile(probability: f64, df1: f64, df2: f64) -> Option<f64> {
    let excess = |f: f64| f_above(f, df1, df2) - (1.0 - probability);
    let outward = |factor: f64, sign: f64| {
        std::iter::successors(Some(1.0), |f| Some(f * factor))
            .take(MOST_STEPS)
            .find(|f| sign * excess(*f) > 0.0)
    };
    ridders(excess, outward(0.5, 1.0)?, outward(2.0, -1.0)?)
}

/// The regularised incomplete beta function at `x`; `y` is 1 - x, which the caller knows more exactly.
fn incomplete_beta(a: f64, b: f64, x: f64, y: f64) -> f64 {
    if !(a > 0.0 && b > 0.0 && x >= 0.0 && y >= 0.0) {
        return f64::NAN;
    }
    if x == 0.0 || y == 0.0 {
        return if x == 0.0 { 0.0 } else { 1.0 };
    }
    let leading = leading(a, b, x, y);
    if x < (a + 1.0) / (a + b + 2.0) {
        leading * fraction(a, b, x) / a
    } else {
        1.0 - leading * fraction(b, a, y) / b
    }
}

/// x^a y^b / B(a, b), by deviances instead of logarithms of gamma functions.
fn leading(a: f64, b: f64, x: f64, y: f64) -> f64 {
    let n = a + b;
    let remainders = stirling_remainder(n) - stirling_remainder(a) - stirling_remainder(b);
    let exponent = remainders - deviance(a, n * x) - deviance(b, n * y);
    exponent.exp() * (a * b / (std::f64::consts::TAU * n)).sqrt()
}

/// ln Γ(z + 1) minus Stirling's formula for it.
fn stirling_remainder(z: f64) -> f64 {
    if z < STIRLING {
        return ln_gamma(z + 1.0) - (z + 0.5) * z.ln() + z - std::f64::consts::TAU.sqrt().ln();
    }
    let square = z * z;
    let tail = 1.0 / 1260.0 - (1.0 / 1680.0 - 1.0 / (1188.0 * square)) / square;
    (1.0 / 12.0 - (1.0 / 360.0 - tail / square) / square) / z
}

/// x ln(x/m) + m - x, without cancellation where x is near m.
fn deviance(x: f64, m: f64) -> f64 {
    let v = (x - m) / (x + m);
    if v.abs() >= 0.1 {
        return x * (x / m).ln() + m - x;
    }
    let (mut sum, mut term) = ((x - m) * v, 2.0 * x * v);
    for odd in (3..MOST_TERMS).step_by(2) {
        term *= v * v;
        let more = sum + term / f64::from(odd);
        if more == sum {
            break;
        }
        sum = more;
    }
    sum
}

/// The continued fraction of the incomplete beta function, evaluated as Lentz does.
fn fraction(a: f64, b: f64, x: f64) -> f64 {
    let away_from_zero = |value: f64| if value.abs() < f64::MIN_POSITIVE { f64::MIN_POSITIVE } else { value };
    let mut c = 1.0;
    let mut d = 1.0 / away_from_zero(1.0 - (a + b) * x / (a + 1.0));
    let mut value = d;
    for m in (1..MOST_TERMS).map(f64::from) {
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        let before = value;
        for numerator in [even, odd] {
            d = 1.0 / away_from_zero(1.0 + numerator * d);
            c = away_from_zero(1.0 + numerator / c);
            value *= c * d;
        }
        if (value - before).abs() <= 2.0 * f64::EPSILON * value.abs() {
            break;
        }
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_and_nonsense() {
        assert_eq!((two_sided_t(0.0, 5.0), two_sided_t(f64::INFINITY, 5.0)), (1.0, 0.0));
        assert_eq!((f_above(0.0, 2.0, 9.0), f_above(f64::INFINITY, 2.0, 9.0)), (1.0, 0.0));
        assert!(two_sided_t(f64::NAN, 5.0).is_nan() && f_above(1.0, 0.0, 5.0).is_nan());
        assert_eq!(f_quantile(0.975, 0.0, 5.0), None);
    }
}
