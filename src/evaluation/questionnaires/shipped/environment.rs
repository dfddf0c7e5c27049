//! Whether the learner's office lets what was learned be used. Items of our own on what research on transfer names: the
//! chance to apply, supervisor, peers, time, resources, recognition (Baldwin & Ford 1988).

use super::super::instrument::Instrument;
use super::super::model::Draft;
use super::{Phrase, draft, scales};

const ITEMS: [Phrase; 6] = [
    (
        "chance",
        "Tôi được giao những việc có thể dùng điều đã học.",
        "I was given work in which I could use what I had learned.",
    ),
    (
        "supervisor",
        "Lãnh đạo trực tiếp hỏi han, góp ý hoặc gỡ vướng để tôi làm theo điều đã học.",
        "My supervisor asked, advised or cleared the way for me to work as I had learned.",
    ),
    (
        "peers",
        "Đồng nghiệp giúp sức hoặc làm cùng khi tôi thử cách làm đã học.",
        "Colleagues helped or joined in when I tried what I had learned.",
    ),
    (
        "time",
        "Tôi có đủ thời gian để làm theo cách đã học.",
        "I had the time to do things the way I had learned.",
    ),
    (
        "resources",
        "Tôi có đủ tài liệu, công cụ và quyền truy cập để làm theo cách đã học.",
        "I had the material, tools and access it takes to do things the way I had learned.",
    ),
    (
        "recognition",
        "Khi tôi làm tốt hơn nhờ điều đã học, cơ quan có ghi nhận.",
        "When I did better because of what I had learned, my office took notice.",
    ),
];

/// Codes of its items, in its order.
pub const ENVIRONMENT_ITEMS: [&str; 6] =
    [ITEMS[0].0, ITEMS[1].0, ITEMS[2].0, ITEMS[3].0, ITEMS[4].0, ITEMS[5].0];

/// The learner's anonymous form, three and six months after.
pub fn environment() -> Draft {
    let title = ("Điều kiện áp dụng điều đã học", "What it takes to use what was learned");
    let introduction = (
        "Trong 4 tuần qua, những điều sau thường xuyên đến mức nào? Phiếu ẩn danh: hệ thống lưu câu trả lời mà không \
         lưu tên và thời điểm trả lời. Kết quả chỉ được công bố khi có từ 5 phiếu trở lên.",
        "In the last four weeks, how often was the following so? This form is anonymous: answers are kept without name \
         and time, and results are shown from five forms on.",
    );
    draft(Instrument::Environment.prefix(), title, introduction, scales(&ITEMS))
}
