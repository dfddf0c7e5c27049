use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use strum::{EnumString, IntoStaticStr};
use utoipa::ToSchema;
use uuid::Uuid;

use super::keys;
use crate::access::Role;
use crate::db::schema::{accounts, role_assignments};
use crate::db::text_enum;
use crate::error::{Faults, FieldError, Result};
use crate::text;

/// Kind of account: `person` signs in with a password, `machine` with client credentials.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[derive(EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Kind {
    /// A person, who signs in with a password or through the ministry's OpenID provider.
    Person,
    /// A machine client, which signs in with client credentials.
    Machine,
}

text_enum!(Kind);

/// An account as stored, without its secret.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = accounts, check_for_backend(diesel::pg::Pg))]
pub struct Account {
    pub id: Uuid,
    pub username: String,
    pub display_name: String,
    pub kind: Kind,
    pub employee_id: Option<Uuid>,
    pub institute_id: Option<Uuid>,
    pub is_active: bool,
    pub epoch: i32,
    pub jwks: Option<Value>,
    /// SHA-256 of the OpenID provider and who the person is there.
    pub provider_subject_hash: Option<Vec<u8>>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// What signing in needs of an account. No `Debug`: it holds a secret's hash.
#[derive(Clone, Queryable, Selectable)]
#[diesel(table_name = accounts, check_for_backend(diesel::pg::Pg))]
pub struct Login {
    /// The account.
    pub id: Uuid,
    /// Its name.
    pub username: String,
    /// Name to show.
    pub display_name: String,
    /// Person or machine.
    pub kind: Kind,
    /// Public keys of a client that signs its own assertions.
    pub jwks: Option<Value>,
    /// argon2id, PHC string.
    pub secret_hash: String,
    /// The person behind it.
    pub employee_id: Option<Uuid>,
    /// The institute behind it.
    pub institute_id: Option<Uuid>,
    /// Raised when rights change.
    pub epoch: i32,
}

/// A role an account has, and for a unit head the unit it was given for: a note, which gives no reach.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = role_assignments, check_for_backend(diesel::pg::Pg))]
pub struct RoleAssignment {
    pub account_id: Uuid,
    pub role: Role,
    pub unit_id: Option<Uuid>,
}

/// A role to give.
#[derive(Debug, Clone)]
pub struct RoleDraft {
    /// The role.
    pub role: Role,
    /// For a unit head: the unit it is given for. What it reaches are the units that the person heads.
    pub unit_id: Option<Uuid>,
}

/// What proves that an account's caller is who it says. No `Debug`: it holds a secret.
#[derive(Clone)]
pub enum Proof {
    /// A password or client secret, in clear.
    Secret(String),
    /// Public keys with which a machine signs assertions (RFC 7523); a JWK set.
    Keys(Value),
}

/// What is needed to open an account. No `Debug`: it holds a secret.
#[derive(Clone)]
pub struct Draft {
    /// Name to sign in with; stored in its normal form.
    pub username: String,
    /// Name to show.
    pub display_name: String,
    /// Person or machine.
    pub kind: Kind,
    /// Password, client secret, or public keys.
    pub proof: Proof,
    /// The person behind it.
    pub employee_id: Option<Uuid>,
    /// Or the person's code, until it is looked up.
    pub employee_code: Option<String>,
    /// The institute behind it.
    pub institute_id: Option<Uuid>,
    /// Its roles.
    pub roles: Vec<RoleDraft>,
}

/// What an administrator changes; `None` leaves a member as it is.
#[derive(Debug, Clone, Default)]
pub struct Change {
    /// Name to show.
    pub display_name: Option<String>,
    /// Whether it can sign in.
    pub is_active: Option<bool>,
    /// All its roles from now on.
    pub roles: Option<Vec<RoleDraft>>,
    /// Other public keys, for a client that has some.
    pub jwks: Option<Value>,
}

/// Names that the audit log and the service use for themselves, as they look ([`text::skeleton`]).
const RESERVED: [&str; 3] = ["public", "system", "database"];
/// How the audit log begins the name of somebody at the database.
const RESERVED_START: &str = "database:";

/// What is wrong with a name to sign in with, in its normal form.
fn name_fault(name: &str, pointer: &'static str) -> Option<FieldError> {
    if name.chars().any(text::is_invisible) {
        return Some(FieldError::new(pointer, "invisible_character"));
    }
    let looks = text::skeleton(name);
    let is_reserved = RESERVED.contains(&looks.as_str()) || looks.starts_with(RESERVED_START);
    is_reserved.then(|| FieldError::new(pointer, "name_reserved"))
}

impl Draft {
    /// The same draft with the name in its normal form.
    #[must_use]
    pub fn normalised(self) -> Self {
        Self { username: text::account_name(&self.username), ..self }
    }

