//! What learners' own named forms say, as it leaves the service.

use serde::Serialize;
use utoipa::ToSchema;

use crate::effectiveness::measures::knowledge::KnowledgeFigures;
use crate::effectiveness::measures::self_rating::SelfRatingFigures;
use statistics::Figure;

/// Level 2: what learners knew, by tests of the course before it and at its end (three days). One pair is one person in
/// one offering, shown from ten pairs on; an offering of one to four pairs is left out of every total. It is released when
/// the test's window is over, once, and says nothing of use at work. Courses without tests have none.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "before": {"status": "ok", "reason": null, "value": 42.5, "unit": "percent", "ci95": null, "probably_too_narrow": false, "n": 12, "n_needed": 10, "n_invited": null, "evidence_grade": null},
    "after": {"status": "ok", "reason": null, "value": 77.0, "unit": "percent", "ci95": null, "probably_too_narrow": false, "n": 12, "n_needed": 10, "n_invited": null, "evidence_grade": null},
    "change": {"status": "ok", "reason": null, "value": 34.5, "unit": "percentage_points", "ci95": [26.2, 42.8], "probably_too_narrow": false, "n": 12, "n_needed": 10, "n_invited": 14, "evidence_grade": null},
    "effect_size": {"status": "ok", "reason": null, "value": 2.1, "unit": "standardised", "ci95": [1.2, 3.0], "probably_too_narrow": false, "n": 12, "n_needed": 10, "n_invited": null, "evidence_grade": null},
    "gain": {"status": "ok", "reason": null, "value": 0.6, "unit": "coefficient", "ci95": null, "probably_too_narrow": false, "n": 12, "n_needed": 10, "n_invited": null, "evidence_grade": null},
    "same_test_twice": false
}))]
pub struct KnowledgeDto {
    /// Right answers before, mean percent.
    pub before: Figure,
    /// Right answers after, mean percent.
    pub after: Figure,
    /// After minus before, percentage points; `n_invited` counts the tests delivered at the end.
    pub change: Figure,
    /// Size of the change in standard deviations, g_av.
    pub effect_size: Figure,
    /// The normalised gain of Hake, of the group and of nobody in it: what was learnt of what was not known before, up to
    /// 1. Undefined where all knew everything before.
    pub gain: Figure,
    /// Whether some were given the same test both times, not a parallel one: part of the change is then remembering it.
    #[schema(example = false)]
    pub same_test_twice: bool,
}

/// How learners rate the same behaviours of themselves, points of 5: context of grade C that feeds no verdict, and is never
/// pooled with what supervisors say. Of those who rated themselves before, in looking back at the end of the course, and
/// three months after; the same people in all three figures. Shown, and left out of totals, as knowledge is.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "change": {"status": "ok", "reason": null, "value": 0.125, "unit": "points_of_5", "ci95": [-0.41, 0.66], "probably_too_narrow": false, "n": 12, "n_needed": 10, "n_invited": 14, "evidence_grade": "C"},
    "looking_back": {"status": "ok", "reason": null, "value": 1.0, "unit": "points_of_5", "ci95": [0.55, 1.45], "probably_too_narrow": false, "n": 12, "n_needed": 10, "n_invited": 14, "evidence_grade": "C"},
    "shift": {"status": "ok", "reason": null, "value": 0.875, "unit": "points_of_5", "ci95": [0.339, 1.411], "probably_too_narrow": false, "n": 12, "n_needed": 10, "n_invited": 14, "evidence_grade": "C"},
    "yardstick_changed": true
}))]
pub struct SelfRatingDto {
    /// Three months after minus before, as both were rated then: the figure. `n_invited` counts the follow-ups delivered.
    pub change: Figure,
    /// Three months after minus before, as it looks at the end of the course: beside the figure and never in its place,
    /// since looking back flatters.
    pub looking_back: Figure,
    /// The second minus the first: by how much people judge their former selves lower than they did.
    pub shift: Figure,
    /// Whether the interval of the shift excludes 0: people changed their yardstick, so that the change understates or
    /// overstates what they see. Null while the shift is not shown.
    #[schema(required, example = true)]
    pub yardstick_changed: Option<bool>,
}

impl From<KnowledgeFigures> for KnowledgeDto {
    fn from(found: KnowledgeFigures) -> Self {
        let KnowledgeFigures { before, after, change, effect_size, gain, same_test_twice } = found;
        Self { before, after, change, effect_size, gain, same_test_twice }
    }
}

impl From<SelfRatingFigures> for SelfRatingDto {
    fn from(found: SelfRatingFigures) -> Self {
        let SelfRatingFigures { change, looking_back, shift, yardstick_changed } = found;
        Self { change, looking_back, shift, yardstick_changed }
    }
}
