use serde::Serialize;
use utoipa::ToSchema;

use crate::effectiveness::form_quality::{Known, Quality, QualityItem};
use crate::evaluation::questionnaires::Questionnaire;
use statistics::thresholds::{ITEM_LEFT_OUT, ITEM_REST_LOW};
use statistics::{Figure, Status};

/// A questionnaire and what is known of it.
#[derive(Debug, Clone)]
pub struct Row {
    pub form: Questionnaire,
    pub known: Known,
    pub quality: Quality,
}

/// Problem of an item: more than half give the best answer (`at_ceiling`) or the worst (`at_floor`), more
/// than 20 % of the forms leave it out (`often_left_out`), or it measures something else than the other items
/// (`measures_something_else`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "at_ceiling")]
pub enum ItemFinding {
    /// More than half gave the best answer: it can hardly show an improvement.
    AtCeiling,
    /// More than half gave the worst answer: it can hardly show a loss.
    AtFloor,
    /// More than 20 % of the forms leave it out.
    OftenLeftOut,
    /// It correlates with the sum of the other items by less than 0.30 (Nunnally and Bernstein 1994), and without it alpha
    /// would be higher: it measures something else.
    MeasuresSomethingElse,
}

impl ItemFinding {
    /// All of them, in the order in which they are said.
    pub const ALL: [ItemFinding; 4] = [
        ItemFinding::AtCeiling,
        ItemFinding::AtFloor,
        ItemFinding::OftenLeftOut,
        ItemFinding::MeasuresSomethingElse,
    ];
}

/// What is wrong with each item, as far as the figures are shown.
pub fn findings(quality: &Quality) -> Vec<Vec<ItemFinding>> {
    quality.items.iter().map(|item| findings_of(item, &quality.consistency.alpha)).collect()
}

fn findings_of(item: &QualityItem, alpha: &Figure) -> Vec<ItemFinding> {
    let [ceiling, floor] = item.ends;
    let left_out = item.left_out.value().is_some_and(|share| share > ITEM_LEFT_OUT);
    let alone = item.rest_correlation.value().is_some_and(|correlation| correlation < ITEM_REST_LOW);
    let better = |alpha: f64| item.alpha_without.value().is_some_and(|without| without > alpha);
    let lowers = alpha.status() == Status::Ok && alpha.value().is_some_and(better);
    ItemFinding::ALL
        .into_iter()
        .filter(|finding| match finding {
            ItemFinding::AtCeiling => ceiling == Some(true),
            ItemFinding::AtFloor => floor == Some(true),
            ItemFinding::OftenLeftOut => left_out,
            ItemFinding::MeasuresSomethingElse => alone && lowers,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use statistics::{Reason, Unit};

    fn item(ends: [Option<bool>; 2], left_out: Option<f64>, rest: Option<f64>, without: f64) -> QualityItem {
        let figure = |value: Option<f64>, unit| {
            value.map_or(Figure::closed(Reason::FewerThanNeeded, unit, 3), |value| {
                Figure::ok(value, None, unit, 40)
            })
        };
        QualityItem {
            item: serde_json::from_str(r#"{"code": "b1", "kind": "scale", "text": {"vi": "?"}}"#).unwrap(),
            median: None,
            best: figure(None, Unit::Percent),
            ends,
            left_out: figure(left_out, Unit::Percent),
            rest_correlation: figure(rest, Unit::Coefficient),
            alpha_without: figure(Some(without), Unit::Coefficient),
        }
    }

    #[test]
    fn what_stands_out_is_named_at_its_border_and_nothing_that_is_closed() {
        use ItemFinding::{AtCeiling, AtFloor, MeasuresSomethingElse, OftenLeftOut};
        let (yes, no) = (Some(true), Some(false));
        let table = [
            (item([None; 2], None, None, 0.9), vec![]),
            (item([no, no], Some(20.0), Some(0.30), 0.9), vec![]),
            (
                item([yes, no], Some(20.1), Some(0.29), 0.81),
                vec![AtCeiling, OftenLeftOut, MeasuresSomethingElse],
            ),
            (item([no, yes], Some(0.0), Some(-0.4), 0.80), vec![AtFloor]),
        ];
        let alpha = Figure::ok(0.80, None, Unit::Coefficient, 40);
        for (item, expected) in table {
            assert_eq!(findings_of(&item, &alpha), expected);
        }
    }
}
