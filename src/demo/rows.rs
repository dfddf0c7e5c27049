//! The rows of the demo ministry, as they are inserted. What is not named here keeps the column's default.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::{Insertable, QueryDsl, QueryResult};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use serde_json::Value;
use uuid::Uuid;

use crate::administration::personal_data_requests::{DataRequestKind, DataRequestStatus};
use crate::db::schema::*;
use crate::evaluation::questionnaires::{Instrument, Items, Words};

/// A moment.
type At = DateTime<Utc>;

macro_rules! rows {
    ($($row:ident of $table:ident { $($column:ident: $kind:ty),+ $(,)? })+) => {
        $(
            #[derive(Insertable, Clone)]
            #[diesel(table_name = $table)]
            pub struct $row { $(pub $column: $kind),+ }
        )+

        /// Everything the demo ministry consists of.
        #[derive(Default)]
        pub struct Rows {
            $(pub $table: Vec<$row>,)+
            /// Unit and head.
            pub heads: Vec<(Uuid, Uuid)>,
        }

        /// The tables that the demo ministry fills.
        pub const FILLED: &[&str] = &[$(stringify!($table)),+];

        impl Rows {
            /// How many there are.
            pub fn count(&self) -> usize {
                [$(self.$table.len()),+].iter().sum()
            }
        }

        /// Rows of one of these tables; none of an unknown one.
        pub async fn stored(conn: &mut AsyncPgConnection, name: &str) -> QueryResult<i64> {
            match name {
                $(stringify!($table) => $table::table.count().get_result(conn).await,)+
                _ => Ok(0),
            }
        }
    };
}

