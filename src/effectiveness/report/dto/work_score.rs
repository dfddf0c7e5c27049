//! The official score of a report.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::super::sentence_dto::SentenceDto;
use super::super::subject_report::WorkScore;
use crate::effectiveness::measures::PeriodKind;
use crate::effectiveness::measures::behaviour::Headline;
use crate::effectiveness::release::{AwaitedFor, AwaitedScores, Revision};
use statistics::Figure;

/// Level 4: the official work score, points of 100. Before: mean of the last two complete periods before the nomination
/// was decided. After: the first complete period after the course is dropped; mean of the next two. One regime only. Who is
/// rated by months is read by months, everybody else by quarters.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "sentence": {
        "vi": "Điểm xếp loại chính thức (thang 100) của 12 người đã học tăng 3,20 điểm; nhóm không học (10 người) tăng 0,90. Chênh lệch 2,30 điểm, khoảng tin cậy 95% từ -0,10 đến 4,70. Khoảng này chứa 0: chưa thể nói hai nhóm thay đổi khác nhau.",
        "en": "The official work score (of 100) of the 12 people trained rose by 3.20 points; the untrained group (10 people) rose by 0.90. The difference is 2.30 points, 95 % interval -0.10 to 4.70. The interval holds 0: it cannot be said that the two groups changed differently."
    },
    "awaiting": null,
    "revision": {"number": 1, "on": "2027-01-11"},
    "before": {"status": "ok", "reason": null, "value": 78.2, "unit": "points_of_100", "ci95": null, "probably_too_narrow": false, "n": 12, "n_needed": 10, "n_invited": null, "evidence_grade": null},
    "after": {"status": "ok", "reason": null, "value": 81.4, "unit": "points_of_100", "ci95": null, "probably_too_narrow": false, "n": 12, "n_needed": 10, "n_invited": null, "evidence_grade": null},
    "change": {"status": "ok", "reason": null, "value": 3.2, "unit": "points_of_100", "ci95": [1.1, 5.3], "probably_too_narrow": false, "n": 12, "n_needed": 10, "n_invited": null, "evidence_grade": null},
    "matched_change": {"status": "ok", "reason": null, "value": 3.2, "unit": "points_of_100", "ci95": [1.1, 5.3], "probably_too_narrow": false, "n": 12, "n_needed": 10, "n_invited": null, "evidence_grade": null},
    "comparison_change": {"status": "ok", "reason": null, "value": 0.9, "unit": "points_of_100", "ci95": [-0.4, 2.2], "probably_too_narrow": false, "n": 10, "n_needed": 10, "n_invited": null, "evidence_grade": null},
    "difference": {"status": "ok", "reason": null, "value": 2.3, "unit": "points_of_100", "ci95": [-0.1, 4.7], "probably_too_narrow": false, "n": 12, "n_needed": 10, "n_invited": null, "evidence_grade": null},
    "effect_size": {"status": "ok", "reason": null, "value": 0.31, "unit": "standardised", "ci95": null, "probably_too_narrow": false, "n": 12, "n_needed": 10, "n_invited": null, "evidence_grade": null},
    "headline": "difference",
    "at_ceiling": {"status": "ok", "reason": null, "value": 8.3, "unit": "percent", "ci95": [1.5, 35.4], "probably_too_narrow": false, "n": 12, "n_needed": 10, "n_invited": null, "evidence_grade": null},
    "instrument_changed": 0, "counted_elsewhere": 0
}))]
pub struct WorkScoreDto {
    /// The official score in one sentence, apart from that about behaviour. There is no verdict: nobody has said which change
    /// of the score matters.
    pub sentence: SentenceDto,
    /// What offerings wait for whose scores are not released yet, by course and offering; null when none is awaited, and in
    /// other reports.
    #[schema(required)]
    pub awaiting: Option<AwaitedScoresDto>,
    /// Which revision this is; null before the first, and by unit, as units are put together of first revisions only.
    #[schema(required)]
    pub revision: Option<ScoreRevisionDto>,
    /// Mean of the trained before.
    pub before: Figure,
    /// Mean of the trained after.
    pub after: Figure,
    /// After minus before.
    pub change: Figure,
    /// The change of those who stand in the difference: a colleague matched to them has scores of the same periods.
    pub matched_change: Figure,
    /// The same of these colleagues, over the same periods.
    pub comparison_change: Figure,
    /// `matched_change` minus `comparison_change`, within each offering; the offerings weighted by their trained people
    /// who stand in it.
    pub difference: Figure,
    /// Size of the headline in standard deviations.
    pub effect_size: Figure,
    /// Whether the difference or, without ten colleagues, the change alone is to be read.
    pub headline: Headline,
    /// Share of the baselines of 90 and more, which could hardly rise.
    pub at_ceiling: Figure,
    /// People rated on both sides but under different regimes (before and after 2026); they are left out.
    #[schema(example = 0)]
    pub instrument_changed: usize,
    /// People whose scores of these periods count in another offering that ended earlier; they are left out. A score
    /// counts in one offering only, or two of nearly the same people would disclose the scores of those who differ.
    #[schema(example = 0)]
    pub counted_elsewhere: usize,
}

