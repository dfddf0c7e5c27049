//! The t quantile and the small-sample factor of Hedges.

use statrs::{
    distribution::{ContinuousCDF, Normal, StudentsT},
    function::gamma::ln_gamma,
};

use super::thresholds::{TAIL, Z_975};

/// From here on the series below are exact to the last digit, and the crate's iteration no longer is
/// (relative error 3e-6 at 100 000).
const LARGE_DF: f64 = 10_000.0;

/// The 0.975 quantile of Student's t: half the width of a 95 % interval in standard errors.
pub(super) fn t_quantile(df: f64) -> f64 {
    if df > LARGE_DF {
        return cornish_fisher(Z_975, df);
    }
    StudentsT::new(0.0, 1.0, df).map_or(f64::NAN, |t| t.inverse_cdf(1.0 - TAIL))
}

/// Any quantile of Student's t, for intervals that share an error among them.
pub(super) fn t_quantile_of(p: f64, df: f64) -> f64 {
    if df > LARGE_DF {
        return cornish_fisher(Normal::standard().inverse_cdf(p), df);
    }
    StudentsT::new(0.0, 1.0, df).map_or(f64::NAN, |t| t.inverse_cdf(p))
}

fn cornish_fisher(z: f64, df: f64) -> f64 {
    let first = (z.powi(3) + z) / 4.0;
    let second = (5.0 * z.powi(5) + 16.0 * z.powi(3) + 3.0 * z) / 96.0;
    z + first / df + second / (df * df)
}

/// The exact factor J that takes the small-sample bias out of a standardised effect; 0 with one degree of
/// freedom, where nothing of the effect is left.
pub(super) fn hedges(df: usize) -> f64 {
    let m = df as f64;
    if df < 2 {
        return 0.0;
    }
    if m > LARGE_DF {
        return 1.0 - 3.0 / (4.0 * m) - 7.0 / (32.0 * m * m);
    }
    (ln_gamma(m / 2.0) - ln_gamma((m - 1.0) / 2.0)).exp() / (m / 2.0).sqrt()
}
