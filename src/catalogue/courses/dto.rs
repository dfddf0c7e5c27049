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
        /// Exactly this code.
        #[param(max_length = 50)]
        #[validate(length(max = 50))]
        code: String,
        /// Words of the code or the title; case and accents do not matter.
        #[param(max_length = 200)]
        #[validate(length(max = 200))]
        q: String,
        /// Only this area of content.
        content_area: ContentArea,
        /// Only of this institute.
        institute_id: Uuid,
        /// Only in this state.
        status: CourseStatus,
        /// Only mandatory or only encouraged ones.
        obligation: Obligation,
        /// Only those that build this competency.
        competency_id: Uuid,
    }
}

/// A competency that a course builds.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"competency_id": "0199f0c4-5a7e-7000-8000-000000000001", "level": 3}))]
pub struct BuildDto {
    /// The competency.
    pub competency_id: Uuid,
    /// Level that participants reach.
    #[validate(range(min = 1, max = 5))]
    #[schema(minimum = 1, maximum = 5)]
    pub level: i16,
}

/// One of a course's behaviours, as the document describes it.
#[derive(ToSchema)]
#[schema(min_length = 1, max_length = 300)]
#[expect(dead_code, reason = "for the document: elements of a list have no bounds otherwise")]
struct CourseBehaviour(String);

/// Create a course.
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
    /// Code others know it by; never changes.
    #[validate(length(min = 1, max = 50), custom(function = "check::code"))]
    #[schema(min_length = 1, max_length = 50, pattern = "^[0-9A-Za-zÀ-ÖØ-öø-ɏḀ-ỿ._-]+$")]
    pub code: String,
    /// Its title.
    #[validate(length(min = 1, max = 300))]
    #[schema(min_length = 1, max_length = 300)]
    pub title: String,
    /// Area of content.
    pub content_area: ContentArea,
    /// What participants can do afterwards.
    #[validate(length(min = 1, max = 4000))]
    #[schema(min_length = 1, max_length = 4000)]
    pub objectives: String,
    /// Length in periods (tiết).
    #[validate(range(min = 1, max = 2000))]
    #[schema(minimum = 1, maximum = 2000)]
    pub periods: i32,
    /// Whether one must attend.
    pub obligation: Obligation,
    /// Rule that makes it mandatory, or that it follows.
    #[validate(length(min = 1, max = 500))]
    #[schema(min_length = 1, max_length = 500)]
    pub legal_basis: Option<String>,
    /// Five behaviours at work that the course changes, each 1 to 300 characters: rated before and after by the same
    /// supervisor.
    #[validate(length(min = 5, max = 5), custom(function = "check_behaviours"))]
    #[schema(value_type = Vec<CourseBehaviour>, min_items = 5, max_items = 5)]
    pub behaviours: Vec<String>,
    /// Smallest change that matters, in points of 5; set before there are data.
    #[serde(default = "smallest_change")]
    #[validate(range(min = 0.01, max = 2.0))]
    #[schema(minimum = 0.01, maximum = 2.0, default = smallest_change)]
    pub smallest_change: f64,
    /// Share of half-days a participant must attend for the certificate, percent (Circular 03/2023/TT-BNV, Art. 6).
    #[serde(default = "minimum_attendance_percent")]
    #[validate(range(min = 50, max = 100))]
    #[schema(minimum = 50, maximum = 100, default = minimum_attendance_percent)]
    pub minimum_attendance_percent: i32,
    /// Months after which it should be taken again; absent: never.
    #[validate(range(min = 1, max = 120))]
    #[schema(minimum = 1, maximum = 120)]
    pub refresh_months: Option<i32>,
    /// Competencies it builds.
    #[serde(default)]
    #[validate(nested)]
    #[schema(max_items = 20)]
    pub builds: Vec<BuildDto>,
    /// Job positions it is for; empty: for everybody.
    #[serde(default)]
    #[schema(max_items = 200)]
    pub audience: Vec<Uuid>,
}

