use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::model::{ItemFinding, Row, findings};
use super::sentence;
use crate::effectiveness::form_quality::{Quality, QualityItem};
use crate::effectiveness::report::SentenceDto;
use crate::evaluation::questionnaires::{Audience, Instrument, Questionnaire, Words};
use crate::http::list_query;
use statistics::{AgreementBand, AgreementFigures, Figure, OmegaMissing, ReliabilityUse};

list_query! {
    /// Which questionnaires.
    QuestionnaireQualityQuery {
        /// Only this version of a questionnaire (UUID).
        id: Uuid,
        /// Only questionnaires with this purpose.
        instrument: Instrument,
        /// Only questionnaires that belong to this course (UUID).
        course_id: Uuid,
    }
}

/// Quality of a published version of a questionnaire as an instrument of measurement.
///
/// When the same people are asked several times, the forms of three months after the course count; of a test
/// used before and after, those after. Anonymous forms of an offering count if five or more are valid. Items
/// that one to four of them answer or leave out are not counted, and complete forms are counted only if
/// neither their number nor that of the others is one to four. Offerings with one to four valid named forms
/// are counted together, once these number five.
#[derive(Debug, Serialize, ToSchema)]
pub struct QuestionnaireQualityDto {
    /// Version of the questionnaire that the row is about.
    pub questionnaire: JudgedFormDto,
    /// First day of the quarter in which the figures were last updated or examined (ISO 8601 date); null
    /// before the first time.
    #[schema(required, example = "2026-10-01")]
    pub counted_on: Option<NaiveDate>,
    /// Number of offerings whose forms are counted.
    #[schema(example = 31)]
    pub offerings: usize,
    /// Number of forms that are counted.
    #[schema(example = 412)]
    pub forms: usize,
    /// Number of forms of released offerings that are not counted yet. They are counted at the start of a
    /// quarter, as soon as there are thirty.
    #[schema(example = 12)]
    pub forms_waiting: usize,
    /// Share of the forms asked for that were handed in, percent.
    pub response_rate: Figure,
    /// Largest share of blank indicators, 0 to 100 percent, with which a form is valid; null when every form
    /// counts.
    #[schema(required, minimum = 0, maximum = 100, example = 5)]
    pub max_blank_percent: Option<i16>,
    /// Share of the forms handed in that are valid, percent; null when every form counts.
    #[schema(required)]
    pub valid: Option<Figure>,
    /// Internal consistency: whether the items measure one thing.
    pub consistency: ConsistencyDto,
    /// Quality of each item that counts for the score, in the order of the form.
    pub items: Vec<ItemQualityDto>,
    /// Which items need attention, in words.
    pub items_sentence: SentenceDto,
    /// Agreement of the learners' ratings of themselves with the ratings by their supervisors, three months
    /// after the course, by the same items; null for forms in which learners do not rate themselves.
    #[schema(required)]
    pub self_against_supervisor: Option<SelfAgainstSupervisorDto>,
}

/// Version of a questionnaire whose quality is reported.
#[derive(Debug, Serialize, ToSchema)]
pub struct JudgedFormDto {
    /// Identifier of the version of the questionnaire (UUID), assigned by the service.
    pub id: Uuid,
    /// Code of the questionnaire, the same for all its revisions.
    #[schema(max_length = 60, example = "reaction")]
    pub code: String,
    /// Number of the revision of the questionnaire, from 1.
    #[schema(minimum = 1)]
    pub revision: i32,
    /// Title of the questionnaire in Vietnamese.
    #[schema(max_length = 300, example = "Phiếu lấy ý kiến học viên khi kết thúc khóa học")]
    pub title: String,
    /// Title of the questionnaire in English; null when there is none.
    #[schema(max_length = 300, required, example = "What learners say at the close of the course")]
    pub title_en: Option<String>,
    /// Purpose of the questionnaire.
    pub instrument: Instrument,
    /// Group of people who answer the questionnaire: `learner`, `supervisor` or `beneficiary_unit`.
    pub audience: Audience,
    /// Whether answers are stored without the person and the time.
    pub is_anonymous: bool,
    /// Identifier of the course that the questionnaire belongs to (UUID); null when it serves every course.
    #[schema(required)]
    pub course_id: Option<Uuid>,
}

