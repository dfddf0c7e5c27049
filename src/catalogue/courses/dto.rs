use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::{Validate, ValidationError};

use super::model::{Build, Change, ContentArea, CourseStatus, Detailed, Draft, Edit, Obligation};
use crate::http::{check, list_query};
use crate::patch::{kept, nullable};

/// Smallest change that matters unless the course says otherwise, in points of 5.
const SMALLEST_CHANGE: f64 = 0.25;
/// Share of half-days to attend unless the programme says otherwise, percent.
const MINIMUM_ATTENDANCE_PERCENT: i32 = 80;

list_query! {
    /// Filters of the course list.
    CoursesQuery {
        /// Only the course with exactly this code, up to 50 characters.
        #[param(max_length = 50)]
        #[validate(length(max = 50))]
        code: String,
        /// Words to search for in the code and the title: each must be the beginning of a word there; case
        /// and accents do not matter; up to 200 characters.
        #[param(max_length = 200)]
        #[validate(length(max = 200))]
        q: String,
        /// Only courses in this area of content.
        content_area: ContentArea,
        /// Only courses of the institute with this identifier (UUID).
        institute_id: Uuid,
        /// Only courses in this state.
        status: CourseStatus,
        /// Only courses that a rule requires (`mandatory`), or only voluntary ones (`encouraged`).
        obligation: Obligation,
        /// Only courses that develop the competency with this identifier (UUID).
        competency_id: Uuid,
    }
}

/// A competency that a course develops, and the level that participants reach.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"competency_id": "0199f0c4-5a7e-7000-8000-000000000001", "level": 3}))]
pub struct BuildDto {
    /// Competency that the course develops (UUID).
    pub competency_id: Uuid,
    /// Level of the competency that participants reach, 1 (lowest) to 5.
    #[validate(range(min = 1, max = 5))]
    #[schema(minimum = 1, maximum = 5)]
    pub level: i16,
}

/// A behaviour at work that the course is to improve, 1 to 300 characters.
#[derive(ToSchema)]
#[schema(min_length = 1, max_length = 300)]
#[expect(dead_code, reason = "for the document: elements of a list have no bounds otherwise")]
struct CourseBehaviour(String);

/// A course to create.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = "create_lists", skip_on_field_errors = false))]
#[schema(example = json!({
    "code": "BMNN-24", "title": "Bảo vệ bí mật nhà nước", "content_area": "professional_skill",
    "objectives": "Xác định đúng độ mật; soạn thảo, sao, giao nhận và lưu giữ tài liệu mật đúng quy định.",
    "periods": 24, "obligation": "mandatory", "legal_basis": "Luật Bảo vệ bí mật nhà nước 2018, Điều 26",
    "behaviours": ["Xác định đúng độ mật khi soạn thảo", "Đăng ký tài liệu mật trong ngày",
        "Không soạn tài liệu mật trên máy nối mạng", "Giao nhận tài liệu mật có ký nhận",
        "Hướng dẫn đồng nghiệp làm đúng"],
    "smallest_change": 0.25, "minimum_attendance_percent": 80, "refresh_months": 36,
    "builds": [{"competency_id": "0199f0c4-5a7e-7000-8000-000000000001", "level": 3}], "audience": []
}))]
pub struct CreateCourse {
    /// Code by which other systems know the course, unique, 1 to 50 characters; it never changes.
    #[validate(length(min = 1, max = 50), custom(function = "check::code"))]
    #[schema(min_length = 1, max_length = 50, pattern = "^[0-9A-Za-zÀ-ÖØ-öø-ɏḀ-ỿ._-]+$")]
    pub code: String,
    /// Title of the course, 1 to 300 characters.
    #[validate(length(min = 1, max = 300))]
    #[schema(min_length = 1, max_length = 300)]
    pub title: String,
    /// Area of content of the course.
    pub content_area: ContentArea,
    /// What participants can do after the course, 1 to 4000 characters.
    #[validate(length(min = 1, max = 4000))]
    #[schema(min_length = 1, max_length = 4000)]
    pub objectives: String,
    /// Length of the course in periods (tiết), 1 to 2000.
    #[validate(range(min = 1, max = 2000))]
    #[schema(minimum = 1, maximum = 2000)]
    pub periods: i32,
    /// Whether a rule requires the course (`mandatory`) or it is voluntary (`encouraged`).
    pub obligation: Obligation,
    /// Rule that requires the course or on which it is based, 1 to 500 characters; absent if there is none.
    #[validate(length(min = 1, max = 500))]
    #[schema(min_length = 1, max_length = 500)]
    pub legal_basis: Option<String>,
    /// Five behaviours at work that the course is to improve, each 1 to 300 characters; the supervisor rates
    /// them before and after the course.
    #[validate(length(min = 5, max = 5), custom(function = "check_behaviours"))]
    #[schema(value_type = Vec<CourseBehaviour>, min_items = 5, max_items = 5)]
    pub behaviours: Vec<String>,
    /// Smallest improvement in the ratings of the behaviours that matters in practice, in points of the scale
    /// of 5, 0.01 to 2; 0.25 if absent. It is set before there are results.
    #[serde(default = "smallest_change")]
    #[validate(range(min = 0.01, max = 2.0))]
    #[schema(minimum = 0.01, maximum = 2.0, default = smallest_change)]
    pub smallest_change: f64,
    /// Share of the half-days that a participant must attend to receive the certificate, percent, 50 to 100;
    /// 80 if absent (Circular 03/2023/TT-BNV, Art. 6).
    #[serde(default = "minimum_attendance_percent")]
    #[validate(range(min = 50, max = 100))]
    #[schema(minimum = 50, maximum = 100, default = minimum_attendance_percent)]
    pub minimum_attendance_percent: i32,
    /// Months after which the course should be taken again, 1 to 120; absent if never.
    #[validate(range(min = 1, max = 120))]
    #[schema(minimum = 1, maximum = 120)]
    pub refresh_months: Option<i32>,
    /// Competencies that the course develops, up to 20, each with the level that participants reach.
    #[serde(default)]
    #[validate(nested)]
    #[schema(max_items = 20)]
    pub builds: Vec<BuildDto>,
    /// Job positions that the course is for (identifiers, UUID), up to 200; empty if it is for everybody.
    #[serde(default)]
    #[schema(max_items = 200)]
    pub audience: Vec<Uuid>,
}

