use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::db::schema::units;
use crate::db::text_enum;

/// Kind of unit (Decree 40/2025/NĐ-CP): ministry, department, agency, ministry office, division, institute,
/// press or school.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[derive(EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum UnitKind {
    /// The ministry as a whole (Bộ).
    Ministry,
    /// Department (Vụ).
    Department,
    /// Agency or commission (Cục, Ủy ban).
    Agency,
    /// Office of the ministry (Văn phòng Bộ).
    MinistryOffice,
    /// Division (Phòng).
    Division,
    /// Institute (Viện).
    Institute,
    /// Newspaper or journal (báo, tạp chí).
    Press,
    /// School (Trường).
    School,
}

text_enum!(UnitKind);

/// A unit as stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = units, check_for_backend(diesel::pg::Pg))]
pub struct Unit {
    /// Its id.
    pub id: Uuid,
    /// Code others know it by.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: UnitKind,
    /// The unit it belongs to.
    pub parent_id: Option<Uuid>,
    /// Who leads it: the supervisor that evaluations go to.
    pub head_employee_id: Option<Uuid>,
    /// Raised with every change.
    pub version: i32,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

/// What is needed to create a unit.
#[derive(Debug, Clone)]
pub struct Draft {
    pub code: String,
    pub name: String,
    pub kind: UnitKind,
    pub parent_id: Option<Uuid>,
    pub head_employee_id: Option<Uuid>,
}

/// A row of a batch: refers to parent and head by code.
#[derive(Debug, Clone)]
pub struct BatchRow {
    pub code: String,
    pub name: String,
    pub kind: UnitKind,
    pub parent_code: Option<String>,
    /// `None` leaves the head as it is.
    pub head_employee_code: Option<Option<String>>,
}

impl Unit {
    /// Whether the HR portal tells nothing new.
    pub fn is_as(&self, draft: &Draft) -> bool {
        self.name == draft.name
            && self.kind == draft.kind
            && self.parent_id == draft.parent_id
            && self.head_employee_id == draft.head_employee_id
    }
}

/// What changes; absent members stay.
#[derive(Debug, Clone, AsChangeset)]
#[diesel(table_name = units)]
pub struct Change {
    pub name: Option<String>,
    pub kind: Option<UnitKind>,
    pub parent_id: Option<Option<Uuid>>,
    pub head_employee_id: Option<Option<Uuid>>,
}
