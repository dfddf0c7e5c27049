//! Which rules of the business an operation can be refused by. The document lists them; the tests' client compares every
//! refusal that it gets with the list (`tests/api/support/client.rs`).

use serde_json::{Map, Value, json};

use crate::error::Rule::{self, *};

/// Operations by their ids, with the rules that they can break. What an `Idempotency-Key` adds is no line here.
pub const REFUSALS: &[(&str, &[Rule])] = &[
    ("absences_create", &[AbsenceOverlaps]),
    ("absences_delete", &[InUse]),
    ("accounts_create", &[EmployeeHasAccount, RoleExists, UsernameTaken]),
    ("accounts_update", &[EmployeeHasAccount, LastAdministrator, OwnAccount, RoleExists]),
    ("attendance_record", &[AttendanceOutside]),
    ("certificates_issue", &[CertificateConditions, CertificateExists]),
    ("certificates_revoke", &[WrongState]),
    ("clients_create", &[RoleExists, UsernameTaken]),
    ("competencies_create", &[CodeTaken]),
    ("corrective_actions_close", &[WrongState]),
    ("corrective_actions_create", &[CorrectiveActionExists]),
    ("corrective_actions_dispute", &[WrongState]),
    ("corrective_actions_reply", &[WrongState]),
    ("corrective_actions_uphold", &[WrongState]),
    ("corrective_actions_withdraw", &[WrongState]),
    ("courses_approve", &[InstituteNotApproved, WrongState]),
    ("courses_create", &[CodeTaken, InstituteNotApproved]),
    ("courses_publish", &[InstituteNotApproved, WrongState]),
    ("courses_request_changes", &[InstituteNotApproved, WrongState]),
    ("courses_retire", &[InstituteNotApproved, WrongState]),
    ("courses_submit", &[InstituteNotApproved, WrongState]),
    ("courses_update", &[WrongState]),
    ("coverage_rules_create", &[CoverageRuleExists]),
    ("coverage_rules_delete", &[InUse]),
    ("coverage_rules_update", &[CoverageRuleExists]),
    ("delegations_create", &[DelegationByDeputy, DelegationOverlaps, DelegationsTooMany]),
    ("delegations_revoke", &[DelegationByDeputy]),
    ("employees_batch", &[EmailTaken, EmployeeErased, PersonalNumberTaken]),
    ("employees_create", &[CodeTaken, EmailTaken, PersonalNumberTaken]),
    ("employees_update", &[EmailTaken, EmployeeErased, PersonalNumberTaken]),
    ("evaluations_answer", &[EvaluationNotOpen]),
    ("evaluations_excuse", &[EvaluationExists, WrongState]),
    ("expected_effects_replace", &[ExpectedEffectsFrozen]),
    ("institutes_activate", &[InstituteNotApproved, UsernameTaken]),
    ("institutes_apply", &[CodeTaken, TooManyApplications]),
    ("institutes_approve", &[CodeTaken, WrongState]),
    ("institutes_close", &[WrongState]),
    ("institutes_refuse", &[WrongState]),
    ("institutes_suspend", &[WrongState]),
    ("job_position_requirements_create", &[RequirementOverlaps]),
    ("job_positions_create", &[CodeTaken]),
    ("me_change_password", &[LoginSlowed]),
    ("nominations_approve", &[AlreadyParticipant, NominationRefused, OwnNomination, WrongState]),
    ("nominations_check", &[AlreadyNominated]),
    ("nominations_create", &[AlreadyNominated, NominationRefused]),
    ("nominations_decline", &[OfferingStarted, WrongState]),
    ("nominations_endorse", &[OwnNomination, WrongState]),
    ("nominations_return", &[WrongState]),
    ("nominations_withdraw", &[OfferingStarted, WrongState]),
    ("offerings_cancel", &[CourseNotPublished, InstituteNotApproved, OfferingNotOver, WrongState]),
    ("offerings_close", &[CourseNotPublished, InstituteNotApproved, OfferingNotOver, WrongState]),
    ("offerings_confirm", &[CourseNotPublished, InstituteNotApproved, OfferingNotOver, WrongState]),
    (
        "offerings_create",
        &[CodeTaken, CourseNotPublished, InstituteNotApproved, LecturerBusy, SessionOverlaps],
    ),
    ("offerings_open", &[CourseNotPublished, InstituteNotApproved, OfferingNotOver, WrongState]),
    ("offerings_update", &[LecturerBusy, SessionOverlaps, WrongState]),
    ("performance_ratings_batch", &[RatingConflict]),
    ("personal_data_requests_acknowledge", &[WrongState]),
    ("personal_data_requests_create", &[EmployeeErased]),
    ("personal_data_requests_export", &[ExportNotAvailable]),
    ("personal_data_requests_extend", &[ExtensionNotPossible, WrongState]),
    (
        "personal_data_requests_fulfil",
        &[EmailTaken, EmployeeErased, ErasureNotPossible, FourEyes, PersonalNumberTaken, WrongState],
    ),
    ("personal_data_requests_refuse", &[WrongState]),
    ("quality_forms_open", &[OfferingNotOver, QualityFormExists, WrongState]),
    ("quality_responses_create", &[EvaluationNotOpen]),
    ("questionnaires_create", &[QuestionnaireExists]),
    ("results_record", &[AttendanceOutside]),
    ("seat_draws_announce", &[SeatDrawNotPossible]),
    ("seat_draws_call_off", &[SeatDrawNotPossible, WrongState]),
    ("seat_draws_hold", &[SeatDrawNotPossible, WrongState]),
    ("second_raters_name", &[SecondRaterNotPossible]),
    ("second_raters_remove", &[SecondRaterNotPossible]),
    ("succession_entries_create", &[SuccessionOverlaps]),
    ("succession_entries_update", &[SuccessionOverlaps]),
    ("tokens_create", &[LoginSlowed]),
    ("training_plan_lines_create", &[PlanLineExists, WrongState]),
    ("training_plans_approve", &[WrongState]),
    ("training_plans_create", &[PlanExists]),
    ("training_plans_submit", &[WrongState]),
    ("training_plans_update", &[WrongState]),
    ("units_batch", &[CodeTaken, HeadOfTooMany, UnitBelowItself, UnitTooDeep]),
    ("units_create", &[CodeTaken, HeadOfTooMany, UnitTooDeep]),
    ("units_update", &[HeadOfTooMany, UnitBelowItself, UnitTooDeep]),
];

