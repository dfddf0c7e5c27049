//! How comparable a colleague is.

use super::super::model::EarlierScore;
use crate::organisation::ratings::RatingClass;

/// Width of the bands in which differences between earlier scores are compared, in points of 100. What is smaller says
/// less about how alike two people are than where they work.
const BAND_POINTS: f64 = 5.0;

/// How comparable a colleague is, best first: each member decides only where all members before it are equal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rank {
    /// Why the colleague comes into question, and how far apart the two classes are.
    pub tier: Tier,
    /// Between the earlier scores, in whole bands of five points.
    pub score: Distance,
    /// How near the two work to each other.
    pub place: Place,
    /// Offerings within twelve months of this one in which the colleague is in the comparison group already.
    pub stood: usize,
}

/// The part of a rank in which all participants are served before anybody gets a worse one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tier {
    /// Why the colleague comes into question.
    pub likeness: Likeness,
    /// Between the classes of the newest official ratings, in steps: adjacent classes are one step apart.
    pub class: Distance,
}

/// Why a colleague comes into question, best first. Who waits for the same course was chosen for it by the same people
/// for the same reasons, so that comes before everything; otherwise the work must be alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Likeness {
    /// On the waiting list of the course, with a position of the same group.
    WaitingWithLikeWork,
    /// On the waiting list of the course.
    Waiting,
    /// A position of the same group.
    LikeWork,
}

/// How near two people work to each other, nearest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// In the same unit.
    SameUnit,
    /// In the same agency: the part of the ministry right below its top.
    SameAgency,
    /// Anywhere else in the ministry.
    Elsewhere,
}

/// How far apart two people are. What is known of one of them only is further than any known distance; two about whom
/// nothing is known are as alike as can be said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Distance {
    /// So many steps.
    Steps(u8),
    /// It cannot be said.
    Unknown,
}

impl Distance {
    fn between<T>(one: Option<T>, other: Option<T>, steps: impl FnOnce(T, T) -> Option<u8>) -> Self {
        match (one, other) {
            (None, None) => Self::Steps(0),
            (Some(one), Some(other)) => steps(one, other).map_or(Self::Unknown, Self::Steps),
            _ => Self::Unknown,
        }
    }

    pub(super) fn of_classes(one: Option<RatingClass>, other: Option<RatingClass>) -> Self {
        Self::between(one, other, |a, b| Some(steps_below_best(a).abs_diff(steps_below_best(b))))
    }

    pub(super) fn of_scores(one: Option<EarlierScore>, other: Option<EarlierScore>) -> Self {
        Self::between(one, other, |a, b| {
            let comparable = (a.regime, a.kind) == (b.regime, b.kind);
            comparable.then(|| ((a.mean - b.mean).abs() / BAND_POINTS).floor() as u8)
        })
    }
}

const fn steps_below_best(class: RatingClass) -> u8 {
    match class {
        RatingClass::Excellent => 0,
        RatingClass::Good => 1,
        RatingClass::Completed => 2,
        RatingClass::NotCompleted => 3,
    }
}

/// Every class that somebody may have, best first, and that of people who have none.
pub(super) const CLASSES: [Option<RatingClass>; 5] = [
    Some(RatingClass::Excellent),
    Some(RatingClass::Good),
    Some(RatingClass::Completed),
    Some(RatingClass::NotCompleted),
    None,
];

impl Tier {
    /// Every tier, best first.
    pub(super) fn all() -> impl Iterator<Item = Self> {
        let classes = (0..=3).map(Distance::Steps).chain([Distance::Unknown]);
        [Likeness::WaitingWithLikeWork, Likeness::Waiting, Likeness::LikeWork]
            .into_iter()
            .flat_map(move |likeness| classes.clone().map(move |class| Self { likeness, class }))
    }
}
