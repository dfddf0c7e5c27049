use chrono::{DateTime, Days, NaiveDate, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use strum::{EnumString, IntoStaticStr};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::db::schema::personal_data_requests;
use crate::db::text_enum;
use crate::error::{Error, Faults, FieldError, Result, Rule};
use crate::organisation::employees::Corrections;
use crate::transition::Transition;

/// Kind of a request concerning personal data (Law 91/2025/QH15, Art. 4): `view` (see the data),
/// `correction`, `copy` (receive a copy), `restriction` (restrict the processing), `objection` (object to the
/// processing), `consent_withdrawal` (withdraw a consent), `erasure`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[derive(EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum DataRequestKind {
    /// To see the data that are held.
    View,
    /// To correct the data.
    Correction,
    /// To receive a copy of the data.
    Copy,
    /// To restrict the processing of the data.
    Restriction,
    /// To object to the processing of the data.
    Objection,
    /// To withdraw a consent.
    ConsentWithdrawal,
    /// To erase the data.
    Erasure,
}

text_enum!(DataRequestKind);

/// Working days in which a request is acknowledged (Decree 356/2025/NĐ-CP, Art. 5).
const ACKNOWLEDGE_WORKING_DAYS: usize = 2;

/// The last day on which a request is acknowledged in time: the second working day after it came. `works` tells which
/// days are worked (holidays are not, some Saturdays are).
pub fn acknowledge_by(received_on: NaiveDate, works: impl Fn(NaiveDate) -> bool) -> NaiveDate {
    let mut worked = received_on.iter_days().skip(1).filter(|day| works(*day));
    worked.nth(ACKNOWLEDGE_WORKING_DAYS - 1).unwrap_or(received_on)
}

impl DataRequestKind {
    /// Days in which a request is fulfilled, and the most that its one extension adds (Decree 356/2025/NĐ-CP, Art. 5).
    /// Calendar days: sources differ, and this is the stricter reading.
    pub const fn days(self) -> u64 {
        match self {
            Self::View | Self::Correction | Self::Copy => 10,
            Self::Restriction | Self::Objection | Self::ConsentWithdrawal => 15,
            Self::Erasure => 20,
        }
    }

    /// The last day on which a request is fulfilled in time.
    pub fn due_on(self, received_on: NaiveDate) -> NaiveDate {
        received_on + Days::new(self.days())
    }

    /// Whether a fulfilled request opens the export.
    pub const fn opens_export(self) -> bool {
        matches!(self, Self::View | Self::Copy)
    }
}

/// State of a request: `received` (not handled yet), `acknowledged` (the person was informed that it arrived
/// and how it is handled), `fulfilled`, `refused` (with a reason).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[derive(EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum DataRequestStatus {
    /// Received and not handled yet.
    Received,
    /// The person was informed that the request arrived and how it is handled.
    Acknowledged,
    /// Fulfilled as requested.
    Fulfilled,
    /// Refused, with a reason.
    Refused,
}

text_enum!(DataRequestStatus);

/// What is done with a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    Acknowledge,
    Extend,
    Fulfil,
    Refuse,
}

impl Action {
    /// THE TRANSITION TABLE: the states that allow an action, and the state it leads to.
    const fn transition(self) -> Transition<DataRequestStatus> {
        use DataRequestStatus::{Acknowledged, Fulfilled, Received, Refused};
        match self {
            Self::Acknowledge => Transition::to(&[Received], Acknowledged),
            Self::Extend => Transition::stay(&[Acknowledged]),
            Self::Fulfil => Transition::to(&[Received, Acknowledged], Fulfilled),
            Self::Refuse => Transition::to(&[Received, Acknowledged], Refused),
        }
    }

    /// Name of the event that announces it.
    pub const fn event(self) -> &'static str {
        match self {
            Self::Acknowledge => "personal_data_request.acknowledged",
            Self::Extend => "personal_data_request.extended",
            Self::Fulfil => "personal_data_request.fulfilled",
            Self::Refuse => "personal_data_request.refused",
        }
    }
}

impl DataRequestStatus {
    /// States in which the clocks run.
    pub const OPEN: [Self; 2] = [Self::Received, Self::Acknowledged];

    /// The state after an action.
    pub(super) fn step(self, action: Action) -> Result<Self> {
        action.transition().step(self, Self::name)
    }
}

