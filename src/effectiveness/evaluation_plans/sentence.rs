//! A plan in words, as who approves an offering reads it.

use super::model::{Plan, ProposalKind};
use crate::i18n::{Locale, decimal, text};
use statistics::thresholds::{MOST_RUNS, PAIRS_SHOWN, POWER};

/// What the evaluation could show, and what would make more visible.
pub fn of_plan(locale: Locale, plan: &Plan) -> String {
    let mut args = vec![
        ("trained", plan.people.trained.to_string()),
        ("comparison", plan.people.comparison.to_string()),
        ("needed", PAIRS_SHOWN.to_string()),
        ("chance", decimal(locale, POWER * 100.0, 0)),
        ("wanted", decimal(locale, plan.wanted.value, 2)),
        ("most", MOST_RUNS.to_string()),
    ];
    if let Some(found) = plan.detectable {
        args.push(("points", rounded_up(locale, found)));
    }
    let shown =
        if plan.detectable.is_some() { "evaluation-plan-seen" } else { "evaluation-plan-nothing-shown" };
    let shown = text(locale, shown, &args);
    format!("{shown} {}", advice(locale, plan, args))
}

/// Whether it is enough, and what to do where it is not.
fn advice(locale: Locale, plan: &Plan, mut args: Vec<(&'static str, String)>) -> String {
    if plan.is_enough() {
        return text(locale, "evaluation-plan-enough", &args);
    }
    let of = |kind| plan.proposals.iter().find(|proposal| proposal.kind == kind);
    let (pooled, enlarged) = (of(ProposalKind::PoolRuns), of(ProposalKind::EnlargeComparison));
    let key = match (pooled, enlarged) {
        (Some(_), Some(_)) => "evaluation-plan-pool-or-enlarge",
        (Some(_), None) => "evaluation-plan-pool",
        (None, Some(_)) => "evaluation-plan-enlarge",
        (None, None) => "evaluation-plan-nothing-helps",
    };
    args.extend(pooled.map(|proposal| ("runs", proposal.runs.to_string())));
    args.extend(enlarged.map(|proposal| ("larger", proposal.comparison.to_string())));
    text(locale, key, &args)
}

/// Two decimals, upwards: what is written is seen.
fn rounded_up(locale: Locale, points: f64) -> String {
    decimal(locale, (points * 100.0 - 1e-6).ceil() / 100.0, 2)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::super::model::{PlannedPeople, SpreadOfChange, TrainedBy, WantedBy, WantedChange};
    use super::*;

    fn said(trained: usize, comparison: usize, wanted: f64) -> [String; 2] {
        let people =
            PlannedPeople { trained, trained_by: TrainedBy::Enrolled, comparison, comparison_assumed: false };
        let wanted = WantedChange { value: wanted, source: WantedBy::Declared };
        let plan = Plan::of(Uuid::nil(), people, SpreadOfChange::of(None), wanted);
        [Locale::Vi, Locale::En].map(|locale| of_plan(locale, &plan))
    }

    #[test]
    fn twelve_each_are_advised_to_pool() {
        let [vi, en] = said(12, 12, 0.5);
        assert_eq!(
            en,
            "With 12 trained and 12 comparison people, all rated before and after the course, a difference of 0.72 \
             points (of 5) or more would probably be seen (chance of 80 %); a smaller one may stay hidden. To see 0.50 \
             points, judge 2 runs of the course together."
        );
        assert_eq!(
            vi,
            "Với 12 người học và 12 người trong nhóm so sánh, nếu tất cả đều được đánh giá trước và sau khóa học, mức chênh lệch \
             từ 0,72 điểm (thang 5) trở lên nhiều khả năng sẽ được nhận ra (xác suất 80%); mức nhỏ hơn có thể không nhận \
             ra được. Để nhận ra mức 0,50 điểm, cần gộp 2 lớp của khóa học."
        );
    }

    #[test]
    fn every_other_case_is_said() {
        let ends = |said: [String; 2], vi: &str, en: &str| {
            assert!(said[0].ends_with(vi) && said[1].ends_with(en), "{said:?}");
        };
        ends(
            said(60, 60, 0.5),
            "Như vậy là đủ cho mức 0,50 điểm cần nhận ra.",
            "That is enough for the 0.50 points that are wanted.",
        );
        ends(
            said(20, 20, 0.5),
            "Để nhận ra mức 0,50 điểm, cần gộp 2 lớp của khóa học, hoặc có 30 người trong nhóm so sánh.",
            "To see 0.50 points, judge 2 runs of the course together, or have 30 comparison people rated.",
        );
        ends(
            said(12, 12, 0.05),
            "Mức 0,05 điểm khó nhận ra, kể cả khi gộp 12 lớp quy mô này.",
            "0.05 points can hardly be seen, even in 12 runs of this size together.",
        );
        let [vi, en] = said(8, 8, 0.5);
        assert!(en.starts_with("With 8 trained and 8 comparison people no difference can be shown"), "{en}");
        assert!(
            vi.starts_with(
                "Với 8 người học và 8 người trong nhóm so sánh, báo cáo không nêu được chênh lệch"
            ),
            "{vi}"
        );
    }
}
