use chrono::NaiveDate;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// A competency that the position requires and that the person does not have at the required level today.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Serialize, Deserialize, ToSchema)]
pub struct CompetencyGap {
    /// Identifier of the competency (UUID).
    pub competency_id: Uuid,
    /// Code of the competency.
    #[schema(example = "BMNN")]
    pub competency_code: String,
    /// Name of the competency.
    #[schema(example = "Bảo vệ bí mật nhà nước")]
    pub competency_name: String,
    /// Level of the competency that the position requires, 1 to 5.
    #[schema(minimum = 1, maximum = 5, example = 3)]
    pub required_level: i16,
    /// Highest valid level of the competency that is recorded for the person, 1 to 5; absent when there is
    /// none.
    #[schema(minimum = 1, maximum = 5, example = 2)]
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub held_level: Option<i16>,
}

/// A requirement of an employee's position that nothing the employee holds meets.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct Gap {
    /// The requirement.
    pub requirement_id: Uuid,
    /// The competency, with the levels required and held.
    pub competency: CompetencyGap,
    /// Whether the law or the position makes it a must.
    pub is_hard: bool,
    /// Where it is laid down.
    pub legal_basis: Option<String>,
    /// Since when it is required.
    pub valid_from: NaiveDate,
}
