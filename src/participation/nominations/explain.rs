//! Checks and alternatives in words, as the dry run, a refusal and a nomination show them.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::checks::{Check, CheckCode, CheckFacts, CheckVerdict, HalfDayFact};
use super::refused::{Alternative, Refused};
use crate::error::{Error, Rule};
use crate::half_day::Half;
use crate::i18n::{Locale, date, text};

/// Most half-days that a sentence lists; the facts have them all.
const NAMED_HALF_DAYS: usize = 6;

/// A check of a nomination with its verdict and the facts behind it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CheckDto {
    /// Code of the check.
    #[schema(example = "coverage")]
    pub code: CheckCode,
    /// Verdict of the check: `not_applicable`, `pass`, `warning` or `fail`.
    #[schema(example = "fail")]
    pub verdict: CheckVerdict,
    /// Verdict in words, in the language of the request (`Accept-Language`).
    #[schema(example = "Đơn vị sẽ thiếu người: sáng 03/03/2026.")]
    pub message: String,
    /// Facts that the verdict follows from; only the members that this check uses are present.
    #[schema(example = json!({"half_days": [{"date": "2026-03-03", "half": "morning", "present": 1, "minimum": 2}]}))]
    pub facts: CheckFacts,
    /// Rule or record that the check applies, in the language of the request (`Accept-Language`).
    #[schema(example = "Quy định số người tối thiểu phải có mặt của đơn vị")]
    pub source: String,
}

impl CheckDto {
    /// A check in a language.
    pub fn new(check: &Check, locale: Locale) -> Self {
        Self {
            message: message(check, locale),
            code: check.code,
            verdict: check.verdict,
            facts: check.facts.clone(),
            source: text(locale, &format!("check-source-{}", check.code.name()).replace('_', "-"), &[]),
        }
    }

    /// Checks in a language.
    pub fn all(checks: &[Check], locale: Locale) -> Vec<Self> {
        checks.iter().map(|c| Self::new(c, locale)).collect()
    }
}

/// Another offering of the same course for which the person could be nominated.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct AlternativeDto {
    /// Identifier of the offering (UUID).
    pub offering_id: Uuid,
    /// Code of the offering.
    #[schema(example = "BMNN-2026-02")]
    pub offering_code: String,
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
    /// Codes of the checks whose verdict is `warning` for this offering; no check fails.
    #[schema(example = json!(["need"]))]
    pub warnings: Vec<CheckCode>,
    /// Explanation why the offering is suitable, in the language of the request.
    #[schema(example = "Mọi điều kiện đều đạt: 6 buổi từ 10/03/2026 đến 17/03/2026, còn 12 chỗ.")]
    pub reason: String,
}

impl AlternativeDto {
    /// An offering that fits, in a language.
    pub fn new(alternative: &Alternative, locale: Locale) -> Self {
        let Alternative { offering, warnings } = alternative;
        let half_days = count(offering.half_days.len());
        let args = [
            ("half_days", half_days.to_string()),
            ("first_day", date(locale, offering.first_day())),
            ("last_day", date(locale, offering.last_day())),
            ("seats_left", offering.seats_left().to_string()),
            ("warnings", warnings.len().to_string()),
        ];
        let key = if warnings.is_empty() { "alternative-fits" } else { "alternative-fits-with-warnings" };
        Self {
            offering_id: offering.id,
            offering_code: offering.code.clone(),
            mode: offering.mode.clone(),
            first_day: offering.first_day(),
            last_day: offering.last_day(),
            half_days,
            seats_left: offering.seats_left(),
            warnings: warnings.clone(),
            reason: text(locale, key, &args),
        }
    }

    /// Alternatives in a language.
    pub fn all(alternatives: &[Alternative], locale: Locale) -> Vec<Self> {
        alternatives.iter().map(|a| Self::new(a, locale)).collect()
    }
}

