use std::collections::{BTreeMap, HashSet};

use chrono::Duration;
use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::catalogue::offerings::OfferingStatus;
use crate::participation::nominations::facts::{
    BusyCause, CoverageRule, Employee, Presence, StandIn, Succession,
};
use crate::participation::nominations::model::NominationMotive;

const ME: Uuid = Uuid::from_u128(1);
const POST: Uuid = Uuid::from_u128(2);
const UNIT: Uuid = Uuid::from_u128(3);
const SKILL: Uuid = Uuid::from_u128(4);

/// Tuesday, 3 March 2026; the tests' today is the Monday before.
fn tuesday() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 3, 3).unwrap()
}

fn full_days(first: NaiveDate, days: i64) -> Vec<HalfDay> {
    (0..days)
        .flat_map(|d| [Half::Morning, Half::Afternoon].map(|h| HalfDay::new(first + Duration::days(d), h)))
        .collect()
}

fn employee(id: Uuid) -> Employee {
    Employee {
        id,
        unit_id: UNIT,
        job_position_id: POST,
        status: EmployeeStatus::Active,
        position_group: "clerk".to_owned(),
        restricted: false,
        max_absence_days: None,
    }
}

struct World {
    draft: Draft,
    person: Person,
    offering: Offering,
    stage: Stage,
}

fn world() -> World {
    World {
        draft: Draft {
            employee_id: ME,
            offering_id: Uuid::from_u128(9),
            basis: NominationBasis::PositionNeed,
            motive: NominationMotive::Planned,
            plan_line_id: None,
            outside_plan_reason: None,
            succession_entry_id: None,
            stand_in_id: None,
            expected_effect: "…".to_owned(),
            note: None,
        },
        person: Person {
            employee: employee(ME),
            gaps: vec![CompetencyGap {
                competency_id: SKILL,
                competency_code: "BM".to_owned(),
                competency_name: "Bảo mật".to_owned(),
                required_level: 3,
                held_level: Some(2),
            }],
            succession: None,
            busy: BTreeMap::new(),
            presence: Presence::default(),
            stand_in: None,
            nominated_for: HashSet::new(),
        },
        offering: Offering {
            id: Uuid::from_u128(9),
            code: "O".to_owned(),
            course_id: Uuid::from_u128(8),
            institute_id: Uuid::from_u128(7),
            course_code: "C".to_owned(),
            course_title: "C".to_owned(),
            content_area: "professional_skill".to_owned(),
            mode: "in_person".to_owned(),
            status: OfferingStatus::Open,
            nominations_close_on: tuesday() - Duration::days(1),
            seats: 1,
            taken: 0,
            half_days: full_days(tuesday(), 3),
            audience: vec![],
            builds: vec![(SKILL, 3)],
            plan_lines: vec![],
        },
        stage: Stage::Nominate,
    }
}

impl World {
    fn on(&self, today: NaiveDate, code: CheckCode) -> Check {
        let case = Case {
            today,
            stage: self.stage,
            draft: &self.draft,
            person: &self.person,
            offering: &self.offering,
        };
        case.checks().into_iter().find(|c| c.code == code).unwrap()
    }

    fn verdict(&self, code: CheckCode) -> CheckVerdict {
        self.on(tuesday() - Duration::days(1), code).verdict
    }
}

use CheckCode::{AbsenceLimit, Audience, Clash, Coverage, EmployeeActive, Need, OfferingOpen, Seats};
use CheckVerdict::{Fail, NotApplicable, Pass, Warning};

fn line(quota: i32, used: i32) -> PlanLine {
    PlanLine { id: Uuid::from_u128(50), year: 2026, quota, used }
}

#[test]
fn nominations_end_with_their_last_day_but_decisions_only_with_the_start() {
    let mut w = world();
    w.offering.nominations_close_on = tuesday() - Duration::days(3);
    assert_eq!(w.verdict(OfferingOpen), Fail);
    w.stage = Stage::Decide;
    assert_eq!(w.verdict(OfferingOpen), Pass);
    assert_eq!(w.on(tuesday(), OfferingOpen).verdict, Fail, "it has started");
    w.offering.status = OfferingStatus::Closed;
    assert_eq!(w.verdict(OfferingOpen), Fail);
}

#[test]
fn only_people_at_work_are_sent() {
    let mut w = world();
    assert_eq!(w.verdict(EmployeeActive), Pass);
    w.person.employee.status = EmployeeStatus::OnLeave;
    assert_eq!(w.verdict(EmployeeActive), Fail);
}

