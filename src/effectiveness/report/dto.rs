mod flow;
mod registration;
mod work_score;

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::expected::ExpectedAgainstFound;
use super::form_items::{BeneficiaryDto, EnvironmentDto, ReactionDto};
use super::levels::{KnowledgeDto, SelfRatingDto};
use super::model::{By, Detail, FollowUp, Subject};
use super::per_half_day::PerHalfDay;
use super::score_sentence::{self, ScoreFacts};
use super::second::SecondRatersDto;
use super::sentence::{self, Facts};
use super::sentence_dto::SentenceDto;
use super::subject_report::Report;
use super::talk::BarriersBesideEffect;
use crate::effectiveness::measures::METHOD_VERSION;
use crate::effectiveness::measures::behaviour::{Headline, Limit};
use crate::effectiveness::measures::warnings::Warning;
use crate::http::list_query;
pub use flow::FlowDto;
pub use registration::ReportedRegistration;
use statistics::{
    AncovaFigures, BaselineFigures, Evidence, EvidenceReason, Figure, Grade, RegressionFigures, Verdict,
};
pub use work_score::WorkScoreDto;

list_query! {
    /// What to report on.
    EffectivenessQuery {
        /// What the rows are. Required. Institutes may not ask for units.
        #[param(required = true, inline)]
        by: By,
        /// Only what was known at the end of this day (Vietnamese time); today, unless asked otherwise. The figures of a
        /// day are final when it is over.
        as_of: NaiveDate,
        /// Only offerings that ended on this day or later. Not by unit, as units are reported by whole quarters.
        from: NaiveDate,
        /// Only offerings that ended on this day or earlier. Not by unit.
        to: NaiveDate,
        /// Only this course, offering, lecturer, institute or unit; it is reported on even if it has no data yet. Not by
        /// mode or content area, which have no ids.
        id: Uuid,
        /// The follow-up that the headline rests on; three months unless asked otherwise.
        phase: FollowUp,
        /// `summary`: the sentence, the headline figure and what could mislead; `full`, unless asked otherwise: every level
        /// with every figure (some 8 kB a row).
        detail: Detail,
    }
}

/// Whether work got better after the courses of one subject.
#[derive(Debug, Serialize, ToSchema)]
pub struct EffectivenessDto {
    /// What the row is about.
    pub subject: SubjectDto,
    /// Only what was known at the end of this day counts.
    #[schema(example = "2026-11-23")]
    pub as_of: NaiveDate,
    /// How it was computed.
    pub method: MethodDto,
    /// Behaviour at work in one sentence; the official score has one of its own, in `work_score`.
    pub sentence: SentenceDto,
    /// Level 3, the headline: the supervisor rates the same five behaviours before and after.
    pub behaviour: BehaviourDto,
    /// What second raters saw beside the supervisors, at the same follow-up. Null but by course, offering and institute, where
    /// nobody was asked beside a supervisor, and before the figures are released.
    #[schema(required)]
    pub second_raters: Option<SecondRatersDto>,
    /// Level 4: the official work score pushed by the HR portal (Decree 335/2025/NĐ-CP). Units are put together of its
    /// first release, by the quarter of that; later revisions stand in the reports on courses, offerings, lecturers and institutes only.
    pub work_score: WorkScoreDto,
    /// The headline of level 3 for each half-day away from work. Null by unit.
    #[schema(required)]
    pub per_half_day: Option<PerHalfDay>,
    /// Level 1: what the learners anonymously thought of it. Null by unit, as anonymous forms do not know their unit.
    #[schema(required)]
    pub reaction: Option<ReactionDto>,
    /// Level 2: the learners' tests before and after. Null by unit.
    #[schema(required)]
    pub knowledge: Option<KnowledgeDto>,
    /// How learners rate themselves: context, apart from the levels. Null by unit.
    #[schema(required)]
    pub self_rating: Option<SelfRatingDto>,
    /// What stood in the way of using what was learned. Null by unit, as `reaction`.
    #[schema(required)]
    pub environment: Option<EnvironmentDto>,
    /// What stood in the way, beside what was achieved: whom to talk to. Null but by course and offering.
    #[schema(required)]
    pub barriers: Option<BarriersBesideEffect>,
    /// What the units say that sent people. Null by unit: the one word of a unit is no statistic.
    #[schema(required)]
    pub beneficiary: Option<BeneficiaryDto>,
    /// What was declared of an offering before it started, against what was found; none otherwise.
    pub expected_effects: Vec<ExpectedAgainstFound>,
    /// What was registered of an offering when it began, before its first session; null for other subjects, and where nothing
    /// is registered.
    #[schema(required)]
    pub registration: Option<ReportedRegistration>,
    /// How far the study design carries a conclusion.
    pub evidence: EvidenceDto,
    /// How many there were at each step.
    pub follow_up: FlowDto,
    /// What could mislead.
    pub warnings: Vec<Warning>,
}

