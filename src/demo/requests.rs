//! What people of the division asked concerning their data: each kind of right, in every state.

use chrono::NaiveDate;
use serde_json::json;
use uuid::Uuid;

use super::builder::Builder;
use super::calendar::plus;
use super::rows::PersonalDataRequest;
use super::units::HCVT;
use super::world::World;
use crate::administration::personal_data_requests::DataRequestKind::{self, *};
use crate::administration::personal_data_requests::DataRequestStatus::{self, *};

/// Kind, the person's words, days ago that it came, where it stands.
const ASKED: [(DataRequestKind, &str, i64, DataRequestStatus); 7] = [
    (Copy, "Đề nghị cung cấp bản sao dữ liệu của tôi để nộp hồ sơ.", 40, Fulfilled),
    (Correction, "Số điện thoại cơ quan ghi sai.", 1, Received),
    (View, "Tôi muốn xem hệ thống đang lưu những gì về tôi.", 5, Acknowledged),
    (Restriction, "Đề nghị không dùng dữ liệu của tôi để gợi ý khóa học.", 24, Acknowledged),
    (Erasure, "Đề nghị xóa toàn bộ dữ liệu.", 60, Refused),
    (Objection, "Tôi không đồng ý được chọn làm nhóm so sánh.", 9, Received),
    (View, "Tôi muốn xem kết quả đánh giá của mình.", 20, Fulfilled),
];

/// Whose turn a restriction is: the officer took more time for it.
const EXTENDED: DataRequestKind = Restriction;

pub fn build(b: &mut Builder, world: &World) {
    // The first asked is the person behind the account `employee`, who can read the copy.
    let colleagues = world.ministry.staff(HCVT).map(|p| p.id).filter(|id| *id != world.accounts.employee);
    let people: Vec<Uuid> = std::iter::once(world.accounts.employee).chain(colleagues).collect();
    for ((kind, words, days_ago, status), person) in ASKED.into_iter().zip(people) {
        ask(b, person, kind, words, b.calendar.day(-days_ago), status);
    }
}

fn ask(
    b: &mut Builder,
    employee_id: Uuid,
    kind: DataRequestKind,
    words: &str,
    received_on: NaiveDate,
    status: DataRequestStatus,
) {
    let acknowledge_by = b.calendar.working_days(plus(received_on, 1)).nth(1).unwrap_or(received_on);
    let acknowledged_on = (status != Received).then_some(acknowledge_by);
    let decided_on = matches!(status, Fulfilled | Refused).then(|| plus(received_on, 7));
    let extended_on = (kind == EXTENDED).then(|| plus(received_on, 12));
    let due_on = kind.due_on(received_on);
    let at = b.calendar.morning(received_on);
    b.rows.personal_data_requests.push(PersonalDataRequest {
        id: b.dice.id(at),
        employee_id,
        kind,
        details: Some(words.to_owned()),
        corrections: (kind == Correction).then(|| json!({"phone": "+842422205555"})),
        status,
        received_on,
        // As if they had come before the demo's accounts: its only officer can fulfil them.
        recorded_by: Uuid::nil(),
        acknowledge_by,
        acknowledged_on,
        due_on: if extended_on.is_some() { plus(due_on, 15) } else { due_on },
        extended_on,
        extension_reason: extended_on.map(|_| "Cần xác định các xử lý do luật giao.".to_owned()),
        decided_on,
        refusal_reason: (status == Refused)
            .then(|| "Dữ liệu còn cần cho quan hệ công tác (Luật 91/2025/QH15, Điều 25).".to_owned()),
        created_at: at,
        updated_at: decided_on.or(extended_on).or(acknowledged_on).map_or(at, |day| b.calendar.morning(day)),
    });
}
