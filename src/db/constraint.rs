//! What the database refuses, in the service's words: constraint name → business rule.

use diesel::result::{DatabaseErrorInformation, DatabaseErrorKind, Error as DieselError};

use crate::error::{Error, Rule};

/// Unique and exclusion constraints (and the checks of triggers). Foreign keys and the checks of single columns need
/// no line: their names say which member is wrong.
pub const CONSTRAINTS: &[(&str, Rule)] = &[
    ("units_code_key", Rule::CodeTaken),
    ("units_parent_id_check", Rule::UnitBelowItself),
    ("units_depth_check", Rule::UnitTooDeep),
    ("units_head_employee_id_limit", Rule::HeadOfTooMany),
    ("competencies_code_key", Rule::CodeTaken),
    ("job_positions_code_key", Rule::CodeTaken),
    ("position_requirements_validity_excl", Rule::RequirementOverlaps),
    ("employees_code_key", Rule::CodeTaken),
    ("employees_email_key", Rule::EmailTaken),
    ("employees_personal_number_key", Rule::PersonalNumberTaken),
    ("succession_entries_validity_excl", Rule::SuccessionOverlaps),
    ("absences_period_excl", Rule::AbsenceOverlaps),
    ("coverage_rules_unit_id_position_group_key", Rule::CoverageRuleExists),
    ("performance_ratings_period_revision_key", Rule::RatingConflict),
    ("performance_ratings_current_key", Rule::RatingConflict),
    ("institutes_code_key", Rule::CodeTaken),
    ("corrective_actions_offering_id_cause_key", Rule::CorrectiveActionExists),
    ("courses_code_key", Rule::CodeTaken),
    ("offerings_code_key", Rule::CodeTaken),
    ("sessions_offering_id_half_day_key", Rule::SessionOverlaps),
    ("training_plans_year_key", Rule::PlanExists),
    ("training_plan_lines_unit_id_course_id_key", Rule::PlanLineExists),
    ("nominations_offering_id_employee_id_key", Rule::AlreadyNominated),
    ("nomination_half_days_pkey", Rule::NominationRefused),
    ("participants_nomination_id_key", Rule::AlreadyParticipant),
    ("participants_offering_id_number_key", Rule::AlreadyParticipant),
    ("participants_offering_id_employee_id_key", Rule::AlreadyParticipant),
    ("certificates_number_key", Rule::CertificateExists),
    ("certificates_participant_id_key", Rule::CertificateExists),
    ("questionnaires_code_revision_key", Rule::QuestionnaireExists),
    ("quality_forms_offering_id_questionnaire_id_key", Rule::QualityFormExists),
    ("evaluations_subject_phase_key", Rule::EvaluationExists),
    ("evaluation_responses_pkey", Rule::EvaluationNotOpen),
    ("accounts_username_key", Rule::UsernameTaken),
    ("accounts_provider_subject_hash_key", Rule::ProviderIdentityTaken),
    ("accounts_employee_id_key", Rule::EmployeeHasAccount),
    ("delegations_validity_excl", Rule::DelegationOverlaps),
    ("role_assignments_account_id_role_key", Rule::RoleExists),
];

impl From<DieselError> for Error {
    fn from(error: DieselError) -> Self {
        match error {
            DieselError::DatabaseError(kind, info) => refuse(kind, info),
            DieselError::NotFound => Error::NotFound("object"),
            // What began before is lost with its connection.
            DieselError::BrokenTransactionManager => Error::Disconnected(error.to_string()),
            DieselError::RollbackErrorOnCommit { commit_error, .. } => Error::from(*commit_error),
            other => Error::internal(other),
        }
    }
}

/// The connection is gone, or of no use any more (the server was demoted, or changed below us): another one may work.
/// Begins of the server's messages, which come without a code here.
const LOST: &[&str] = &[
    "terminating connection",
    "the database system is",
    "connection to client lost",
    "sorry, too many clients",
    "remaining connection slots",
    "too many connections",
    "cached plan must not change",
    "prepared statement",
];

/// Worth another try, and safe, since POST is idempotent here: deadlocks, time-outs, a full disk or memory.
const AGAIN: &[&str] = &[
    "deadlock detected",
    "canceling statement due to",
    "could not obtain lock",
    "could not serialize access",
    "out of memory",
    "out of shared memory",
    "could not extend file",
    "could not write to file",
    "could not write block",
];

/// Faults of our own in what is sent: the only ones that come without the server's word and are no loss.
const OURS: &[&str] =
    &["error serializing parameter", "error encoding message", "invalid column", "expected "];

fn begins(message: &str, with: &[&str]) -> bool {
    with.iter().any(|start| message.starts_with(start))
}

