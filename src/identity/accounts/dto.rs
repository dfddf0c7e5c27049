use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use super::model::{Account, Change, Draft, Kind, Proof, RoleAssignment, RoleDraft};
use crate::access::{Actor, Delegation, Role, policy};
use crate::http::list_query;
use crate::identity::passwords;
use crate::patch::kept;

list_query! {
    /// Filters of the account list.
    AccountsQuery {
        /// Words to find in the user name or the display name, at most 200 characters: each must be the
        /// beginning of a word there; case and accents are ignored.
        #[param(max_length = 200)]
        #[validate(length(max = 200))]
        q: String,
        /// Only the account with exactly this user name, at most 100 characters; case is ignored.
        #[param(max_length = 100)]
        #[validate(length(max = 100))]
        username: String,
        /// Only accounts of this kind: of people or of machine clients.
        kind: Kind,
    }
}

/// A role of an account.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RoleDto {
    /// The role, which decides what the account may do.
    #[schema(example = "unit_head")]
    pub role: Role,
    /// Only for the role `unit_head`, and only as a note: identifier of the unit for which the role was given
    /// (UUID). The role applies to the units that name the person as head (`head_employee_id`) at the time,
    /// and to all units below them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit_id: Option<Uuid>,
}

/// Data for opening the account of a person.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "username": "thu.le", "display_name": "Lê Minh Thu", "password": "bốn con ngựa ăn cỏ xanh",
    "employee_code": "CB-0123", "roles": [{"role": "employee"}]
}))]
pub struct CreateAccount {
    /// User name for signing in, unique, 3 to 100 characters; case is ignored.
    #[validate(length(min = 3, max = 100))]
    #[schema(min_length = 3, max_length = 100)]
    pub username: String,
    /// Name shown to people, 1 to 200 characters.
    #[validate(length(min = 1, max = 200))]
    #[schema(min_length = 1, max_length = 200)]
    pub display_name: String,
    /// First password, 12 to 200 characters; passwords that are easy to guess are refused.
    #[validate(length(min = passwords::MINIMUM_LENGTH, max = passwords::MAXIMUM_LENGTH))]
    #[schema(min_length = 12, max_length = 200, format = "password")]
    pub password: String,
    /// Identifier of the employee to whom the account belongs (UUID). Send it or `employee_code`, not both.
    pub employee_id: Option<Uuid>,
    /// Code of the employee in the HR portal, 1 to 50 characters, instead of `employee_id`: for
    /// administrators, who may not read employees.
    #[validate(length(min = 1, max = 50))]
    #[schema(min_length = 1, max_length = 50)]
    pub employee_code: Option<String>,
    /// Identifier of the training institute for which the person works (UUID); only for accounts of
    /// institutes.
    pub institute_id: Option<Uuid>,
    /// Roles of the account, 1 to 20.
    #[validate(length(min = 1, max = 20))]
    #[schema(min_items = 1, max_items = 20)]
    pub roles: Vec<RoleDto>,
}

/// Data for registering a machine client.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"client_id": "hr-portal-test", "display_name": "Cổng nhân sự (thử nghiệm)", "roles": [{"role": "hr_portal"}]}))]
pub struct CreateClient {
    /// Name by which the client identifies itself (OAuth `client_id`), unique, 3 to 100 characters.
    #[validate(length(min = 3, max = 100))]
    #[schema(min_length = 3, max_length = 100)]
    pub client_id: String,
    /// Name shown to people, 1 to 200 characters.
    #[validate(length(min = 1, max = 200))]
    #[schema(min_length = 1, max_length = 200)]
    pub display_name: String,
    /// Identifier of the training institute for which the client works (UUID); only for clients of
    /// institutes.
    pub institute_id: Option<Uuid>,
    /// Key set (RFC 7517) of 1 to 5 public keys for verifying the assertions that the client signs
    /// (`private_key_jwt`): Ed25519, P-256, or RSA of at least 2,048 bits. Without it, the client gets a
    /// secret (`client_secret_basic`).
    #[schema(value_type = Option<Object>)]
    pub jwks: Option<Value>,
    /// Roles of the client, 1 to 20; `system_admin` is not allowed.
    #[validate(length(min = 1, max = 20))]
    #[schema(min_items = 1, max_items = 20)]
    pub roles: Vec<RoleDto>,
}

