use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use super::model::{Account, Draft, Kind, RoleAssignment, RoleDraft};
use crate::access::{Actor, Role, policy};
use crate::http::list_query;

list_query! {
    /// Filters of the account list.
    AccountsQuery {
        /// Person or machine.
        kind: Kind,
    }
}

/// A role of an account.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RoleDto {
    /// The role.
    #[schema(example = "unit_head")]
    pub role: Role,
    /// For a unit head: the unit whose tree the role reaches.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit_id: Option<Uuid>,
}

/// Open an account.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "username": "thu.le", "display_name": "Lê Minh Thu", "password": "một mật khẩu đủ dài",
    "employee_id": "0199f0c4-5a7e-7000-8000-000000000001", "roles": [{"role": "employee"}]
}))]
pub struct CreateAccount {
    /// Name to sign in with; case does not matter.
    #[validate(length(min = 3, max = 100))]
    #[schema(min_length = 3, max_length = 100)]
    pub username: String,
    /// Name to show.
    #[validate(length(min = 1, max = 200))]
    #[schema(min_length = 1, max_length = 200)]
    pub display_name: String,
    /// Password, 12 characters or more.
    #[validate(length(min = 12, max = 200))]
    #[schema(min_length = 12, max_length = 200, format = "password")]
    pub password: String,
    /// The employee whose account it is.
    pub employee_id: Option<Uuid>,
    /// The institute whose staff it belongs to.
    pub institute_id: Option<Uuid>,
    /// Roles.
    #[validate(length(min = 1, max = 20))]
    #[schema(min_items = 1, max_items = 20)]
    pub roles: Vec<RoleDto>,
}

/// Register a machine client.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"client_id": "hr-portal", "display_name": "Cổng nhân sự", "roles": [{"role": "hr_portal"}]}))]
pub struct CreateClient {
    /// Name of the client.
    #[validate(length(min = 3, max = 100))]
    #[schema(min_length = 3, max_length = 100)]
    pub client_id: String,
    /// Name to show.
    #[validate(length(min = 1, max = 200))]
    #[schema(min_length = 1, max_length = 200)]
    pub display_name: String,
    /// The institute it works for.
    pub institute_id: Option<Uuid>,
    /// Roles.
    #[validate(length(min = 1, max = 20))]
    #[schema(min_items = 1, max_items = 20)]
    pub roles: Vec<RoleDto>,
}

/// An account of a person or a machine.
#[derive(Debug, Serialize, ToSchema)]
pub struct AccountDto {
    /// Its id.
    pub id: Uuid,
    /// Name to sign in with.
    #[schema(example = "thu.le")]
    pub username: String,
    /// Name to show.
    #[schema(example = "Lê Minh Thu")]
    pub display_name: String,
    /// Person or machine.
    pub kind: Kind,
    /// The employee whose account it is.
    pub employee_id: Option<Uuid>,
    /// The institute it belongs to.
    pub institute_id: Option<Uuid>,
    /// Whether it can sign in.
    pub is_active: bool,
    /// Its roles.
    pub roles: Vec<RoleDto>,
    /// Version, as in the ETag.
    pub version: i32,
    /// When it was opened.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

/// A new machine client with its secret, which is shown this once.
#[derive(Serialize, ToSchema)]
pub struct NewClientDto {
    /// The client.
    pub client: AccountDto,
    /// Its secret: keep it now, it cannot be shown again.
    #[schema(example = "p0Zc…")]
    pub client_secret: String,
}

/// Who I am and what I may do.
#[derive(Debug, Serialize, ToSchema)]
pub struct MeDto {
    /// The account.
    pub id: Uuid,
    /// Its name.
    #[schema(example = "unit_head")]
    pub username: String,
    /// Roles.
    pub roles: Vec<Role>,
    /// Units whose trees the unit head's role reaches.
    pub unit_ids: Vec<Uuid>,
    /// The person behind the account.
    pub employee_id: Option<Uuid>,
    /// The institute behind the account.
    pub institute_id: Option<Uuid>,
    /// Everything that is allowed.
    #[schema(example = json!(["nominations:create", "nominations:read"]))]
    pub scopes: Vec<&'static str>,
}

impl From<&Actor> for MeDto {
    fn from(actor: &Actor) -> Self {
        Self {
            id: actor.id,
            username: actor.name.clone(),
            roles: actor.roles.clone(),
            unit_ids: actor.unit_ids.clone(),
            employee_id: actor.employee_id,
            institute_id: actor.institute_id,
            scopes: policy::scopes(actor),
        }
    }
}

impl From<RoleDto> for RoleDraft {
    fn from(dto: RoleDto) -> Self {
        Self { role: dto.role, unit_id: dto.unit_id }
    }
}

impl From<CreateAccount> for Draft {
    fn from(dto: CreateAccount) -> Self {
        Self {
            username: dto.username,
            display_name: dto.display_name,
            kind: Kind::Person,
            secret: dto.password,
            employee_id: dto.employee_id,
            institute_id: dto.institute_id,
            roles: dto.roles.into_iter().map(Into::into).collect(),
        }
    }
}

impl CreateClient {
    /// The draft of a machine account with a secret.
    pub fn into_draft(self, secret: String) -> Draft {
        Draft {
            username: self.client_id,
            display_name: self.display_name,
            kind: Kind::Machine,
            secret,
            employee_id: None,
            institute_id: self.institute_id,
            roles: self.roles.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<(Account, Vec<RoleAssignment>)> for AccountDto {
    fn from((account, roles): (Account, Vec<RoleAssignment>)) -> Self {
        Self {
            id: account.id,
            username: account.username,
            display_name: account.display_name,
            kind: account.kind,
            employee_id: account.employee_id,
            institute_id: account.institute_id,
            is_active: account.is_active,
            roles: roles.into_iter().map(|r| RoleDto { role: r.role, unit_id: r.unit_id }).collect(),
            version: account.version,
            created_at: account.created_at,
            updated_at: account.updated_at,
        }
    }
}