    /// The name is one that people can distinguish, roles fit the account, and keys are public keys of a machine.
    ///
    /// # Errors
    /// [`crate::error::Error::Invalid`] naming each member that does not fit.
    pub fn check(&self) -> Result<()> {
        let mut faults = role_faults(self.kind, &self.roles, self.employee_id, self.institute_id);
        let pointer = if self.kind == Kind::Machine { "/client_id" } else { "/username" };
        if let Some(fault) = name_fault(&self.username, pointer) {
            faults.push(fault);
        }
        if let Proof::Keys(jwks) = &self.proof {
            faults.append(keys::faults(jwks));
        }
        faults.check()
    }
}

impl Change {
    /// Whether it would leave an account with these roles as it is.
    pub(super) fn is_so(&self, stored: &Account, roles: &[RoleAssignment]) -> bool {
        let Change { display_name, is_active, roles: new_roles, jwks } = self;
        let held = |new: &RoleDraft| roles.iter().any(|r| (r.role, r.unit_id) == (new.role, new.unit_id));
        display_name.as_ref().is_none_or(|name| *name == stored.display_name)
            && is_active.is_none_or(|is_active| is_active == stored.is_active)
            && jwks.as_ref().is_none_or(|jwks| stored.jwks.as_ref() == Some(jwks))
            && new_roles.as_ref().is_none_or(|new| new.len() == roles.len() && new.iter().all(held))
    }

    /// As [`Draft::check`], for the account that is changed.
    ///
    /// # Errors
    /// [`crate::error::Error::Invalid`] naming each member that does not fit.
    pub fn check(&self, account: &Account) -> Result<()> {
        let mut faults = match &self.roles {
            Some(roles) => role_faults(account.kind, roles, account.employee_id, account.institute_id),
            None => Faults::default(),
        };
        if let Some(jwks) = &self.jwks {
            if account.jwks.is_none() {
                // A client proves itself in one way: by its secret or by its keys.
                faults.push(FieldError::new("/jwks", "not_applicable"));
            }
            faults.append(keys::faults(jwks));
        }
        faults.check()
    }

    /// Whether it changes what the account may do: nobody does that to oneself.
    pub fn changes_rights(&self) -> bool {
        self.is_active.is_some() || self.roles.is_some()
    }

    /// Whether it can leave the account without an administrator's rights.
    pub fn may_end_administration(&self) -> bool {
        let keeps = |roles: &Vec<RoleDraft>| roles.iter().any(|r| r.role == Role::SystemAdmin);
        self.is_active == Some(false) || self.roles.as_ref().is_some_and(|roles| !keeps(roles))
    }

    /// Whether tokens that were made before must end.
    pub fn ends_tokens(&self) -> bool {
        self.is_active.is_some() || self.roles.is_some() || self.jwks.is_some()
    }
}

/// Roles that do not fit the account, and units named with a role that has none. A machine administers nothing: a
/// person who registers it could give himself or herself rights through it.
fn role_faults(kind: Kind, roles: &[RoleDraft], employee: Option<Uuid>, institute: Option<Uuid>) -> Faults {
    let mut faults = Faults::default();
    for (i, draft) in roles.iter().enumerate() {
        if kind == Kind::Machine && draft.role == Role::SystemAdmin {
            faults.push(FieldError::new(format!("/roles/{i}/role"), "not_applicable"));
        }
        if draft.unit_id.is_some() && draft.role != Role::UnitHead {
            faults.push(FieldError::new(format!("/roles/{i}/unit_id"), "not_applicable"));
        }
        let misfit = misfit(draft.role, employee, institute);
        if let Some(fault) = misfit.filter(|fault| faults.iter().all(|known| known != fault)) {
            faults.push(fault);
        }
    }
    faults
}

/// Why an account cannot have a role, wherever the role comes from: an employee's or unit head's account names the
/// person, and an institute's account names the institute and has no role of the ministry (the tenant wall).
pub fn misfit(role: Role, employee: Option<Uuid>, institute: Option<Uuid>) -> Option<FieldError> {
    match role {
        Role::Institute if institute.is_none() => Some(FieldError::new("/institute_id", "required")),
        Role::Employee | Role::UnitHead if institute.is_none() && employee.is_none() => {
            Some(FieldError::new("/employee_id", "required"))
        }
        role if institute.is_some() && role != Role::Institute => {
            Some(FieldError::new("/roles", "institute_roles"))
        }
        _ => None,
    }
}