/// A request as stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = personal_data_requests, check_for_backend(diesel::pg::Pg))]
pub struct DataRequest {
    pub id: Uuid,
    pub employee_id: Uuid,
    pub kind: DataRequestKind,
    pub details: Option<String>,
    /// [`Corrections`], as JSON.
    pub corrections: Option<Value>,
    pub status: DataRequestStatus,
    pub received_on: NaiveDate,
    pub acknowledge_by: NaiveDate,
    pub acknowledged_on: Option<NaiveDate>,
    pub due_on: NaiveDate,
    pub extended_on: Option<NaiveDate>,
    pub extension_reason: Option<String>,
    pub decided_on: Option<NaiveDate>,
    pub refusal_reason: Option<String>,
    pub recorded_by: Uuid,
    pub asked_by_person: bool,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// Why a request is not extended.
#[derive(Debug, Serialize)]
struct NotExtendable {
    due_on: NaiveDate,
    extended_on: Option<NaiveDate>,
}

impl DataRequest {
    /// Whether one of its clocks has run out.
    pub fn is_overdue(&self, today: NaiveDate) -> bool {
        let unacknowledged = self.acknowledged_on.is_none() && self.acknowledge_by < today;
        DataRequestStatus::OPEN.contains(&self.status) && (self.due_on < today || unacknowledged)
    }

    /// The day until which an extension by some days gives time: once, before it is due, and at most as many days as
    /// the law gave at first (Decree 356/2025/NĐ-CP, Art. 5).
    pub fn extended_by(&self, days: u64, today: NaiveDate) -> Result<NaiveDate> {
        self.status.step(Action::Extend)?;
        if self.extended_on.is_some() || self.due_on < today {
            let why = NotExtendable { due_on: self.due_on, extended_on: self.extended_on };
            return Err(Error::refused(Rule::ExtensionNotPossible, &why));
        }
        if days > self.kind.days() {
            let fault = FieldError::new("/days", "too_large").with("limit", self.kind.days());
            return Err(fault.into());
        }
        Ok(self.due_on + Days::new(days))
    }

    /// What it asks to correct.
    pub fn corrections(&self) -> Result<Corrections> {
        let stored = self.corrections.clone().unwrap_or_else(|| Value::Object(serde_json::Map::new()));
        serde_json::from_value(stored).map_err(Error::internal)
    }
}

/// What is needed to record a request.
#[derive(Debug, Clone)]
pub struct Draft {
    /// Employee whose data the request is about; the caller if absent.
    pub employee_id: Option<Uuid>,
    pub kind: DataRequestKind,
    pub details: Option<String>,
    pub corrections: Option<Corrections>,
    /// Day on which it was received; today if absent.
    pub received_on: Option<NaiveDate>,
}

impl Draft {
    /// A correction says what to correct, and nothing else does; a request did not come in the future, and only who
    /// handles requests records one that came earlier, on paper.
    pub fn check(&self, today: NaiveDate, handles: bool) -> Result<()> {
        let mut faults = Vec::new();
        match (self.kind, &self.corrections) {
            (DataRequestKind::Correction, None) => faults.push(("/corrections", "required")),
            (DataRequestKind::Correction, Some(none)) if *none == Corrections::default() => {
                faults.push(("/corrections", "empty_patch"));
            }
            (DataRequestKind::Correction, Some(_)) | (_, None) => {}
            (_, Some(_)) => faults.push(("/corrections", "not_applicable")),
        }
        if self.received_on.is_some_and(|day| day > today) {
            faults.push(("/received_on", "out_of_range"));
        } else if !handles && self.received_on.is_some_and(|day| day != today) {
            faults.push(("/received_on", "not_applicable"));
        }
        let faults: Faults =
            faults.into_iter().map(|(pointer, code)| FieldError::new(pointer, code)).collect();
        faults.check()
    }
}

/// A request to write, with its clocks.
#[derive(Debug, Clone)]
pub struct New {
    pub employee_id: Uuid,
    pub kind: DataRequestKind,
    pub details: Option<String>,
    pub corrections: Option<Value>,
    pub received_on: NaiveDate,
    pub acknowledge_by: NaiveDate,
    /// Whether the person concerned asks, or somebody records it.
    pub asked_by_person: bool,
}

/// What changes; absent members stay.
#[derive(Debug, Clone, Default, AsChangeset)]
#[diesel(table_name = personal_data_requests)]
pub struct Change {
    pub status: Option<DataRequestStatus>,
    pub acknowledged_on: Option<NaiveDate>,
    pub due_on: Option<NaiveDate>,
    pub extended_on: Option<NaiveDate>,
    pub extension_reason: Option<String>,
    pub decided_on: Option<NaiveDate>,
    pub refusal_reason: Option<String>,
}

#[cfg(test)]
mod tests {
    use chrono::{Datelike, Duration, Weekday};
    use proptest::prelude::*;

    use super::DataRequestKind::*;
    use super::DataRequestStatus::*;
    use super::*;