/// Change a course (merge patch): absent members stay, `null` empties, lists are replaced whole.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = "patch_lists", skip_on_field_errors = false))]
#[schema(example = json!({"title": "Bảo vệ bí mật nhà nước trong cơ quan", "refresh_months": 24}))]
pub struct PatchCourse {
    /// Its title.
    #[validate(length(min = 1, max = 300))]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 300)]
    #[serde(default, deserialize_with = "kept", skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Area of content.
    #[schema(value_type = ContentArea, required = false)]
    #[serde(default, deserialize_with = "kept", skip_serializing_if = "Option::is_none")]
    pub content_area: Option<ContentArea>,
    /// What participants can do afterwards.
    #[validate(length(min = 1, max = 4000))]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 4000)]
    #[serde(default, deserialize_with = "kept", skip_serializing_if = "Option::is_none")]
    pub objectives: Option<String>,
    /// Length in periods (tiết).
    #[validate(range(min = 1, max = 2000))]
    #[schema(value_type = i32, required = false, minimum = 1, maximum = 2000)]
    #[serde(default, deserialize_with = "kept", skip_serializing_if = "Option::is_none")]
    pub periods: Option<i32>,
    /// Whether one must attend.
    #[schema(value_type = Obligation, required = false)]
    #[serde(default, deserialize_with = "kept", skip_serializing_if = "Option::is_none")]
    pub obligation: Option<Obligation>,
    /// Rule that makes it mandatory, or that it follows.
    #[serde(default, deserialize_with = "nullable", skip_serializing_if = "Option::is_none")]
    #[validate(length(min = 1, max = 500))]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 500)]
    pub legal_basis: Option<Option<String>>,
    /// Five behaviours at work that the course changes, each 1 to 300 characters.
    #[validate(length(min = 5, max = 5), custom(function = "check_behaviours"))]
    #[schema(value_type = Vec<CourseBehaviour>, required = false, min_items = 5, max_items = 5)]
    #[serde(default, deserialize_with = "kept", skip_serializing_if = "Option::is_none")]
    pub behaviours: Option<Vec<String>>,
    /// Smallest change that matters, in points of 5.
    #[validate(range(min = 0.01, max = 2.0))]
    #[schema(value_type = f64, required = false, minimum = 0.01, maximum = 2.0)]
    #[serde(default, deserialize_with = "kept", skip_serializing_if = "Option::is_none")]
    pub smallest_change: Option<f64>,
    /// Share of half-days a participant must attend for the certificate, percent.
    #[validate(range(min = 50, max = 100))]
    #[schema(value_type = i32, required = false, minimum = 50, maximum = 100)]
    #[serde(default, deserialize_with = "kept", skip_serializing_if = "Option::is_none")]
    pub minimum_attendance_percent: Option<i32>,
    /// Months after which it should be taken again; `null`: never.
    #[serde(default, deserialize_with = "nullable", skip_serializing_if = "Option::is_none")]
    #[validate(range(min = 1, max = 120))]
    #[schema(value_type = Option<i32>, minimum = 1, maximum = 120)]
    pub refresh_months: Option<Option<i32>>,
    /// Competencies it builds.
    #[validate(nested)]
    #[schema(value_type = Vec<BuildDto>, required = false, max_items = 20)]
    #[serde(default, deserialize_with = "kept", skip_serializing_if = "Option::is_none")]
    pub builds: Option<Vec<BuildDto>>,
    /// Job positions it is for; empty: for everybody.
    #[schema(value_type = Vec<Uuid>, required = false, max_items = 200)]
    #[serde(default, deserialize_with = "kept", skip_serializing_if = "Option::is_none")]
    pub audience: Option<Vec<Uuid>>,
}

/// Ask for changes to a course.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "Bổ sung bài tập thực hành về xác định độ mật."}))]
pub struct RequestCourseChanges {
    /// What must change, for the institute to read.
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

/// A course of an institute.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct CourseDto {
    /// Its id.
    pub id: Uuid,
    /// Code others know it by.
    #[schema(max_length = 50, example = "BMNN-24")]
    pub code: String,
    /// The institute that teaches it.
    pub institute_id: Uuid,
    /// Its title.
    #[schema(max_length = 300, example = "Bảo vệ bí mật nhà nước")]
    pub title: String,
    /// Area of content.
    #[schema(example = "professional_skill")]
    pub content_area: ContentArea,
    /// What participants can do afterwards.
    #[schema(
        max_length = 4000,
        example = "Xác định đúng độ mật; soạn thảo, sao, giao nhận và lưu giữ tài liệu mật đúng quy định."
    )]
    pub objectives: String,
    /// Length in periods (tiết).
    #[schema(example = 24)]
    pub periods: i32,
    /// Whether one must attend.
    #[schema(example = "mandatory")]
    pub obligation: Obligation,
    /// Rule that makes it mandatory, or that it follows.
    #[schema(max_length = 500, example = "Luật Bảo vệ bí mật nhà nước 2018, Điều 26")]
    pub legal_basis: Option<String>,
    /// Five behaviours at work, rated before and after.
    #[schema(max_items = 5, example = json!(["Xác định đúng độ mật khi soạn thảo", "Đăng ký tài liệu mật trong ngày",
        "Không soạn tài liệu mật trên máy nối mạng", "Giao nhận tài liệu mật có ký nhận",
        "Hướng dẫn đồng nghiệp làm đúng"]))]
    pub behaviours: Vec<String>,
    /// Smallest change that matters, in points of 5.
    #[schema(example = 0.25)]
    pub smallest_change: f64,
    /// Share of half-days a participant must attend for the certificate, percent.
    #[schema(example = 80)]
    pub minimum_attendance_percent: i32,
    /// Months after which it should be taken again; `null`: never.
    #[schema(example = 36)]
    pub refresh_months: Option<i32>,
    /// Competencies it builds.
    #[schema(max_items = 20)]
    pub builds: Vec<BuildDto>,
    /// Job positions it is for; empty: for everybody.
    #[schema(max_items = 200)]
    pub audience: Vec<Uuid>,
    /// Where it stands.
    #[schema(example = "published")]
    pub status: CourseStatus,
    /// What the ministry last asked to be changed; `null` once it is approved.
    #[schema(example = json!(null))]
    pub requested_changes: Option<String>,
    /// Version, as in the ETag.
    pub version: i32,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
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
