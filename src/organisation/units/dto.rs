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
        /// Only the record with exactly this code, at most 50 characters.
        #[param(max_length = 50)]
        #[validate(length(max = 50))]
        code: String,
        /// Words to find in the code or the name, at most 200 characters: each must be the beginning of a
        /// word there; case and accents are ignored.
        #[param(max_length = 200)]
        #[validate(length(max = 200))]
        q: String,
        /// Only units directly below this unit (UUID).
        parent_id: Uuid,
        /// Only units of this kind, for example departments.
        kind: UnitKind,
    }
}

/// Data for creating a unit.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"code": "VP-LTS", "name": "Phòng Lưu trữ số", "kind": "division",
    "parent_id": "0199f0c4-5a7e-7000-8000-000000000001"}))]
pub struct CreateUnit {
    /// Code by which other systems know the unit, unique, 1 to 50 letters, digits, hyphens, dots or
    /// underscores; it never changes.
    #[validate(length(min = 1, max = 50), custom(function = "check::code"))]
    #[schema(min_length = 1, max_length = 50)]
    pub code: String,
    /// Name of the unit, 1 to 300 characters.
    #[validate(length(min = 1, max = 300))]
    #[schema(min_length = 1, max_length = 300)]
    pub name: String,
    /// Kind of unit, for example department, agency or division.
    pub kind: UnitKind,
    /// Identifier of the unit directly above (UUID); without it, the unit is at the top. At most ten levels.
    pub parent_id: Option<Uuid>,
    /// Identifier of the employee who heads the unit (UUID); without it, the unit has no head.
    pub head_employee_id: Option<Uuid>,
}

/// Changes to a unit (JSON merge patch): a member that is not sent keeps its value, `null` removes it.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"head_employee_id": "0199f0c4-5a7e-7000-8000-000000000002"}))]
pub struct PatchUnit {
    /// Name of the unit, 1 to 300 characters.
    #[validate(length(min = 1, max = 300))]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 300)]
    #[serde(default, deserialize_with = "kept", skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Kind of unit, for example department, agency or division.
    #[schema(value_type = UnitKind, required = false)]
    #[serde(default, deserialize_with = "kept", skip_serializing_if = "Option::is_none")]
    pub kind: Option<UnitKind>,
    /// Identifier of the unit directly above (UUID), at most ten levels; `null` makes it a top unit. All
    /// units below move too.
    #[serde(default, deserialize_with = "nullable", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Uuid>)]
    pub parent_id: Option<Option<Uuid>>,
    /// Identifier of the employee who heads the unit (UUID); `null` leaves it without a head.
    #[serde(default, deserialize_with = "nullable", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Uuid>)]
    pub head_employee_id: Option<Option<Uuid>>,
}

/// One unit of a batch: replaces the stored unit with the same code, or creates one.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UnitBatchItem {
    /// Code by which other systems know the unit, unique, 1 to 50 letters, digits, hyphens, dots or
    /// underscores; it never changes.
    #[validate(length(min = 1, max = 50), custom(function = "check::code"))]
    #[schema(min_length = 1, max_length = 50)]
    pub code: String,
    /// Name of the unit, 1 to 300 characters.
    #[validate(length(min = 1, max = 300))]
    #[schema(min_length = 1, max_length = 300)]
    pub name: String,
    /// Kind of unit, for example department, agency or division.
    pub kind: UnitKind,
    /// Code of the unit directly above, at most 50 characters; it must exist or come earlier in the batch.
    /// Without it, the unit is at the top. At most ten levels.
    #[schema(max_length = 50)]
    pub parent_code: Option<String>,
    /// Code of the employee who heads the unit, at most 50 characters. Not sent: the head stays; `null`: no
    /// head.
    #[serde(default, deserialize_with = "nullable", skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 50, value_type = Option<String>)]
    pub head_employee_code: Option<Option<String>>,
}

/// A batch of 1 to 1,000 units to create or replace.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = "batch_units_size", skip_on_field_errors = false))]
#[schema(example = json!({"items": [{"code": "VP-LTS", "name": "Phòng Lưu trữ số", "kind": "division", "parent_code": "VP"},
    {"code": "VP-LTS-1", "name": "Tổ Số hóa", "kind": "division", "parent_code": "VP-LTS"}]}))]
pub struct BatchUnits {
    /// The units of the batch, 1 to 1,000; each code at most once, and each unit after the unit above it.
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
    /// Identifier of the unit (UUID), assigned by the service.
    pub id: Uuid,
    /// Code by which other systems know the unit, unique, 1 to 50 characters.
    #[schema(max_length = 50, example = "VP-VTLT")]
    pub code: String,
    /// Name of the unit, 1 to 300 characters.
    #[schema(max_length = 300, example = "Phòng Hành chính - Văn thư")]
    pub name: String,
    /// Kind of unit, for example department, agency or division.
    #[schema(example = "division")]
    pub kind: UnitKind,
    /// Identifier of the unit directly above (UUID); `null` for a unit at the top.
    pub parent_id: Option<Uuid>,
    /// Identifier of the employee who heads the unit and receives its evaluation forms as supervisor (UUID);
    /// `null` if there is none, or if the caller may not read employees.
    pub head_employee_id: Option<Uuid>,
    /// Version of the unit, raised with every change; the ETag contains it.
    pub version: i32,
    /// Moment the unit was recorded (RFC 3339, UTC).
    pub created_at: DateTime<Utc>,
    /// Moment of the last change of the unit (RFC 3339, UTC).
    pub updated_at: DateTime<Utc>,
}

/// A unit and all units below it.
#[derive(Debug, Serialize, ToSchema)]
pub struct UnitTreeDto {
    /// The units of the tree; each unit comes after the unit above it.
    pub items: Vec<UnitTreeItemDto>,
}

/// A unit and its depth in the tree.
#[derive(Debug, Serialize, ToSchema)]
pub struct UnitTreeItemDto {
    /// Number of levels below the unit that was asked for; 0 for that unit itself.
    #[schema(minimum = 0, example = 1)]
    pub depth: i32,
    /// The unit at this place of the tree.
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
