//! Whether the learner's office lets what was learned be used. Items of our own on what research on transfer names: the
//! chance to apply, supervisor, peers, time, resources, recognition (Baldwin & Ford 1988).

use super::super::instrument::Instrument;
use super::super::model::Draft;
use super::drafting::{FREQUENCY, Phrase, draft, scales};

const ITEMS: [Phrase; 6] = [
    (
        "chance",
        "Tôi được giao việc có thể áp dụng điều đã học.",
        "I was given work in which I could use what I had learned.",
    ),
    (
        "supervisor",
        "Lãnh đạo trực tiếp hỗ trợ tôi làm theo cách đã học.",
        "My supervisor supported me in working the way I had learned.",
    ),
    (
        "peers",
        "Đồng nghiệp hỗ trợ tôi khi tôi thử làm theo cách đã học.",
        "Colleagues supported me when I tried what I had learned.",
    ),
    (
        "time",
        "Tôi có đủ thời gian để làm theo cách đã học.",
        "I had the time to do things the way I had learned.",
    ),
    (
        "resources",
        "Tôi có đủ phương tiện cần thiết để làm theo cách đã học.",
        "I had the means it takes to do things the way I had learned.",
    ),
    (
        "recognition",
        "Cơ quan ghi nhận khi tôi làm tốt hơn nhờ điều đã học.",
        "My office took notice when I did better because of what I had learned.",
    ),
];

/// Codes of its items, in its order.
pub const ENVIRONMENT_ITEMS: [&str; 6] =
    [ITEMS[0].0, ITEMS[1].0, ITEMS[2].0, ITEMS[3].0, ITEMS[4].0, ITEMS[5].0];

/// The learner's anonymous form, three and six months after.
pub fn environment() -> Draft {
    let title = ("Điều kiện áp dụng điều đã học", "What it takes to use what was learned");
    let introduction = (
        "Trong 4 tuần qua, mỗi điều sau đây thường xuyên đến mức nào? Phiếu ẩn danh: hệ thống lưu câu trả lời mà không \
         lưu tên và thời điểm trả lời. Kết quả chỉ được công bố khi có từ 5 phiếu trở lên.",
        "In the last four weeks, how often was the following so? This form is anonymous: answers are kept without name \
         and time, and results are shown from five forms on.",
    );
    draft(Instrument::Environment.prefix(), title, introduction, scales(&ITEMS, &FREQUENCY))
}