#[test]
fn the_audience_is_everybody_the_position_or_the_planned_post() {
    let mut w = world();
    assert_eq!(w.verdict(Audience), Pass);
    let planned = Uuid::from_u128(77);
    w.offering.audience = vec![planned];
    assert_eq!(w.verdict(Audience), Fail);
    w.person.succession = Some(succession(planned));
    assert_eq!(w.verdict(Audience), Fail, "the basis is not succession");
    w.draft.basis = NominationBasis::Succession;
    assert_eq!(
        w.verdict(Audience),
        NotApplicable,
        "that the course does not prepare for the post is said once"
    );
    assert_eq!(w.verdict(CheckCode::Succession), Fail);
    w.offering.content_area = "state_management".to_owned();
    assert_eq!(w.verdict(Audience), Pass);
    w.offering.audience = vec![Uuid::from_u128(78)];
    assert_eq!(w.verdict(Audience), Fail, "it prepares for posts, but not for this one");
    assert_eq!(w.verdict(CheckCode::Succession), Pass);
    w.draft.basis = NominationBasis::PositionNeed;
    w.offering.audience = vec![POST];
    assert_eq!(w.verdict(Audience), Pass);
}

#[test]
fn a_need_is_a_plan_line_or_a_gap() {
    let mut w = world();
    assert_eq!(w.verdict(Need), Warning, "a gap without a plan line");
    w.offering.plan_lines = vec![line(2, 1)];
    assert_eq!(w.verdict(Need), Pass);
    w.offering.plan_lines = vec![line(2, 2)];
    assert_eq!(w.verdict(Need), Warning, "the quota is used up");
    w.person.gaps.clear();
    assert_eq!(w.verdict(Need), Fail);
    w.draft.outside_plan_reason = Some("…".to_owned());
    assert_eq!(w.verdict(Need), Fail, "a reason alone is no need");
    w.draft.outside_plan_reason = None;
    w.offering.plan_lines = vec![line(2, 1)];
    assert_eq!(w.verdict(Need), Pass, "a plan line alone is one");
    w.draft.plan_line_id = Some(Uuid::from_u128(51));
    assert_eq!(w.verdict(Need), Fail, "another unit's line is none");
}

#[test]
fn a_course_that_stops_below_the_required_level_closes_no_gap() {
    let mut w = world();
    w.offering.builds = vec![(SKILL, 2)];
    assert_eq!(w.verdict(Need), Fail);
}

fn succession(post: Uuid) -> Succession {
    Succession {
        employee_id: ME,
        job_position_id: post,
        valid_from: tuesday() - Duration::days(100),
        valid_to: tuesday() + Duration::days(100),
        required: HashSet::new(),
    }
}

#[test]
fn succession_needs_ones_own_valid_place_and_a_course_that_prepares_for_the_post() {
    let mut w = world();
    assert_eq!(w.verdict(CheckCode::Succession), NotApplicable);
    w.draft.basis = NominationBasis::Succession;
    assert_eq!(w.verdict(CheckCode::Succession), Fail, "no place on a list");
    w.person.succession = Some(succession(POST));
    assert_eq!(w.verdict(CheckCode::Succession), Fail, "professional skill for no requirement");
    for area in ["political_theory", "state_management", "defence_security"] {
        w.offering.content_area = area.to_owned();
        assert_eq!(w.verdict(CheckCode::Succession), Pass);
    }
    w.offering.content_area = "professional_skill".to_owned();
    w.person.succession.as_mut().unwrap().required.insert(SKILL);
    assert_eq!(w.verdict(CheckCode::Succession), Pass);
    w.person.succession.as_mut().unwrap().valid_to = tuesday() - Duration::days(1);
    assert_eq!(w.verdict(CheckCode::Succession), Fail, "no longer valid");
    w.person.succession = Some(Succession { employee_id: UNIT, ..succession(POST) });
    w.offering.content_area = "political_theory".to_owned();
    let foreign = w.on(tuesday() - Duration::days(1), CheckCode::Succession);
    assert_eq!((foreign.verdict, foreign.facts.valid_to), (Fail, None));
}

#[test]
fn a_clash_names_the_half_day_and_what_takes_it() {
    let mut w = world();
    assert_eq!(w.verdict(Clash), Pass);
    w.person.busy.insert(HalfDay::new(tuesday(), Half::Afternoon), BusyCause::Absence);
    w.person.busy.insert(HalfDay::new(tuesday() + Duration::days(9), Half::Morning), BusyCause::Nomination);
    let clash = w.on(tuesday() - Duration::days(1), Clash);
    assert_eq!(clash.verdict, Fail);
    let half_days = clash.facts.half_days.unwrap();
    assert_eq!(half_days.len(), 1);
    assert_eq!((half_days[0].date, half_days[0].half), (tuesday(), Half::Afternoon));
    assert_eq!(half_days[0].cause, Some(BusyCause::Absence));
}

#[test]
fn coverage_counts_by_rule_and_half_day() {
    let mut w = world();
    assert_eq!(w.verdict(Coverage), NotApplicable);
    let (a, b) = (Uuid::from_u128(21), Uuid::from_u128(22));
    w.person.presence = Presence {
        rules: vec![
            CoverageRule { position_group: None, minimum: 2 },
            CoverageRule { position_group: Some("clerk".to_owned()), minimum: 1 },
        ],
        colleagues: vec![(a, "clerk".to_owned()), (b, "driver".to_owned())],
        away: BTreeMap::new(),
    };
    assert_eq!(w.verdict(Coverage), Pass);
    w.person.presence.away.insert(HalfDay::new(tuesday(), Half::Morning), HashSet::from([b]));
    let coverage = w.on(tuesday() - Duration::days(1), Coverage);
    assert_eq!(coverage.verdict, Fail);
    let rows = coverage.facts.half_days.unwrap();
    assert_eq!(rows.len(), 12, "six half-days, two rules");
    let short: Vec<_> = rows.iter().filter(|h| h.is_short()).collect();
    assert_eq!(short.len(), 1);
    assert_eq!((short[0].present, short[0].minimum, short[0].half), (Some(1), Some(2), Half::Morning));
}