/// What the release of official scores waits for, and until when. Figures come out the day after everybody who took part (or
/// is compared) and still works here is rated for both periods after the dropped one; never before the second of them is
/// over; and on a last day with what is there then.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"what": "scores", "period_kind": "quarter", "period_start": "2026-10-01", "period_end": "2026-12-31", "until": "2027-03-31", "offerings": 1}))]
pub struct AwaitedScoresDto {
    /// What is waited for.
    pub what: AwaitedFor,
    /// Kind of period that most of the people are rated by.
    pub period_kind: PeriodKind,
    /// First day of the second period after the dropped one.
    #[schema(example = "2026-10-01")]
    pub period_start: NaiveDate,
    /// Its last day.
    #[schema(example = "2026-12-31")]
    pub period_end: NaiveDate,
    /// The day on which the figures come at the latest, 90 days after the period.
    #[schema(example = "2027-03-31")]
    pub until: NaiveDate,
    /// How many offerings are awaited; the rest is said of the one with the earliest last day.
    #[schema(example = 1)]
    pub offerings: usize,
}

/// A revision of the figures of official scores. Scores that come late or are corrected after the release come out as a whole,
/// on the first day of a calendar quarter, as soon as those whose numbers differ are five people or more in each respect;
/// until then the figures stay. A report `as_of` an earlier day shows the revision of that day.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"number": 2, "on": "2027-04-01"}))]
pub struct ScoreRevisionDto {
    /// 1 for the release, and one more with each revision; of several offerings the highest.
    #[schema(minimum = 1, example = 2)]
    pub number: i32,
    /// The day from which on it is shown; of several offerings the newest.
    #[schema(example = "2027-04-01")]
    pub on: NaiveDate,
}

impl WorkScoreDto {
    /// A subject's official score as an answer.
    pub fn of(score: &WorkScore, sentence: SentenceDto) -> Self {
        let figures = score.figures;
        Self {
            sentence,
            awaiting: score.state.awaited.map(AwaitedScoresDto::from),
            revision: score.state.revision.map(ScoreRevisionDto::from),
            before: figures.before,
            after: figures.after,
            change: figures.change,
            matched_change: figures.matched_change,
            comparison_change: figures.comparison_change,
            difference: figures.difference,
            effect_size: figures.effect_size,
            headline: figures.headline,
            at_ceiling: score.at_ceiling,
            instrument_changed: score.instrument_changed,
            counted_elsewhere: score.counted_elsewhere,
        }
    }
}

impl From<(usize, AwaitedScores)> for AwaitedScoresDto {
    fn from((offerings, awaited): (usize, AwaitedScores)) -> Self {
        Self {
            what: awaited.what,
            period_kind: awaited.kind,
            period_start: awaited.from,
            period_end: awaited.to,
            until: awaited.until,
            offerings,
        }
    }
}

impl From<Revision> for ScoreRevisionDto {
    fn from(revision: Revision) -> Self {
        Self { number: revision.number, on: revision.on }
    }
}
