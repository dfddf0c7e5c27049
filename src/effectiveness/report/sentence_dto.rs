//! A sentence as it leaves the service, in both languages.

use serde::Serialize;
use utoipa::ToSchema;

use crate::i18n::Locale;

/// The same in both languages.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "vi": "Sau 3 tháng, mức độ thực hiện hành vi trong công việc do lãnh đạo trực tiếp đánh giá tăng 0,45 điểm (thang 5); nhóm không học (10 người) tăng 0,10. Phần tăng thêm 0,35 điểm, khoảng tin cậy 95% của chênh lệch từ 0,13 đến 0,57: có cải thiện, mức độ chưa chắc chắn. Nếu lãnh đạo đã ưu ái người đi học từ 0,13 điểm trở lên thì không còn nói được là có cải thiện. 12/14 người có đủ hai lần đánh giá. Mức bằng chứng: A (mức 3/5 theo thang Maryland).",
    "en": "After 3 months, work behaviour as rated by the supervisor rose by 0.45 points (of 5); the untrained group (10 people) rose by 0.10. The difference is a gain of 0.35 points, 95 % interval of the difference 0.13 to 0.57: improvement, size uncertain. If supervisors had favoured the trained by 0.13 points, no improvement could be said. 12 of 14 people were rated both times. Evidence grade: A (Maryland level 3 of 5)."
}))]
pub struct SentenceDto {
    /// The sentence in Vietnamese.
    pub vi: String,
    /// The sentence in English.
    pub en: String,
}

impl SentenceDto {
    /// Say it in both languages.
    pub fn of(say: impl Fn(Locale) -> String) -> Self {
        Self { vi: say(Locale::Vi), en: say(Locale::En) }
    }
}
