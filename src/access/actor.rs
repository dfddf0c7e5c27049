//! The caller: account, roles, and how far they reach.

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};
use utoipa::ToSchema;
use uuid::Uuid;

use super::asked::AskedScope;
use super::delegation::{Delegation, Principal};

/// Role of an account, which gives it permissions and limits what each reaches: `system_admin` (accounts,
/// machine clients, settings; no personal content), `training_officer` (runs training for the whole
/// ministry), `leader` (reads all records of training; approves plans and costly nominations), `unit_head`
/// (nominates and rates the people of a unit and of the units below it), `employee` (what concerns oneself),
/// `institute` (one training institute: its catalogue, participants, results and scores), `hr_portal` (the
/// ministry's HR system: sends units, people and ratings), `auditor` (reads all records, accounts and logs).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[derive(EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Role {
    /// Manages accounts, machine clients and settings; sees no personal content.
    SystemAdmin,
    /// Runs training for the whole ministry.
    TrainingOfficer,
    /// Reads all records of training; approves plans and costly nominations.
    Leader,
    /// Nominates and rates the people of a unit and of the units below it.
    UnitHead,
    /// Reads and does what concerns oneself.
    Employee,
    /// Works for one training institute: its catalogue, participants, results and scores.
    Institute,
    /// The ministry's HR system: sends units, people and ratings.
    HrPortal,
    /// Reads all records, accounts and logs.
    Auditor,
}

impl Role {
    /// Every role, in the order of the policy's columns.
    pub const ALL: [Role; 8] = [
        Role::SystemAdmin,
        Role::TrainingOfficer,
        Role::Leader,
        Role::UnitHead,
        Role::Employee,
        Role::Institute,
        Role::HrPortal,
        Role::Auditor,
    ];
}

impl Role {
    /// Whether it reaches no further than a unit, a person or an institute that the account names.
    fn is_personal(self) -> bool {
        matches!(self, Role::UnitHead | Role::Employee | Role::Institute)
    }
}

crate::text_enum::text_enum!(Role);

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// The account; nil for the public and for the service itself.
    pub id: Uuid,
    /// User name or client id, for the audit log.
    pub name: String,
    /// Roles, as the token says.
    pub roles: Vec<Role>,
    /// Units whose trees a unit head's role reaches: those the person headed when the token was made.
    pub unit_ids: Vec<Uuid>,
    /// The person behind the account.
    pub employee_id: Option<Uuid>,
    /// The institute behind the account.
    pub institute_id: Option<Uuid>,
    /// Epoch of the account when the token was made; `None` where there is no account.
    pub epoch: Option<i32>,
    /// Id of the token (`jti`); nil where there is none.
    pub token_id: Uuid,
    /// The login the token was made for; `None` for machines.
    pub session_id: Option<Uuid>,
    /// What the token was asked for: it allows nothing else, not even under a delegation.
    pub asked: AskedScope,
    /// For whom the actor acts in this request, under one of the delegations; the audit log names both.
    pub on_behalf_of: Option<Principal>,
}

impl Actor {
    /// Someone without a token.
    pub fn public() -> Self {
        Self::without_account("public")
    }

    /// The service itself: worker, demo, command line.
    pub fn system() -> Self {
        Self::without_account("system")
    }

    fn without_account(name: &str) -> Self {
        Self {
            id: Uuid::nil(),
            name: name.to_owned(),
            roles: Vec::new(),
            unit_ids: Vec::new(),
            employee_id: None,
            institute_id: None,
            epoch: None,
            token_id: Uuid::nil(),
            session_id: None,
            asked: AskedScope::default(),
            on_behalf_of: None,
        }
    }

    /// The same account acting under a delegation, as the head of its unit and as nothing else.
    pub fn acting_under(&self, delegation: Delegation) -> Self {
        Self {
            roles: vec![Role::UnitHead],
            unit_ids: vec![delegation.unit_id],
            employee_id: None,
            institute_id: None,
            on_behalf_of: Some(Principal { deputy_id: self.employee_id, ..delegation.principal }),
            ..self.clone()
        }
    }

    /// Whether something about a person is the actor's own business, in whatever capacity: of oneself, of the deputy
    /// who acts, or of the head for whom the deputy acts.
    pub fn is_about_oneself(&self, employee_id: Uuid) -> bool {
        let principal = self.on_behalf_of.as_ref();
        let people =
            [self.employee_id, principal.and_then(|p| p.employee_id), principal.and_then(|p| p.deputy_id)];
        people.contains(&Some(employee_id))
    }

    /// Take roles that somebody else decides (the ministry's OpenID provider), beside those that say for which unit,
    /// person or institute they are, which only the account itself knows.
    pub fn take_roles(&mut self, roles: &[Role]) {
        self.roles.retain(|role| role.is_personal());
        self.roles.extend(roles.iter().filter(|role| !role.is_personal()));
    }

    /// Whether the actor has a role.
    pub fn has(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }
}

/// Tokens of an account with an epoch below this number are no longer good; `None`: the token or login itself.
pub type MinimumEpoch = Option<i32>;

/// How far a permission reaches for the caller: the union over the roles that grant it. Every `visible` query has an
/// arm for each member.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reach {
    /// Everything.
    pub all: bool,
    /// These units and all below them.
    pub unit_ids: Vec<Uuid>,
    /// One institute.
    pub institute_id: Option<Uuid>,
    /// Oneself.
    pub employee_id: Option<Uuid>,
}

impl Reach {
    /// Reach without limits.
    pub fn everything() -> Self {
        Self { all: true, ..Self::default() }
    }
}
