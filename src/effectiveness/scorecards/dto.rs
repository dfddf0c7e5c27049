use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::model::{Request, Scorecard, Scorecards, Year};
use crate::effectiveness::corrective_actions::Standing;
use crate::effectiveness::measures::behaviour::Headline;
use crate::effectiveness::report::{FollowUp, MethodDto, ReactionDto, SentenceDto, SubjectDto};
use crate::http::list_query;
use crate::i18n::{Locale, text};
use statistics::thresholds::SMALLEST_CHANGE;
use statistics::{Figure, Reason};

list_query! {
    /// Which scorecards.
    ScorecardQuery {
        /// Only what was known at the end of this day counts (ISO 8601 date, Vietnamese time); not after
        /// today. Default: today.
        as_of: NaiveDate,
        /// Only the row of this institute (UUID); its figures are still compared with those of all others.
        id: Uuid,
    }
}

/// Results of a training institute, compared with all others.
#[derive(Debug, Serialize, ToSchema)]
pub struct ScorecardDto {
    /// The training institute that the row is about.
    pub subject: SubjectDto,
    /// Day at whose end the data were taken (ISO 8601 date, Vietnamese time). Results of participants carry
    /// no date and are those of today.
    #[schema(example = "2026-11-23")]
    pub as_of: NaiveDate,
    /// Method by which the figures were computed.
    pub method: MethodDto,
    /// Number of courses whose figures are released and counted.
    #[schema(example = 6)]
    pub courses: usize,
    /// Number of offerings that ended by `as_of`.
    #[schema(example = 14)]
    pub offerings: usize,
    /// Share of the participants with a result who completed, percent. An offering counts when all its
    /// participants have a result and are five or more.
    pub completion: Figure,
    /// Level 3 (behaviour at work): the institute's figures, and how they compare with those of all
    /// institutes.
    pub behaviour: ScorecardBehaviourDto,
    /// Level 1 (reaction): what learners answered anonymously about the offerings.
    pub reaction: ReactionDto,
    /// Figures by the calendar year in which the offerings ended. Two years do not show a trend.
    pub years: Vec<ScorecardYearDto>,
    /// Corrective actions of the institute; null for callers who may not read corrective actions.
    #[schema(required)]
    pub corrective_actions: Option<ScorecardActionsDto>,
    /// Figures of the list that the row belongs to, the same in every row.
    pub list: ScorecardListDto,
}

/// Behaviour at work three months after the courses of an institute, points of 5. One person in one offering
/// counts once.
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
    /// Mean rating after the course minus the mean before it, not adjusted.
    pub change: Figure,
    /// Change of the trained people minus the change of comparable untrained colleagues.
    pub difference: Figure,
    /// Which of the two figures the report of the institute rests on: `difference` or `change`.
    pub headline: Headline,
    /// Mean of the differences of the institute's courses, drawn towards the mean of all institutes the more,
    /// the fewer courses there are. A course counts once, however many people attended. The interval is
    /// approximate: it takes the mean of all and the variance between institutes as known.
    pub shrunken: Figure,
    /// Share of the variance between such means that is due to real differences between institutes, 0 to 1.
    pub reliability: Figure,
    /// Whether the reliability suffices to give the institute a place in an order (0.70, Adams et al. 2010).
    pub placed: bool,
    /// Whether the institute differs from the mean of all, corrected for the number of institutes (Benjamini
    /// and Hochberg), in a list whose institutes differ by more than chance. Only then should a page mark it
    /// by a colour.
    pub stands_out: bool,
    /// Expected place of the institute given the uncertainty of all figures, 1 for the highest; null when no
    /// order is supported.
    #[schema(required)]
    pub expected_rank: Option<f64>,
}

/// Figures of an institute for one calendar year.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "year": 2026,
    "change": {"status": "ok", "reason": null, "value": 0.52, "unit": "points_of_5", "ci95": [0.41, 0.63], "probably_too_narrow": false, "n": 84, "n_needed": 10, "n_invited": null, "evidence_grade": null},
    "reaction": {"status": "ok", "reason": null, "value": 4.2, "unit": "points_of_5", "ci95": [4.0, 4.4], "probably_too_narrow": false, "n": 78, "n_needed": 5, "n_invited": 90, "evidence_grade": null}
}))]
pub struct ScorecardYearDto {
    /// Calendar year in which the offerings ended.
    pub year: i32,
    /// Behaviour at work, mean rating three months after minus the mean before, points of 5.
    pub change: Figure,
    /// Mean of the learners' anonymous forms, points of 5.
    pub reaction: Figure,
}

/// Number and state of the corrective actions of an institute.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"opened": 3, "unanswered": 1, "overdue": 0, "next_reply_due_on": "2026-12-05"}))]
pub struct ScorecardActionsDto {
    /// Number of corrective actions opened by `as_of`.
    pub opened: usize,
    /// Number of opened actions that the institute still has to reply to; those replied to, withdrawn or
    /// under dispute are not counted.
    pub unanswered: usize,
    /// Number of unanswered actions whose reply is overdue.
    pub overdue: usize,
    /// Earliest day on which the institute has to reply, by the deadlines of today (ISO 8601 date); null when
    /// no reply is due.
    #[schema(required)]
    pub next_reply_due_on: Option<NaiveDate>,
}

/// Figures of the list of all institutes.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "overall": {"status": "ok", "reason": null, "value": 0.44, "unit": "points_of_5", "ci95": null, "probably_too_narrow": false, "n": 7, "n_needed": 5, "n_invited": null, "evidence_grade": null},
    "ranking_supported": false,
    "sentence": {"vi": "Các cơ sở đào tạo, bồi dưỡng xếp theo tên: chênh lệch giữa các cơ sở nằm trong phạm vi ngẫu nhiên, hoặc có cơ sở chưa được đo đủ để xếp hạng.", "en": "Institutes stand in order of their names: the differences between them are within chance, or some are measured too little to be placed."}
}))]
pub struct ScorecardListDto {
    /// Mean of all institutes whose figures are shown, points of 5; `n` is the number of these institutes.
    pub overall: Figure,
    /// Whether the institutes may be ordered by their means. If not, they are listed by name.
    pub ranking_supported: bool,
    /// How to read the order of the list, in words.
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
