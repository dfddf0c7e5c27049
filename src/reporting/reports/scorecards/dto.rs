use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::effectiveness::{FollowUp, MethodDto, ReactionDto, SentenceDto, SubjectDto};
use super::model::{Request, Scorecard, Scorecards, Year};
use crate::evaluation::corrective_actions::Standing;
use crate::evaluation::effectiveness::behaviour::Headline;
use crate::evaluation::statistics::thresholds::SMALLEST_CHANGE;
use crate::evaluation::statistics::{Figure, Reason};
use crate::http::list_query;
use crate::i18n::{Locale, text};

list_query! {
    /// Which scorecards.
    ScorecardQuery {
        /// Only what was known at the end of this day (Vietnamese time); today, unless asked otherwise.
        as_of: NaiveDate,
        /// Only this institute's row; it is compared with all others all the same.
        id: Uuid,
    }
}

/// An institute among the others.
#[derive(Debug, Serialize, ToSchema)]
pub struct ScorecardDto {
    /// The institute.
    pub subject: SubjectDto,
    /// Only what was known at the end of this day counts; results of participants are today's, as they carry no date.
    #[schema(example = "2026-11-23")]
    pub as_of: NaiveDate,
    /// How it was computed.
    pub method: MethodDto,
    /// Courses whose figures are released and counted.
    #[schema(example = 6)]
    pub courses: usize,
    /// Offerings that ended.
    #[schema(example = 14)]
    pub offerings: usize,
    /// Participants who completed, of those with a result, percent. An offering counts when all its participants have one,
    /// if they are five or more.
    pub completion: Figure,
    /// Level 3: behaviour at work, by itself and among all institutes.
    pub behaviour: ScorecardBehaviourDto,
    /// Level 1: what the learners anonymously thought of it.
    pub reaction: ReactionDto,
    /// Year by year, in which the offerings ended. Two years are no trend.
    pub years: Vec<ScorecardYearDto>,
    /// What had to be put right; null to those who may not read corrective actions.
    #[schema(required)]
    pub corrective_actions: Option<ScorecardActionsDto>,
    /// The list the row stands in: the same in every row.
    pub list: ScorecardListDto,
}

/// Level 3 of an institute three months after, points of 5. One pair is one person in one offering.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "change": {"status": "ok", "reason": null, "value": 0.52, "unit": "points_of_5", "ci95": [0.41, 0.63], "probably_too_narrow": false, "n": 84, "n_needed": 10, "n_invited": null, "evidence_grade": null},
    "difference": {"status": "ok", "reason": null, "value": 0.43, "unit": "points_of_5", "ci95": [0.29, 0.57], "probably_too_narrow": false, "n": 84, "n_needed": 10, "n_invited": null, "evidence_grade": null},
    "headline": "difference",
    "shrunken": {"status": "ok", "reason": null, "value": 0.49, "unit": "points_of_5", "ci95": [0.4, 0.58], "probably_too_narrow": false, "n": 84, "n_needed": 5, "n_invited": null, "evidence_grade": null},
    "reliability": {"status": "ok", "reason": null, "value": 0.84, "unit": "coefficient", "ci95": null, "probably_too_narrow": false, "n": 84, "n_needed": 5, "n_invited": null, "evidence_grade": null},
    "placed": true, "stands_out": false, "expected_rank": null
}))]
pub struct ScorecardBehaviourDto {
    /// After minus before, as it is.
    pub change: Figure,
    /// The change minus that of comparable untrained colleagues.
    pub difference: Figure,
    /// Which of the two the institute's own report rests on.
    pub headline: Headline,
    /// The mean of the differences of the institute's courses (each as in the report by course, where it has one), drawn to
    /// that of all institutes by how little so few courses tell. A course counts once, however many people it has: that
    /// courses of one institute differ is no difference between institutes. The interval is approximate: it takes the mean
    /// of all and the variance between institutes for known.
    pub shrunken: Figure,
    /// How much of a difference between such means is real, 0 to 1.
    pub reliability: Figure,
    /// Whether the reliability suffices for a place in an order (0.70, Adams et al. 2010).
    pub placed: bool,
    /// Whether it lies apart from the mean of all, after allowing for the length of the list (Benjamini and Hochberg), in a
    /// list whose institutes differ by more than chance: the only reason for a colour.
    pub stands_out: bool,
    /// The place to be expected under this uncertainty, 1 for the highest; null where no order is supported.
    #[schema(required)]
    pub expected_rank: Option<f64>,
}

