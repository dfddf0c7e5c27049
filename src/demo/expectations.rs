//! What the ministry expected of some courses, declared a week before each of their runs.

use super::builder::Builder;
use super::calendar::plus;
use super::nominations::Class;
use super::rows::ExpectedEffects;
use crate::effectiveness::expected_effects::{ExpectedEffect, ExpectedMeasure};

/// Days before the first session.
const DECLARED_BEFORE: i64 = 7;

/// Course, what will be seen, what moves by how much.
const EXPECTED: [(&str, &str, ExpectedMeasure, f64); 4] = [
    (
        "BMNN-01",
        "Tài liệu mật được xác định đúng độ mật và đăng ký trong ngày.",
        ExpectedMeasure::ThreeMonths,
        0.5,
    ),
    ("BMNN-01", "Sáu tháng sau vẫn giữ được nền nếp đăng ký.", ExpectedMeasure::SixMonths, 0.4),
    ("ISO-01", "Hồ sơ công việc có đủ biểu mẫu của hệ thống.", ExpectedMeasure::ThreeMonths, 0.5),
    ("VT-01", "Văn bản đến được chuyển xử lý trong ngày.", ExpectedMeasure::ThreeMonths, 0.3),
];

pub fn build(b: &mut Builder, classes: &[Class]) {
    for class in classes {
        let effects: Vec<ExpectedEffect> = EXPECTED
            .iter()
            .filter(|(course, ..)| *course == class.run.course)
            .map(|(_, behaviour, measure, change)| ExpectedEffect {
                behaviour: (*behaviour).to_owned(),
                measure: *measure,
                change: *change,
            })
            .collect();
        if effects.is_empty() {
            continue;
        }
        let declared = b.calendar.morning(plus(class.run.first, -DECLARED_BEFORE));
        b.rows.expected_effects.push(ExpectedEffects {
            offering_id: class.run.offering,
            effects: serde_json::json!(effects),
            version: 1,
            created_at: declared,
            updated_at: declared,
        });
    }
}
