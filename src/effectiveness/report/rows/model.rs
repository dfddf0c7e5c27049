use uuid::Uuid;

use super::super::input::{shows_comparison, shows_trained};
use super::super::subject_report::Report;
use crate::effectiveness::disclosure::is_few;
use crate::effectiveness::measures::behaviour::{Comparison, Robust};
use crate::effectiveness::measures::{OfferingSums, Row, Rows};
use statistics::thresholds::RATERS_INDEPENDENT;
use statistics::{Reason, Status};

/// A report and the rows behind it.
pub struct ReportRows {
    /// The report, as it is shown.
    pub report: Report,
    /// Behind its figures of behaviour.
    pub behaviour: Exported,
    /// Behind its figures of the official score; none for institutes, which are shown no ratings.
    pub work_score: Option<Exported>,
}

/// One offering's part of a subject's figures at one measure.
#[derive(Debug, Clone)]
pub struct Part {
    /// The offering.
    pub offering_id: Uuid,
    /// What of it counts in the subject's figures.
    pub sums: OfferingSums,
    /// All of its rows; none when it was released before rows were kept.
    pub rows: Option<Rows>,
}

/// Whom a row is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// Who took part.
    Trained,
    /// An untrained colleague.
    Comparison,
}

/// Somebody measured before and after, in ten-thousandths of a point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExportedRow {
    pub offering_id: Uuid,
    pub group: Group,
    /// None where only changes are shown.
    pub levels: Option<(i64, i64)>,
    pub change: i64,
    /// None in the comparison group, and where the report hides it.
    pub rater_changed: Option<bool>,
    /// Whether the person counts in the difference.
    pub is_compared: bool,
}

/// The rows of a subject's figures at one measure.
#[derive(Debug, Clone, PartialEq)]
pub struct Exported {
    /// Of the report's change: no rows unless it is shown.
    pub status: Status,
    pub reason: Option<Reason>,
    pub rows: Vec<ExportedRow>,
    /// What the raters of these people share: of the change, and of the difference; only from ten raters on, as no
    /// interval uses fewer, and not for institutes.
    pub raters: [Option<RatersShare>; 2],
    /// Baselines of who was not rated again, offering by offering.
    pub lost: Vec<(Uuid, i64)>,
    /// How many of the lost are not listed, as there are fewer than five of them in their offering.
    pub lost_withheld: usize,
    /// Pairs in the figures of which there are no rows, as they were released before rows were kept.
    pub pairs_without_rows: i64,
}

/// What an interval that counts raters takes from them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RatersShare {
    /// Raters, each once.
    pub raters: usize,
    /// Of the group that has fewer.
    pub fewest: usize,
    /// Sum over them of the squared influence on the value, squared points.
    pub squared_influence: f64,
}

impl Exported {
    /// The rows behind `figures`, which were computed from `parts`; `levels`: whether the report shows levels.
    pub fn of(figures: &Comparison, parts: &[Part], levels: bool) -> Self {
        let closed = (figures.change.status(), figures.change.reason());
        let (status, reason) = if shows_trained(figures) { (Status::Ok, None) } else { closed };
        let mut exported = Self {
            status,
            reason,
            rows: Vec::new(),
            raters: [None; 2],
            lost: Vec::new(),
            lost_withheld: 0,
            pairs_without_rows: 0,
        };
        if shows_trained(figures) {
            let compared = shows_comparison(figures);
            parts.iter().filter(|part| part.sums.trained.n > 0).for_each(|part| exported.add(part, compared));
            exported.raters = raters(parts);
            if !levels {
                exported.forget_levels();
            }
        }
        exported
    }

    fn add(&mut self, part: &Part, compared: bool) {
        let Some(rows) = &part.rows else {
            self.pairs_without_rows += part.sums.trained.n;
            return;
        };
        // Where all pairs minus those by the same rater would be one to four, the report hides the latter.
        let shows_rater = part.sums.same_rater == rows.same_rater();
        let (matched, others) = (part.sums.matched(), part.sums.comparison());
        let compared = compared && others.n > 0;
        let is_compared = |row: &Row| compared && (row.has_match || matched.n == part.sums.trained.n);
        self.push(part, Group::Trained, &rows.trained, shows_rater, is_compared);
        if compared {
            self.push(part, Group::Comparison, &rows.comparison, false, |_| true);
        }
        if is_few(rows.lost.len()) {
            self.lost_withheld += rows.lost.len();
        } else {
            self.lost.extend(rows.lost.iter().map(|baseline| (part.offering_id, *baseline)));
        }
    }

    /// Keep changes only; their order must not show the levels either.
    fn forget_levels(&mut self) {
        self.rows.iter_mut().for_each(|row| row.levels = None);
        self.rows
            .sort_by_key(|row| (row.offering_id, row.group, row.change, row.rater_changed, row.is_compared));
        self.lost_withheld += std::mem::take(&mut self.lost).len();
    }

    fn push(
        &mut self,
        part: &Part,
        group: Group,
        rows: &[Row],
        shows_rater: bool,
        is_compared: impl Fn(&Row) -> bool,
    ) {
        self.rows.extend(rows.iter().map(|row| ExportedRow {
            offering_id: part.offering_id,
            group,
            levels: Some((row.before, row.after)),
            change: row.after - row.before,
            rater_changed: shows_rater.then_some(row.rater_changed),
            is_compared: is_compared(row),
        }));
    }
}