/// One year of an institute.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "year": 2026,
    "change": {"status": "ok", "reason": null, "value": 0.52, "unit": "points_of_5", "ci95": [0.41, 0.63], "probably_too_narrow": false, "n": 84, "n_needed": 10, "n_invited": null, "evidence_grade": null},
    "reaction": {"status": "ok", "reason": null, "value": 4.2, "unit": "points_of_5", "ci95": [4.0, 4.4], "probably_too_narrow": false, "n": 78, "n_needed": 5, "n_invited": 90, "evidence_grade": null}
}))]
pub struct ScorecardYearDto {
    /// In which the offerings ended.
    pub year: i32,
    /// Behaviour at work, after minus before, points of 5.
    pub change: Figure,
    /// Mean of the learners' forms, points of 5.
    pub reaction: Figure,
}

/// Corrective actions of an institute.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"opened": 3, "unanswered": 1, "overdue": 0, "next_reply_due_on": "2026-12-05"}))]
pub struct ScorecardActionsDto {
    /// Opened so far.
    pub opened: usize,
    /// Of these, those to which a reply is owed: not disputed (before a decision), withdrawn or replied to.
    pub unanswered: usize,
    /// Of these, those whose reply is overdue.
    pub overdue: usize,
    /// The earliest day on which a reply is due, as it stands today.
    #[schema(required)]
    pub next_reply_due_on: Option<NaiveDate>,
}

/// The list of all institutes.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "overall": {"status": "ok", "reason": null, "value": 0.44, "unit": "points_of_5", "ci95": null, "probably_too_narrow": false, "n": 7, "n_needed": 5, "n_invited": null, "evidence_grade": null},
    "ranking_supported": false,
    "sentence": {"vi": "Các cơ sở đào tạo, bồi dưỡng xếp theo tên: chênh lệch giữa các cơ sở nằm trong phạm vi ngẫu nhiên, hoặc có cơ sở chưa được đo đủ để xếp hạng.", "en": "Institutes stand in order of their names: the differences between them are within chance, or some are measured too little to be placed."}
}))]
pub struct ScorecardListDto {
    /// The mean of all institutes whose own figures are shown, points of 5; `n` counts these institutes.
    pub overall: Figure,
    /// Whether the institutes may be shown in the order of their means. If not, they stand by name.
    pub ranking_supported: bool,
    /// How the order is to be read.
    pub sentence: SentenceDto,
}

impl ScorecardDto {
    /// A row as an answer.
    pub fn of(card: Scorecard, list: &Scorecards, request: &Request) -> Self {
        Self {
            subject: SubjectDto {
                id: Some(card.institute.id),
                code: Some(card.institute.code),
                name: card.institute.name,
            },
            as_of: request.as_of,
            method: MethodDto::of(SMALLEST_CHANGE, FollowUp::ThreeMonths, card.input_hash),
            courses: card.courses,
            offerings: card.offerings,
            completion: card.completion,
            behaviour: ScorecardBehaviourDto {
                change: card.behaviour.change,
                difference: card.behaviour.difference,
                headline: card.behaviour.headline,
                shrunken: card.among.mean,
                reliability: card.among.reliability,
                placed: card.among.placed,
                stands_out: card.among.stands_out,
                expected_rank: card.expected_rank,
            },
            reaction: card.reaction.into(),
            years: card.years.into_iter().map(ScorecardYearDto::from).collect(),
            corrective_actions: card.actions.map(ScorecardActionsDto::from),
            list: ScorecardListDto::of(list),
        }
    }
}

impl ScorecardListDto {
    fn of(list: &Scorecards) -> Self {
        let key = match (list.ranking_supported, list.overall.reason()) {
            (true, _) => "scorecards-by-place",
            (false, None) => "scorecards-within-chance",
            (false, Some(Reason::TooFewGroups)) => "scorecards-too-few",
            (false, Some(_)) => "scorecards-not-comparable",
        };
        Self {
            overall: list.overall,
            ranking_supported: list.ranking_supported,
            sentence: SentenceDto::of(|locale: Locale| text(locale, key, &[])),
        }
    }
}

impl From<Year> for ScorecardYearDto {
    fn from(year: Year) -> Self {
        Self { year: year.year, change: year.change, reaction: year.reaction }
    }
}

impl From<Standing> for ScorecardActionsDto {
    fn from(actions: Standing) -> Self {
        Self {
            opened: actions.opened,
            unanswered: actions.unanswered,
            overdue: actions.overdue,
            next_reply_due_on: actions.next_reply_due_on,
        }
    }
}
