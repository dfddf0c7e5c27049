use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use super::model::{Account, Change, Draft, Kind, Proof, RoleAssignment, RoleDraft};
use crate::access::{Actor, Delegation, Role, policy};
use crate::http::list_query;
use crate::patch::kept;

list_query! {
    /// Filters of the account list.
    AccountsQuery {
        /// Words of the name to sign in with or of the name to show; case and accents do not matter.
        #[param(max_length = 200)]
        #[validate(length(max = 200))]
        q: String,
        /// Exactly this name to sign in with; case does not matter.
        #[param(max_length = 100)]
        #[validate(length(max = 100))]
        username: String,
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
    /// For a unit head, and only as a note: the unit for which the role was given. The units that the role reaches are
    /// those whose head the person is (`head_employee_id` of the unit) on that day, with everything below them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit_id: Option<Uuid>,
}

/// Open an account.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "username": "thu.le", "display_name": "Lê Minh Thu", "password": "bốn con ngựa ăn cỏ xanh",
    "employee_code": "CB-0123", "roles": [{"role": "employee"}]
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
    /// Code of that employee, instead of the id: for those who open accounts and may not read employees.
    #[validate(length(min = 1, max = 50))]
    #[schema(min_length = 1, max_length = 50)]
    pub employee_code: Option<String>,
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
#[schema(example = json!({"client_id": "hr-portal-test", "display_name": "Cổng nhân sự (thử nghiệm)", "roles": [{"role": "hr_portal"}]}))]
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
    /// Public keys (RFC 7517) with which it signs its assertions (`private_key_jwt`); without them it gets a secret
    /// (`client_secret_basic`). Ed25519, P-256, or RSA of 2,048 bits or more.
    #[schema(value_type = Option<Object>)]
    pub jwks: Option<Value>,
    /// Roles.
    #[validate(length(min = 1, max = 20))]
    #[schema(min_items = 1, max_items = 20)]
    pub roles: Vec<RoleDto>,
}

/// Change an account.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"display_name": "Lê Minh Thu", "roles": [{"role": "employee"}]}))]
pub struct PatchAccount {
    /// Name to show.
    #[serde(default, deserialize_with = "kept", skip_serializing_if = "Option::is_none")]
    #[validate(length(min = 1, max = 200))]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 200)]
    pub display_name: Option<String>,
    /// Whether it can sign in. Closing it ends its logins.
    #[schema(value_type = bool, required = false)]
    #[serde(default, deserialize_with = "kept", skip_serializing_if = "Option::is_none")]
    pub is_active: Option<bool>,
    /// All its roles from now on.
    #[serde(default, deserialize_with = "kept", skip_serializing_if = "Option::is_none")]
    #[validate(length(min = 1, max = 20))]
    #[schema(value_type = Vec<RoleDto>, required = false, min_items = 1, max_items = 20)]
    pub roles: Option<Vec<RoleDto>>,
    /// Other public keys, for a client that has some.
    #[serde(default, deserialize_with = "kept", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Object, required = false)]
    pub jwks: Option<Value>,
}

/// Change one's own password.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangePassword {
    /// The present one.
    #[validate(length(min = 1, max = 200))]
    #[schema(min_length = 1, max_length = 200, format = "password", example = "bốn con ngựa ăn cỏ xanh")]
    pub current_password: String,
    /// The new one, 12 characters or more, not easy to guess.
    #[validate(length(min = 12, max = 200))]
    #[schema(min_length = 12, max_length = 200, format = "password", example = "năm con trâu lội qua sông")]
    pub new_password: String,
}

/// An account of a person or a machine.
#[derive(Debug, Serialize, ToSchema)]
pub struct AccountDto {
    /// Its id.
    pub id: Uuid,
    /// Name to sign in with.
    #[schema(max_length = 100, example = "thu.le")]
    pub username: String,
    /// Name to show.
    #[schema(max_length = 200, example = "Lê Minh Thu")]
    pub display_name: String,
    /// Person or machine.
    pub kind: Kind,
    /// The employee whose account it is.
    pub employee_id: Option<Uuid>,
    /// The institute it belongs to.
    pub institute_id: Option<Uuid>,
    /// Whether it can sign in.
    pub is_active: bool,
    /// Public keys of a client that signs its own assertions.
    #[schema(value_type = Option<Object>)]
    pub jwks: Option<Value>,
    /// Whether it is bound to somebody of the ministry's OpenID provider, who alone signs in by it.
    pub is_bound_to_provider: bool,
    /// Its roles.
    #[schema(max_items = 20)]
    pub roles: Vec<RoleDto>,
    /// Version, as in the ETag.
    pub version: i32,
    /// When it was opened.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

/// A machine client with its new secret, which is shown this once.
#[derive(Serialize, ToSchema)]
pub struct NewClientDto {
    /// The client.
    pub client: AccountDto,
    /// Its secret: keep it now, it cannot be shown again. A client with keys has none.
    #[schema(example = "p0Zc…")]
    pub client_secret: Option<String>,
}

/// A delegation to the caller.
#[derive(Debug, Serialize, ToSchema)]
pub struct MyDelegationDto {
    /// Its id: the value of the header `On-Behalf-Of`.
    pub id: Uuid,
    /// The unit for which the caller may act, and everything below it.
    pub unit_id: Uuid,
    /// Who lets the caller act.
    #[schema(example = "unit_head")]
    pub principal: String,
    /// First day.
    pub valid_from: NaiveDate,
    /// Last day.
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

/// Who I am and what I may do.
#[derive(Debug, Serialize, ToSchema)]
pub struct MeDto {
    /// The account.
    pub id: Uuid,
    /// Its name.
    #[schema(max_length = 100, example = "unit_head")]
    pub username: String,
    /// Roles.
    #[schema(max_items = 20)]
    pub roles: Vec<Role>,
    /// Units whose head the caller is: the unit head's role reaches them and everything below.
    pub unit_ids: Vec<Uuid>,
    /// The person behind the account.
    pub employee_id: Option<Uuid>,
    /// The institute behind the account.
    pub institute_id: Option<Uuid>,
    /// For whom the caller acts in this request.
    pub on_behalf_of: Option<String>,
    /// What others let the caller do for them: the value of `On-Behalf-Of`, and for which unit.
    pub delegations: Vec<MyDelegationDto>,
    /// Everything that is allowed.
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
