use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What happens when data have been kept long enough: `deleted` (the service deletes them by itself) or
/// `needs_decision` (a person decides, at the request of the person concerned or under the rules on
/// archives).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RetentionAction {
    /// The service deletes them by itself.
    Deleted,
    /// A person decides, at the request of the person concerned or under the rules on archives.
    NeedsDecision,
}

/// Data that are kept for a reason. What they are and from when on they are kept stands in words in
/// `locales/*/personal_data.ftl`, under `retention-` and the name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    IdempotencyKeys,
    SecurityEvents,
    RefusedApplications,
    Events,
    Absences,
    PersonalDataRequests,
    Employees,
    Ratings,
    TrainingRecords,
    Certificates,
    Evaluations,
    AnonymousAnswers,
    SuccessionLists,
    AuditLog,
}

impl Kept {
    /// Its code; never changes.
    pub const fn name(self) -> &'static str {
        match self {
            Self::IdempotencyKeys => "idempotency_keys",
            Self::SecurityEvents => "security_events",
            Self::RefusedApplications => "refused_applications",
            Self::Events => "events",
            Self::Absences => "absences",
            Self::PersonalDataRequests => "personal_data_requests",
            Self::Employees => "employees",
            Self::Ratings => "ratings",
            Self::TrainingRecords => "training_records",
            Self::Certificates => "certificates",
            Self::Evaluations => "evaluations",
            Self::AnonymousAnswers => "anonymous_answers",
            Self::SuccessionLists => "succession_lists",
            Self::AuditLog => "audit_log",
        }
    }
}

/// How long something is kept.
#[derive(Debug, Clone, Copy)]
pub struct RetentionRule {
    pub(super) kept: Kept,
    /// Days; without them there is no fixed end.
    pub days: Option<u64>,
    /// Decree or law, and article.
    pub legal_basis: &'static str,
    /// What happens then.
    pub action: RetentionAction,
}

impl RetentionRule {
    /// Code of what is kept.
    pub const fn code(&self) -> &'static str {
        self.kept.name()
    }
}

const PURPOSE_MET: &str = "Law 91/2025/QH15, Art. 14";
const EMPLOYMENT: &str = "Law 91/2025/QH15, Art. 25";

/// THE TABLE: what is kept how long, why, and what happens then. Where no law names a time, it is the ministry's own.
pub const RULES: [RetentionRule; 14] = [
    deleted(Kept::IdempotencyKeys, 1, PURPOSE_MET),
    deleted(Kept::Events, 365, PURPOSE_MET),
    deleted(Kept::Absences, 730, PURPOSE_MET),
    deleted(Kept::PersonalDataRequests, 1825, "Decree 356/2025/NĐ-CP, Art. 5"),
    decided(Kept::Employees, EMPLOYMENT),
    decided(Kept::Ratings, "Decree 335/2025/NĐ-CP; Law 91/2025/QH15, Art. 19"),
    decided(Kept::TrainingRecords, "Decree 171/2025/NĐ-CP; Law 91/2025/QH15, Art. 19"),
    decided(Kept::Certificates, "Circular 03/2023/TT-BNV, Arts. 5 to 8"),
    decided(Kept::Evaluations, "Circular 03/2023/TT-BNV, Art. 24"),
    decided(Kept::AnonymousAnswers, "Circular 03/2023/TT-BNV, Art. 24"),
    decided(Kept::SuccessionLists, EMPLOYMENT),
    deleted(Kept::SecurityEvents, 180, PURPOSE_MET),
    deleted(Kept::RefusedApplications, 90, PURPOSE_MET),
    decided(Kept::AuditLog, "Law 91/2025/QH15, Art. 23"),
];

const fn deleted(kept: Kept, days: u64, legal_basis: &'static str) -> RetentionRule {
    RetentionRule { kept, days: Some(days), legal_basis, action: RetentionAction::Deleted }
}

const fn decided(kept: Kept, legal_basis: &'static str) -> RetentionRule {
    RetentionRule { kept, days: None, legal_basis, action: RetentionAction::NeedsDecision }
}