/// List the rules of an operation: all of them as `x-problem-types`, and at the status that each comes with.
pub fn list(operation: &mut Map<String, Value>, takes_key: bool) {
    let id = operation.get("operationId").and_then(Value::as_str).unwrap_or_default();
    let declared = REFUSALS.iter().find(|(name, _)| *name == id).map_or(&[][..], |(_, rules)| *rules);
    let by_key = [IdempotencyInFlight, IdempotencyKeyReused].into_iter().filter(|_| takes_key);
    let rules: Vec<Rule> = declared.iter().copied().chain(by_key).collect();
    if rules.is_empty() {
        return;
    }
    let types = rules.iter().map(|rule| json!(format!("/problems/{}", rule.code()))).collect();
    operation.insert("x-problem-types".to_owned(), types);
    for status in [409, 422, 429] {
        let codes: Vec<String> =
            rules.iter().filter(|r| r.status() == status).map(|r| format!("`{}`", r.code())).collect();
        let response = operation.get_mut("responses").and_then(|r| r.get_mut(status.to_string()));
        if let (Some(response), false) = (response.and_then(Value::as_object_mut), codes.is_empty()) {
            let described = response.get("description").and_then(Value::as_str).map(|d| format!("{d}: "));
            let description = format!("{}{}", described.unwrap_or_default(), codes.join(", "));
            response.insert("description".to_owned(), json!(description));
        }
    }
}