/// Internal consistency: whether the items measure one thing. It does not say that they measure the right thing.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "alpha": {"status": "ok", "reason": null, "value": 0.86, "unit": "coefficient", "ci95": [0.82, 0.89], "probably_too_narrow": true, "n": 140, "n_needed": 30, "n_invited": null, "evidence_grade": null},
    "omega": null, "omega_missing": "not_three_items",
    "standard_error": {"status": "ok", "reason": null, "value": 0.24, "unit": "points_of_5", "ci95": null, "probably_too_narrow": false, "n": 140, "n_needed": 30, "n_invited": null, "evidence_grade": null},
    "suffices_for": "comparing_groups", "items_are_copies": false,
    "sentence": {"vi": "Các câu hỏi của phiếu đủ nhất quán để so sánh các nhóm, chưa đủ để đánh giá từng người (hệ số alpha 0,86; khoảng tin cậy 95% từ 0,82 đến 0,89; 140 phiếu).", "en": "The items of this form belong together well enough to compare groups, not to judge one person (alpha 0.86, 95 % interval 0.82 to 0.89, 140 forms)."}
}))]
pub struct ConsistencyDto {
    /// Cronbach's alpha of complete forms, with the interval of Feldt (1965); of a test this is the KR-20 of Kuder and
    /// Richardson. The interval counts forms: people of one class, or rated by one supervisor, answer more alike than
    /// strangers, so that it is rather too narrow. Negative where items contradict each other.
    pub alpha: Figure,
    /// McDonald's omega for one common factor, with three items or more; null when `omega_missing` gives the
    /// reason.
    #[schema(required)]
    pub omega: Option<Figure>,
    /// Reason why there is no omega: the form has fewer than three items, or no common factor was found; null
    /// when there is one.
    #[schema(required)]
    pub omega_missing: Option<OmegaMissing>,
    /// Standard error of measurement of one person's score: by how much it typically differs from what the person would
    /// get on average of many such forms. In points of the form, of a test in percent.
    pub standard_error: Figure,
    /// What the form suffices for, by the lower end of the interval of alpha: 0.70 for the mean of a group,
    /// 0.80 for comparing groups, 0.90 for a decision on one person; null while alpha is not shown.
    #[schema(required)]
    pub suffices_for: Option<ReliabilityUse>,
    /// Whether alpha is above 0.95, so that the items nearly repeat each other and fewer items would do.
    #[schema(example = false)]
    pub items_are_copies: bool,
    /// Conclusion about the internal consistency, in words.
    pub sentence: SentenceDto,
}

/// Quality of one item of a questionnaire.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "item": "b1", "text": {"vi": "Dùng đúng mẫu văn bản của Bộ."},
    "median": {"status": "ok", "reason": null, "value": 4.0, "unit": "points_of_5", "ci95": null, "probably_too_narrow": false, "n": 140, "n_needed": 5, "n_invited": 160, "evidence_grade": null},
    "best": {"status": "ok", "reason": null, "value": 55.0, "unit": "percent", "ci95": [46.7, 63.0], "probably_too_narrow": false, "n": 140, "n_needed": 5, "n_invited": 160, "evidence_grade": null},
    "at_ceiling": false, "at_floor": false,
    "left_out": {"status": "ok", "reason": null, "value": 2.8, "unit": "percent", "ci95": [1.1, 7.0], "probably_too_narrow": false, "n": 144, "n_needed": 5, "n_invited": 160, "evidence_grade": null},
    "left_out_as": "not_observed",
    "rest_correlation": {"status": "ok", "reason": null, "value": 0.62, "unit": "coefficient", "ci95": null, "probably_too_narrow": false, "n": 138, "n_needed": 30, "n_invited": null, "evidence_grade": null},
    "alpha_without": {"status": "ok", "reason": null, "value": 0.84, "unit": "coefficient", "ci95": null, "probably_too_narrow": false, "n": 138, "n_needed": 30, "n_invited": null, "evidence_grade": null},
    "findings": []
}))]
pub struct ItemQualityDto {
    /// Code of the item in the questionnaire.
    #[schema(example = "b1")]
    pub item: String,
    /// Wording of the item.
    pub text: Words,
    /// Median of the answers in points of the scale, reversed items turned round; null for items of a test.
    #[schema(required)]
    pub median: Option<Figure>,
    /// Share of answers at the two best steps of the scale, or of right answers in a test, percent.
    pub best: Figure,
    /// Whether more than half of the answers are the best one; null while the figures are hidden, and for
    /// items of a test.
    #[schema(required, example = false)]
    pub at_ceiling: Option<bool>,
    /// Whether more than half of the answers are the worst one; null while the figures are hidden, and for
    /// items of a test.
    #[schema(required, example = false)]
    pub at_floor: Option<bool>,
    /// Share of the valid forms without an answer to the item, percent.
    pub left_out: Figure,
    /// Meaning of a missing answer: `not_observed` or `blank`.
    pub left_out_as: LeftOut,
    /// Correlation of the item with the sum of the other items, over complete forms, -1 to 1.
    pub rest_correlation: Figure,
    /// Cronbach's alpha of the other items. When it is higher than alpha, the item measures something else
    /// than they do.
    pub alpha_without: Figure,
    /// Problems of the item; empty when there are none.
    pub findings: Vec<ItemFinding>,
}

/// Meaning of a missing answer to an item: it was answered as "not observed" (`not_observed`), or it was not
/// answered (`blank`).
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "not_observed")]
pub enum LeftOut {
    /// "Not observed", which is an answer.
    NotObserved,
    /// Nothing: the item is blank.
    Blank,
}