/// Changes to an account (JSON merge patch): a member that is not sent keeps its value.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"display_name": "Lê Minh Thu", "roles": [{"role": "employee"}]}))]
pub struct PatchAccount {
    /// Name shown to people, 1 to 200 characters.
    #[serde(default, deserialize_with = "kept", skip_serializing_if = "Option::is_none")]
    #[validate(length(min = 1, max = 200))]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 200)]
    pub display_name: Option<String>,
    /// `false` closes the account and ends its logins; `true` opens it again.
    #[schema(value_type = bool, required = false)]
    #[serde(default, deserialize_with = "kept", skip_serializing_if = "Option::is_none")]
    pub is_active: Option<bool>,
    /// The complete list of roles that replaces the present roles, 1 to 20.
    #[serde(default, deserialize_with = "kept", skip_serializing_if = "Option::is_none")]
    #[validate(length(min = 1, max = 20))]
    #[schema(value_type = Vec<RoleDto>, required = false, min_items = 1, max_items = 20)]
    pub roles: Option<Vec<RoleDto>>,
    /// Key set (RFC 7517) of 1 to 5 public keys that replaces the keys of the client; only for a client that
    /// has keys.
    #[serde(default, deserialize_with = "kept", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Object, required = false)]
    pub jwks: Option<Value>,
}

/// The present and the new password of the caller.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangePassword {
    /// The present password of the caller, 1 to 200 characters.
    #[validate(length(min = 1, max = 200))]
    #[schema(min_length = 1, max_length = 200, format = "password", example = "bốn con ngựa ăn cỏ xanh")]
    pub current_password: String,
    /// The new password, 12 to 200 characters; passwords that are easy to guess are refused.
    #[validate(length(min = passwords::MINIMUM_LENGTH, max = passwords::MAXIMUM_LENGTH))]
    #[schema(min_length = 12, max_length = 200, format = "password", example = "năm con trâu lội qua sông")]
    pub new_password: String,
}

/// An account of a person or of a machine client.
#[derive(Debug, Serialize, ToSchema)]
pub struct AccountDto {
    /// Identifier of the account (UUID), assigned by the service.
    pub id: Uuid,
    /// User name for signing in, unique, at most 100 characters; for a machine client, its `client_id`.
    #[schema(max_length = 100, example = "thu.le")]
    pub username: String,
    /// Name shown to people, 1 to 200 characters.
    #[schema(max_length = 200, example = "Lê Minh Thu")]
    pub display_name: String,
    /// Kind of account: of a person or of a machine client.
    pub kind: Kind,
    /// Identifier of the employee to whom the account belongs (UUID); `null` if it belongs to no employee.
    pub employee_id: Option<Uuid>,
    /// Identifier of the training institute to which the account belongs (UUID); `null` if it belongs to
    /// none.
    pub institute_id: Option<Uuid>,
    /// Whether the account is open; a closed account cannot sign in.
    pub is_active: bool,
    /// Key set (RFC 7517) with the public keys of a machine client that signs assertions; `null` otherwise.
    #[schema(value_type = Option<Object>)]
    pub jwks: Option<Value>,
    /// Whether the account is bound to one person at the ministry's OpenID provider; only that person can
    /// then sign in to it through the provider.
    pub is_bound_to_provider: bool,
    /// Roles of the account, at most 20.
    #[schema(max_items = 20)]
    pub roles: Vec<RoleDto>,
    /// Version of the account, raised with every change; the ETag contains it.
    pub version: i32,
    /// Moment the account was recorded (RFC 3339, UTC).
    pub created_at: DateTime<Utc>,
    /// Moment of the last change of the account (RFC 3339, UTC).
    pub updated_at: DateTime<Utc>,
}

/// A machine client with its new secret, which no other answer shows.
#[derive(Serialize, ToSchema)]
pub struct NewClientDto {
    /// Account of the machine client.
    pub client: AccountDto,
    /// Secret of the client. Keep it: no later answer shows it again. `null` for a client that uses public
    /// keys.
    #[schema(example = "p0Zc…")]
    pub client_secret: Option<String>,
}

