use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::model::Suggestion;
use crate::i18n::Locale;
use crate::organisation::gaps::CompetencyGap;
use crate::participation::nominations::{CheckDto, count};

/// Offerings for which a person could be nominated, the most suitable first.
#[derive(Debug, Serialize, ToSchema)]
pub struct SuggestionsDto {
    /// Suggested offerings, at most twenty, the most suitable first.
    pub items: Vec<SuggestionDto>,
}

/// An open offering of a course that closes a competency gap of the person.
#[derive(Debug, Serialize, ToSchema)]
pub struct SuggestionDto {
    /// Identifier of the offering (UUID).
    pub offering_id: Uuid,
    /// Code of the offering.
    #[schema(max_length = 50, example = "BMNN-2026-02")]
    pub offering_code: String,
    /// Identifier of the course that the offering belongs to (UUID).
    pub course_id: Uuid,
    /// Code of the course.
    #[schema(max_length = 50, example = "BMNN")]
    pub course_code: String,
    /// Title of the course.
    #[schema(max_length = 300, example = "Bảo vệ bí mật nhà nước")]
    pub course_title: String,
    /// Form of teaching: `in_person`, `online`, `blended` or `distance`.
    #[schema(example = "online")]
    pub mode: String,
    /// Day of the first session of the offering (ISO 8601 date).
    pub first_day: NaiveDate,
    /// Day of the last session of the offering (ISO 8601 date).
    pub last_day: NaiveDate,
    /// Number of half-days that the offering takes.
    #[schema(minimum = 1, example = 6)]
    pub half_days: i32,
    /// Number of seats without a participant; people on the waiting list hold no seat.
    #[schema(minimum = 0, example = 12)]
    pub seats_left: i32,
    /// Last day on which people can be nominated for the offering (ISO 8601 date).
    pub nominations_close_on: NaiveDate,
    /// Competency gaps of the person that the course closes.
    pub closes: Vec<CompetencyGap>,
    /// Whether the person could be nominated now, because no check fails.
    #[schema(example = true)]
    pub fits: bool,
    /// Result of every check of a nomination of the person for the offering with basis `position_need`.
    pub checks: Vec<CheckDto>,
}

impl SuggestionDto {
    /// A suggestion in a language.
    pub fn new(suggestion: Suggestion, locale: Locale) -> Self {
        let fits = suggestion.fits();
        let offering = suggestion.offering;
        Self {
            first_day: offering.first_day(),
            last_day: offering.last_day(),
            half_days: count(offering.half_days.len()),
            seats_left: offering.seats_left(),
            offering_id: offering.id,
            offering_code: offering.code,
            course_id: offering.course_id,
            course_code: offering.course_code,
            course_title: offering.course_title,
            mode: offering.mode,
            nominations_close_on: offering.nominations_close_on,
            closes: suggestion.closes,
            fits,
            checks: CheckDto::all(&suggestion.checks, locale),
        }
    }
}
