use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::{Validate, ValidationError};

use super::model::{ExpectedEffect, ExpectedEffects, ExpectedMeasure};
use crate::http::check;

/// An effect that is expected of an offering: a behaviour to be seen at work, and by how much a measure is to
/// change.
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = "possible_change"))]
#[schema(example = json!({"behaviour": "Văn bản mật được đăng ký và lưu giữ đúng quy định.",
    "measure": "three_months", "change": 0.5}))]
pub struct ExpectedEffectDto {
    /// Behaviour that is to be seen at work, 1 to 500 characters.
    #[validate(length(min = 1, max = 500))]
    #[schema(min_length = 1, max_length = 500)]
    pub behaviour: String,
    /// Measure that is expected to change: behaviour after three (`three_months`) or six months
    /// (`six_months`), or the official work score (`work_score`).
    pub measure: ExpectedMeasure,
    /// Smallest expected change of the measure, 0.01 or more: points of 5 for behaviour (at most 4), points
    /// of 100 for the work score (at most 100).
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

/// Effects that are expected of an offering, in place of those declared before.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = "effect_count", skip_on_field_errors = false))]
#[schema(example = json!({"effects": [{"behaviour": "Văn bản mật được đăng ký và lưu giữ đúng quy định.",
    "measure": "three_months", "change": 0.5}]}))]
pub struct DeclareExpectedEffects {
    /// Expected effects, 1 to 3.
    #[validate(nested)]
    #[schema(min_items = 1, max_items = 3)]
    pub effects: Vec<ExpectedEffectDto>,
}

fn effect_count(dto: &DeclareExpectedEffects) -> Result<(), ValidationError> {
    check::count("/effects", &dto.effects, 1, 3)
}

/// Effects that are expected of an offering.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExpectedEffectsDto {
    /// Identifier of the offering (UUID).
    pub offering_id: Uuid,
    /// First day on which the effects can no longer be changed (ISO 8601 date): the day of the first session.
    #[schema(example = "2026-12-07")]
    pub frozen_on: NaiveDate,
    /// Expected effects, at most 3; empty before any are declared.
    #[schema(max_items = 3)]
    pub effects: Vec<ExpectedEffectDto>,
    /// Version of the expected effects, raised with every change; the ETag contains it. 0 before any are
    /// declared.
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