/// A delegation under which the caller may act as deputy.
#[derive(Debug, Serialize, ToSchema)]
pub struct MyDelegationDto {
    /// Identifier of the delegation (UUID); the caller sends it in the header `On-Behalf-Of` to act under it.
    pub id: Uuid,
    /// Identifier of the unit for which the caller may act (UUID); all units below it are included.
    pub unit_id: Uuid,
    /// User name of the unit head who gave the delegation.
    #[schema(example = "unit_head")]
    pub principal: String,
    /// First day of the delegation (ISO 8601 date, Asia/Ho_Chi_Minh).
    pub valid_from: NaiveDate,
    /// Last day of the delegation (ISO 8601 date, Asia/Ho_Chi_Minh); it is included.
    pub valid_to: NaiveDate,
}

impl From<&Delegation> for MyDelegationDto {
    fn from(d: &Delegation) -> Self {
        Self {
            id: d.id,
            unit_id: d.unit_id,
            principal: d.principal.name.clone(),
            valid_from: d.valid_from,
            valid_to: d.valid_to,
        }
    }
}

/// The caller's account and what it may do.
#[derive(Debug, Serialize, ToSchema)]
pub struct MeDto {
    /// Identifier of the caller's account (UUID).
    pub id: Uuid,
    /// User name of the caller, at most 100 characters; for a machine client, its `client_id`.
    #[schema(max_length = 100, example = "unit_head")]
    pub username: String,
    /// Roles of the caller in this request, at most 20; only `unit_head` under a delegation.
    #[schema(max_items = 20)]
    pub roles: Vec<Role>,
    /// Identifiers of the units to which the role `unit_head` applies (UUID); all units below them are
    /// included. Empty for callers without that role.
    pub unit_ids: Vec<Uuid>,
    /// Identifier of the employee to whom the account belongs (UUID); `null` if there is none, or under a
    /// delegation.
    pub employee_id: Option<Uuid>,
    /// Identifier of the training institute to which the account belongs (UUID); `null` if it belongs to
    /// none.
    pub institute_id: Option<Uuid>,
    /// User name of the unit head for whom the caller acts in this request; `null` without `On-Behalf-Of`.
    pub on_behalf_of: Option<String>,
    /// Delegations to the caller that are valid today or later; empty in a request made under a delegation.
    pub delegations: Vec<MyDelegationDto>,
    /// Names of all permissions that the caller has in this request.
    #[schema(example = json!(["nominations:create", "nominations:read"]))]
    pub scopes: Vec<&'static str>,
}

impl MeDto {
    /// The caller, and what others let the caller do for them.
    pub fn new(actor: &Actor, delegations: &[Delegation]) -> Self {
        Self {
            id: actor.id,
            username: actor.name.clone(),
            roles: actor.roles.clone(),
            unit_ids: actor.unit_ids.clone(),
            employee_id: actor.employee_id,
            institute_id: actor.institute_id,
            on_behalf_of: actor.on_behalf_of.as_ref().map(|p| p.name.clone()),
            delegations: delegations.iter().map(MyDelegationDto::from).collect(),
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
            proof: Proof::Secret(dto.password),
            employee_id: dto.employee_id,
            employee_code: dto.employee_code,
            institute_id: dto.institute_id,
            roles: dto.roles.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<PatchAccount> for Change {
    fn from(dto: PatchAccount) -> Self {
        Self {
            display_name: dto.display_name,
            is_active: dto.is_active,
            roles: dto.roles.map(|roles| roles.into_iter().map(Into::into).collect()),
            jwks: dto.jwks,
        }
    }
}

impl CreateClient {
    /// The draft of a machine account with its keys, or with this secret.
    pub fn into_draft(self, secret: Option<String>) -> Draft {
        let keys = self.jwks.map(Proof::Keys);
        Draft {
            username: self.client_id,
            display_name: self.display_name,
            kind: Kind::Machine,
            proof: keys.unwrap_or_else(|| Proof::Secret(secret.unwrap_or_default())),
            employee_id: None,
            employee_code: None,
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
            jwks: account.jwks,
            is_bound_to_provider: account.provider_subject_hash.is_some(),
            roles: roles.into_iter().map(|r| RoleDto { role: r.role, unit_id: r.unit_id }).collect(),
            version: account.version,
            created_at: account.created_at,
            updated_at: account.updated_at,
        }
    }
}
