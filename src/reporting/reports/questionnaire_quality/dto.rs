use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::effectiveness::SentenceDto;
use super::model::{ItemFinding, Row, findings};
use super::sentence;
use crate::evaluation::form_quality::{Quality, QualityItem};
use crate::evaluation::questionnaires::{Audience, Instrument, Questionnaire, Words};
use crate::evaluation::statistics::{AgreementBand, AgreementFigures, Figure, OmegaMissing, ReliabilityUse};
use crate::http::list_query;

list_query! {
    /// Which questionnaires.
    QuestionnaireQualityQuery {
        /// Only this version.
        id: Uuid,
        /// Only forms that are for this.
        instrument: Instrument,
        /// Only forms of this course.
        course_id: Uuid,
    }
}

/// How good a published version of a questionnaire is as an instrument.
///
/// Of forms that are asked several times of the same people, those count that are asked three months after the course; of
/// a test used before and after, those after. Anonymous forms of an offering count if five or more are valid; without
/// the items that one to four of them answer or leave out, and among the complete ones only if neither these nor the
/// others number one to four.
#[derive(Debug, Serialize, ToSchema)]
pub struct QuestionnaireQualityDto {
    /// The version.
    pub questionnaire: JudgedFormDto,
    /// The first day of the quarter in which the figures moved last, or were looked at; null before the first time.
    #[schema(required, example = "2026-10-01")]
    pub counted_on: Option<NaiveDate>,
    /// Offerings whose forms are counted.
    #[schema(example = 31)]
    pub offerings: usize,
    /// Forms that are counted.
    #[schema(example = 412)]
    pub forms: usize,
    /// Forms of released offerings that are not counted yet: they are at the start of a quarter, as soon as there are
    /// thirty.
    #[schema(example = 12)]
    pub forms_waiting: usize,
    /// Forms handed in of those asked for, percent.
    pub response_rate: Figure,
    /// More blank indicators than this, percent, make a filled-in form invalid; null where every form counts.
    #[schema(required, minimum = 0, maximum = 100, example = 5)]
    pub max_blank_percent: Option<i16>,
    /// Valid forms of those handed in, percent; null where every form counts.
    #[schema(required)]
    pub valid: Option<Figure>,
    /// Whether the items measure one thing.
    pub consistency: ConsistencyDto,
    /// Item by item, those that count for the score.
    pub items: Vec<ItemQualityDto>,
    /// Which items stand out.
    pub items_sentence: SentenceDto,
    /// Learners' ratings of themselves beside those of their supervisors, three months after, by the same items; null of
    /// forms in which learners do not rate themselves.
    #[schema(required)]
    pub self_against_supervisor: Option<SelfAgainstSupervisorDto>,
}

/// Which version is judged.
#[derive(Debug, Serialize, ToSchema)]
pub struct JudgedFormDto {
    /// Its id.
    pub id: Uuid,
    /// What its revisions have in common.
    #[schema(max_length = 60, example = "reaction")]
    pub code: String,
    /// 1, 2, ...
    #[schema(minimum = 1)]
    pub revision: i32,
    /// Its title.
    #[schema(max_length = 300, example = "Phiếu lấy ý kiến học viên khi kết thúc khóa học")]
    pub title: String,
    /// Its title in English.
    #[schema(max_length = 300, required, example = "What learners say at the close of the course")]
    pub title_en: Option<String>,
    /// What it is for.
    pub instrument: Instrument,
    /// Who answers it.
    pub audience: Audience,
    /// Whether answers are stored without the person and the time.
    pub is_anonymous: bool,
    /// The course it belongs to; null where it serves every course.
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
    /// McDonald's omega of one common factor, from three items; null where `omega_missing` says why.
    #[schema(required)]
    pub omega: Option<Figure>,
    /// Why there is no omega.
    #[schema(required)]
    pub omega_missing: Option<OmegaMissing>,
    /// Standard error of measurement of one person's score: by how much it typically differs from what the person would
    /// get on average of many such forms. In points of the form, of a test in percent.
    pub standard_error: Figure,
    /// What the form suffices for, by the lower end of the interval of alpha: 0.70 for the mean of a group, 0.80 for
    /// comparing groups, 0.90 for a decision on one person; null while closed.
    #[schema(required)]
    pub suffices_for: Option<ReliabilityUse>,
    /// Whether alpha is above 0.95: the items nearly repeat each other, and fewer would do.
    #[schema(example = false)]
    pub items_are_copies: bool,
    /// What may be concluded.
    pub sentence: SentenceDto,
}