/// What a row is about.
#[derive(Debug, Serialize, ToSchema)]
pub struct SubjectDto {
    /// Its id; null for modes and content areas, which are identified by their code.
    #[schema(required)]
    pub id: Option<Uuid>,
    /// Its code; null for lecturers, who have none.
    #[schema(required, example = "BVBMNN")]
    pub code: Option<String>,
    /// Its name; of an offering, the course's title; of a mode or a content area, what it is called in the language of the
    /// request.
    #[schema(example = "Bảo vệ bí mật nhà nước")]
    pub name: String,
}

/// How a report was computed.
#[derive(Debug, Serialize, ToSchema)]
pub struct MethodDto {
    /// Version of the method; another version may compute other figures of the same data.
    #[schema(example = "4")]
    pub version: &'static str,
    /// Smallest change that matters, points of 5: the course's own by course and offering, else the ministry's default.
    #[schema(example = 0.25)]
    pub smallest_change: f64,
    /// The follow-up that the headline rests on.
    pub phase: FollowUp,
    /// SHA-256 over the released sums behind `behaviour` and `work_score` (of a scorecard, behind its own change), as far as
    /// they are shown: with the same hash these were computed from the same people and scores.
    #[schema(example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")]
    pub input_hash: String,
}

/// Level 3: behaviour at work, points of 5. One pair is one person in one offering.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "before": {"status": "ok", "reason": null, "value": 3.1, "unit": "points_of_5", "ci95": null, "probably_too_narrow": false, "n": 12, "n_needed": 10, "n_invited": null, "evidence_grade": null},
    "after": {"status": "ok", "reason": null, "value": 3.55, "unit": "points_of_5", "ci95": null, "probably_too_narrow": false, "n": 12, "n_needed": 10, "n_invited": null, "evidence_grade": null},
    "change": {"status": "ok", "reason": null, "value": 0.45, "unit": "points_of_5", "ci95": [0.254, 0.646], "probably_too_narrow": false, "n": 12, "n_needed": 10, "n_invited": 12, "evidence_grade": "A"},
    "matched_change": {"status": "ok", "reason": null, "value": 0.45, "unit": "points_of_5", "ci95": [0.254, 0.646], "probably_too_narrow": false, "n": 12, "n_needed": 10, "n_invited": null, "evidence_grade": null},
    "comparison_change": {"status": "ok", "reason": null, "value": 0.1, "unit": "points_of_5", "ci95": [-0.022, 0.222], "probably_too_narrow": false, "n": 10, "n_needed": 10, "n_invited": null, "evidence_grade": null},
    "difference": {"status": "ok", "reason": null, "value": 0.35, "unit": "points_of_5", "ci95": [0.131, 0.569], "probably_too_narrow": false, "n": 12, "n_needed": 10, "n_invited": 12, "evidence_grade": "A"},
    "effect_size": {"status": "ok", "reason": null, "value": 0.839, "unit": "standardised", "ci95": null, "probably_too_narrow": false, "n": 12, "n_needed": 10, "n_invited": null, "evidence_grade": null},
    "headline": "difference",
    "baselines": {
        "trained": {"status": "ok", "reason": null, "value": 3.1, "unit": "points_of_5", "ci95": null, "probably_too_narrow": false, "n": 12, "n_needed": 10, "n_invited": null, "evidence_grade": null},
        "comparison": {"status": "ok", "reason": null, "value": 3.16, "unit": "points_of_5", "ci95": null, "probably_too_narrow": false, "n": 10, "n_needed": 10, "n_invited": null, "evidence_grade": null},
        "standardised": {"status": "ok", "reason": null, "value": -0.144, "unit": "standardised", "ci95": null, "probably_too_narrow": false, "n": 22, "n_needed": 10, "n_invited": null, "evidence_grade": null}
    },
    "verdict": "improvement_size_uncertain", "verdict_limits": [], "tipping_point": 0.131,
    "expected_without_effect": null,
    "same_rater": {"status": "ok", "reason": null, "value": 0.35, "unit": "points_of_5", "ci95": [0.131, 0.569], "probably_too_narrow": false, "n": 12, "n_needed": 10, "n_invited": 12, "evidence_grade": "A"},
    "at_equal_baselines": {
        "effect": {"status": "ok", "reason": null, "value": 0.327, "unit": "points_of_5", "ci95": [0.137, 0.517], "probably_too_narrow": false, "n": 22, "n_needed": 10, "n_invited": null, "evidence_grade": null},
        "slope": {"status": "ok", "reason": null, "value": 0.622, "unit": "coefficient", "ci95": null, "probably_too_narrow": false, "n": 22, "n_needed": 10, "n_invited": null, "evidence_grade": null}
    },
    "six_months": {"status": "insufficient_data", "reason": "fewer_than_needed", "value": null, "unit": "points_of_5", "ci95": null, "probably_too_narrow": false, "n": 7, "n_needed": 10, "n_invited": 12, "evidence_grade": "D"}
}))]
pub struct BehaviourDto {
    /// Mean of the trained before. Hidden in the phase `six_months`, as are `after`, `effect_size` and
    /// `at_equal_baselines`: beside the same of three months, they would tell the rating of the few who were rated at one
    /// of the two only.
    pub before: Figure,
    /// Mean of the trained after.
    pub after: Figure,
    /// After minus before; `n_invited` counts the follow-ups delivered.
    pub change: Figure,
    /// The change of those of the trained who stand in the difference: to whom a colleague was matched that was rated
    /// before and after as well.
    pub matched_change: Figure,
    /// The same of these colleagues, who were not trained before their own follow-up.
    pub comparison_change: Figure,
    /// `matched_change` minus `comparison_change`, within each offering; the offerings weighted by their trained people
    /// who stand in it (`compared_pairs`). It assumes that without the course both groups would have moved alike.
    pub difference: Figure,
    /// How alike both groups were before the course.
    pub baselines: BaselineFigures,
    /// Size of the headline in standard deviations: d_ppc2 of a difference, g_av of a change.
    pub effect_size: Figure,
    /// Which figure the verdict rests on.
    pub headline: Headline,
    /// The headline in a word; null while there is no headline, or under 40 % of the follow-ups were answered. It may say
    /// less than the interval; `verdict_limits` says why.
    #[schema(required)]
    pub verdict: Option<Verdict>,
    /// Why the verdict says less than the interval of the headline; empty where it says the same. Of two verdicts the
    /// weaker stands.
    pub verdict_limits: Vec<Limit>,
    /// By how many points of 5 supervisors would have to favour the trained for the improvement to vanish: the lower end of
    /// the headline's interval. Null where no improvement is said.
    #[schema(required, example = 0.131)]
    pub tipping_point: Option<f64>,
    /// How much of the change is to be expected without any effect. Null unless most were sent for a weakness and there is
    /// no comparison group; no improvement is said there, whatever remains.
    #[schema(required)]
    pub expected_without_effect: Option<RegressionFigures>,
    /// The headline without the pairs whose rater changed.
    pub same_rater: Figure,
    /// The annex: both groups compared at equal baselines (analysis of covariance). Where it does not say the same as
    /// the difference, the weaker of both verdicts stands and the warning `depends_on_method` is given.
    pub at_equal_baselines: AncovaFigures,
    /// The headline after six months: whether it lasted.
    pub six_months: Figure,
}

