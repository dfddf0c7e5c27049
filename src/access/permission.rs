//! The list of permissions: enum variant, public name (the OAuth scope), marker type for guards.

use std::fmt;

/// A marker type of [`perm`]: ties a handler's guard to its permission.
pub trait Permit: 'static {
    /// The permission.
    const PERMISSION: Permission;
}

macro_rules! permissions {
    ($($variant:ident = $name:literal, $doc:literal;)+) => {
        /// Something a role may be allowed to do.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Permission { $(#[doc = $doc] $variant,)+ }

        impl Permission {
            /// Every permission, in the order of the table.
            pub const ALL: &[Permission] = &[$(Permission::$variant,)+];

            /// Public name: the OAuth scope.
            pub fn name(self) -> &'static str {
                match self { $(Permission::$variant => $name,)+ }
            }

            /// The permission of a public name.
            pub fn of_name(name: &str) -> Option<Self> {
                match name {
                    $($name => Some(Permission::$variant),)+
                    _ => None,
                }
            }

            /// What it allows.
            pub fn description(self) -> &'static str {
                match self { $(Permission::$variant => $doc,)+ }
            }
        }

        /// One marker type for each permission: `Allow<perm::UnitRead>`.
        pub mod perm {
            use super::{Permission, Permit};
            $(
                #[doc = $doc]
                #[derive(Debug, Clone, Copy)]
                pub struct $variant;
                impl Permit for $variant {
                    const PERMISSION: Permission = Permission::$variant;
                }
                impl std::fmt::Display for $variant {
                    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        f.write_str($name)
                    }
                }
            )+
        }
    };
}

permissions! {
    SelfRead = "self:read", "Read the caller's own account and permissions";
    AccountRead = "accounts:read", "Read accounts and machine clients";
    AccountManage = "accounts:manage", "Create and change accounts and machine clients, and give them roles";
    DelegationRead = "delegations:read", "Read delegations: which deputy acts for which unit head";
    DelegationManage = "delegations:manage", "Name deputies for the units that the caller heads";
    DelegationEnd = "delegations:end", "End delegations: unit heads those of their units, deputies those given to them, administrators any";
    AuditRead = "audit:read", "Read the audit log";
    SecurityEventRead = "security_events:read", "Read security events: refused sign-ins, tokens and requests";
    PersonalDataRequestRead = "personal_data_requests:read", "Read requests of people concerning their data";
    PersonalDataRequestCreate = "personal_data_requests:create", "Make or record requests of people concerning their data";
    PersonalDataRequestHandle = "personal_data_requests:handle", "Acknowledge, extend, fulfil and refuse requests of people concerning their data";
    PersonalDataExport = "personal_data_requests:export", "Read everything held about a person who asked for it";
    RetentionRead = "retention:read", "Read how long data are kept";

    UnitRead = "units:read", "Read units and their tree";
    UnitManage = "units:manage", "Create and change units";
    CompetencyRead = "competencies:read", "Read competencies";
    CompetencyManage = "competencies:manage", "Create and change competencies";
    PositionRead = "positions:read", "Read job positions and their requirements";
    PositionManage = "positions:manage", "Create and change job positions and their requirements";
    EmployeeRead = "employees:read", "Read employees";
    EmployeeManage = "employees:manage", "Create and change employees and their competencies";
    EmployeeIdentityRead = "employees:identity", "Read telephone and personal numbers unmasked, for a purpose";
    GapRead = "gaps:read", "Read competency gaps of employees and units";
    SuccessionRead = "succession:read", "Read succession lists";
    SuccessionManage = "succession:manage", "Create and change succession lists";
    AbsenceRead = "absences:read", "Read absences";
    AbsenceManage = "absences:manage", "Record absences";
    CoverageRead = "coverage:read", "Read minimum-presence rules";
    CoverageManage = "coverage:manage", "Set minimum-presence rules";
    RatingRead = "ratings:read", "Read performance ratings";
    RatingManage = "ratings:manage", "Enter performance ratings from the HR system";
    HolidayRead = "holidays:read", "Read holidays and worked weekends";
    HolidayManage = "holidays:manage", "Set holidays and worked weekends";

    InstituteRead = "institutes:read", "Read training institutes";
    InstituteDecide = "institutes:decide", "Approve, suspend and close institutes";
    InstituteManage = "institutes:manage", "Change an institute's own data";
    LecturerRead = "lecturers:read", "Read lecturers";
    LecturerManage = "lecturers:manage", "Add and change an institute's lecturers";
    CourseRead = "courses:read", "Read courses";
    CourseManage = "courses:manage", "Create, change, submit and publish courses";
    CourseDecide = "courses:decide", "Approve courses or ask for changes";
    OfferingRead = "offerings:read", "Read offerings and their sessions";
    OfferingManage = "offerings:manage", "Create, change, open, confirm, close and cancel offerings";
    PlanRead = "plans:read", "Read training plans";
    PlanManage = "plans:manage", "Write and submit training plans";
    PlanDecide = "plans:decide", "Approve training plans";

    NominationRead = "nominations:read", "Read nominations";
    NominationCreate = "nominations:create", "Nominate people, check nominations in advance and withdraw them";
    NominationEndorse = "nominations:endorse", "Endorse or return nominations of the unit";
    NominationDecide = "nominations:decide", "Approve or decline nominations";
    RosterRead = "roster:read", "Read participants, attendance and results";
    RosterManage = "roster:manage", "Record attendance and results";
    RecordRead = "records:read", "Read training records";
    CertificateRead = "certificates:read", "Read certificates";
    CertificateManage = "certificates:manage", "Issue and revoke certificates";

    QuestionnaireRead = "questionnaires:read", "Read questionnaires";
    QuestionnaireManage = "questionnaires:manage", "Publish questionnaires";
    EvaluationRead = "evaluations:read", "Read which evaluations people have to answer";
    EvaluationAnswer = "evaluations:answer", "Answer one's own evaluations";
    SecondRaterRead = "second_raters:read", "Read who rates work beside the supervisor";
    SecondRaterManage = "second_raters:manage", "Name who rates work beside the supervisor";
    EvaluationExcuse = "evaluations:excuse", "Excuse someone from an evaluation";
    QualityRead = "quality:read", "Read the results of statutory forms on quality";
    ExpectedEffectManage = "expected_effects:manage", "Declare what is expected of an offering";
    QualityManage = "quality:manage", "Open statutory forms on quality for an offering";
    QualityTokenIssue = "quality:issue_tokens", "Issue the tokens with which lecturers answer statutory forms on quality";
    ReportRead = "reports:read", "Read effectiveness reports";
    ReportExport = "reports:export", "Export the rows from which effectiveness reports are computed, without the identity of people";
    QuestionnaireQualityRead = "questionnaire_quality:read", "Read reports on the quality of the questionnaires";
    DiscoveryRead = "discoveries:read", "Read the report on which courses of a year have unusual results";
    WorkScoreRead = "work_scores:read", "Read how official work scores changed before and after courses";
    CommentRead = "comments:read", "Read learners' comments on an offering, without their names";
    CorrectiveActionRead = "corrective_actions:read", "Read corrective actions";
    CorrectiveActionManage = "corrective_actions:manage", "Open and close corrective actions";
    CorrectiveActionReply = "corrective_actions:reply", "Reply to corrective actions";
}

impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
