use chrono::{DateTime, Duration, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::super::model::{Named, PlannedPeople, SpreadOfChange};
use crate::clock::{first_moment, vietnamese_day};
use crate::digest::sha256;
use crate::effectiveness::expected_effects::{ExpectedEffect, ExpectedMeasure};
use crate::effectiveness::measures::METHOD_VERSION;
use crate::error::{Error, Result};
use crate::half_day::{Half, HalfDay};
use statistics::thresholds::{
    BASELINES_COMPARABLE, FALSE_DISCOVERIES, FOLLOW_UP_MINIMUM, PAIRS_SHOWN, POWER, RATERS_INDEPENDENT,
    RATERS_PER_GROUP,
};

/// Hour in Hanoi before which no session begins, in the morning and in the afternoon.
const FIRST_HOURS: [i64; 2] = [7, 12];

/// Who is compared with whom.
const MATCHED: &str = "One untrained colleague for each trained person, chosen before the first session by position, last \
    official class, earlier official scores, place, burden and lot, in this order.";
const BY_LOT: &str = "The seats are drawn by lot. Where the draw leaves ten people or more waiting, these, in the order of \
    their lots, one for each trained person; otherwise one untrained colleague for each trained person, chosen before the \
    first session by position, last official class, earlier official scores, place, burden and lot, in this order.";

/// The moment before which nothing of an offering has taken place.
pub fn begins(first: HalfDay) -> DateTime<Utc> {
    let [morning, afternoon] = FIRST_HOURS;
    let hour = if first.half() == Half::Morning { morning } else { afternoon };
    first_moment(first.date()) + Duration::hours(hour)
}

/// A form that asks about behaviour, as it is asked in an offering.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct FormAsked {
    pub code: String,
    pub revision: i32,
    /// Codes and texts.
    pub items: Vec<ItemAsked>,
}

/// One of its items.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ItemAsked {
    pub code: String,
    pub text: String,
}

/// What is registered of one offering is read of the database: all that does not follow from the method.
#[derive(Debug, Clone, PartialEq)]
pub struct Begun {
    pub offering: Named,
    pub course: Named,
    pub first: HalfDay,
    pub last: HalfDay,
    pub smallest_change: f64,
    pub forms: Vec<FormAsked>,
    pub expected: Vec<ExpectedEffect>,
    /// Whether the seats are drawn by lot.
    pub by_lot: bool,
    pub people: PlannedPeople,
    pub spread: SpreadOfChange,
    /// Points of 5; none where the report could show no difference.
    pub detectable: Option<f64>,
}

/// What is registered, as it is written down. A member that is added later must be optional: documents stay as they are.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Document {
    offering: Named,
    course: Named,
    first_session: NaiveDate,
    last_session: NaiveDate,
    registered_at: DateTime<Utc>,
    before_first_session: bool,
    method_version: String,
    headline: String,
    comparison: String,
    smallest_change: f64,
    thresholds: Thresholds,
    forms: Vec<FormAsked>,
    expected_effects: Vec<Expectation>,
    people: PlannedPeople,
    sd_of_change: SpreadOfChange,
    power: f64,
    detectable_change: Option<f64>,
}

/// The limits of the method that decide what is said, by their names in the service.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Thresholds {
    pairs_shown: usize,
    confidence: f64,
    follow_up_minimum: f64,
    baselines_comparable: f64,
    raters_independent: usize,
    raters_per_group: usize,
    false_discoveries: f64,
}

/// What was expected. Its words may name somebody and must be erasable, so nothing is kept of them: of a short sentence even
/// a digest would give a name away to somebody who tries all names.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Expectation {
    measure: ExpectedMeasure,
    change: f64,
}

/// What a report on an offering says of its registration.
#[derive(Debug, Clone, PartialEq)]
pub struct Registered {
    /// The day in Vietnam.
    pub registered_on: NaiveDate,
    /// SHA-256 of the document, in hexadecimal.
    pub digest: String,
    /// Whether that was before anything took place.
    pub before_first_session: bool,
    /// Points of 5; none where the report could show no difference.
    pub detectable: Option<f64>,
    /// Points of 5.
    pub smallest_change: f64,
    /// Codes and revisions.
    pub forms: Vec<(String, i32)>,
    /// Edition of the method.
    pub method_version: String,
}

/// A registration as it is stored.
#[derive(Debug, Clone, PartialEq)]
pub struct Registration {
    pub registered_at: DateTime<Utc>,
    pub document: String,
    pub digest: String,
}

impl Registration {
    /// Write down what is known at a moment.
    pub fn of(begun: Begun, at: DateTime<Utc>) -> Result<Self> {
        let expectation =
            |effect: &ExpectedEffect| Expectation { measure: effect.measure, change: effect.change };
        let document = Document {
            first_session: begun.first.date(),
            last_session: begun.last.date(),
            registered_at: at,
            before_first_session: at < begins(begun.first),
            method_version: METHOD_VERSION.to_owned(),
            headline: "Behaviour at work, rated by the supervisor, three months after the last session minus before the \
                first: the change of the trained minus that of the comparison group; the change of the trained where \
                fewer than ten people are compared."
                .to_owned(),
            comparison: if begun.by_lot { BY_LOT } else { MATCHED }.to_owned(),
            smallest_change: begun.smallest_change,
            thresholds: Thresholds {
                pairs_shown: PAIRS_SHOWN,
                confidence: 0.95,
                follow_up_minimum: FOLLOW_UP_MINIMUM,
                baselines_comparable: BASELINES_COMPARABLE,
                raters_independent: RATERS_INDEPENDENT,
                raters_per_group: RATERS_PER_GROUP,
                false_discoveries: FALSE_DISCOVERIES,
            },
            expected_effects: begun.expected.iter().map(expectation).collect(),
            offering: begun.offering,
            course: begun.course,
            forms: begun.forms,
            people: begun.people,
            sd_of_change: begun.spread,
            power: POWER,
            detectable_change: begun.detectable,
        };
        let mut document = serde_json::to_string_pretty(&document).map_err(Error::internal)?;
        document.push('\n');
        Ok(Self { registered_at: at, digest: sha256(&document), document })
    }

