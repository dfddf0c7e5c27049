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
            other => Error::internal(other),
        }
    }
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
        DatabaseErrorKind::SerializationFailure | DatabaseErrorKind::ClosedConnection => {
            Error::Unavailable(info.message().to_owned())
        }
        // Deadlock, lock and statement time-outs: worth another try, and safe, since POST is idempotent here.
        _ if info.message().contains("deadlock detected")
            || info.message().contains("due to lock timeout")
            || info.message().contains("due to statement timeout")
            || info.message().contains("terminating connection")
            || info.message().contains("the database system is") =>
        {
            Error::Unavailable(info.message().to_owned())
        }
        // A date before 4713 BC: ours to read, not Postgres's to keep.
        _ if info.message() == "date out of range" => Error::unreadable(info.message()),
        _ => Error::internal(DieselError::DatabaseError(kind, info)),
    }
}
