//! Why a gate closed.

use serde::Serialize;
use utoipa::ToSchema;

use super::Status;

/// Why a figure has no value; each reason belongs to exactly one status, so the two cannot disagree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "fewer_than_needed")]
pub enum Reason {
    /// Nobody has both a baseline and a follow-up.
    NoCompletePairs,
    /// One person is no group.
    #[serde(rename = "n_below_2")]
    NBelow2,
    /// There are some, but not as many as `n_needed`.
    FewerThanNeeded,
    /// There are enough, but the window is still open: figures are computed once, when it has closed.
    WindowOpen,
    /// Nobody outside the course was measured twice.
    NoComparisonGroup,
    /// The comparison group is smaller than `n_needed`; `n` counts that group here.
    ComparisonTooSmall,
    /// Nobody was asked.
    NoInvitations,
    /// Nobody answered.
    NoAnswers,
    /// Fewer than five people answered an anonymous form.
    #[serde(rename = "fewer_than_5")]
    FewerThan5,
    /// Fewer than ten anonymous forms: no comments are shown.
    #[serde(rename = "fewer_than_10")]
    FewerThan10,
    /// There are enough only together with groups of fewer than five, which subtracting would give away.
    SmallGroups,
    /// All gave the same low answer, so the figure would show what each of them said.
    UnanimousAnswers,
    /// Everybody changed alike: there is no spread to judge the change by.
    ZeroVarianceOfChange,
    /// All baselines are alike: there is no spread to express the change in.
    ZeroVarianceOfBaseline,
    /// Nobody has all the ratings or answers that the figure needs.
    NoCompleteRows,
    /// Fewer items than a reliability needs; `n` and `n_needed` count items here.
    TooFewItems,
    /// The people do not differ from one another, or by less than chance: there is nothing for raters or items to
    /// agree on.
    NoSpreadBetweenPeople,
    /// The items contradict each other: look whether one of them is worded in reverse and was not turned round.
    CheckReverseScoredItems,
    /// Fewer groups than a comparison of groups needs; `n` and `n_needed` count groups here.
    TooFewGroups,
    /// The group's people come from fewer courses than it takes to distinguish it from its course; `n` and `n_needed`
    /// count courses here.
    TooFewCourses,
    /// Within every group all are alike: there is no spread to judge their differences by.
    ZeroVarianceWithin,
    /// The group had all points before, so there was nothing to gain.
    AlreadyAtMaximum,
    /// The baselines do not vary within the groups, so they cannot be adjusted for; the difference in differences
    /// is given.
    ConstantBaselines,
    /// The baseline explains everybody's score exactly: there is no spread to judge the effect by.
    ZeroVarianceOfResidual,
    /// All were rated by one person, so how raters differ cannot be estimated.
    OneRater,
    /// All raters saw the same mean change: there is no spread between them to judge it by.
    ZeroVarianceBetweenRaters,
    /// Before and after were measured with different instruments or under different rating regimes.
    InstrumentChanged,
    /// The input is too large for the arithmetic.
    NotFinite,
}

impl Reason {
    /// Says which of the three closed states this reason belongs to.
    pub fn status(self) -> Status {
        match self {
            Self::NoCompletePairs
            | Self::NBelow2
            | Self::FewerThanNeeded
            | Self::WindowOpen
            | Self::NoComparisonGroup
            | Self::ComparisonTooSmall
            | Self::NoInvitations
            | Self::NoAnswers
            | Self::NoCompleteRows
            | Self::TooFewItems
            | Self::OneRater
            | Self::TooFewGroups
            | Self::TooFewCourses => Status::InsufficientData,
            Self::FewerThan5 | Self::FewerThan10 | Self::SmallGroups | Self::UnanimousAnswers => {
                Status::Suppressed
            }
            Self::ZeroVarianceOfChange
            | Self::ZeroVarianceOfBaseline
            | Self::AlreadyAtMaximum
            | Self::NoSpreadBetweenPeople
            | Self::CheckReverseScoredItems
            | Self::ZeroVarianceWithin
            | Self::ConstantBaselines
            | Self::ZeroVarianceOfResidual
            | Self::ZeroVarianceBetweenRaters
            | Self::InstrumentChanged
            | Self::NotFinite => Status::Undefined,
        }
    }
}