#[test]
fn adjoining_absences_lengthen_the_run_and_half_days_at_work_break_it() {
    let mut w = world();
    assert_eq!(w.verdict(AbsenceLimit), NotApplicable);
    w.person.employee.max_absence_days = Some(3);
    assert_eq!(w.verdict(AbsenceLimit), Pass);
    let friday = tuesday() + Duration::days(3);
    for half_day in full_days(friday, 1) {
        w.person.busy.insert(half_day, BusyCause::Absence);
    }
    let check = w.on(tuesday() - Duration::days(1), AbsenceLimit);
    assert_eq!((check.verdict, check.facts.days), (Fail, Some(4)));
    w.person.busy.clear();
    // A long leave that does not touch the course is none of its business.
    for half_day in full_days(tuesday() + Duration::days(13), 5) {
        w.person.busy.insert(half_day, BusyCause::Absence);
    }
    assert_eq!(w.verdict(AbsenceLimit), Pass);
    w.offering.half_days.retain(|h| h.half() == Half::Morning);
    assert_eq!(w.on(tuesday() - Duration::days(1), AbsenceLimit).facts.days, Some(0));
}

#[test]
fn a_full_offering_is_a_warning() {
    let mut w = world();
    assert_eq!(w.verdict(Seats), Pass);
    w.offering.taken = 1;
    assert_eq!(w.verdict(Seats), Warning);
}

#[test]
fn a_stand_in_is_someone_else_who_is_there() {
    let mut w = world();
    assert_eq!(w.verdict(CheckCode::StandIn), NotApplicable);
    let other = Uuid::from_u128(31);
    let stand_in = |id, unit, group: &str, away: &[HalfDay]| {
        let mut e = employee(id);
        e.unit_id = unit;
        e.position_group = group.to_owned();
        Some(StandIn { employee: e, away: away.iter().copied().collect() })
    };
    let foreign = Uuid::from_u128(32);
    let away = [HalfDay::new(tuesday(), Half::Morning)];
    for (candidate, expected) in [
        (stand_in(other, UNIT, "driver", &[]), Pass),
        (stand_in(other, foreign, "clerk", &[]), Pass),
        (stand_in(other, foreign, "driver", &[]), Fail),
        (stand_in(ME, UNIT, "clerk", &[]), Fail),
        (stand_in(other, UNIT, "clerk", &away), Fail),
    ] {
        w.person.stand_in = candidate;
        assert_eq!(w.verdict(CheckCode::StandIn), expected);
    }
}

proptest! {
    /// Regardless of who else is away, coverage fails exactly when some half-day of the offering falls short.
    #[test]
    fn coverage_is_what_counting_by_hand_gives(
        away in proptest::collection::vec(proptest::collection::vec(any::<bool>(), 4), 6),
        minimum in 1i32..5,
    ) {
        let mut w = world();
        let colleagues: Vec<_> = (0..4u128).map(|i| (Uuid::from_u128(100 + i), "clerk".to_owned())).collect();
        let half_days = w.offering.half_days.clone();
        let by_hand = away.iter().any(|row| row.iter().filter(|a| !**a).count() < usize::try_from(minimum).unwrap());
        w.person.presence = Presence {
            rules: vec![CoverageRule { position_group: None, minimum }],
            away: half_days.iter().zip(&away).map(|(h, row)| {
                (*h, colleagues.iter().zip(row).filter(|(_, a)| **a).map(|((id, _), _)| *id).collect())
            }).collect(),
            colleagues,
        };
        prop_assert_eq!(w.verdict(Coverage) == Fail, by_hand);
    }

    /// Being busy more never makes a case better.
    #[test]
    fn more_absences_never_help(busy in proptest::collection::btree_set(-20i32..20, 0..20), more in -20i32..20) {
        let mut w = world();
        w.person.employee.max_absence_days = Some(3);
        let first = HalfDay::new(tuesday(), Half::Morning).0;
        w.person.busy = busy.iter().map(|h| (HalfDay(first + h), BusyCause::Absence)).collect();
        let days = |w: &World| w.on(tuesday() - Duration::days(1), AbsenceLimit).facts.days;
        let clash = |w: &World| w.on(tuesday() - Duration::days(1), Clash).facts.half_days.unwrap().len();
        let before = (days(&w), clash(&w));
        w.person.busy.insert(HalfDay(first + more), BusyCause::Nomination);
        prop_assert!(days(&w) >= before.0 && clash(&w) >= before.1);
        prop_assert!(days(&w) >= Some(3), "three full days of the course itself");
    }
}
