use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

use super::super::dto::{FlowDto, MethodDto, SubjectDto};
use super::super::model::{By, FollowUp};
use super::model::{Exported, ExportedRow, Group, RatersShare, ReportRows};
use statistics::{Reason, Status};

/// What rows are asked of.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(title = "RowsBy")]
pub enum RowsBy {
    /// All offerings of a course.
    Course,
    /// One offering.
    Offering,
    /// The offerings of which a lecturer taught at least half.
    Lecturer,
    /// All offerings of an institute.
    Institute,
}

/// Which report's rows.
#[derive(Debug, Clone, Serialize, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct EffectivenessRowsQuery {
    /// What the report is about.
    #[param(inline)]
    pub by: RowsBy,
    /// Its id.
    pub id: Uuid,
    /// Only what was known at the end of this day (Vietnamese time); today, unless asked otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub as_of: Option<NaiveDate>,
    /// The follow-up that the headline rests on; three months unless asked otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(inline)]
    pub phase: Option<FollowUp>,
}

/// The rows behind a report.
#[derive(Debug, Serialize, ToSchema)]
pub struct EffectivenessRowsDto {
    /// What the report is about.
    pub subject: SubjectDto,
    /// Only what was known at the end of this day counts.
    #[schema(example = "2026-11-23")]
    pub as_of: NaiveDate,
    /// How the report was computed, and from which input.
    pub method: MethodDto,
    /// Behind `behaviour`: scores of 1 to 5.
    pub behaviour: RowsDto,
    /// Behind `work_score`: scores of 0 to 100. Null for institutes, which may not see official ratings.
    #[schema(required)]
    pub work_score: Option<RowsDto>,
    /// How many there were at each step, as in the report.
    pub follow_up: FlowDto,
}

/// The rows behind one outcome.
#[derive(Debug, Serialize, ToSchema)]
pub struct RowsDto {
    /// `ok` where there are rows, else that of the report's `change`.
    pub status: Status,
    /// Why there are none; null when the status is `ok`.
    #[schema(required, example = json!(null))]
    pub reason: Option<Reason>,
    /// By offering, the trained first, in rising order.
    pub rows: Vec<RowDto>,
    /// What people under one rater share in `change`; null with fewer than ten raters, when intervals count people, of
    /// official scores, and for institutes: beside their roster it would tell too much.
    #[schema(required)]
    pub raters_of_change: Option<RatersDto>,
    /// The same in `difference`.
    #[schema(required)]
    pub raters_of_difference: Option<RatersDto>,
    /// Those who were rated before and not again; of an offering with fewer than five of them, and in the phase
    /// `six_months`, none.
    pub lost: Vec<LostDto>,
    /// How many of them are left out for that reason.
    #[schema(example = 0)]
    pub lost_withheld: usize,
    /// Pairs in the figures that have no row here, as they were released before rows were kept.
    #[schema(example = 0)]
    pub pairs_without_rows: i64,
}

/// A person measured before and after; the row does not identify the person.
#[derive(Debug, Serialize, ToSchema)]
pub struct RowDto {
    /// The offering (of the comparison group: the one whose participants they were matched to).
    pub offering_id: Uuid,
    /// Whether the person took part.
    pub group: GroupDto,
    /// Before, in ten-thousandths of a point. Null in the phase `six_months`, as is `after`: beside those of three months
    /// they would tell the ratings of the few who were rated at one of the two only.
    #[schema(required, example = 31000)]
    pub before: Option<i64>,
    /// After, in ten-thousandths of a point.
    #[schema(required, example = 35500)]
    pub after: Option<i64>,
    /// After minus before, in ten-thousandths of a point.
    #[schema(example = 4500)]
    pub change: i64,
    /// Whether two different people rated. Null of the comparison group, of official scores, and where the report hides it.
    #[schema(required, example = false)]
    pub rater_changed: Option<bool>,
    /// Whether the person counts in `difference`. Of the trained, those for whom a matched colleague was measured twice;
    /// where one to four of an offering lack one, all.
    #[schema(example = true)]
    pub is_compared: bool,
}

/// Whom a row is about.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "trained")]
pub enum GroupDto {
    /// Who took part.
    Trained,
    /// An untrained colleague.
    Comparison,
}

/// Somebody who was not rated again.
#[derive(Debug, Serialize, ToSchema)]
pub struct LostDto {
    /// Identifier of the offering (UUID).
    pub offering_id: Uuid,
    /// Before, in ten-thousandths of a point.
    #[schema(example = 29000)]
    pub before: i64,
}

/// What an interval that counts raters and not people takes from them.
#[derive(Debug, Serialize, ToSchema)]
pub struct RatersDto {
    /// Raters of anybody here, each once, in however many offerings.
    #[schema(example = 14)]
    pub raters: usize,
    /// Raters of the group that has fewer.
    #[schema(example = 12)]
    pub fewest: usize,
    /// Sum over raters of the squared influence of their people on the value, in squared points: of a change, the sum of
    /// their distances from the mean change over the number of people; of a difference, within each offering that of the
    /// trained minus that of the others, weighted as the offering is.
    #[schema(example = 0.0042)]
    pub squared_influence: f64,
}

impl From<RowsBy> for By {
    fn from(by: RowsBy) -> Self {
        match by {
            RowsBy::Course => By::Course,
            RowsBy::Offering => By::Offering,
            RowsBy::Lecturer => By::Lecturer,
            RowsBy::Institute => By::Institute,
        }
    }
}

impl From<ReportRows> for EffectivenessRowsDto {
    fn from(rows: ReportRows) -> Self {
        let report = rows.report;
        Self {
            as_of: report.as_of,
            method: report.method(),
            behaviour: rows.behaviour.into(),
            work_score: rows.work_score.map(RowsDto::from),
            follow_up: FlowDto::of(&report),
            subject: report.subject.into(),
        }
    }
}

impl From<Exported> for RowsDto {
    fn from(exported: Exported) -> Self {
        let lost = |(offering_id, before)| LostDto { offering_id, before };
        let [of_change, of_difference] = exported.raters.map(|share| share.map(RatersDto::from));
        Self {
            status: exported.status,
            reason: exported.reason,
            rows: exported.rows.into_iter().map(RowDto::from).collect(),
            raters_of_change: of_change,
            raters_of_difference: of_difference,
            lost: exported.lost.into_iter().map(lost).collect(),
            lost_withheld: exported.lost_withheld,
            pairs_without_rows: exported.pairs_without_rows,
        }
    }
}

impl From<ExportedRow> for RowDto {
    fn from(row: ExportedRow) -> Self {
        Self {
            offering_id: row.offering_id,
            group: match row.group {
                Group::Trained => GroupDto::Trained,
                Group::Comparison => GroupDto::Comparison,
            },
            before: row.levels.map(|(before, _)| before),
            after: row.levels.map(|(_, after)| after),
            change: row.change,
            rater_changed: row.rater_changed,
            is_compared: row.is_compared,
        }
    }
}

impl From<RatersShare> for RatersDto {
    fn from(share: RatersShare) -> Self {
        let RatersShare { raters, fewest, squared_influence } = share;
        Self { raters, fewest, squared_influence }
    }
}