    const KINDS: [DataRequestKind; 7] =
        [View, Correction, Copy, Restriction, Objection, ConsentWithdrawal, Erasure];

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn weekday(day: NaiveDate) -> bool {
        !matches!(day.weekday(), Weekday::Sat | Weekday::Sun)
    }

    fn request(kind: DataRequestKind, received_on: NaiveDate) -> DataRequest {
        DataRequest {
            id: Uuid::nil(),
            employee_id: Uuid::nil(),
            kind,
            details: None,
            corrections: None,
            status: Acknowledged,
            received_on,
            acknowledge_by: acknowledge_by(received_on, weekday),
            acknowledged_on: Some(received_on),
            due_on: kind.due_on(received_on),
            extended_on: None,
            extension_reason: None,
            decided_on: None,
            refusal_reason: None,
            recorded_by: Uuid::nil(),
            asked_by_person: true,
            version: 1,
            created_at: DateTime::default(),
            updated_at: DateTime::default(),
        }
    }

    #[test]
    fn every_state_and_action() {
        for (from, expected) in [
            (Received, [Some(Acknowledged), None, Some(Fulfilled), Some(Refused)]),
            (Acknowledged, [None, Some(Acknowledged), Some(Fulfilled), Some(Refused)]),
            (Fulfilled, [None; 4]),
            (Refused, [None; 4]),
        ] {
            let reached = [Action::Acknowledge, Action::Extend, Action::Fulfil, Action::Refuse]
                .map(|action| from.step(action).ok());
            assert_eq!(reached, expected, "from {}", from.name());
        }
    }

    /// The vector of the rule's own table.
    #[test]
    fn a_correction_that_came_on_a_friday() {
        let friday = day("2026-01-02");
        assert_eq!(acknowledge_by(friday, weekday), day("2026-01-06"));
        assert_eq!(Correction.due_on(friday), day("2026-01-12"));
    }

    #[test]
    fn holidays_move_the_acknowledgement_and_a_worked_saturday_counts() {
        let tet = |day: NaiveDate| weekday(day) && !(16..=20).contains(&day.day());
        assert_eq!(acknowledge_by(day("2026-02-13"), tet), day("2026-02-24"));
        let swapped = |day: NaiveDate| weekday(day) || day == self::day("2026-08-22");
        assert_eq!(acknowledge_by(day("2026-08-20"), swapped), day("2026-08-22"));
    }

    #[test]
    fn one_extension_before_it_is_due_and_within_the_law() {
        let came = day("2026-03-02");
        let mut erasure = request(Erasure, came);
        assert_eq!(erasure.extended_by(20, came).ok(), Some(came + Duration::days(40)));
        assert!(erasure.extended_by(21, came).is_err());
        assert!(erasure.extended_by(1, erasure.due_on).is_ok());
        assert!(erasure.extended_by(1, erasure.due_on + Duration::days(1)).is_err());
        erasure.extended_on = Some(came);
        assert!(erasure.extended_by(1, came).is_err());
        assert!(request(View, came).extended_by(11, came).is_err());
    }

    #[test]
    fn a_request_is_late_from_the_day_after_its_clock_on() {
        let came = day("2026-03-02");
        let mut view = request(View, came);
        assert!(!view.is_overdue(view.due_on));
        assert!(view.is_overdue(view.due_on + Duration::days(1)));
        view.acknowledged_on = None;
        assert!(!view.is_overdue(day("2026-03-04")));
        assert!(view.is_overdue(day("2026-03-05")), "nobody acknowledged it");
        view.status = Refused;
        assert!(!view.is_overdue(day("2027-01-01")));
    }

    proptest! {
        #[test]
        fn clocks_never_run_backwards(offset in 0_i64..20_000, off in proptest::collection::vec(0_i64..30, 0..12)) {
            let came = day("2000-01-01") + Duration::days(offset);
            let holidays: Vec<NaiveDate> = off.iter().map(|d| came + Duration::days(*d)).collect();
            let works = |day: NaiveDate| weekday(day) && !holidays.contains(&day);
            let by = acknowledge_by(came, works);
            prop_assert!(works(by));
            let worked = came.iter_days().skip(1).take_while(|d| *d <= by).filter(|d| works(*d)).count();
            prop_assert_eq!(worked, ACKNOWLEDGE_WORKING_DAYS);
            for kind in KINDS {
                let due = kind.due_on(came);
                prop_assert_eq!((due - came).num_days(), i64::try_from(kind.days()).unwrap());
                let most = request(kind, came).extended_by(kind.days(), came).unwrap();
                prop_assert_eq!(most - due, due - came);
            }
        }
    }
}
