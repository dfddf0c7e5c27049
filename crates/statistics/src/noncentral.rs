//! The noncentral t distribution: the interval of a standardised effect.
//!
//! P(T <= t) is the mean of Φ(t s - δ) over s = sqrt(χ²/df). It is integrated by Gauss and Legendre on panels
//! as narrow as the narrower of the two factors, so that neither a large δ (where series of incomplete beta
//! functions underflow) nor a huge t costs accuracy: about 1e-11 over the whole range.

use statrs::function::erf::erfc;

use super::thresholds::TAIL;

/// Beyond so many standard deviations a tail is below 1e-18.
const REACH: f64 = 9.0;

/// Steps of a search that always ends sooner; a guard against values that are not numbers.
pub(super) const MOST_STEPS: usize = 200;

/// Nodes and weights of the 16-point Gauss-Legendre rule, positive half.
const NODES: [(f64, f64); 8] = [
    (0.095_012_509_837_637_44, 0.189_450_610_455_068_64),
    (0.281_603_550_779_258_9, 0.182_603_415_044_923_64),
    (0.458_016_777_657_227_37, 0.169_156_519_395_002_65),
    (0.617_876_244_402_643_8, 0.149_595_988_816_576_7),
    (0.755_404_408_355_003, 0.124_628_971_255_534_07),
    (0.865_631_202_387_831_8, 0.095_158_511_682_492_6),
    (0.944_575_023_073_232_6, 0.062_253_523_938_647_456),
    (0.989_400_934_991_649_9, 0.027_152_459_411_754_176),
];

/// The noncentrality values whose 0.975 and 0.025 quantiles are `t`: the 95 % interval of the noncentrality.
pub(super) fn noncentrality_interval(t: f64, df: usize) -> Option<[f64; 2]> {
    let distribution = NoncentralT::new(df);
    Some([distribution.noncentrality(t, 1.0 - TAIL)?, distribution.noncentrality(t, TAIL)?])
}

/// A family of noncentral t distributions with common degrees of freedom.
pub(super) struct NoncentralT {
    df: f64,
    low: f64,
    high: f64,
    mass: f64,
}

impl NoncentralT {
    /// Of a whole number of degrees of freedom.
    pub(super) fn new(df: usize) -> Self {
        Self::of(df as f64)
    }

    /// Prepares the range of s that matters and the mass of its unscaled density.
    pub(super) fn of(df: f64) -> Self {
        let df = df.max(1.0);
        let mode = ((df - 1.0) / df).sqrt();
        let reach = REACH / df.sqrt();
        let mut family = Self { df, low: (mode - reach).max(0.0), high: mode + reach, mass: 1.0 };
        family.mass = family.integrate(family.low, family.high, 0.0, |_| 1.0);
        family
    }

    /// P(T <= t) for noncentrality `delta`.
    pub(super) fn cdf(&self, t: f64, delta: f64) -> f64 {
        if t < 0.0 {
            return 1.0 - self.cdf(-t, -delta);
        }
        if t == 0.0 {
            return normal_cdf(-delta);
        }
        // Φ(t s - δ) is 0 below the rise and 1 above it.
        let rise = ((delta - REACH) / t).clamp(self.low, self.high);
        let full = ((delta + REACH) / t).clamp(self.low, self.high);
        let rising = self.integrate(rise, full, t, |s| normal_cdf(t * s - delta));
        let above = self.integrate(full, self.high, 0.0, |_| 1.0);
        ((rising + above) / self.mass).clamp(0.0, 1.0)
    }

    /// The noncentrality for which P(T <= t) = `probability`.
    pub(super) fn noncentrality(&self, t: f64, probability: f64) -> Option<f64> {
        let excess = |delta: f64| self.cdf(t, delta) - probability;
        let start = 1.0_f64.max(t.abs() / self.df.sqrt());
        let outward = |sign: f64| {
            std::iter::successors(Some(start), |step| Some(step * 2.0))
                .take(MOST_STEPS)
                .map(|step| t + sign * step)
                .find(|&delta| sign * excess(delta) < 0.0)
        };
        ridders(excess, outward(-1.0)?, outward(1.0)?)
    }

    /// Integrates `factor`, whose steepness is `rate`, times the unscaled density of s.
    fn integrate(&self, from: f64, to: f64, rate: f64, factor: impl Fn(f64) -> f64) -> f64 {
        let panels = ((to - from) * rate.max((2.0 * self.df).sqrt()) / 1.5).ceil();
        if to <= from || !panels.is_finite() {
            return 0.0;
        }
        let half = (to - from) / panels / 2.0;
        let value = |s: f64| self.density(s) * factor(s);
        (0..panels as usize)
            .map(|panel| {
                let centre = from + half * (2 * panel + 1) as f64;
                NODES
                    .iter()
                    .map(|(x, w)| w * (value(centre - half * x) + value(centre + half * x)))
                    .sum::<f64>()
            })
            .sum::<f64>()
            * half
    }

    /// The density of s up to a constant; dividing by `mass` spares the gamma function and its rounding.
    fn density(&self, s: f64) -> f64 {
        ((self.df - 1.0) * s.ln() - self.df * (s * s - 1.0) / 2.0).exp()
    }
}

/// The normal distribution function.
pub(super) fn normal_cdf(z: f64) -> f64 {
    erfc(-z * std::f64::consts::FRAC_1_SQRT_2) / 2.0
}

/// Finds the zero of a falling function between `low` and `high` by the method of Ridders.
pub(super) fn ridders(f: impl Fn(f64) -> f64, mut low: f64, mut high: f64) -> Option<f64> {
    let (mut f_low, mut f_high) = (f(low), f(high));
    let mut last = f64::NAN;
    for _ in 0..MOST_STEPS {
        let middle = low + (high - low) / 2.0;
        let f_middle = f(middle);
        // f_low > 0 > f_high, so the root is real and not 0.
        let x = middle + (middle - low) * f_middle / (f_middle * f_middle - f_low * f_high).sqrt();
        let f_x = f(x);
        let close = 1e-12 * x.abs().max(1.0);
        if f_x == 0.0 || (x - last).abs() <= close || (high - low).abs() <= close {
            return x.is_finite().then_some(x);
        }
        last = x;
        for (point, value) in [(middle, f_middle), (x, f_x)] {
            if value > 0.0 && point > low {
                (low, f_low) = (point, value);
            } else if value <= 0.0 && point < high {
                (high, f_high) = (point, value);
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn huge_t_agrees_with_thirty_digit_integration() {
        // Out here scipy itself is off by 1e-9; the expected roots come from mpmath.
        let table = [
            (10_753.0, 20, [7_446.316_927_407_747, 14_055.123_173_193_954]),
            (1e6, 11, [588_970.461_689_338, 1_411_641.509_383_259_8]),
        ];
        for (t, df, expected) in table {
            let found = noncentrality_interval(t, df);
            let close =
                |found: [f64; 2]| found.iter().zip(&expected).all(|(a, b)| (a / b - 1.0).abs() < 1e-10);
            assert!(found.is_some_and(close), "{t}: {found:?}");
        }
    }

    #[test]
    fn what_is_no_number_has_no_interval() {
        assert_eq!(noncentrality_interval(f64::NAN, 10), None);
        assert_eq!(noncentrality_interval(f64::INFINITY, 10), None);
    }
}