/// Changes of a course (merge patch): absent members stay as they are, `null` removes a value, lists are
/// replaced as a whole.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = "patch_lists", skip_on_field_errors = false))]
#[schema(example = json!({"title": "Bảo vệ bí mật nhà nước trong cơ quan", "refresh_months": 24}))]
pub struct PatchCourse {
    /// Title of the course, 1 to 300 characters.
    #[validate(length(min = 1, max = 300))]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 300)]
    #[serde(default, deserialize_with = "kept", skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Area of content of the course.
    #[schema(value_type = ContentArea, required = false)]
    #[serde(default, deserialize_with = "kept", skip_serializing_if = "Option::is_none")]
    pub content_area: Option<ContentArea>,
    /// What participants can do after the course, 1 to 4000 characters.
    #[validate(length(min = 1, max = 4000))]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 4000)]
    #[serde(default, deserialize_with = "kept", skip_serializing_if = "Option::is_none")]
    pub objectives: Option<String>,
    /// Length of the course in periods (tiết), 1 to 2000.
    #[validate(range(min = 1, max = 2000))]
    #[schema(value_type = i32, required = false, minimum = 1, maximum = 2000)]
    #[serde(default, deserialize_with = "kept", skip_serializing_if = "Option::is_none")]
    pub periods: Option<i32>,
    /// Whether a rule requires the course (`mandatory`) or it is voluntary (`encouraged`).
    #[schema(value_type = Obligation, required = false)]
    #[serde(default, deserialize_with = "kept", skip_serializing_if = "Option::is_none")]
    pub obligation: Option<Obligation>,
    /// Rule that requires the course or on which it is based, 1 to 500 characters; `null` if there is none.
    #[serde(default, deserialize_with = "nullable", skip_serializing_if = "Option::is_none")]
    #[validate(length(min = 1, max = 500))]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 500)]
    pub legal_basis: Option<Option<String>>,
    /// Five behaviours at work that the course is to improve, each 1 to 300 characters; the supervisor rates
    /// them before and after the course.
    #[validate(length(min = 5, max = 5), custom(function = "check_behaviours"))]
    #[schema(value_type = Vec<CourseBehaviour>, required = false, min_items = 5, max_items = 5)]
    #[serde(default, deserialize_with = "kept", skip_serializing_if = "Option::is_none")]
    pub behaviours: Option<Vec<String>>,
    /// Smallest improvement in the ratings of the behaviours that matters in practice, in points of the scale
    /// of 5, 0.01 to 2.
    #[validate(range(min = 0.01, max = 2.0))]
    #[schema(value_type = f64, required = false, minimum = 0.01, maximum = 2.0)]
    #[serde(default, deserialize_with = "kept", skip_serializing_if = "Option::is_none")]
    pub smallest_change: Option<f64>,
    /// Share of the half-days that a participant must attend to receive the certificate, percent, 50 to 100.
    #[validate(range(min = 50, max = 100))]
    #[schema(value_type = i32, required = false, minimum = 50, maximum = 100)]
    #[serde(default, deserialize_with = "kept", skip_serializing_if = "Option::is_none")]
    pub minimum_attendance_percent: Option<i32>,
    /// Months after which the course should be taken again, 1 to 120; `null` if never.
    #[serde(default, deserialize_with = "nullable", skip_serializing_if = "Option::is_none")]
    #[validate(range(min = 1, max = 120))]
    #[schema(value_type = Option<i32>, minimum = 1, maximum = 120)]
    pub refresh_months: Option<Option<i32>>,
    /// Competencies that the course develops, up to 20, each with the level that participants reach.
    #[validate(nested)]
    #[schema(value_type = Vec<BuildDto>, required = false, max_items = 20)]
    #[serde(default, deserialize_with = "kept", skip_serializing_if = "Option::is_none")]
    pub builds: Option<Vec<BuildDto>>,
    /// Job positions that the course is for (identifiers, UUID), up to 200; empty if it is for everybody.
    #[schema(value_type = Vec<Uuid>, required = false, max_items = 200)]
    #[serde(default, deserialize_with = "kept", skip_serializing_if = "Option::is_none")]
    pub audience: Option<Vec<Uuid>>,
}