/// How far the study design carries a conclusion.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"grade": "A", "reasons": ["comparison_group"], "firm": false, "maryland_level": 3}))]
pub struct EvidenceDto {
    /// A: beside a comparison group; B: supervisors before and after; C: self-ratings; D: reactions only.
    pub grade: Grade,
    /// Where the grade starts, and each step down.
    pub reasons: Vec<EvidenceReason>,
    /// Whether grade A or B rests on 20 pairs or more.
    pub firm: bool,
    /// Level on the Maryland Scientific Methods Scale (1 to 5), as the What Works Centre for Local Economic Growth uses it: 5
    /// where a lot decided who was trained, 3 beside a comparison group that was comparable before the course, 2 beside one
    /// that was not, 1 for before and after only, 0 without either.
    #[schema(minimum = 0, maximum = 5)]
    pub maryland_level: u8,
}

impl From<Report> for EffectivenessDto {
    fn from(report: Report) -> Self {
        let facts = Facts {
            behaviour: &report.behaviour,
            expected: report.expected_without_effect.as_ref(),
            sums: &report.sums,
            follow_up: report.follow_up,
            floor: report.floor,
            as_of: report.as_of,
            is_unit: report.is_unit,
        };
        let sentence = SentenceDto::of(|locale| sentence::of_behaviour(locale, &facts));
        let score_facts = ScoreFacts {
            score: &report.work_score,
            floor: report.floor,
            as_of: report.as_of,
            is_unit: report.is_unit,
        };
        let score_sentence = SentenceDto::of(|locale| score_sentence::of_work_score(locale, &score_facts));
        let Evidence { grade, firm, .. } = report.behaviour.evidence;
        let maryland_level = report.behaviour.maryland_level;
        let (behaviour, follow_up) = (BehaviourDto::of(&report), FlowDto::of(&report));
        Self {
            method: report.method(),
            subject: report.subject.into(),
            as_of: report.as_of,
            sentence,
            behaviour,
            second_raters: report.second.map(SecondRatersDto::from),
            work_score: WorkScoreDto::of(&report.work_score, score_sentence),
            per_half_day: report.per_half_day,
            reaction: report.reaction.map(ReactionDto::from),
            knowledge: report.knowledge.map(KnowledgeDto::from),
            self_rating: report.self_rating.map(SelfRatingDto::from),
            environment: report.environment.map(EnvironmentDto::from),
            barriers: report
                .whom
                .map(|(conditions, achieved)| BarriersBesideEffect::of(conditions, achieved)),
            beneficiary: report.beneficiary.map(BeneficiaryDto::from),
            expected_effects: report.expected,
            registration: report.registered.map(ReportedRegistration::from),
            evidence: EvidenceDto { grade, reasons: report.behaviour.reasons, firm, maryland_level },
            follow_up,
            warnings: report.warnings,
        }
    }
}

