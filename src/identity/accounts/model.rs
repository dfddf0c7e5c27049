use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::keys;
use crate::access::Role;
use crate::db::schema::{accounts, role_assignments};
use crate::db::text_enum;
use crate::error::{Error, FieldError, Result};

/// Person or machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Signs in with a password.
    Person,
    /// Signs in with client credentials.
    Machine,
}

text_enum!(Kind { Person = "person", Machine = "machine" });

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
    /// Name to sign in with; stored in lower case.
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

impl Draft {
    /// Roles fit the account, and keys are public keys of a machine.
    ///
    /// # Errors
    /// [`Error::Invalid`] naming each member that does not fit.
    pub fn check(&self) -> Result<()> {
        let mut faults = role_faults(&self.roles, self.employee_id, self.institute_id);
        if let Proof::Keys(jwks) = &self.proof {
            faults.extend(keys::faults(jwks));
        }
        found(faults)
    }
}

impl Change {
    /// As [`Draft::check`], for the account that is changed.
    ///
    /// # Errors
    /// [`Error::Invalid`] naming each member that does not fit.
    pub fn check(&self, account: &Account) -> Result<()> {
        let mut faults = match &self.roles {
            Some(roles) => role_faults(roles, account.employee_id, account.institute_id),
            None => Vec::new(),
        };
        if let Some(jwks) = &self.jwks {
            if account.jwks.is_none() {
                // A client proves itself in one way: by its secret or by its keys.
                faults.push(FieldError::new("/jwks", "not_applicable"));
            }
            faults.extend(keys::faults(jwks));
        }
        found(faults)
    }

    /// Whether tokens that were made before must end.
    pub fn ends_tokens(&self) -> bool {
        self.is_active.is_some() || self.roles.is_some() || self.jwks.is_some()
    }
}

fn found(faults: Vec<FieldError>) -> Result<()> {
    if faults.is_empty() { Ok(()) } else { Err(Error::Invalid(faults)) }
}

/// An employee's or unit head's account names the person, and an institute's account names the institute and has no role
/// of the ministry: the tenant wall.
fn role_faults(roles: &[RoleDraft], employee: Option<Uuid>, institute: Option<Uuid>) -> Vec<FieldError> {
    let mut faults = Vec::new();
    for (i, draft) in roles.iter().enumerate() {
        if draft.unit_id.is_some() && draft.role != Role::UnitHead {
            faults.push(FieldError::new(format!("/roles/{i}/unit_id"), "not_applicable"));
        }
        if draft.role == Role::Institute && institute.is_none() {
            faults.push(FieldError::new("/institute_id", "required"));
        }
        if matches!(draft.role, Role::Employee | Role::UnitHead) && employee.is_none() {
            faults.push(FieldError::new("/employee_id", "required"));
        }
    }
    if institute.is_some() && roles.iter().any(|r| r.role != Role::Institute) {
        faults.push(FieldError::new("/roles", "institute_roles"));
    }
    faults
}
