//! What the operator sets about callers: how many proxies are in front, who may call from a browser, how often.

use std::time::Duration;

use super::limits;

/// The settings that pipeline and guards read; [`Default`] is a service without a proxy, for its own pages only.
#[derive(Debug, Clone)]
pub struct Defences {
    /// Multiplies every quota of `limits.rs`.
    pub rate_factor: f64,
    /// Reverse proxies in front whose `X-Forwarded-For` is believed.
    pub trusted_proxies: usize,
    /// Web origins whose pages may call the API.
    pub cors_origins: Vec<String>,
    /// Longest a request may take.
    pub request_time: Duration,
    /// Connections at once.
    pub connections: usize,
    /// Connections at once of one address, if set.
    pub connections_per_address: Option<usize>,
    /// Period in which some of a waiting answer must be read.
    pub write_time: Duration,
}

impl Default for Defences {
    fn default() -> Self {
        Self {
            rate_factor: 1.0,
            trusted_proxies: 0,
            cors_origins: Vec::new(),
            request_time: limits::REQUEST_TIME,
            connections: limits::CONNECTIONS,
            connections_per_address: None,
            write_time: limits::WRITE_TIME,
        }
    }
}

impl Defences {
    /// Connections at once of one address. Behind a reverse proxy all come from one: it must limit its callers itself,
    /// unless something else is set.
    pub fn connections_per_address(&self) -> usize {
        let usual = if self.trusted_proxies > 0 { self.connections } else { limits::CONNECTIONS_PER_ADDRESS };
        self.connections_per_address.unwrap_or(usual).min(self.connections)
    }
}

/// A web origin as browsers send it: scheme, host, perhaps a port, nothing behind.
///
/// # Errors
/// In words, what is wrong with it.
pub fn origin(text: &str) -> Result<String, String> {
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).unwrap_or_default();
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-.:[]".contains(c);
    if host.is_empty() || !host.chars().all(fits) {
        return Err("an exact origin like https://portal.moit.gov.vn (lower case, no path, no *)".to_owned());
    }
    Ok(text.to_owned())
}

/// A multiplier of the quotas: 0 would switch them off.
///
/// # Errors
/// In words, when it is not between 0.01 and 10000.
pub fn rate_factor(text: &str) -> Result<f64, String> {
    let factor = text.parse().ok().filter(|f| (0.01..=10_000.0).contains(f));
    factor.ok_or_else(|| "a number from 0.01 to 10000".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_exact() {
        for good in ["https://portal.moit.gov.vn", "http://localhost:3000", "http://[::1]:8080"] {
            assert!(origin(good).is_ok(), "{good}");
        }
        for bad in
            ["*", "null", "", "https://", "https://a/", "https://*.a", "portal.moit.gov.vn", "https://A"]
        {
            assert!(origin(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn quotas_cannot_be_switched_off() {
        assert_eq!(rate_factor("2.5"), Ok(2.5));
        for bad in ["0", "-1", "NaN", "inf", "x"] {
            assert!(rate_factor(bad).is_err(), "{bad}");
        }
    }
}
