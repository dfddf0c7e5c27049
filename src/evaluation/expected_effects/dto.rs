use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::{Validate, ValidationError};

use super::model::{ExpectedEffect, ExpectedEffects, ExpectedMeasure};
use crate::http::check;

/// A behaviour that is expected to be seen at work, and how much that is to move.
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = "possible_change"))]
#[schema(example = json!({"behaviour": "Văn bản mật được đăng ký và lưu giữ đúng quy định.",
    "measure": "three_months", "change": 0.5}))]
pub struct ExpectedEffectDto {
    /// What will be seen at work.
    #[validate(length(min = 1, max = 500))]
    #[schema(min_length = 1, max_length = 500)]
    pub behaviour: String,
    /// What is expected to move, and when it is looked at.
    pub measure: ExpectedMeasure,
    /// By how much, at least: points of 5 of behaviour (at most 4), points of 100 of the work score.
    #[validate(range(min = 0.01, max = 100.0))]
    #[schema(minimum = 0.01, maximum = 100.0, example = 0.5)]
    pub change: f64,
}

fn possible_change(dto: &ExpectedEffectDto) -> Result<(), ValidationError> {
    let widest = dto.measure.widest_change();
    if dto.change <= widest {
        return Ok(());
    }
    let mut error = ValidationError::new("range");
    error.add_param("pointer".into(), &"/change");
    error.add_param("max".into(), &widest);
    Err(error)
}

/// Declare what is expected of an offering: one to three behaviours.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = "effect_count", skip_on_field_errors = false))]
#[schema(example = json!({"effects": [{"behaviour": "Văn bản mật được đăng ký và lưu giữ đúng quy định.",
    "measure": "three_months", "change": 0.5}]}))]
pub struct DeclareExpectedEffects {
    /// The behaviours.
    #[validate(nested)]
    #[schema(min_items = 1, max_items = 3)]
    pub effects: Vec<ExpectedEffectDto>,
}

fn effect_count(dto: &DeclareExpectedEffects) -> Result<(), ValidationError> {
    check::count("/effects", &dto.effects, 1, 3)
}

/// What is expected of an offering.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExpectedEffectsDto {
    /// The run of the course.
    pub offering_id: Uuid,
    /// First day on which they can no longer be changed: that of the first session.
    #[schema(example = "2026-12-07")]
    pub frozen_on: NaiveDate,
    /// The behaviours; none before they are declared.
    #[schema(max_items = 3)]
    pub effects: Vec<ExpectedEffectDto>,
    /// Version, as in the ETag; 0 before anything is declared.
    #[schema(minimum = 0, example = 1)]
    pub version: i32,
}

impl From<ExpectedEffectDto> for ExpectedEffect {
    fn from(dto: ExpectedEffectDto) -> Self {
        Self { behaviour: dto.behaviour, measure: dto.measure, change: dto.change }
    }
}

impl From<ExpectedEffect> for ExpectedEffectDto {
    fn from(effect: ExpectedEffect) -> Self {
        Self { behaviour: effect.behaviour, measure: effect.measure, change: effect.change }
    }
}

impl From<ExpectedEffects> for ExpectedEffectsDto {
    fn from(expected: ExpectedEffects) -> Self {
        Self {
            offering_id: expected.offering_id,
            frozen_on: expected.frozen_on,
            effects: expected.effects.into_iter().map(Into::into).collect(),
            version: expected.version,
        }
    }
}