/// Agreement of the learners' ratings of themselves with those of their supervisors. The two are never
/// averaged, as they have different meanings.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "absolute": {"status": "ok", "reason": null, "value": 0.31, "unit": "coefficient", "ci95": [0.08, 0.52], "probably_too_narrow": true, "n": 64, "n_needed": 30, "n_invited": null, "evidence_grade": null},
    "consistency": {"status": "ok", "reason": null, "value": 0.38, "unit": "coefficient", "ci95": [0.15, 0.57], "probably_too_narrow": true, "n": 64, "n_needed": 30, "n_invited": null, "evidence_grade": null},
    "gap": {"status": "ok", "reason": null, "value": 0.28, "unit": "points_of_5", "ci95": [0.16, 0.4], "probably_too_narrow": true, "n": 64, "n_needed": 30, "n_invited": null, "evidence_grade": null},
    "bands": ["poor", "moderate"],
    "sentence": {"vi": "Học viên tự đánh giá cao hơn lãnh đạo trực tiếp 0,28 điểm (khoảng tin cậy 95% từ 0,16 đến 0,40; 64 người). Tự đánh giá không thể thay cho đánh giá của lãnh đạo (mức thống nhất ICC 0,31; khoảng tin cậy 95% từ 0,08 đến 0,52).", "en": "Learners rate themselves 0.28 points higher than their supervisors do (95 % interval 0.16 to 0.40, 64 people). A self-rating cannot stand in for the supervisor's rating (agreement ICC 0.31, 95 % interval 0.08 to 0.52)."}
}))]
pub struct SelfAgainstSupervisorDto {
    /// Absolute agreement, ICC(A,1): how far a learner's rating equals that of the supervisor.
    pub absolute: Figure,
    /// Consistency, ICC(C,1): how far both put the people in the same order. It is not lowered when all
    /// learners rate themselves higher.
    pub consistency: Figure,
    /// Mean of the learners' ratings of themselves minus the supervisors' ratings, points of 5.
    pub gap: Figure,
    /// Bands of the absolute agreement at the lower and the upper end of its interval (Koo and Li 2016); null
    /// while it is not shown.
    #[schema(required, min_items = 2, max_items = 2)]
    pub bands: Option<[AgreementBand; 2]>,
    /// Conclusion about the agreement, in words.
    pub sentence: SentenceDto,
}

impl From<Row> for QuestionnaireQualityDto {
    fn from(row: Row) -> Self {
        let Row { form, known, quality } = row;
        let counts = known.standing.shown.counts;
        let found = findings(&quality);
        Self {
            counted_on: known.since,
            offerings: counts.offerings,
            forms: counts.handed_in,
            forms_waiting: known.waiting,
            response_rate: quality.response_rate,
            max_blank_percent: form.max_blank_percent,
            valid: quality.valid,
            consistency: ConsistencyDto::of(&quality, form.instrument.is_test()),
            items_sentence: SentenceDto::of(|locale| sentence::of_items(locale, &quality.items, &found)),
            self_against_supervisor: quality.beside.map(SelfAgainstSupervisorDto::of),
            items: quality.items.into_iter().zip(found).map(ItemQualityDto::from).collect(),
            questionnaire: form.into(),
        }
    }
}

impl From<Questionnaire> for JudgedFormDto {
    fn from(form: Questionnaire) -> Self {
        Self {
            id: form.id,
            code: form.code,
            revision: form.revision,
            title: form.title,
            title_en: form.title_en,
            instrument: form.instrument,
            audience: form.audience,
            is_anonymous: form.is_anonymous,
            course_id: form.course_id,
        }
    }
}

impl ConsistencyDto {
    fn of(quality: &Quality, is_test: bool) -> Self {
        let found = &quality.consistency;
        Self {
            alpha: found.alpha,
            omega: found.omega.ok(),
            omega_missing: found.omega.err(),
            standard_error: found.standard_error,
            suffices_for: found.suffices_for,
            items_are_copies: found.items_are_copies,
            sentence: SentenceDto::of(|locale| sentence::of_consistency(locale, quality, is_test)),
        }
    }
}

impl From<(QualityItem, Vec<ItemFinding>)> for ItemQualityDto {
    fn from((found, findings): (QualityItem, Vec<ItemFinding>)) -> Self {
        let [at_ceiling, at_floor] = found.ends;
        Self {
            findings,
            left_out_as: if found.item.not_observed { LeftOut::NotObserved } else { LeftOut::Blank },
            item: found.item.code,
            text: found.item.text,
            median: found.median,
            best: found.best,
            at_ceiling,
            at_floor,
            left_out: found.left_out,
            rest_correlation: found.rest_correlation,
            alpha_without: found.alpha_without,
        }
    }
}

impl SelfAgainstSupervisorDto {
    fn of(beside: AgreementFigures) -> Self {
        let sentence = SentenceDto::of(|locale| sentence::of_beside(locale, &beside));
        let none = beside.absolute;
        Self {
            absolute: beside.absolute,
            consistency: beside.consistency,
            gap: beside.bias.unwrap_or(none),
            bands: beside.bands,
            sentence,
        }
    }
}