/// A request of the ministry to change a submitted course.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "Bổ sung bài tập thực hành về xác định độ mật."}))]
pub struct RequestCourseChanges {
    /// Changes that the ministry asks for, 1 to 2000 characters; the institute reads them in
    /// `requested_changes`.
    #[validate(length(min = 1, max = 2000))]
    #[schema(min_length = 1, max_length = 2000)]
    pub reason: String,
}

fn smallest_change() -> f64 {
    SMALLEST_CHANGE
}

fn minimum_attendance_percent() -> i32 {
    MINIMUM_ATTENDANCE_PERCENT
}

fn check_behaviours(behaviours: &[String]) -> Result<(), ValidationError> {
    check::texts("/behaviours", behaviours, 300)
}

fn create_lists(dto: &CreateCourse) -> Result<(), ValidationError> {
    lists(&dto.builds, &dto.audience)
}

fn patch_lists(dto: &PatchCourse) -> Result<(), ValidationError> {
    lists(dto.builds.as_deref().unwrap_or_default(), dto.audience.as_deref().unwrap_or_default())
}

fn lists(builds: &[BuildDto], audience: &[Uuid]) -> Result<(), ValidationError> {
    check::count("/builds", builds, 0, 20)?;
    check::count("/audience", audience, 0, 200)
}

