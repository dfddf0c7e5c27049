//! THE TABLE: which role has which permission, and how far it reaches. What is not here is denied.

use super::actor::{Actor, Reach, Role};
use super::permission::Permission;

/// How far one role's grant reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Everything.
    All,
    /// The role's units and all below.
    Units,
    /// The account's institute.
    Institute,
    /// Oneself.
    Own,
}

impl Scope {
    /// Word of the permission matrix.
    pub fn name(self) -> &'static str {
        match self {
            Scope::All => "all",
            Scope::Units => "units",
            Scope::Institute => "institute",
            Scope::Own => "own",
        }
    }
}

/// What a role is granted; `None` is a refusal.
pub const fn grant(role: Role, permission: Permission) -> Option<Scope> {
    use Permission::*;
    use Role::*;
    use Scope::{All, Own, Units};
    match (permission, role) {
        (SelfRead, _) => Some(Own),

        // --- administration
        (AccountRead, SystemAdmin | Auditor) => Some(All),
        (AccountManage, SystemAdmin) => Some(All),
        (AuditRead, Auditor) => Some(All),
        (SecurityEventRead, SystemAdmin | Auditor) => Some(All),
        (DelegationRead, SystemAdmin | TrainingOfficer | Leader | Auditor) => Some(All),
        (DelegationRead | DelegationManage | DelegationEnd, UnitHead) => Some(Units),
        (DelegationRead, Employee) => Some(Own),
        // A way out for the deputy, whatever the account's roles, and for who looks after accounts.
        (DelegationEnd, SystemAdmin) => Some(All),
        (DelegationEnd, TrainingOfficer | Leader | Employee | Auditor) => Some(Own),
        (PersonalDataRequestRead, TrainingOfficer | Auditor) => Some(All),
        (PersonalDataRequestCreate | PersonalDataExport, TrainingOfficer) => Some(All),
        (PersonalDataRequestRead | PersonalDataRequestCreate | PersonalDataExport, Employee) => Some(Own),
        (PersonalDataRequestHandle, TrainingOfficer) => Some(All),
        (RetentionRead, _) => Some(All),

        // --- organisation: structure is no secret inside the ministry; institutes see what courses refer to
        (UnitRead, _) => Some(All),
        (UnitManage, TrainingOfficer | HrPortal) => Some(All),
        (CompetencyRead | PositionRead, _) => Some(All),
        (CompetencyManage | PositionManage, TrainingOfficer | HrPortal) => Some(All),
        (HolidayRead, _) => Some(All),
        (HolidayManage, TrainingOfficer | HrPortal) => Some(All),

        // --- people: never for institutes, which meet participants only
        (EmployeeRead | AbsenceRead, TrainingOfficer | Leader | HrPortal | Auditor) => Some(All),
        (EmployeeRead | AbsenceRead, UnitHead) => Some(Units),
        (EmployeeRead | AbsenceRead, Employee) => Some(Own),
        (EmployeeManage, HrPortal) => Some(All),
        (EmployeeIdentityRead, TrainingOfficer | HrPortal) => Some(All),
        (EmployeeIdentityRead, Employee) => Some(Own),
        (GapRead, TrainingOfficer | Leader | Auditor) => Some(All),
        (GapRead, UnitHead) => Some(Units),
        (GapRead, Employee) => Some(Own),
        (SuccessionRead, TrainingOfficer | Leader | HrPortal | Auditor) => Some(All),
        (SuccessionRead, UnitHead) => Some(Units),
        (SuccessionManage, TrainingOfficer | HrPortal) => Some(All),
        (AbsenceManage, TrainingOfficer | HrPortal) => Some(All),
        (AbsenceManage, UnitHead) => Some(Units),
        (CoverageRead, TrainingOfficer | Leader | HrPortal | Auditor) => Some(All),
        (CoverageRead, UnitHead) => Some(Units),
        (CoverageManage, TrainingOfficer | HrPortal) => Some(All),
        (CoverageManage, UnitHead) => Some(Units),
        (RatingRead, TrainingOfficer | Leader | HrPortal | Auditor) => Some(All),
        (RatingRead, UnitHead) => Some(Units),
        (RatingRead, Employee) => Some(Own),
        (RatingManage, HrPortal) => Some(All),

        // --- catalogue: what is offered is there to be chosen from
        (InstituteRead | CourseRead | OfferingRead, Institute) => Some(Scope::Institute),
        (InstituteRead | CourseRead | OfferingRead, _) => Some(All),
        (InstituteDecide | CourseDecide, TrainingOfficer) => Some(All),
        (InstituteManage | LecturerManage | CourseManage | OfferingManage, Institute) => {
            Some(Scope::Institute)
        }
        (LecturerRead, Institute) => Some(Scope::Institute),
        (LecturerRead, TrainingOfficer | Leader | UnitHead | Auditor) => Some(All),

        // --- planning
        (PlanRead, TrainingOfficer | Leader | Auditor) => Some(All),
        (PlanRead, UnitHead) => Some(Units),
        (PlanManage, TrainingOfficer) => Some(All),
        (PlanDecide, Leader) => Some(All),

        // --- nomination and delivery
        (NominationRead, TrainingOfficer | Leader | HrPortal | Auditor) => Some(All),
        (NominationRead, UnitHead) => Some(Units),
        (NominationRead, Employee) => Some(Own),
        (NominationCreate, TrainingOfficer) => Some(All),
        (NominationCreate, UnitHead) => Some(Units),
        (NominationCreate, Employee) => Some(Own),
        (NominationEndorse, UnitHead) => Some(Units),
        (NominationDecide, TrainingOfficer | Leader) => Some(All),
        (RosterRead | CertificateRead, TrainingOfficer | Leader | HrPortal | Auditor) => Some(All),
        (RosterRead | CertificateRead, UnitHead) => Some(Units),
        (RosterRead | CertificateRead, Employee) => Some(Own),
        (RosterRead | CertificateRead | RosterManage | CertificateManage, Institute) => {
            Some(Scope::Institute)
        }
        // An institute meets participants, never a person's record.
        (RecordRead, TrainingOfficer | Leader | HrPortal | Auditor) => Some(All),
        (RecordRead, UnitHead) => Some(Units),
        (RecordRead, Employee) => Some(Own),

        // --- evaluation
        (QuestionnaireRead, Institute) => Some(Scope::Institute),
        (QuestionnaireRead, _) => Some(All),
        (QuestionnaireManage, TrainingOfficer) => Some(All),
        (EvaluationRead, TrainingOfficer | Leader | Auditor) => Some(All),
        (EvaluationRead | EvaluationAnswer, Employee) => Some(Own),
        (EvaluationExcuse, TrainingOfficer) => Some(All),
        // Who knows the work knows who else sees it; for institutes it would tell whose rating is whose.
        (SecondRaterRead, TrainingOfficer | Leader | Auditor) => Some(All),
        (SecondRaterManage, TrainingOfficer) => Some(All),
        (SecondRaterRead | SecondRaterManage, UnitHead) => Some(Units),
        (QualityRead, TrainingOfficer | Leader | Auditor) => Some(All),
        // Who has a lecturer's token can answer for the lecturer: never the institute that is judged.
        (QualityManage | QualityTokenIssue | ExpectedEffectManage, TrainingOfficer) => Some(All),
        (QualityRead | QualityManage, Institute) => Some(Scope::Institute),
        (ReportRead, TrainingOfficer | Leader | HrPortal | Auditor) => Some(All),
        (ReportRead, UnitHead) => Some(Units),
        (ReportRead, Institute) => Some(Scope::Institute),
        // Rows are closer to people than figures: for who must be able to check them, and whom they judge.
        (ReportExport, TrainingOfficer | Auditor) => Some(All),
        (ReportExport, Institute) => Some(Scope::Institute),
        // Of forms from the whole ministry at once, for those who write them and decide by them.
        (QuestionnaireQualityRead, TrainingOfficer | Leader | Auditor) => Some(All),
        // How many stand out by chance is a property of the whole ministry's list.
        (DiscoveryRead, TrainingOfficer | Leader | Auditor) => Some(All),
        // For those who may read everybody's official scores in any case, and judge courses.
        (WorkScoreRead, TrainingOfficer | Leader | Auditor) => Some(All),
        // Words may name somebody, whatever the form asks for: they are for those who mend courses, and for who looks
        // after them. Whoever decides by figures has the reports.
        (CommentRead, TrainingOfficer | Auditor) => Some(All),
        (CommentRead, Institute) => Some(Scope::Institute),
        (CorrectiveActionRead, TrainingOfficer | Leader | Auditor) => Some(All),
        (CorrectiveActionRead | CorrectiveActionReply, Institute) => Some(Scope::Institute),
        (CorrectiveActionManage, TrainingOfficer) => Some(All),

        _ => None,
    }
}