rows! {
    Unit of units {
        id: Uuid, code: String, name: String, kind: &'static str, parent_id: Option<Uuid>,
        created_at: At, updated_at: At,
    }
    Competency of competencies {
        id: Uuid, code: String, name: String, content_area: &'static str, created_at: At, updated_at: At,
    }
    Position of job_positions {
        id: Uuid, code: String, name: String, position_group: &'static str, is_leadership: bool,
        max_consecutive_absence_days: Option<i32>, created_at: At, updated_at: At,
    }
    Requirement of position_requirements {
        id: Uuid, job_position_id: Uuid, competency_id: Uuid, level: i16, is_hard: bool,
        legal_basis: Option<String>, valid_from: NaiveDate, valid_to: Option<NaiveDate>, created_at: At,
    }
    Employee of employees {
        id: Uuid, code: String, full_name: String, name_key: String, email: String,
        phone: Option<String>, unit_id: Uuid, job_position_id: Uuid, category: &'static str,
        status: &'static str, birth_date: Option<NaiveDate>, joined_on: NaiveDate,
        personal_number: Option<String>, created_at: At, updated_at: At,
    }
    EmployeeCompetency of employee_competencies {
        id: Uuid, employee_id: Uuid, competency_id: Uuid, level: i16, source: &'static str,
        certificate_id: Option<Uuid>, valid_from: NaiveDate, valid_to: Option<NaiveDate>, created_at: At,
    }
    Succession of succession_entries {
        id: Uuid, employee_id: Uuid, job_position_id: Uuid, decision_number: String, valid_from: NaiveDate,
        valid_to: NaiveDate, created_at: At, updated_at: At,
    }
    Absence of absences {
        id: Uuid, employee_id: Uuid, kind: &'static str, first_half_day: i32, last_half_day: i32,
        note: Option<String>, created_at: At, updated_at: At,
    }
    CoverageRule of coverage_rules {
        id: Uuid, unit_id: Uuid, position_group: Option<&'static str>, minimum_present: i32, created_at: At,
        updated_at: At,
    }
    Holiday of holidays { day: NaiveDate, name: String, is_working_day: bool }
    Rating of performance_ratings {
        id: Uuid, employee_id: Uuid, regime: &'static str, period_kind: &'static str,
        period_start: NaiveDate, period_end: NaiveDate, score: Option<f64>, common_score: Option<f64>,
        task_score: Option<f64>, class: &'static str, revision: i32, is_current: bool, created_at: At,
    }
    Institute of institutes {
        id: Uuid, code: String, name: String, kind: &'static str, contact_email: String,
        contact_name: String, status: &'static str, decision_number: Option<String>, created_at: At,
        updated_at: At,
    }
    Lecturer of lecturers {
        id: Uuid, institute_id: Uuid, full_name: String, email: Option<String>, degree: &'static str,
        role: &'static str, subjects: Vec<String>, is_active: bool, created_at: At, updated_at: At,
    }
    Course of courses {
        id: Uuid, code: String, institute_id: Uuid, title: String, content_area: &'static str,
        objectives: String, periods: i32, obligation: &'static str, legal_basis: Option<String>,
        behaviours: Vec<String>, smallest_change: f64, minimum_attendance_percent: i32,
        refresh_months: Option<i32>, status: &'static str,
        requested_changes: Option<String>, created_at: At, updated_at: At,
    }
    CourseCompetency of course_competencies { course_id: Uuid, competency_id: Uuid, level: i16 }
    CourseAudience of course_audiences { course_id: Uuid, job_position_id: Uuid }
    Offering of offerings {
        id: Uuid, code: String, course_id: Uuid, institute_id: Uuid, mode: &'static str,
        attendance: &'static str, location: Option<String>, seats: i32, nominations_close_on: NaiveDate,
        status: &'static str, first_half_day: i32, last_half_day: i32, created_at: At, updated_at: At,
    }
    Session of sessions {
        id: Uuid, offering_id: Uuid, half_day: i32, periods: i32, topic: String, lecturer_id: Uuid,
    }
    Plan of training_plans {
        id: Uuid, year: i32, title: String, decision_number: Option<String>, status: &'static str,
        created_at: At, updated_at: At,
    }
    PlanLine of training_plan_lines {
        id: Uuid, training_plan_id: Uuid, unit_id: Uuid, course_id: Uuid, quota: i32, created_at: At,
    }
    Nomination of nominations {
        id: Uuid, offering_id: Uuid, course_id: Uuid, institute_id: Uuid, employee_id: Uuid, unit_id: Uuid,
        basis: &'static str, motive: &'static str, plan_line_id: Option<Uuid>,
        outside_plan_reason: Option<String>, succession_entry_id: Option<Uuid>, stand_in_id: Option<Uuid>,
        expected_effect: String, status: &'static str, decision_reason: Option<String>, checks: Value,
        rule_set: &'static str, nominated_by: Uuid, decided_at: Option<At>, waitlisted_at: Option<At>,
        created_at: At, updated_at: At,
    }
    NominationHalfDay of nomination_half_days { employee_id: Uuid, half_day: i32, nomination_id: Uuid }
    Participant of participants {
        id: Uuid, nomination_id: Uuid, offering_id: Uuid, institute_id: Uuid, employee_id: Uuid,
        unit_id: Uuid, number: i32, status: &'static str, attendance_percent: Option<f64>, created_at: At,
        updated_at: At,
    }
    Attendance of attendance {
        participant_id: Uuid, session_id: Uuid, status: &'static str, recorded_at: At,
    }
    TestResult of results {
        participant_id: Uuid, assessment: &'static str, score: f64, maximum: f64, recorded_at: At,
    }
    Certificate of certificates {
        id: Uuid, number: String, participant_id: Uuid, offering_id: Uuid, institute_id: Uuid,
        employee_id: Uuid, holder_name: String, course_title: String, periods: i32, issued_on: NaiveDate,
        status: &'static str, revoked_reason: Option<String>, created_at: At, updated_at: At,
    }
    CertificateCounter of certificate_counters { institute_id: Uuid, year: i32, last_number: i32 }
    Questionnaire of questionnaires {
        id: Uuid, code: String, revision: i32, title: String, level: i16, audience: &'static str,
        course_id: Option<Uuid>, is_anonymous: bool, items: Items, created_at: At, instrument: Instrument,
        legal_basis: Option<String>, max_blank_percent: Option<i16>, title_en: Option<String>,
        introduction: Option<Words>,
    }
    Evaluation of evaluations {
        id: Uuid, offering_id: Uuid, course_id: Uuid, questionnaire_id: Uuid, phase: &'static str,
        subject_id: Uuid, subject_group: &'static str, participant_id: Uuid, unit_id: Uuid,
        respondent_id: Uuid, opens_on: NaiveDate, due_on: NaiveDate, status: &'static str,
        excuse: Option<String>, answered_on: Option<NaiveDate>, rater: &'static str, created_at: At,
        updated_at: At,
    }
    Response of evaluation_responses {
        evaluation_id: Uuid, answers: Value, score: Option<f64>, submitted_at: At,
    }
    AnonymousResponse of anonymous_responses {
        id: Uuid, offering_id: Uuid, questionnaire_id: Uuid, answers: Value, score: Option<f64>,
        phase: &'static str,
    }
    CorrectiveAction of corrective_actions {
        id: Uuid, institute_id: Uuid, course_id: Uuid, offering_id: Option<Uuid>, finding: String,
        status: &'static str, reply_due_on: NaiveDate, reply: Option<String>, action: Option<String>,
        action_owner: Option<String>, action_due_on: Option<NaiveDate>,
        replied_at: Option<At>, dispute: Option<String>, disputed_at: Option<At>, created_at: At, updated_at: At,
    }
    ExpectedEffects of expected_effects {
        offering_id: Uuid, effects: Value, version: i32, created_at: At, updated_at: At,
    }
    SecondRater of second_raters {
        participant_id: Uuid, employee_id: Option<Uuid>, relation: Option<&'static str>, unit_id: Uuid,
        created_at: At, updated_at: At,
    }
    SeatDraw of seat_draws {
        offering_id: Uuid, status: &'static str, seed: String, seed_digest: String,
        next_offering_id: Option<Uuid>, held_at: Option<At>, version: i32, created_at: At, updated_at: At,
    }
    SeatDrawEntry of seat_draw_entries {
        nomination_id: Uuid, offering_id: Uuid, employee_id: Uuid, place: i32, outcome: &'static str,
    }
    PersonalDataRequest of personal_data_requests {
        id: Uuid, employee_id: Uuid, kind: DataRequestKind, details: Option<String>, corrections: Option<Value>,
        status: DataRequestStatus, received_on: NaiveDate, recorded_by: Uuid, acknowledge_by: NaiveDate,
        acknowledged_on: Option<NaiveDate>, due_on: NaiveDate, extended_on: Option<NaiveDate>,
        extension_reason: Option<String>, decided_on: Option<NaiveDate>, refusal_reason: Option<String>,
        created_at: At, updated_at: At,
    }
    Account of accounts {
        id: Uuid, username: String, display_name: String, kind: &'static str, secret_hash: String,
        employee_id: Option<Uuid>, institute_id: Option<Uuid>, is_active: bool, created_at: At,
        updated_at: At,
    }
    Delegation of delegations {
        id: Uuid, unit_id: Uuid, principal_account_id: Uuid, deputy_account_id: Uuid, reason: Option<String>,
        valid_from: NaiveDate, valid_to: NaiveDate, created_at: At, updated_at: At,
    }
    RoleAssignment of role_assignments {
        id: Uuid, account_id: Uuid, role: &'static str, unit_id: Option<Uuid>, created_at: At,
    }
}
