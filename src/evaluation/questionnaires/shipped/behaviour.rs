//! The forms made of a course's five behaviours: what the supervisor saw, what the learner says of oneself, and how the
//! learner looks back.

use uuid::Uuid;

use super::super::instrument::Instrument;
use super::super::items::{ItemKind, Words};
use super::super::model::Draft;
use super::drafting::{draft, item};

/// What forms are made of.
#[derive(Debug, Clone)]
pub struct Taught {
    /// The course.
    pub id: Uuid,
    /// Its code.
    pub code: String,
    /// Its title.
    pub title: String,
    /// Behaviours at work that it wants to change.
    pub behaviours: Vec<String>,
}

/// One of the forms made of a course: its behaviours as `b1`, `b2`, ..., each by how often it was so in four weeks. The
/// items are the same in all of them; only who is asked about which time differs.
pub fn made_of_course(instrument: Instrument, course: &Taught) -> Draft {
    let (title, introduction) = match instrument {
        Instrument::SelfBehaviour => (SELF_TITLE, SELF_INTRODUCTION),
        Instrument::ThenTest => (THEN_TITLE, THEN_INTRODUCTION),
        _ => (SUPERVISOR_TITLE, SUPERVISOR_INTRODUCTION),
    };
    let items =
        course.behaviours.iter().enumerate().map(|(i, text)| {
            item(&format!("b{}", i + 1), ItemKind::Scale, Words { vi: text.clone(), en: None })
        });
    let code = format!("{}{}", instrument.prefix(), course.code);
    let titled = |words: &str| format!("{words}: {}", course.title);
    let title = (titled(title.0), titled(title.1));
    let form = draft(&code, (&title.0, &title.1), introduction, items.collect());
    Draft { course_id: Some(course.id), ..form }
}

const SUPERVISOR_TITLE: (&str, &str) = (
    "Trong 4 tuần qua, người được đánh giá làm những việc sau thường xuyên đến mức nào",
    "In the last four weeks, how often the person did the following",
);
/// Ratings that decide over pay are less reliable (Salgado & Moscoso 2019): say that this one does not.
const SUPERVISOR_INTRODUCTION: (&str, &str) = (
    "Anh/Chị trả lời theo những gì đã trực tiếp thấy trong 4 tuần qua. Phiếu này chỉ dùng để đánh giá khóa học, không \
     dùng để xếp loại, trả lương hay bổ nhiệm. Phiếu có ghi tên người trả lời. Việc chưa có dịp thấy thì chọn «không \
     quan sát được».",
    "Please answer by what you have seen in the last four weeks. The form only serves to learn whether the course is \
     of use; it plays no part in ratings, pay or appointments. It bears your name. What you had no chance to see, \
     leave as \"not observed\".",
);
const SELF_TITLE: (&str, &str) = (
    "Trong 4 tuần qua, tôi làm những việc sau thường xuyên đến mức nào",
    "In the last four weeks, how often I did the following",
);
const SELF_INTRODUCTION: (&str, &str) = (
    "Anh/Chị tự nhìn lại công việc của mình trong 4 tuần qua. Phiếu có ghi tên nhưng lãnh đạo của Anh/Chị không xem \
     được câu trả lời; phiếu không dùng để xếp loại, trả lương hay bổ nhiệm. Việc chưa có dịp làm thì chọn «không quan \
     sát được».",
    "Please look at your own work of the last four weeks. The form bears your name, but your superiors cannot read \
     your answers; it plays no part in ratings, pay or appointments. What there was no occasion for, leave as \"not \
     observed\".",
);
const THEN_TITLE: (&str, &str) = (
    "Nhìn lại trước khóa học: khi đó tôi làm những việc sau thường xuyên đến mức nào",
    "Looking back to before the course: how often I did the following then",
);
const THEN_INTRODUCTION: (&str, &str) = (
    "Với những gì nay đã biết, Anh/Chị nhìn lại 4 tuần trước khóa học và tự đánh giá theo cách hiểu hiện nay; không cần \
     nhớ trước đây đã trả lời thế nào. Phiếu có ghi tên nhưng lãnh đạo của Anh/Chị không xem được câu trả lời.",
    "With what you know now, look back at the four weeks before the course and judge them by today's yardstick. You \
     need not recall what you answered then. The form bears your name, but your superiors cannot read your answers.",
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_forms_of_a_course_ask_the_same_of_different_people_and_times() {
        let course = Taught {
            id: Uuid::from_u128(1),
            code: "KH01".to_owned(),
            title: "Khóa".to_owned(),
            behaviours: ["Một", "Hai", "Ba", "Bốn", "Năm"].map(str::to_owned).into(),
        };
        let forms = [Instrument::Behaviour, Instrument::SelfBehaviour, Instrument::ThenTest]
            .map(|instrument| made_of_course(instrument, &course));
        let codes: Vec<_> = forms.iter().map(|form| form.code.as_str()).collect();
        assert_eq!(codes, ["behaviour-KH01", "self-behaviour-KH01", "then-KH01"]);
        assert!(forms.iter().all(|form| form.items == forms[0].items && form.items.len() == 5));
        assert!(forms[0].title != forms[1].title && forms[1].title != forms[2].title);
        let levels: Vec<_> = forms.iter().map(|form| (form.level, form.is_anonymous)).collect();
        assert_eq!(levels, [(3, false), (3, false), (2, false)]);
    }
}