/// Reach of a permission for an actor: the union over its roles. `None` when no role grants it, or the token was not
/// asked for it.
pub fn reach(actor: &Actor, permission: Permission) -> Option<Reach> {
    let mut reach = Reach::default();
    let mut granted = false;
    for scope in actor.roles.iter().filter_map(|role| grant(*role, permission)) {
        granted = true;
        match scope {
            Scope::All => reach.all = true,
            Scope::Units => reach.unit_ids.clone_from(&actor.unit_ids),
            Scope::Institute => reach.institute_id = actor.institute_id,
            Scope::Own => reach.employee_id = actor.employee_id,
        }
    }
    (granted && actor.asked.allows(permission)).then_some(reach)
}

/// Names of everything an actor may do, for its token's `scope`.
pub fn scopes(actor: &Actor) -> Vec<&'static str> {
    Permission::ALL
        .iter()
        .filter(|p| actor.asked.allows(**p) && actor.roles.iter().any(|r| grant(*r, **p).is_some()))
        .map(|p| p.name())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn actor(roles: &[Role]) -> Actor {
        let mut actor = Actor::public();
        actor.roles = roles.to_vec();
        actor.unit_ids = vec![Uuid::from_u128(1)];
        actor.employee_id = Some(Uuid::from_u128(2));
        actor
    }

    #[test]
    fn roles_add_up() {
        let head = reach(&actor(&[Role::UnitHead, Role::Employee]), Permission::NominationRead).unwrap();
        assert_eq!(head.unit_ids, [Uuid::from_u128(1)]);
        assert_eq!(head.employee_id, Some(Uuid::from_u128(2)));
        assert!(!head.all);
    }

    #[test]
    fn without_a_role_nothing_is_granted() {
        for permission in Permission::ALL {
            assert_eq!(reach(&Actor::public(), *permission), None);
        }
    }

    #[test]
    fn an_auditor_reads_everything_and_a_leader_everything_but_administration_and_words() {
        use Permission::*;
        // Accounts, the logs and people's requests are looked after by others; words may name their writer.
        let not_a_leaders = [AccountRead, AuditRead, SecurityEventRead, PersonalDataRequestRead, CommentRead];
        for permission in Permission::ALL.iter().filter(|p| p.name().ends_with(":read") && **p != SelfRead) {
            assert_eq!(grant(Role::Auditor, *permission), Some(Scope::All), "{permission}");
            let leaders = Some(Scope::All).filter(|_| !not_a_leaders.contains(permission));
            assert_eq!(grant(Role::Leader, *permission), leaders, "{permission}");
        }
    }

    #[test]
    fn an_institute_never_reaches_beyond_itself_into_people() {
        use Permission::*;
        let people = [
            EmployeeRead,
            EmployeeIdentityRead,
            GapRead,
            RatingRead,
            SuccessionRead,
            AbsenceRead,
            NominationRead,
            RecordRead,
        ];
        for permission in people {
            assert_eq!(grant(Role::Institute, permission), None);
        }
        for permission in Permission::ALL {
            if permission.name().ends_with(":manage") {
                assert_ne!(grant(Role::Institute, *permission), Some(Scope::All));
            }
        }
    }
}
