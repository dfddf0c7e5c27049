use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use super::model::{Delegation, Draft};
use crate::http::list_query;

list_query! {
    /// Filters of the delegation list.
    DelegationsQuery {
        /// Only delegations for exactly this unit (UUID).
        unit_id: Uuid,
    }
}

/// Data for naming a deputy.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"unit_id": "0199f0c4-5a7e-7000-8000-000000000001",
    "deputy_employee_id": "0199f0c4-5a7e-7000-8000-000000000002", "reason": "Nghỉ phép năm",
    "valid_from": "2027-01-11", "valid_to": "2027-01-15"}))]
pub struct CreateDelegation {
    /// Identifier of the unit for which the deputy may act (UUID); all units below it are included. It must
    /// be a unit that the caller heads, or one below it.
    pub unit_id: Uuid,
    /// Identifier of the employee who becomes the deputy (UUID): somebody in the caller's units, with an
    /// account, who has not left.
    pub deputy_employee_id: Uuid,
    /// Reason for the delegation, for those who read the audit log later, 1 to 500 characters.
    #[validate(length(min = 1, max = 500))]
    #[schema(min_length = 1, max_length = 500, example = "Nghỉ phép năm")]
    pub reason: Option<String>,
    /// First day of the delegation (ISO 8601 date, Asia/Ho_Chi_Minh).
    pub valid_from: NaiveDate,
    /// Last day of the delegation (ISO 8601 date, Asia/Ho_Chi_Minh), included: today or later, and at most
    /// 366 days after the first day.
    pub valid_to: NaiveDate,
}

/// A delegation: a unit head lets a deputy act for a unit on certain days.
#[derive(Debug, Serialize, ToSchema)]
pub struct DelegationDto {
    /// Identifier of the delegation (UUID); the deputy sends it in the header `On-Behalf-Of` to act under it.
    pub id: Uuid,
    /// Identifier of the unit for which the deputy may act (UUID); all units below it are included.
    pub unit_id: Uuid,
    /// Identifier of the account of the unit head who gave the delegation (UUID).
    pub principal_account_id: Uuid,
    /// Identifier of the account of the deputy (UUID).
    pub deputy_account_id: Uuid,
    /// Reason for the delegation, 1 to 500 characters; `null` if none was given.
    #[schema(max_length = 500)]
    pub reason: Option<String>,
    /// First day of the delegation (ISO 8601 date, Asia/Ho_Chi_Minh).
    pub valid_from: NaiveDate,
    /// Last day of the delegation (ISO 8601 date, Asia/Ho_Chi_Minh); it is included.
    pub valid_to: NaiveDate,
    /// Moment the delegation was revoked (RFC 3339, UTC); `null` if it was not.
    pub revoked_at: Option<DateTime<Utc>>,
    /// Version of the delegation, raised with every change; the ETag contains it.
    pub version: i32,
    /// Moment the delegation was recorded (RFC 3339, UTC).
    pub created_at: DateTime<Utc>,
    /// Moment of the last change of the delegation (RFC 3339, UTC).
    pub updated_at: DateTime<Utc>,
}

impl From<CreateDelegation> for Draft {
    fn from(dto: CreateDelegation) -> Self {
        Self {
            unit_id: dto.unit_id,
            deputy_employee_id: dto.deputy_employee_id,
            reason: dto.reason,
            valid_from: dto.valid_from,
            valid_to: dto.valid_to,
        }
    }
}

impl From<Delegation> for DelegationDto {
    fn from(d: Delegation) -> Self {
        Self {
            id: d.id,
            unit_id: d.unit_id,
            principal_account_id: d.principal_account_id,
            deputy_account_id: d.deputy_account_id,
            reason: d.reason,
            valid_from: d.valid_from,
            valid_to: d.valid_to,
            revoked_at: d.revoked_at,
            version: d.version,
            created_at: d.created_at,
            updated_at: d.updated_at,
        }
    }
}
