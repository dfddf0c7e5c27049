//! What the demo ministry's courses really do, and what the effectiveness report must therefore say. The report never
//! reads this table; a test compares the two.

use statistics::Verdict;

/// What the report must say of a course, three months after.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    /// A verdict on the difference to the comparison group.
    Verdict(Verdict),
    /// Fewer pairs than a figure needs.
    InsufficientData,
    /// Everybody changed alike: no interval can be given.
    Undefined,
    /// So few follow-ups came back that there is no verdict.
    TooFewFollowUps,
    /// No comparison group was rated: only the change itself can be told.
    NoComparison,
}

/// The true effect of a course and how it was studied.
#[derive(Debug, Clone, Copy)]
pub struct Study {
    /// Code of the course.
    pub course: &'static str,
    /// True change of behaviour at work, in points of 5, beyond what happens without the course.
    pub effect: f64,
    /// Standard deviation of people's changes.
    pub spread: f64,
    /// How many were trained, in all runs together.
    pub trained: usize,
    /// Finished runs whose six-month forms have come back.
    pub runs: usize,
    /// Follow-up forms that came back, percent.
    pub follow_up_percent: usize,
    /// Learners who answered the anonymous form, percent.
    pub reaction_percent: usize,
    /// Their mean satisfaction. It has nothing to do with the effect, as in life.
    pub satisfaction: f64,
    /// What the report must say.
    pub expected: Expected,
}

const fn study(
    course: &'static str,
    (effect, spread): (f64, f64),
    (trained, runs): (usize, usize),
    satisfaction: f64,
    expected: Expected,
) -> Study {
    Study {
        course,
        effect,
        spread,
        trained,
        runs,
        follow_up_percent: 95,
        reaction_percent: 78,
        satisfaction,
        expected,
    }
}

use Expected::{InsufficientData, NoComparison, TooFewFollowUps, Undefined, Verdict as Says};
use Verdict::{CannotTellYet, ClearImprovement, ImprovementSizeUncertain, PracticallyNoChange, Worse};

/// Courses with finished runs.
pub const STUDIES: [Study; 24] = [
    study("BMNN-01", (0.8, 0.4), (64, 4), 4.2, Says(ClearImprovement)),
    study("NC-01", (0.7, 0.4), (26, 1), 4.3, Says(ClearImprovement)),
    study("TT-01", (0.7, 0.4), (28, 2), 3.9, Says(ClearImprovement)),
    study("NL-01", (0.8, 0.4), (24, 1), 4.0, Says(ClearImprovement)),
    study("CDS-01", (0.6, 0.4), (60, 3), 3.7, Says(ClearImprovement)),
    // Liked best of all, and nothing changed at work.
    study("ISO-01", (0.0, 0.4), (100, 5), 4.6, Says(PracticallyNoChange)),
    study("QLNN-01", (0.02, 0.4), (72, 3), 3.6, Says(PracticallyNoChange)),
    // A system nobody could work with yet.
    study("CDS-02", (-0.55, 0.4), (40, 2), 4.1, Says(Worse)),
    study("VT-01", (0.4, 0.4), (26, 1), 4.0, Says(ImprovementSizeUncertain)),
    study("LLCT-01", (0.3, 0.4), (40, 2), 3.8, Says(ImprovementSizeUncertain)),
    study("ST-01", (0.35, 0.4), (30, 1), 4.1, Says(ImprovementSizeUncertain)),
    study("LT-01", (0.2, 0.7), (12, 1), 4.2, Says(CannotTellYet)),
    study("QLNN-02", (0.14, 0.5), (44, 2), 3.5, Says(CannotTellYet)),
    study("TCC-01", (0.2, 0.55), (16, 1), 3.9, Says(CannotTellYet)),
    study("TM-01", (0.0, 0.6), (20, 1), 4.0, Says(CannotTellYet)),
    // Three forms of six came back: the anonymous score is hidden as well.
    Study { reaction_percent: 50, ..study("LT-02", (0.5, 0.4), (6, 1), 4.0, InsufficientData) },
    study("CN-01", (0.4, 0.5), (8, 1), 4.4, InsufficientData),
    study("TC-01", (0.3, 0.4), (7, 1), 4.1, InsufficientData),
    Study { follow_up_percent: 100, ..study("QC-01", (0.4, 0.0), (12, 1), 3.4, Undefined) },
    Study { follow_up_percent: 33, ..study("DL-01", (0.5, 0.45), (36, 2), 4.3, TooFewFollowUps) },
    study("LDV-01", (0.5, 0.5), (18, 1), 4.5, NoComparison),
    study("PC-01", (0.4, 0.5), (14, 1), 4.0, NoComparison),
    study("ATTT-01", (0.3, 0.5), (50, 2), 3.3, NoComparison),
    study("TM-02", (-0.1, 0.4), (24, 1), 3.9, NoComparison),
];

/// What everybody's rating rises by in three months without any course, in points of 5.
pub const DRIFT: f64 = 0.1;

/// Share of the effect that is left after six months.
pub const KEPT: f64 = 0.8;

impl Study {
    /// Whether untrained colleagues were rated as well.
    pub fn is_compared(&self) -> bool {
        self.expected != NoComparison
    }

    /// Mean change of the trained. Where everybody changes alike, nothing else happened either.
    pub fn change(&self) -> f64 {
        self.effect + self.drift()
    }

    /// Mean change of the untrained.
    pub fn drift(&self) -> f64 {
        if self.spread > 0.0 { DRIFT } else { 0.0 }
    }
}

/// The study of a course.
pub fn study_of(course: &str) -> Option<&'static Study> {
    STUDIES.iter().find(|study| study.course == course)
}
