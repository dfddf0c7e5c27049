use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::{Validate, ValidationError};

use super::model::{BatchRow, Change, Draft, Unit, UnitKind};
use crate::access::{Actor, Permission, policy};
use crate::http::limits::BATCH_ROWS;
use crate::http::{check, list_query};
use crate::patch::{kept, nullable};

list_query! {
    /// Filters of the unit list.
    UnitsQuery {
        /// Exactly this code.
        #[param(max_length = 50)]
        #[validate(length(max = 50))]
        code: String,
        /// Words of the code or the name; case and accents do not matter.
        #[param(max_length = 200)]
        #[validate(length(max = 200))]
        q: String,
        /// Only units directly below this one.
        parent_id: Uuid,
        /// Only this kind.
        kind: UnitKind,
    }
}

/// Create a unit.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"code": "VP-LTS", "name": "Phòng Lưu trữ số", "kind": "division",
    "parent_id": "0199f0c4-5a7e-7000-8000-000000000001"}))]
pub struct CreateUnit {
    /// Code others know it by: letters, digits, hyphen, dot, underscore; never changes.
    #[validate(length(min = 1, max = 50), custom(function = "check::code"))]
    #[schema(min_length = 1, max_length = 50)]
    pub code: String,
    /// Its name.
    #[validate(length(min = 1, max = 300))]
    #[schema(min_length = 1, max_length = 300)]
    pub name: String,
    /// Its kind.
    pub kind: UnitKind,
    /// The unit it belongs to; a tree of units has at most ten levels.
    pub parent_id: Option<Uuid>,
    /// Who leads it.
    pub head_employee_id: Option<Uuid>,
}

/// Change a unit (merge patch): absent members stay, `null` empties.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"head_employee_id": "0199f0c4-5a7e-7000-8000-000000000002"}))]
pub struct PatchUnit {
    /// Its name.
    #[validate(length(min = 1, max = 300))]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 300)]
    #[serde(default, deserialize_with = "kept", skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its kind.
    #[schema(value_type = UnitKind, required = false)]
    #[serde(default, deserialize_with = "kept", skip_serializing_if = "Option::is_none")]
    pub kind: Option<UnitKind>,
    /// The unit it belongs to; a tree of units has at most ten levels, and what stands below moves along.
    #[serde(default, deserialize_with = "nullable", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Uuid>)]
    pub parent_id: Option<Option<Uuid>>,
    /// Who leads it.
    #[serde(default, deserialize_with = "nullable", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Uuid>)]
    pub head_employee_id: Option<Option<Uuid>>,
}

/// One unit of a batch: replaces what is stored under the code.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UnitBatchItem {
    /// Code others know it by: letters, digits, hyphen, dot, underscore.
    #[validate(length(min = 1, max = 50), custom(function = "check::code"))]
    #[schema(min_length = 1, max_length = 50)]
    pub code: String,
    /// Its name.
    #[validate(length(min = 1, max = 300))]
    #[schema(min_length = 1, max_length = 300)]
    pub name: String,
    /// Its kind.
    pub kind: UnitKind,
    /// Code of the unit it belongs to, which exists or comes earlier in the batch; at the top without it. A tree of units
    /// has at most ten levels.
    #[schema(max_length = 50)]
    pub parent_code: Option<String>,
    /// Code of the employee who leads it; the head stays where absent, `null` empties.
    #[serde(default, deserialize_with = "nullable", skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 50, value_type = Option<String>)]
    pub head_employee_code: Option<Option<String>>,
}

/// Create or replace units, up to 1,000.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = "batch_units_size", skip_on_field_errors = false))]
#[schema(example = json!({"items": [{"code": "VP-LTS", "name": "Phòng Lưu trữ số", "kind": "division", "parent_code": "VP"},
    {"code": "VP-LTS-1", "name": "Tổ Số hóa", "kind": "division", "parent_code": "VP-LTS"}]}))]
pub struct BatchUnits {
    /// The units, each code once, each after the one it belongs to.
    #[validate(nested)]
    #[schema(min_items = 1, max_items = 1000)]
    pub items: Vec<UnitBatchItem>,
}

fn batch_units_size(body: &BatchUnits) -> Result<(), ValidationError> {
    check::count("/items", &body.items, 1, BATCH_ROWS)
}

/// A unit of the ministry.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct UnitDto {
    /// Its id.
    pub id: Uuid,
    /// Code others know it by.
    #[schema(max_length = 50, example = "VP-VTLT")]
    pub code: String,
    /// Its name.
    #[schema(max_length = 300, example = "Phòng Hành chính - Văn thư")]
    pub name: String,
    /// Its kind.
    #[schema(example = "division")]
    pub kind: UnitKind,
    /// The unit it belongs to.
    pub parent_id: Option<Uuid>,
    /// Who leads it: the supervisor that evaluations go to; null for callers who may not read employees.
    pub head_employee_id: Option<Uuid>,
    /// Version, as in the ETag.
    pub version: i32,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

/// A unit and everything below it.
#[derive(Debug, Serialize, ToSchema)]
pub struct UnitTreeDto {
    /// The units, each after the one it belongs to.
    pub items: Vec<UnitTreeItemDto>,
}

/// A unit in a tree.
#[derive(Debug, Serialize, ToSchema)]
pub struct UnitTreeItemDto {
    /// Steps below the top of the tree.
    #[schema(minimum = 0, example = 1)]
    pub depth: i32,
    /// The unit.
    pub unit: UnitDto,
}

impl UnitDto {
    /// As somebody sees it: who leads a unit is told to those who may read employees.
    pub fn seen_by(actor: &Actor, unit: Unit) -> Self {
        let knows_people = policy::reach(actor, Permission::EmployeeRead).is_some();
        let mut seen = Self::from(unit);
        seen.head_employee_id = seen.head_employee_id.filter(|_| knows_people);
        seen
    }
}

impl From<CreateUnit> for Draft {
    fn from(dto: CreateUnit) -> Self {
        Self {
            code: dto.code,
            name: dto.name,
            kind: dto.kind,
            parent_id: dto.parent_id,
            head_employee_id: dto.head_employee_id,
        }
    }
}

impl From<UnitBatchItem> for BatchRow {
    fn from(dto: UnitBatchItem) -> Self {
        Self {
            code: dto.code,
            name: dto.name,
            kind: dto.kind,
            parent_code: dto.parent_code,
            head_employee_code: dto.head_employee_code,
        }
    }
}

impl From<PatchUnit> for Change {
    fn from(dto: PatchUnit) -> Self {
        Self {
            name: dto.name,
            kind: dto.kind,
            parent_id: dto.parent_id,
            head_employee_id: dto.head_employee_id,
        }
    }
}

impl From<Unit> for UnitDto {
    fn from(unit: Unit) -> Self {
        Self {
            id: unit.id,
            code: unit.code,
            name: unit.name,
            kind: unit.kind,
            parent_id: unit.parent_id,
            head_employee_id: unit.head_employee_id,
            version: unit.version,
            created_at: unit.created_at,
            updated_at: unit.updated_at,
        }
    }
}
