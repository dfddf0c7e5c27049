//! Tags of the document: an area of the code each, or a part of a large one, so that a reader finds an operation. What
//! `effectiveness` holds is published under `evaluation`, `evaluation-actions` and `reporting`.

use serde_json::{Map, Value, json};

/// Tags in the order of the document: name, description, and which resources of its area it holds (first segments of
/// the path below `/v1`; none: all of them).
const TAGS: [(&str, &str, &[&str]); 16] = [
    (
        "identity-signing-in",
        "Đăng nhập, mật khẩu · Tokens, logins, passwords",
        &["oauth", ".well-known", "me", "login-sessions", "password-resets"],
    ),
    ("identity", "Tài khoản, quyền, ủy quyền · Accounts, machine clients, delegations", &[]),
    (
        "organisation-employees",
        "Nhân sự, ngày nghỉ, xếp loại · Employees, absences, holidays, ratings",
        &["employees", "absences", "holidays", "performance-ratings"],
    ),
    (
        "organisation-positions",
        "Vị trí việc làm, năng lực, quy hoạch · Job positions, competencies, succession",
        &["job-positions", "competencies", "succession-lists"],
    ),
    ("organisation", "Đơn vị · Units, their gaps and who must be present", &[]),
    ("catalogue-courses", "Khóa học, lớp học · Courses, offerings", &["courses", "offerings"]),
    ("catalogue", "Cơ sở đào tạo, bồi dưỡng; giảng viên · Institutes, lecturers", &[]),
    ("planning", "Kế hoạch đào tạo, bồi dưỡng · Training plans", &[]),
    ("participation-nominations", "Cử đi đào tạo, bồi dưỡng · Nominations", &["nominations"]),
    (
        "participation",
        "Điểm danh, kết quả, chứng chỉ · Delivery, results, certificates, training records",
        &[],
    ),
    ("evaluation-actions", "Khắc phục · Corrective actions", &["corrective-actions"]),
    ("evaluation", "Phiếu hỏi, đánh giá · Questionnaires, evaluations, expected effects", &[]),
    ("reporting", "Báo cáo hiệu quả · Effectiveness reports", &[]),
    (
        "administration",
        "Nhật ký kiểm toán, dữ liệu cá nhân, thời hạn lưu · Audit log, personal data requests, retention",
        &[],
    ),
    ("operation", "Vận hành · Health, problem pages", &[]),
    ("integration", "Tích hợp · Integration", &[]),
];

/// All of them, as the document lists them.
pub fn all() -> Value {
    TAGS.iter().map(|(name, description, _)| json!({"name": name, "description": description})).collect()
}

/// Put an operation, which names its area, under the tag of its resource.
pub fn place(path: &str, operation: &mut Map<String, Value>) {
    let resource = path.trim_start_matches("/v1").split('/').nth(1).unwrap_or_default();
    let Some(tag) = operation.get_mut("tags").and_then(|tags| tags.get_mut(0)) else { return };
    let area = tag.as_str().unwrap_or_default();
    let part = TAGS.iter().find(|(name, _, resources)| {
        resources.contains(&resource) && name.strip_prefix(area).is_some_and(|rest| rest.starts_with('-'))
    });
    if let Some((name, ..)) = part {
        *tag = json!(name);
    }
}