/// One sum over the raters, and never the raters one by one: the roster shows who sent one person only, and so whose the
/// one change under that rater is. Of raters with few people the sum, too, gives much away beside the rows, so that it is
/// for those only who may read the ratings themselves.
fn raters(parts: &[Part]) -> [Option<RatersShare>; 2] {
    let mut sums = OfferingSums::default();
    parts.iter().for_each(|part| sums.merge(&part.sums));
    let robust = Robust::of(&sums);
    [robust.change, robust.difference].map(|of| {
        let squared_influence = of.squared_influence.filter(|_| of.clusters >= RATERS_INDEPENDENT)?;
        Some(RatersShare { raters: of.clusters, fewest: of.fewest, squared_influence })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::effectiveness::measures::Compared;
    use crate::effectiveness::measures::behaviour::Floor;
    use statistics::Unit;

    fn rows(trained: usize, changed: usize, comparison: usize, lost: usize) -> Rows {
        let row = |i: usize| Row {
            before: 30_000,
            after: 30_000 + 100 * i as i64,
            rater_changed: i < changed,
            has_match: i < comparison,
        };
        let untrained = |i| Row { rater_changed: false, has_match: false, ..row(i) };
        Rows {
            trained: (0..trained).map(row).collect(),
            comparison: (0..comparison).map(untrained).collect(),
            lost: vec![25_000; lost],
        }
    }

    fn part(id: u128, rows: Rows) -> Part {
        let compared =
            Compared { trained: rows.matched(), comparison: rows.comparison(), ..Compared::default() };
        let mut sums = OfferingSums {
            trained: rows.trained(),
            same_rater: rows.same_rater(),
            compared: if rows.comparison.is_empty() { Vec::new() } else { vec![compared] },
            lost: rows.lost(),
            ..OfferingSums::default()
        };
        sums.flow.offerings = 1;
        Part { offering_id: Uuid::from_u128(id), sums: sums.for_totals(), rows: Some(rows) }
    }

    fn export(parts: &[Part]) -> Exported {
        told(parts, true)
    }

    fn told(parts: &[Part], levels: bool) -> Exported {
        let mut sums = OfferingSums::default();
        parts.iter().for_each(|part| sums.merge(&part.sums));
        Exported::of(&Comparison::of(&sums, Unit::PointsOf5, Floor::Standard), parts, levels)
    }

    fn counts(exported: &Exported) -> (usize, usize) {
        let of = |group| exported.rows.iter().filter(|row| row.group == group).count();
        (of(Group::Trained), of(Group::Comparison))
    }

    #[test]
    fn below_the_floor_no_row_comes_out() {
        let found = export(&[part(1, rows(9, 0, 12, 6))]);
        assert_eq!((found.status, found.reason), (Status::InsufficientData, Some(Reason::FewerThanNeeded)));
        assert_eq!((counts(&found), found.lost.len(), found.lost_withheld), ((0, 0), 0, 0));
    }

    #[test]
    fn what_stands_in_no_total_is_not_exported() {
        let parts = [part(1, rows(12, 0, 10, 0)), part(2, rows(4, 0, 4, 4)), part(3, rows(6, 0, 4, 0))];
        let found = export(&parts);
        assert_eq!(counts(&found), (18, 10));
        assert!(found.rows.iter().all(|row| row.offering_id != Uuid::from_u128(2)));
    }

    #[test]
    fn a_comparison_group_without_a_figure_is_not_exported() {
        assert_eq!(counts(&export(&[part(1, rows(12, 0, 9, 0))])), (12, 0));
        assert_eq!(counts(&export(&[part(1, rows(12, 0, 10, 0))])), (12, 10));
    }

    #[test]
    fn whose_rater_changed_is_told_where_the_report_tells_it() {
        let told = |changed| {
            let found = export(&[part(1, rows(12, changed, 0, 0))]);
            found.rows.iter().filter(|row| row.rater_changed == Some(true)).count()
        };
        assert_eq!((told(0), told(1), told(4), told(5), told(12)), (0, 0, 0, 5, 12));
        assert_eq!(export(&[part(1, rows(12, 1, 0, 0))]).rows[0].rater_changed, None);
    }

    #[test]
    fn where_only_changes_are_told_no_level_comes_out() {
        let mut people = rows(12, 0, 10, 5);
        people.trained.iter_mut().rev().zip(0..).for_each(|(row, i)| row.before += 200 * i);
        let found = told(&[part(1, people)], false);
        assert_eq!((counts(&found), found.lost.len(), found.lost_withheld), ((12, 10), 0, 5));
        assert!(found.rows.iter().all(|row| row.levels.is_none()));
        assert!(found.rows[..12].is_sorted_by_key(|row| row.change), "nor is the order that of the levels");
    }

    #[test]
    fn one_to_four_lost_are_counted_only() {
        let found = export(&[part(1, rows(12, 0, 0, 4)), part(2, rows(12, 0, 0, 5))]);
        assert_eq!((found.lost.len(), found.lost_withheld), (5, 4));
    }

    #[test]
    fn what_was_released_before_rows_were_kept_is_counted() {
        let old = Part { rows: None, ..part(1, rows(12, 0, 0, 0)) };
        let found = export(&[old, part(2, rows(10, 0, 0, 0))]);
        assert_eq!((counts(&found), found.pairs_without_rows), ((10, 0), 12));
    }
}