/// A course of a training institute.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct CourseDto {
    /// Identifier of the course (UUID), assigned by the service.
    pub id: Uuid,
    /// Code by which other systems know the course, unique, 1 to 50 characters.
    #[schema(max_length = 50, example = "BMNN-24")]
    pub code: String,
    /// Institute that the course belongs to (UUID).
    pub institute_id: Uuid,
    /// Title of the course, 1 to 300 characters.
    #[schema(max_length = 300, example = "Bảo vệ bí mật nhà nước")]
    pub title: String,
    /// Area of content of the course.
    #[schema(example = "professional_skill")]
    pub content_area: ContentArea,
    /// What participants can do after the course, 1 to 4000 characters.
    #[schema(
        max_length = 4000,
        example = "Xác định đúng độ mật; soạn thảo, sao, giao nhận và lưu giữ tài liệu mật đúng quy định."
    )]
    pub objectives: String,
    /// Length of the course in periods (tiết), 1 to 2000.
    #[schema(example = 24)]
    pub periods: i32,
    /// Whether a rule requires the course (`mandatory`) or it is voluntary (`encouraged`).
    #[schema(example = "mandatory")]
    pub obligation: Obligation,
    /// Rule that requires the course or on which it is based, 1 to 500 characters; `null` if there is none.
    #[schema(max_length = 500, example = "Luật Bảo vệ bí mật nhà nước 2018, Điều 26")]
    pub legal_basis: Option<String>,
    /// Five behaviours at work that the course is to improve, each 1 to 300 characters; the supervisor rates
    /// them before and after the course.
    #[schema(max_items = 5, example = json!(["Xác định đúng độ mật khi soạn thảo", "Đăng ký tài liệu mật trong ngày",
        "Không soạn tài liệu mật trên máy nối mạng", "Giao nhận tài liệu mật có ký nhận",
        "Hướng dẫn đồng nghiệp làm đúng"]))]
    pub behaviours: Vec<String>,
    /// Smallest improvement in the ratings of the behaviours that matters in practice, in points of the scale
    /// of 5, 0.01 to 2.
    #[schema(example = 0.25)]
    pub smallest_change: f64,
    /// Share of the half-days that a participant must attend to receive the certificate, percent, 50 to 100.
    #[schema(example = 80)]
    pub minimum_attendance_percent: i32,
    /// Months after which the course should be taken again, 1 to 120; `null` if never.
    #[schema(example = 36)]
    pub refresh_months: Option<i32>,
    /// Competencies that the course develops, up to 20, each with the level that participants reach.
    #[schema(max_items = 20)]
    pub builds: Vec<BuildDto>,
    /// Job positions that the course is for (identifiers, UUID), up to 200; empty if it is for everybody.
    #[schema(max_items = 200)]
    pub audience: Vec<Uuid>,
    /// State of the course: `draft`, `submitted`, `changes_requested`, `approved`, `published` or `retired`.
    #[schema(example = "published")]
    pub status: CourseStatus,
    /// Changes that the ministry asked for last, up to 2000 characters; `null` if it never did, and once the
    /// course is approved.
    #[schema(example = json!(null))]
    pub requested_changes: Option<String>,
    /// Version of the course, raised with every change; the ETag contains it.
    pub version: i32,
    /// Moment the course was recorded (RFC 3339, UTC).
    pub created_at: DateTime<Utc>,
    /// Moment the course was last changed (RFC 3339, UTC).
    pub updated_at: DateTime<Utc>,
}

impl From<BuildDto> for Build {
    fn from(dto: BuildDto) -> Self {
        Self { competency_id: dto.competency_id, level: dto.level }
    }
}

impl From<CreateCourse> for Draft {
    fn from(dto: CreateCourse) -> Self {
        Self {
            code: dto.code,
            title: dto.title,
            content_area: dto.content_area,
            objectives: dto.objectives,
            periods: dto.periods,
            obligation: dto.obligation,
            legal_basis: dto.legal_basis,
            behaviours: dto.behaviours,
            smallest_change: dto.smallest_change,
            minimum_attendance_percent: dto.minimum_attendance_percent,
            refresh_months: dto.refresh_months,
            builds: dto.builds.into_iter().map(Build::from).collect(),
            audience: dto.audience,
        }
    }
}

impl From<PatchCourse> for Edit {
    fn from(dto: PatchCourse) -> Self {
        let row = Change {
            title: dto.title,
            content_area: dto.content_area,
            objectives: dto.objectives,
            periods: dto.periods,
            obligation: dto.obligation,
            legal_basis: dto.legal_basis,
            behaviours: dto.behaviours,
            smallest_change: dto.smallest_change,
            minimum_attendance_percent: dto.minimum_attendance_percent,
            refresh_months: dto.refresh_months,
            ..Change::default()
        };
        Self {
            row,
            builds: dto.builds.map(|b| b.into_iter().map(Build::from).collect()),
            audience: dto.audience,
        }
    }
}

impl From<Detailed> for CourseDto {
    fn from(detailed: Detailed) -> Self {
        let course = detailed.course;
        let builds =
            detailed.builds.into_iter().map(|b| BuildDto { competency_id: b.competency_id, level: b.level });
        Self {
            id: course.id,
            code: course.code,
            institute_id: course.institute_id,
            title: course.title,
            content_area: course.content_area,
            objectives: course.objectives,
            periods: course.periods,
            obligation: course.obligation,
            legal_basis: course.legal_basis,
            behaviours: course.behaviours,
            smallest_change: course.smallest_change,
            minimum_attendance_percent: course.minimum_attendance_percent,
            refresh_months: course.refresh_months,
            builds: builds.collect(),
            audience: detailed.audience,
            status: course.status,
            requested_changes: course.requested_changes,
            version: course.version,
            created_at: course.created_at,
            updated_at: course.updated_at,
        }
    }
}
