//! What a report on an offering says of its registration.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use crate::effectiveness::evaluation_plans::Registered;

/// What was registered of an offering when it began, in short; the whole is in its evaluation plan. The warning
/// `not_as_registered` is given where the report departs from it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "registered_on": "2026-03-09", "before_first_session": true,
    "digest": "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945", "detectable_change": 0.72
}))]
pub struct ReportedRegistration {
    /// The day on which it was written down (Vietnamese time).
    #[schema(example = "2026-03-09")]
    pub registered_on: NaiveDate,
    /// Whether that was before the first session.
    #[schema(example = true)]
    pub before_first_session: bool,
    /// SHA-256 of what was written down, in hexadecimal.
    #[schema(example = "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945")]
    pub digest: String,
    /// The smallest difference that could be seen with a chance of 80 %, points of 5; null where no difference could be
    /// shown.
    #[schema(required, example = 0.72)]
    pub detectable_change: Option<f64>,
}

impl From<Registered> for ReportedRegistration {
    fn from(registered: Registered) -> Self {
        Self {
            registered_on: registered.registered_on,
            before_first_session: registered.before_first_session,
            digest: registered.digest,
            detectable_change: registered.detectable,
        }
    }
}