impl From<Subject> for SubjectDto {
    fn from(subject: Subject) -> Self {
        Self { id: subject.id, code: subject.code, name: subject.name }
    }
}

impl MethodDto {
    /// Today's method, with its parameters and what it was computed from.
    pub fn of(smallest_change: f64, phase: FollowUp, input_hash: String) -> Self {
        Self { version: METHOD_VERSION, smallest_change, phase, input_hash }
    }
}

impl Report {
    /// How it was computed.
    pub(super) fn method(&self) -> MethodDto {
        MethodDto::of(self.subject.smallest_change, self.follow_up, self.input_hash.clone())
    }
}

impl BehaviourDto {
    fn of(report: &Report) -> Self {
        let behaviour = &report.behaviour;
        let figures = &behaviour.figures;
        Self {
            before: figures.before,
            after: figures.after,
            change: figures.change,
            matched_change: figures.matched_change,
            comparison_change: figures.comparison_change,
            difference: figures.difference,
            baselines: behaviour.baselines,
            effect_size: figures.effect_size,
            headline: figures.headline,
            verdict: behaviour.verdict,
            verdict_limits: behaviour.limits.clone(),
            tipping_point: behaviour.tipping_point,
            expected_without_effect: report.expected_without_effect,
            same_rater: behaviour.same_rater,
            at_equal_baselines: behaviour.at_equal_baselines,
            six_months: report.six_months,
        }
    }
}
