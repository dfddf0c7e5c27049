use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::model::Suggestion;
use crate::i18n::Locale;
use crate::participation::nominations::{CheckDto, CompetencyGap, count};

/// What a person could be sent to, the best first.
#[derive(Debug, Serialize, ToSchema)]
pub struct SuggestionsDto {
    /// At most twenty offerings.
    pub items: Vec<SuggestionDto>,
}

/// An open offering that closes a gap of the person.
#[derive(Debug, Serialize, ToSchema)]
pub struct SuggestionDto {
    /// The offering.
    pub offering_id: Uuid,
    /// Its code.
    #[schema(max_length = 50, example = "BMNN-2026-02")]
    pub offering_code: String,
    /// Its course.
    pub course_id: Uuid,
    /// The course's code.
    #[schema(max_length = 50, example = "BMNN")]
    pub course_code: String,
    /// The course's title.
    #[schema(max_length = 300, example = "Bảo vệ bí mật nhà nước")]
    pub course_title: String,
    /// How it is held: `in_person`, `online`, `blended` or `distance`.
    #[schema(example = "online")]
    pub mode: String,
    /// Its first day.
    pub first_day: NaiveDate,
    /// Its last day.
    pub last_day: NaiveDate,
    /// Half-days it takes.
    #[schema(minimum = 1, example = 6)]
    pub half_days: i32,
    /// Seats without a participant.
    #[schema(minimum = 0, example = 12)]
    pub seats_left: i32,
    /// Last day for nominations.
    pub nominations_close_on: NaiveDate,
    /// The gaps that the course closes.
    pub closes: Vec<CompetencyGap>,
    /// Whether no check fails: the person could be nominated now.
    #[schema(example = true)]
    pub fits: bool,
    /// Every check of a nomination, with basis `position_need`.
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
