use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::{Validate, ValidationError};

use super::model::Holiday;
use crate::http::check;

/// Query of the holiday list: the calendar year.
#[derive(Debug, Clone, Serialize, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct HolidaysQuery {
    /// Calendar year, 2000 to 2100; the current year if not given.
    #[validate(range(min = 2000, max = 2100))]
    #[param(minimum = 2000, maximum = 2100)]
    pub year: Option<i32>,
}

/// A public holiday, or a Saturday or Sunday that is worked in exchange for a day off.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HolidayDto {
    /// The date (ISO 8601 date), in the years 2000 to 2100.
    #[validate(custom(function = in_calendar))]
    #[schema(example = "2026-09-02")]
    pub day: NaiveDate,
    /// Name of the holiday or reason for the exchanged working day, 1 to 200 characters.
    #[validate(length(min = 1, max = 200))]
    #[schema(min_length = 1, max_length = 200, example = "Quốc khánh")]
    pub name: String,
    /// `true` if people work on this day, as on a Saturday worked in exchange for a day off; `false` if it is
    /// a day off.
    #[schema(example = false)]
    pub is_working_day: bool,
}

/// A batch of 1 to 366 days to create or replace.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = "batch_size", skip_on_field_errors = false))]
#[schema(example = json!({"items": [{"day": "2028-09-04", "name": "Nghỉ bù Quốc khánh", "is_working_day": false},
    {"day": "2028-08-26", "name": "Làm bù", "is_working_day": true}]}))]
pub struct BatchHolidays {
    /// The days of the batch, 1 to 366; each date at most once.
    #[validate(nested)]
    #[schema(min_items = 1, max_items = 366)]
    pub items: Vec<HolidayDto>,
}

/// The public holidays and exchanged working days of a calendar year.
#[derive(Debug, Serialize, ToSchema)]
pub struct HolidaysDto {
    /// Calendar year of the list, 2000 to 2100.
    #[schema(example = 2026)]
    pub year: i32,
    /// The days in ascending order of date, at most 366.
    #[schema(max_items = 366)]
    pub items: Vec<HolidayDto>,
}

fn batch_size(batch: &BatchHolidays) -> Result<(), ValidationError> {
    check::count("/items", &batch.items, 1, 366)
}

fn in_calendar(day: &NaiveDate) -> Result<(), ValidationError> {
    check::holds((2000..=2100).contains(&day.year()), "range")
}

impl From<HolidayDto> for Holiday {
    fn from(dto: HolidayDto) -> Self {
        Self { day: dto.day, name: dto.name, is_working_day: dto.is_working_day }
    }
}

impl From<Holiday> for HolidayDto {
    fn from(holiday: Holiday) -> Self {
        Self { day: holiday.day, name: holiday.name, is_working_day: holiday.is_working_day }
    }
}