    /// What it says.
    pub fn read(&self) -> Result<Registered> {
        let document: Document = serde_json::from_str(&self.document).map_err(Error::internal)?;
        let forms = document.forms.into_iter().map(|form| (form.code, form.revision)).collect();
        Ok(Registered {
            registered_on: vietnamese_day(self.registered_at),
            digest: self.digest.clone(),
            before_first_session: document.before_first_session,
            detectable: document.detectable_change,
            smallest_change: document.smallest_change,
            method_version: document.method_version,
            forms,
        })
    }
}

impl Registered {
    /// Whether what is reported now departs from it: another smallest change, a form that was not registered, another edition
    /// of the method (with its limits), or a registration that came after the first session.
    pub fn is_departed_from(&self, smallest_change: f64, forms: &[(String, i32)]) -> bool {
        let same_change = (self.smallest_change - smallest_change).abs() < 1e-9;
        let same_method = self.method_version == METHOD_VERSION;
        !(self.before_first_session
            && same_change
            && same_method
            && forms.iter().all(|form| self.forms.contains(form)))
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::model::TrainedBy;
    use super::*;
    use uuid::Uuid;

    fn begun() -> Begun {
        let named = |code: &str| Named { id: Uuid::from_u128(7), code: code.to_owned() };
        Begun {
            offering: named("BMNN-01-2026"),
            course: named("BMNN-01"),
            first: HalfDay::new("2026-03-09".parse().unwrap(), Half::Morning),
            last: HalfDay::new("2026-03-10".parse().unwrap(), Half::Afternoon),
            smallest_change: 0.25,
            forms: vec![FormAsked {
                code: "behaviour-BMNN-01".to_owned(),
                revision: 2,
                items: vec![ItemAsked {
                    code: "b1".to_owned(), text: "Đóng dấu đúng độ mật".to_owned()
                }],
            }],
            expected: vec![ExpectedEffect {
                behaviour: "Anh Bình trả lời đúng hạn".to_owned(),
                measure: ExpectedMeasure::ThreeMonths,
                change: 0.5,
            }],
            by_lot: false,
            people: PlannedPeople {
                trained: 12,
                trained_by: TrainedBy::Enrolled,
                comparison: 12,
                comparison_assumed: false,
            },
            spread: SpreadOfChange::of(None),
            detectable: Some(0.718),
        }
    }

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn the_digest_is_of_the_very_text_and_of_all_that_stands_in_it() {
        let early = at("2026-03-08T17:05:00Z");
        let one = Registration::of(begun(), early).unwrap();
        assert_eq!(one.digest, sha256(&one.document));
        assert_eq!(one, Registration::of(begun(), early).unwrap());
        let other = Registration::of(Begun { smallest_change: 0.2, ..begun() }, early).unwrap();
        assert_ne!(one.digest, other.digest);
        assert!(one.document.contains("Đóng dấu đúng độ mật") && one.document.ends_with("}\n"));
        assert!(!one.document.contains("Bình"), "words about people stay where they can be erased");
        assert!(!one.document.contains(&sha256("Anh Bình trả lời đúng hạn")));
    }

    /// Midnight in Hanoi is 17:00 of the day before in UTC.
    #[test]
    fn a_registration_of_the_first_morning_counts_until_seven() {
        let before = |moment: &str, half| {
            let first = HalfDay::new("2026-03-09".parse().unwrap(), half);
            let registration = Registration::of(Begun { first, ..begun() }, at(moment)).unwrap();
            let read = registration.read().unwrap();
            assert_eq!(read.registered_on, vietnamese_day(at(moment)));
            read.before_first_session
        };
        assert!(before("2026-03-08T23:59:59Z", Half::Morning));
        assert!(!before("2026-03-09T00:00:00Z", Half::Morning));
        assert!(before("2026-03-09T04:59:59Z", Half::Afternoon));
        assert!(!before("2026-03-09T05:00:00Z", Half::Afternoon));
    }

    #[test]
    fn another_limit_another_form_and_lateness_depart_from_it() {
        let registered = Registration::of(begun(), at("2026-03-08T17:05:00Z")).unwrap().read().unwrap();
        let asked = [("behaviour-BMNN-01".to_owned(), 2)];
        assert!(!registered.is_departed_from(0.25, &asked));
        assert!(!registered.is_departed_from(0.25, &[]), "nobody was asked yet");
        assert!(registered.is_departed_from(0.2, &asked));
        assert!(registered.is_departed_from(0.25, &[("behaviour-BMNN-01".to_owned(), 3)]));
        let older = Registered { method_version: "3".to_owned(), ..registered.clone() };
        assert!(older.is_departed_from(0.25, &asked));
        let late = Registered { before_first_session: false, ..registered };
        assert!(late.is_departed_from(0.25, &asked));
    }
}
