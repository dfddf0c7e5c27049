use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

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
    /// argon2id, PHC string.
    pub secret_hash: String,
    /// The person behind it.
    pub employee_id: Option<Uuid>,
    /// The institute behind it.
    pub institute_id: Option<Uuid>,
    /// Raised when rights change.
    pub epoch: i32,
}

/// A role an account has, and for a unit head the unit.
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
    /// For a unit head: the unit whose tree it reaches.
    pub unit_id: Option<Uuid>,
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
    /// Password or client secret, in clear.
    pub secret: String,
    /// The person behind it.
    pub employee_id: Option<Uuid>,
    /// The institute behind it.
    pub institute_id: Option<Uuid>,
    /// Its roles.
    pub roles: Vec<RoleDraft>,
}

impl Draft {
    /// Roles fit the account: a unit head has a unit (and no other role has one), an employee or unit head is a
    /// person of the ministry, an institute's account names the institute.
    ///
    /// # Errors
    /// [`Error::Invalid`] naming each role that does not fit.
    pub fn check(&self) -> Result<()> {
        let mut faults = Vec::new();
        for (i, draft) in self.roles.iter().enumerate() {
            let unit_needed = draft.role == Role::UnitHead;
            if unit_needed != draft.unit_id.is_some() {
                let code = if unit_needed { "required" } else { "not_applicable" };
                faults.push(FieldError::new(format!("/roles/{i}/unit_id"), code));
            }
            if draft.role == Role::Institute && self.institute_id.is_none() {
                faults.push(FieldError::new("/institute_id", "required"));
            }
            if draft.role == Role::Employee && self.employee_id.is_none() {
                faults.push(FieldError::new("/employee_id", "required"));
            }
        }
        if self.institute_id.is_some() && self.roles.iter().any(|r| r.role != Role::Institute) {
            // The tenant wall: an institute's account never has a role of the ministry.
            faults.push(FieldError::new("/roles", "institute_roles"));
        }
        if faults.is_empty() { Ok(()) } else { Err(Error::Invalid(faults)) }
    }
}
