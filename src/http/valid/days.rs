//! Days and moments in requests: written in full, and of years that people and plans have. What reads them takes more
//! (`-262143-1-1`), which neither the database nor a calendar can hold.

use std::ops::RangeInclusive;

use utoipa::openapi::path::Parameter;

use crate::error::FieldError;

/// Years in which people were born, and for which something is planned.
const YEARS: RangeInclusive<i32> = 1900..=2199;

/// What is wrong with a day (`2026-11-23`) or a moment (`2026-11-23T02:30:00Z`) at a place.
pub(super) fn fault(pointer: &str, text: &str) -> Option<FieldError> {
    let (day, rest) = text.split_at_checked(10).unwrap_or((text, ""));
    let is_day = day.len() == 10
        && day
            .bytes()
            .enumerate()
            .all(|(i, b)| if i == 4 || i == 7 { b == b'-' } else { b.is_ascii_digit() });
    if !is_day || !(rest.is_empty() || rest.starts_with('T')) {
        let format = if rest.is_empty() { "date" } else { "date-time" };
        return Some(FieldError::new(pointer, "wrong_format").with("format", format));
    }
    let year = day.split('-').next().and_then(|year| year.parse().ok())?;
    (!YEARS.contains(&year)).then(|| FieldError::new(pointer, "out_of_range"))
}

/// Whether a schema (as JSON) is that of a day or a moment.
pub(super) fn is_format(format: &str) -> bool {
    format == "date" || format == "date-time"
}

/// Whether a parameter is a day, a moment, or either.
pub(super) fn is_parameter(parameter: &Parameter) -> bool {
    let schema = serde_json::to_string(&parameter.schema).unwrap_or_default();
    ["\"format\":\"date\"", "\"format\":\"date-time\"", "\"pattern\":\"^[0-9]{4}-[0-9]{2}-[0-9]{2}"]
        .iter()
        .any(|words| schema.contains(words))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_written_in_full_and_lie_in_years_that_people_have() {
        let code = |text| fault("", text).map(|f| f.code);
        for good in
            ["2026-11-23", "1900-01-01", "2199-12-31", "2026-11-23T02:30:00Z", "2026-11-23T02:30:00.5+07:00"]
        {
            assert_eq!(code(good), None, "{good}");
        }
        for bad in [
            "2026-1-1",
            "+2026-01-01",
            "-2026-01-01",
            "12026-01-01",
            "2026-11-23 ",
            "2026-11-23x",
            "",
            "ngày",
        ] {
            assert_eq!(code(bad), Some("wrong_format"), "{bad}");
        }
        for far in ["0001-01-01", "1899-12-31", "2200-01-01", "9999-12-31T00:00:00Z"] {
            assert_eq!(code(far), Some("out_of_range"), "{far}");
        }
    }
}
