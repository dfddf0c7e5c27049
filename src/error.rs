//! What can go wrong, without HTTP: one enum, and the table of business rules with their public codes.

use std::fmt::Display;

use serde::Serialize;
use serde_json::{Map, Value};

use crate::access::{Permission, TokenFault};
pub use crate::faults::{Brief, Faults, FieldError};
use crate::faults::{FAULTS_COUNTED, FAULTS_NAMED};

/// Shorthand of the service.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Member of a refusal: how much it leaves out.
pub const OMITTED: &str = "errors_omitted";

/// Every way a request can fail. `http/problem.rs` turns it into an answer.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No token.
    #[error("authentication required")]
    Unauthenticated,
    /// A token that is not good, and why.
    #[error("token refused: {}", .0.code())]
    Token(TokenFault),
    /// The caller's roles do not grant the permission.
    #[error("missing permission {0}")]
    Forbidden(Permission),
    /// Does not exist, or lies outside the caller's reach.
    #[error("{0} not found")]
    NotFound(&'static str),
    /// The path exists, but not with this method; the ones it has.
    #[error("method not allowed, allowed: {0}")]
    MethodNotAllowed(String),
    /// A business rule says no.
    #[error("{0}")]
    Rule(Rule),
    /// A business rule says no and explains: the map's members stand beside the problem's own.
    #[error("{0}")]
    Refused(Rule, Map<String, Value>),
    /// Members or parameters with wrong values.
    #[error("invalid request")]
    Invalid(Faults),
    /// The body is not JSON, the cursor is not ours, ...
    #[error("unreadable request: {0}")]
    Unreadable(Brief),
    /// The body is larger than allowed.
    #[error("body larger than {0} bytes")]
    TooLarge(usize),
    /// Path and query are longer than allowed.
    #[error("URL longer than {0} bytes")]
    UrlTooLong(usize),
    /// The headers are larger than allowed.
    #[error("headers larger than {0} bytes")]
    HeadersTooLarge(usize),
    /// The body did not arrive in time.
    #[error("body did not arrive in time")]
    TooSlow,
    /// The caller asked for this route too often; seconds until it may again.
    #[error("too many requests, again in {0} seconds")]
    TooMany(i64),
    /// The work took longer than a request may; nothing of it was kept.
    #[error("request took too long")]
    TimedOut,
    /// The body's media type is not the one this operation reads.
    #[error("unsupported media type, expected {0}")]
    UnsupportedMediaType(&'static str),
    /// The body is compressed.
    #[error("compressed bodies are not accepted")]
    UnsupportedCoding,
    /// The caller takes none of the media types that this operation gives; these.
    #[error("not acceptable, there is {0}")]
    NotAcceptable(String),
    /// A cursor that is none of this service's, or belongs to another list or to other filters.
    #[error("bad cursor")]
    BadCursor,
    /// Changed by somebody else since it was read.
    #[error("resource changed since it was read")]
    Stale,
    /// A change without `If-Match`.
    #[error("If-Match is required")]
    MatchRequired,
    /// The database, or another service, asks to try again.
    #[error("temporarily unavailable: {0}")]
    Unavailable(String),
    /// The database cannot be reached, or the connection to it was lost; nothing was kept.
    #[error("no connection to the database: {0}")]
    Disconnected(String),
    /// The connection was lost while a commit was on its way: whether the work was kept is not known here.
    #[error("the answer to a commit was lost: {0}")]
    OutcomeUnknown(String),
    /// A bug, or a broken machine.
    #[error("internal error")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Code of a reference to something that does not exist or lies outside the caller's reach.
pub const UNKNOWN_REFERENCE: &str = "unknown_reference";

impl Error {
    /// One wrong member.
    pub fn field(pointer: impl Display, code: &'static str) -> Self {
        FieldError::new(pointer, code).into()
    }

    /// Something that cannot be read, and why; the reason may quote it.
    pub fn unreadable(reason: impl Display) -> Self {
        Self::Unreadable(Brief::of(reason))
    }

    /// A reference to something that does not exist or lies outside the caller's reach.
    pub fn unknown_reference(pointer: impl Display) -> Self {
        Self::field(pointer, UNKNOWN_REFERENCE)
    }

    /// A rule's refusal that explains itself by typed members. Of long lists the beginning is told, and how much more
    /// there is.
    pub fn refused(rule: Rule, explanation: &impl Serialize) -> Self {
        let Ok(Value::Object(mut members)) = serde_json::to_value(explanation) else {
            return Self::Rule(rule);
        };
        let mut omitted = 0;
        for list in members.values_mut().filter_map(Value::as_array_mut) {
            omitted += list.len().saturating_sub(FAULTS_NAMED);
            list.truncate(FAULTS_NAMED);
        }
        if omitted > 0 {
            members.insert(OMITTED.to_owned(), omitted.min(FAULTS_COUNTED).into());
        }
        Self::Refused(rule, members)
    }

    /// A bug or a broken machine.
    pub fn internal(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Internal(source.into())
    }
}

impl Faults {
    /// Go on only without faults.
    ///
    /// # Errors
    /// [`Error::Invalid`] with them.
    pub fn check(self) -> Result<()> {
        if self.is_empty() { Ok(()) } else { Err(Error::Invalid(self)) }
    }
}

impl From<FieldError> for Error {
    fn from(fault: FieldError) -> Self {
        Self::Invalid(fault.into())
    }
}

impl From<Rule> for Error {
    fn from(rule: Rule) -> Self {
        Self::Rule(rule)
    }
}

/// Lifts "not found" of something a body refers to into an error at that member.
pub trait ReferenceExt<T> {
    /// `404` of the referenced object becomes `422` at `pointer`.
    ///
    /// # Errors
    /// [`Error::Invalid`] where it was [`Error::NotFound`]; other errors as they are.
    fn referenced_at(self, pointer: &str) -> Result<T>;
}

impl<T> ReferenceExt<T> for Result<T> {
    fn referenced_at(self, pointer: &str) -> Result<T> {
        self.map_err(|e| match e {
            Error::NotFound(_) => Error::unknown_reference(pointer),
            other => other,
        })
    }
}

macro_rules! rules {
    ($($(#[$doc:meta])* $variant:ident = $status:literal, $code:literal;)+) => {
        /// A business rule a request can break. Titles and details in people's words stand in
        /// `locales/*/problems.ftl` under the code with `-` for `.` and `_`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Rule { $($(#[$doc])* $variant,)+ }

        impl Rule {
            /// Every rule, in the order of the table.
            pub const ALL: &[Rule] = &[$(Rule::$variant,)+];

            /// Public code: last part of the problem's `type`; never changes.
            pub fn code(self) -> &'static str {
                match self { $(Rule::$variant => $code,)+ }
            }

            /// HTTP status.
            pub fn status(self) -> u16 {
                match self { $(Rule::$variant => $status,)+ }
            }
        }
    };
}

rules! {
    /// A code is taken by another object of the kind.
    CodeTaken = 409, "code.taken";
    /// A state change that the present state does not allow.
    WrongState = 409, "state.wrong";
    /// The object is still referred to.
    InUse = 409, "object.in_use";
    /// A unit placed below itself.
    UnitBelowItself = 409, "unit.below_itself";
    /// Units nested deeper than ten levels.
    UnitTooDeep = 409, "unit.too_deep";
    /// The person would head more units than one person can.
    HeadOfTooMany = 409, "unit.head_of_too_many";
    /// An e-mail address belongs to another employee.
    EmailTaken = 409, "employee.email_taken";
    /// A personal identification number belongs to another employee.
    PersonalNumberTaken = 409, "employee.personal_number_taken";
    /// The person's identity was erased; it does not come back.
    EmployeeErased = 409, "employee.erased";
    /// A requirement for the competency is already valid in that time.
    RequirementOverlaps = 409, "requirement.overlaps";
    /// The person is already planned for that post in that time.
    SuccessionOverlaps = 409, "succession.overlaps";
    /// The person is already absent in that time.
    AbsenceOverlaps = 409, "absence.overlaps";
    /// The unit already has a rule for that group.
    CoverageRuleExists = 409, "coverage_rule.exists";
    /// Another import wrote the same rating at the same moment.
    RatingConflict = 409, "rating.conflict";
    /// Too many applications of institutes wait for a decision.
    TooManyApplications = 429, "institute.too_many_applications";
    /// The institute is not approved, so it may not organise.
    InstituteNotApproved = 409, "institute.not_approved";
    /// The course is not published.
    CourseNotPublished = 409, "course.not_published";
    /// Two sessions in one half-day.
    SessionOverlaps = 409, "session.overlaps";
    /// A lecturer teaches elsewhere in that half-day.
    LecturerBusy = 409, "lecturer.busy";
    /// The last session is yet to come.
    OfferingNotOver = 409, "offering.not_over";
    /// There is a plan for the year already.
    PlanExists = 409, "plan.exists";
    /// The plan has a line for that unit and course already.
    PlanLineExists = 409, "plan_line.exists";
    /// The employee is already nominated for this offering.
    AlreadyNominated = 409, "nomination.already_exists";
    /// The named checks of the nomination say no.
    NominationRefused = 409, "nomination.refused";
    /// One's own nomination, or that of the head one acts for, is decided by somebody else.
    OwnNomination = 409, "nomination.own";
    /// The offering has started, so its nominations stay as they are.
    OfferingStarted = 409, "nomination.offering_started";
    /// A draw of seats by lot cannot be announced or held now, for a reason that is named.
    SeatDrawNotPossible = 409, "seat_draw.not_possible";
    /// The employee already takes part in the offering.
    AlreadyParticipant = 409, "participant.already_exists";
    /// Attendance or results for someone who does not take part.
    AttendanceOutside = 409, "attendance.outside";
    /// The conditions for a certificate are not met.
    CertificateConditions = 409, "certificate.conditions_not_met";
    /// The participant holds a certificate of this offering.
    CertificateExists = 409, "certificate.already_issued";
    /// A form of that code and revision exists.
    QuestionnaireExists = 409, "questionnaire.exists";
    /// The evaluation's window is not open.
    EvaluationNotOpen = 409, "evaluation.not_open";
    /// Nobody can be named to rate beside the supervisor now, for a reason that is named.
    SecondRaterNotPossible = 409, "second_rater.not_possible";
    /// The offering has started, so what is expected of it stays.
    ExpectedEffectsFrozen = 409, "expected_effects.frozen";
    /// The statutory form is opened for the offering already.
    QualityFormExists = 409, "quality_form.exists";
    /// The service has opened an action for the same cause and offering already.
    CorrectiveActionExists = 409, "corrective_action.exists";
    /// The task exists already.
    EvaluationExists = 409, "evaluation.already_exists";
    /// The username is taken.
    UsernameTaken = 409, "account.username_taken";
    /// The employee has an account already.
    EmployeeHasAccount = 409, "account.employee_has_account";
    /// The person of the OpenID provider is bound to another account.
    ProviderIdentityTaken = 409, "account.provider_identity_taken";
    /// One's own roles, or closing one's own account, are for another administrator.
    OwnAccount = 409, "account.own_rights";
    /// Without this account nobody would administer the service.
    LastAdministrator = 409, "account.last_administrator";
    /// The account has the role already.
    RoleExists = 409, "account.role_exists";
    /// Too many wrong passwords for this name from this address.
    LoginSlowed = 429, "login.slowed";
    /// Delegations are given by the head in person, not by a deputy.
    DelegationByDeputy = 409, "delegation.by_deputy";
    /// The deputy has a delegation for that unit in that time.
    DelegationOverlaps = 409, "delegation.overlaps";
    /// The head or the deputy has as many delegations as one may have.
    DelegationsTooMany = 409, "delegation.too_many";
    /// A request about personal data is extended once, and before it is due.
    ExtensionNotPossible = 409, "personal_data_request.extension_not_possible";
    /// Somebody else than who recorded the request, and than the person concerned, fulfils it.
    FourEyes = 409, "personal_data_request.four_eyes";
    /// The data are still needed, so they cannot be erased.
    ErasureNotPossible = 409, "personal_data_request.erasure_not_possible";
    /// The request gives no right to a copy, or not yet.
    ExportNotAvailable = 409, "personal_data_request.export_not_available";
    /// The same Idempotency-Key with another request.
    IdempotencyKeyReused = 422, "idempotency.key_reused";
    /// The first request with this key has not finished.
    IdempotencyInFlight = 409, "idempotency.in_flight";
}

impl Rule {
    /// Whether it says that the caller may not (any more), rather than that something is done already: a repeated request
    /// is then refused by it, instead of getting the stored answer.
    pub fn is_about_rights(self) -> bool {
        matches!(
            self,
            Rule::InstituteNotApproved
                | Rule::DelegationByDeputy
                | Rule::OwnAccount
                | Rule::OwnNomination
                | Rule::FourEyes
        )
    }
}

impl Display for Rule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lists_of_an_explanation_are_cut_and_counted() {
        let why = serde_json::json!({"few": [1, 2], "ids": vec![0; 150], "others": vec![0; 101]});
        let Error::Refused(_, members) = Error::refused(Rule::AttendanceOutside, &why) else {
            panic!("refused")
        };
        let lengths: Vec<_> = members.values().filter_map(Value::as_array).map(Vec::len).collect();
        assert_eq!(lengths, [2, FAULTS_NAMED, FAULTS_NAMED]);
        assert_eq!(members[OMITTED], 51);
    }
}
