//! Questionnaires, and filled-in forms whose score is known beforehand.

use std::collections::HashMap;

use serde_json::{Value, json};
use uuid::Uuid;

use super::builder::Builder;
use super::calendar::plus;
use super::catalogue::Catalogue;
use super::courses::{COURSES, CourseData};
use super::rows::Questionnaire;
use crate::evaluation::questionnaires::{
    self, COMMENTS_PER_REACTION, Instrument, Items, REACTION_SCALES, Taught,
};

const SAID: [&str; 8] = [
    "Nội dung sát với công việc, nên có thêm bài tập tình huống.",
    "Giảng viên nhiệt tình, tài liệu đầy đủ.",
    "Nên tổ chức trực tuyến nửa ngày để không ảnh hưởng công việc.",
    "Cần cập nhật quy định mới hơn.",
    "Thời gian hơi ngắn so với nội dung.",
    "Mong có lớp nâng cao.",
    "Phần thực hành rất hữu ích.",
    "Nên mời thêm báo cáo viên từ đơn vị thực tế.",
];

/// Ids of the forms.
pub struct Forms {
    pub reaction: Uuid,
    by_course: HashMap<&'static str, Uuid>,
}

impl Forms {
    /// The behaviour form of a course.
    pub fn behaviour(&self, course: &str) -> Option<Uuid> {
        self.by_course.get(course).copied()
    }
}

pub fn build(b: &mut Builder, catalogue: &Catalogue) -> Forms {
    let mut forms = Forms { reaction: publish(b, questionnaires::reaction()), by_course: HashMap::new() };
    for data in &COURSES {
        if let Some(course) = catalogue.courses.get(data.code).filter(|_| is_taught(data)) {
            let draft = questionnaires::made_of_course(Instrument::Behaviour, &taught(course.id, data));
            forms.by_course.insert(data.code, publish(b, draft));
        }
    }
    forms
}

/// What the forms of a course are made of.
pub fn taught(id: Uuid, data: &CourseData) -> Taught {
    Taught { id, code: data.code.to_owned(), title: data.title.to_owned(), behaviours: data.behaviours() }
}

fn is_taught(course: &CourseData) -> bool {
    matches!(course.status, "published" | "retired")
}

/// The form as the service itself would publish it, before the first run began.
pub(super) fn publish(b: &mut Builder, draft: questionnaires::Draft) -> Uuid {
    let created_at = b.calendar.morning(plus(b.calendar.today, -790));
    let id = b.dice.id(created_at);
    b.rows.questionnaires.push(Questionnaire {
        id,
        instrument: draft.instrument(),
        legal_basis: draft.legal_basis,
        max_blank_percent: draft.max_blank_percent,
        code: draft.code,
        revision: draft.revision,
        title: draft.title,
        title_en: draft.title_en,
        introduction: draft.introduction,
        level: draft.level,
        audience: draft.audience.name(),
        course_id: draft.course_id,
        is_anonymous: draft.is_anonymous,
        items: Items(draft.items),
        created_at,
    });
    id
}

/// Five answers of 1 to 5 that add up to a total of 5 to 25, and their mean.
pub fn behaviour_answers(b: &mut Builder, total: i32) -> (Value, f64) {
    let total = total.clamp(5, 25);
    let mut answers = spread(b, total, 5);
    // Some people differ from item to item: move a point. What is drawn and not used keeps the rest of the ministry as it is.
    let drawn = [(); 2].map(|()| (b.dice.between(0, 4), b.dice.between(0, 4)));
    if let Some((from, to)) = drawn.first().filter(|(from, to)| from < to) {
        move_point(&mut answers, *from, *to);
    }
    let codes = (1..=5).map(|n| format!("b{n}"));
    (coded(codes, &answers).collect(), f64::from(total) / 5.0)
}

fn move_point(answers: &mut [i32], from: i32, to: i32) {
    let (Ok(from), Ok(to)) = (usize::try_from(from), usize::try_from(to)) else {
        return;
    };
    let movable = answers.get(from).is_some_and(|a| *a > 1) && answers.get(to).is_some_and(|a| *a < 5);
    if from == to || !movable {
        return;
    }
    if let Some(answer) = answers.get_mut(from) {
        *answer -= 1;
    }
    if let Some(answer) = answers.get_mut(to) {
        *answer += 1;
    }
}

/// Answers of a learner who is so satisfied, and their mean.
pub fn reaction_answers(b: &mut Builder, satisfaction: f64) -> (Value, f64) {
    let own = satisfaction + 0.45 * b.dice.normal();
    let codes: Vec<String> = REACTION_SCALES
        .iter()
        .flat_map(|(scale, count)| (1..=*count).map(move |n| format!("{scale}_{n}")))
        .collect();
    let answers: Vec<i32> = codes.iter().map(|_| whole(own + 0.6 * b.dice.normal()).clamp(1, 5)).collect();
    let mean = f64::from(answers.iter().sum::<i32>()) / f64::from(i32::try_from(answers.len()).unwrap_or(1));
    let comments: Vec<Value> = (1..=COMMENTS_PER_REACTION)
        .map(|n| {
            let said = b.dice.pick(&SAID).filter(|_| b.dice.percent(35));
            json!({"item": format!("comment_{n}"), "value": said})
        })
        .collect();
    // As the service stores it.
    let score = (mean * 10_000.0).round() / 10_000.0;
    (coded(codes.into_iter(), &answers).chain(comments).collect(), score)
}

/// A total as evenly as it goes, in mixed order.
fn spread(b: &mut Builder, total: i32, count: i32) -> Vec<i32> {
    let mut answers: Vec<i32> = (0..count).map(|i| total / count + i32::from(i < total % count)).collect();
    b.dice.shuffle(&mut answers);
    answers
}

/// Answers as they are stored.
fn coded(codes: impl Iterator<Item = String>, answers: &[i32]) -> impl Iterator<Item = Value> {
    codes.zip(answers).map(|(item, value)| json!({"item": item, "value": value}))
}

/// The nearest whole number of something small.
#[expect(clippy::cast_possible_truncation, reason = "points of a scale")]
pub fn whole(value: f64) -> i32 {
    value.round() as i32
}