/// Why a nomination is refused, and what would fit: members of the problem `nomination.refused`.
#[derive(Debug, Serialize)]
struct Refusal {
    /// Every check; those that fail refuse.
    checks: Vec<CheckDto>,
    /// Other offerings of the course that fit, the best first; at most five.
    alternatives: Vec<AlternativeDto>,
}

impl Refused {
    /// The refusal as the error of a request, in a language.
    pub fn in_words(self, locale: Locale) -> Error {
        match self {
            Self::ByChecks { checks, alternatives } => {
                let refusal = Refusal {
                    checks: CheckDto::all(&checks, locale),
                    alternatives: AlternativeDto::all(&alternatives, locale),
                };
                Error::refused(Rule::NominationRefused, &refusal)
            }
            Self::Otherwise(error) => error,
        }
    }
}

fn message(check: &Check, locale: Locale) -> String {
    let key = format!("check-{}-{}", check.code.name(), check.verdict.name()).replace('_', "-");
    let facts = &check.facts;
    let number = |n: Option<i32>| n.unwrap_or_default().to_string();
    let day = |d: Option<NaiveDate>| d.map(|d| date(locale, d)).unwrap_or_default();
    let rows = facts.half_days.iter().flatten();
    let named: Vec<&HalfDayFact> = match check.code {
        CheckCode::Coverage => rows.filter(|h| h.is_short()).collect(),
        _ => rows.collect(),
    };
    let gaps: Vec<&str> = facts.gaps.iter().flatten().map(|g| g.competency_name.as_str()).collect();
    text(
        locale,
        &key,
        &[
            ("closes_on", day(facts.closes_on)),
            ("starts_on", day(facts.starts_on)),
            ("valid_to", day(facts.valid_to)),
            ("gaps", gaps.join(", ")),
            ("quota_left", number(facts.quota_left)),
            ("half_days", half_days(&named, locale)),
            ("days", number(facts.days)),
            ("limit_days", number(facts.limit_days)),
            ("seats_left", number(facts.seats_left)),
            ("half_days_away", number(facts.half_days_away)),
        ],
    )
}

fn half_days(rows: &[&HalfDayFact], locale: Locale) -> String {
    let mut words: Vec<String> = rows
        .iter()
        .take(NAMED_HALF_DAYS)
        .map(|row| {
            let key = match row.half {
                Half::Morning => "half-day-morning",
                Half::Afternoon => "half-day-afternoon",
            };
            text(locale, key, &[("date", date(locale, row.date))])
        })
        .collect();
    words.dedup();
    if rows.len() > NAMED_HALF_DAYS {
        words.push("…".to_owned());
    }
    words.join(", ")
}

/// A length as a number of the API.
pub fn count(length: usize) -> i32 {
    i32::try_from(length).unwrap_or(i32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_check_and_verdict_that_occurs_has_words_in_both_languages() {
        use CheckCode::*;
        use CheckVerdict::{Fail, NotApplicable, Pass, Warning};
        let occurring: [(CheckCode, &[CheckVerdict]); 10] = [
            (OfferingOpen, &[Pass, Fail]),
            (EmployeeActive, &[Pass, Fail]),
            (Audience, &[Pass, Fail]),
            (Need, &[Pass, Warning, Fail, NotApplicable]),
            (Succession, &[Pass, Fail, NotApplicable]),
            (Clash, &[Pass, Fail]),
            (Coverage, &[Pass, Fail, NotApplicable]),
            (AbsenceLimit, &[Pass, Fail, NotApplicable]),
            (Seats, &[Pass, Warning]),
            (StandIn, &[Pass, Fail, NotApplicable]),
        ];
        for (code, verdicts) in occurring {
            for verdict in verdicts {
                let key = format!("check-{}-{}", code.name(), verdict.name()).replace('_', "-");
                for locale in [Locale::Vi, Locale::En] {
                    let facts = CheckFacts::default();
                    let words = message(&Check { code, verdict: *verdict, facts }, locale);
                    assert_ne!(words, key, "no words in {locale:?}");
                }
            }
        }
    }
}
