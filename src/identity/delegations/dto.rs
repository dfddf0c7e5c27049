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
        /// Delegations for this unit.
        unit_id: Uuid,
    }
}

/// Name a deputy.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"unit_id": "0199f0c4-5a7e-7000-8000-000000000001",
    "deputy_employee_id": "0199f0c4-5a7e-7000-8000-000000000002", "reason": "Nghỉ phép năm",
    "valid_from": "2027-01-11", "valid_to": "2027-01-15"}))]
pub struct CreateDelegation {
    /// The unit for which the deputy may act, with everything below it; within the caller's own.
    pub unit_id: Uuid,
    /// The deputy: a person of those units who has an account and has not left.
    pub deputy_employee_id: Uuid,
    /// Why, for those who read the log later.
    #[validate(length(min = 1, max = 500))]
    #[schema(min_length = 1, max_length = 500, example = "Nghỉ phép năm")]
    pub reason: Option<String>,
    /// First day.
    pub valid_from: NaiveDate,
    /// Last day; at most a year after the first.
    pub valid_to: NaiveDate,
}

/// A delegation.
#[derive(Debug, Serialize, ToSchema)]
pub struct DelegationDto {
    /// Its id: the deputy's value of the header `On-Behalf-Of`.
    pub id: Uuid,
    /// The unit.
    pub unit_id: Uuid,
    /// Account of the head who gave it.
    pub principal_account_id: Uuid,
    /// Account of the deputy.
    pub deputy_account_id: Uuid,
    /// Why.
    #[schema(max_length = 500)]
    pub reason: Option<String>,
    /// First day.
    pub valid_from: NaiveDate,
    /// Last day.
    pub valid_to: NaiveDate,
    /// When it was ended before its last day.
    pub revoked_at: Option<DateTime<Utc>>,
    /// Version, as in the ETag.
    pub version: i32,
    /// When it was given.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
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