/// Whether a server refused a connection because it has no room for another one.
pub(super) fn is_full(message: &str) -> bool {
    ["too many clients", "remaining connection slots", "too many connections"]
        .iter()
        .any(|w| message.contains(w))
}

fn refuse(kind: DatabaseErrorKind, info: Box<dyn DatabaseErrorInformation + Send + Sync>) -> Error {
    let name = info.constraint_name().unwrap_or_default().to_owned();
    if let Some((_, rule)) = CONSTRAINTS.iter().find(|(n, _)| *n == name) {
        return Error::Rule(*rule);
    }
    let member = |suffix| {
        let table = info.table_name()?;
        name.strip_prefix(table)?.strip_prefix('_')?.strip_suffix(suffix).map(str::to_owned)
    };
    match kind {
        DatabaseErrorKind::ForeignKeyViolation => match member("_fkey") {
            // The message of a delete speaks of the referring table; that of an insert of the referring column.
            Some(column) if !info.message().starts_with("update or delete") => {
                Error::unknown_reference(format!("/{column}"))
            }
            _ => Error::Rule(Rule::InUse),
        },
        DatabaseErrorKind::CheckViolation => match member("_check") {
            Some(column) => Error::field(format!("/{column}"), "out_of_range"),
            None => Error::internal(DieselError::DatabaseError(kind, info)),
        },
        DatabaseErrorKind::SerializationFailure => Error::Unavailable(info.message().to_owned()),
        DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::ReadOnlyTransaction => {
            Error::Disconnected(info.message().to_owned())
        }
        DatabaseErrorKind::UnableToSendCommand if !begins(info.message(), OURS) => {
            Error::Disconnected(info.message().to_owned())
        }
        _ if begins(info.message(), LOST) => Error::Disconnected(info.message().to_owned()),
        _ if begins(info.message(), AGAIN) => Error::Unavailable(info.message().to_owned()),
        // A date before 4713 BC: ours to read, not Postgres's to keep.
        _ if info.message() == "date out of range" => Error::unreadable(info.message()),
        _ => Error::internal(DieselError::DatabaseError(kind, info)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(kind: DatabaseErrorKind, message: &str) -> Error {
        Error::from(DieselError::DatabaseError(kind, Box::new(message.to_owned())))
    }

    #[test]
    fn a_lost_connection_is_no_fault_of_ours() {
        use DatabaseErrorKind::{ClosedConnection, ReadOnlyTransaction, UnableToSendCommand, Unknown};
        for (kind, message) in [
            (UnableToSendCommand, "connection closed"),
            (UnableToSendCommand, "error communicating with the server"),
            (UnableToSendCommand, "unexpected message from server"),
            (UnableToSendCommand, "error parsing response from server"),
            (ClosedConnection, "server closed the connection unexpectedly"),
            (ReadOnlyTransaction, "cannot execute INSERT in a read-only transaction"),
            (Unknown, "terminating connection due to administrator command"),
            (Unknown, "terminating connection because of crash of another server process"),
            (Unknown, "terminating connection due to idle-in-transaction timeout"),
            (Unknown, "the database system is starting up"),
            (Unknown, "the database system is shutting down"),
            (Unknown, "sorry, too many clients already"),
        ] {
            assert!(matches!(seen(kind, message), Error::Disconnected(_)), "{message}");
        }
        let broken = DieselError::RollbackErrorOnCommit {
            rollback_error: Box::new(DieselError::BrokenTransactionManager),
            commit_error: Box::new(DieselError::DatabaseError(
                UnableToSendCommand,
                Box::new("connection closed".to_owned()),
            )),
        };
        assert!(matches!(Error::from(broken), Error::Disconnected(_)));
    }

    #[test]
    fn what_may_work_the_next_time_says_so_and_a_fault_of_ours_stays_one() {
        use DatabaseErrorKind::{SerializationFailure, UnableToSendCommand, Unknown};
        for (kind, message) in [
            (SerializationFailure, "could not serialize access due to concurrent update"),
            (Unknown, "deadlock detected"),
            (Unknown, "canceling statement due to statement timeout"),
            (Unknown, "canceling statement due to lock timeout"),
            (Unknown, "canceling statement due to conflict with recovery"),
            (Unknown, "could not extend file \"base/1/2\": No space left on device"),
        ] {
            assert!(matches!(seen(kind, message), Error::Unavailable(_)), "{message}");
        }
        for (kind, message) in [
            (UnableToSendCommand, "error serializing parameter 0"),
            (Unknown, "column \"x\" does not exist"),
            (Unknown, "the word deadlock detected stands in somebody's text"),
        ] {
            assert!(matches!(seen(kind, message), Error::Internal(_)), "{message}");
        }
    }
}