/// How good one item is.
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
    /// Code of the item.
    #[schema(example = "b1")]
    pub item: String,
    /// The item.
    pub text: Words,
    /// The middle answer, in points of the scale, reversed items turned round; null of a test.
    #[schema(required)]
    pub median: Option<Figure>,
    /// Share of the two best answers, of a test of the right ones, percent.
    pub best: Figure,
    /// Whether more than half gave the best answer; null while closed and of a test.
    #[schema(required, example = false)]
    pub at_ceiling: Option<bool>,
    /// Whether more than half gave the worst answer; null while closed and of a test.
    #[schema(required, example = false)]
    pub at_floor: Option<bool>,
    /// Share of valid forms that leave it out, percent.
    pub left_out: Figure,
    /// What leaving it out says.
    pub left_out_as: LeftOut,
    /// Correlation with the sum of the other items, of complete forms.
    pub rest_correlation: Figure,
    /// Alpha of the other items without it: higher than alpha where it does not belong to them.
    pub alpha_without: Figure,
    /// What is wrong with it.
    pub findings: Vec<ItemFinding>,
}

/// What an item without an answer says.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "not_observed")]
pub enum LeftOut {
    /// "Not observed", which is an answer.
    NotObserved,
    /// Nothing: the item is blank.
    Blank,
}

/// Learners' ratings of themselves beside those of their supervisors: never put together, as they say different things.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "absolute": {"status": "ok", "reason": null, "value": 0.31, "unit": "coefficient", "ci95": [0.08, 0.52], "probably_too_narrow": true, "n": 64, "n_needed": 30, "n_invited": null, "evidence_grade": null},
    "consistency": {"status": "ok", "reason": null, "value": 0.38, "unit": "coefficient", "ci95": [0.15, 0.57], "probably_too_narrow": true, "n": 64, "n_needed": 30, "n_invited": null, "evidence_grade": null},
    "gap": {"status": "ok", "reason": null, "value": 0.28, "unit": "points_of_5", "ci95": [0.16, 0.4], "probably_too_narrow": true, "n": 64, "n_needed": 30, "n_invited": null, "evidence_grade": null},
    "bands": ["poor", "moderate"],
    "sentence": {"vi": "Học viên tự đánh giá cao hơn lãnh đạo trực tiếp 0,28 điểm (khoảng tin cậy 95% từ 0,16 đến 0,40; 64 người). Tự đánh giá không thể thay cho đánh giá của lãnh đạo (mức thống nhất ICC 0,31; khoảng tin cậy 95% từ 0,08 đến 0,52).", "en": "Learners rate themselves 0.28 points higher than their supervisors do (95 % interval 0.16 to 0.40, 64 people). A self-rating cannot stand in for the supervisor's rating (agreement ICC 0.31, 95 % interval 0.08 to 0.52)."}
}))]
pub struct SelfAgainstSupervisorDto {
    /// ICC(A,1): would the one mark be the other's?
    pub absolute: Figure,
    /// ICC(C,1): would the one order of the people be the other's? That all rate themselves higher does not lower it.
    pub consistency: Figure,
    /// Mean of the self-rating minus that of the supervisor, points of 5.
    pub gap: Figure,
    /// How good the absolute agreement is at the least and at the most, by its interval (Koo and Li 2016); null while
    /// closed.
    #[schema(required, min_items = 2, max_items = 2)]
    pub bands: Option<[AgreementBand; 2]>,
    /// What may be concluded.
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
