//! What may be concluded of a questionnaire, in words.

use super::model::ItemFinding;
use crate::effectiveness::form_quality::{Quality, QualityItem};
use crate::i18n::{Locale, decimal, text};
use statistics::{AgreementBand, AgreementFigures, Figure, Reason, ReliabilityUse, Status};

type Args = Vec<(&'static str, String)>;

/// What the items suffice for together.
pub fn of_consistency(locale: Locale, quality: &Quality, is_test: bool) -> String {
    let found = &quality.consistency;
    let alpha = &found.alpha;
    let use_ = match (alpha.status(), found.suffices_for) {
        (Status::Ok, None) => return text(locale, "quality-copies-alone", &[("n", count(alpha.n()))]),
        (Status::Ok, Some(use_)) => use_,
        _ => return closed(locale, alpha, is_test),
    };
    let key = match use_ {
        ReliabilityUse::Nothing if is_test => "quality-test-nothing",
        ReliabilityUse::Nothing => "quality-nothing",
        ReliabilityUse::Groups => "quality-groups",
        ReliabilityUse::ComparingGroups => "quality-comparing-groups",
        ReliabilityUse::Persons => "quality-persons",
    };
    let mut args = interval(locale, alpha);
    args.push(("alpha", value(locale, alpha)));
    args.push(("n", count(alpha.n())));
    let said = text(locale, key, &args);
    if found.items_are_copies { format!("{said} {}", text(locale, "quality-copies", &[])) } else { said }
}

/// Which items stand out, by what was found of each.
pub fn of_items(locale: Locale, items: &[QualityItem], findings: &[Vec<ItemFinding>]) -> String {
    if !items.iter().any(|item| item.left_out.status() == Status::Ok) {
        return text(locale, "quality-items-none", &[]);
    }
    let found = || items.iter().zip(findings);
    let clause = |finding: ItemFinding| {
        let with_it = found().filter(|(_, of)| of.contains(&finding));
        let codes: Vec<&str> = with_it.map(|(item, _)| item.item.code.as_str()).collect();
        let key = match finding {
            ItemFinding::AtCeiling => "quality-items-ceiling",
            ItemFinding::AtFloor => "quality-items-floor",
            ItemFinding::OftenLeftOut => "quality-items-left-out",
            ItemFinding::MeasuresSomethingElse => "quality-items-else",
        };
        (!codes.is_empty()).then(|| text(locale, key, &[("items", codes.join(", "))]))
    };
    let clauses: Vec<String> = ItemFinding::ALL.into_iter().filter_map(clause).collect();
    let mut said = if clauses.is_empty() { vec![text(locale, "quality-items-good", &[])] } else { clauses };
    let is_open = |item: &QualityItem| [item.left_out, item.best].iter().all(|of| of.status() == Status::Ok);
    let closed: Vec<&str> = found()
        .filter(|(item, of)| of.is_empty() && !is_open(item))
        .map(|(item, _)| item.item.code.as_str())
        .collect();
    if !closed.is_empty() {
        said.push(text(locale, "quality-items-closed", &[("items", closed.join(", "))]));
    }
    said.join(" ")
}

/// How learners rate themselves beside their supervisors, and whether the one may replace the other.
pub fn of_beside(locale: Locale, beside: &AgreementFigures) -> String {
    let (Some(gap), [low, _]) = (beside.bias, beside.bands.unwrap_or([AgreementBand::Poor; 2])) else {
        return text(locale, "quality-beside-undefined", &[]);
    };
    match (beside.absolute.status(), gap.status()) {
        (Status::Ok, Status::Ok) => {}
        // The people rated by both move separately: that none is counted does not mean that there are none.
        (Status::InsufficientData | Status::Suppressed, _) | (_, Status::InsufficientData) => {
            let args = [("n", count(gap.n())), ("needed", count(gap.n_needed()))];
            let key = match gap.reason() {
                Some(Reason::WindowOpen) => "quality-beside-waits",
                _ => "quality-beside-few",
            };
            return text(locale, key, &args);
        }
        _ => return text(locale, "quality-beside-undefined", &[]),
    }
    let key = match gap.ci95() {
        Some([low, _]) if low > 0.0 => "quality-gap-above",
        Some([_, high]) if high < 0.0 => "quality-gap-below",
        _ => "quality-gap-around",
    };
    let mut args = interval(locale, &gap);
    args.push(("gap", decimal(locale, gap.value().unwrap_or_default().abs(), 2)));
    args.push(("n", count(gap.n())));
    let gap = text(locale, key, &args);
    let key = match low {
        AgreementBand::Poor => "quality-agreement-poor",
        AgreementBand::Moderate => "quality-agreement-moderate",
        AgreementBand::Good | AgreementBand::Excellent => "quality-agreement-good",
    };
    let mut args = interval(locale, &beside.absolute);
    args.push(("icc", value(locale, &beside.absolute)));
    format!("{gap} {}", text(locale, key, &args))
}

fn closed(locale: Locale, alpha: &Figure, is_test: bool) -> String {
    let key = match alpha.reason() {
        // The complete forms move separately: that none is counted does not mean that there are none.
        Some(Reason::FewerThanNeeded | Reason::NBelow2 | Reason::NoCompleteRows | Reason::FewerThan5) => {
            "quality-few"
        }
        Some(Reason::WindowOpen) => "quality-waits",
        Some(Reason::TooFewItems) => "quality-too-few-items",
        Some(Reason::CheckReverseScoredItems) if is_test => "quality-test-contradicts",
        Some(Reason::CheckReverseScoredItems) => "quality-contradicts",
        _ => "quality-undefined",
    };
    let args =
        [("n", count(alpha.n())), ("needed", count(alpha.n_needed())), ("alpha", value(locale, alpha))];
    text(locale, key, &args)
}

fn interval(locale: Locale, figure: &Figure) -> Args {
    let [low, high] = figure.ci95().unwrap_or_default().map(|end| decimal(locale, end, 2));
    vec![("low", low), ("high", high)]
}

fn value(locale: Locale, figure: &Figure) -> String {
    decimal(locale, figure.value().unwrap_or_default(), 2)
}

fn count(n: Option<usize>) -> String {
    n.unwrap_or_default().to_string()
}

#[cfg(test)]
mod tests {
    use super::super::model::findings;
    use super::*;
    use serde_json::json;
    use statistics::{
        ItemSums, PairMoments, PairSums, RatingTable, Respondents, Unit, agreement, agreement_figures,
        paired_from, reliability, reliability_figures, response_rate,
    };

    fn quality(n: i64, form: impl Fn(i64) -> Vec<i64>) -> Quality {
        let forms: Vec<Vec<Option<i64>>> = (0..n).map(|i| form(i).into_iter().map(Some).collect()).collect();
        let sums = ItemSums::of(form(0).len(), &forms);
        Quality {
            response_rate: response_rate(1, 9, Respondents::Named),
            valid: None,
            consistency: reliability_figures(&reliability(&sums), Unit::PointsOf5, Respondents::Named),
            items: Vec::new(),
            beside: None,
        }
    }

    fn alike(i: i64, noise: i64) -> Vec<i64> {
        (0..5).map(|place| 10 * (i % 9) + (i * (place + 3) * 7 + place * 11) % noise.max(1)).collect()
    }

    #[test]
    fn alpha_says_what_the_form_may_be_used_for() {
        let said = |n, noise| of_consistency(Locale::En, &quality(n, |i| alike(i, noise)), false);
        assert!(said(120, 71).contains("not to judge one person"), "{}", said(120, 71));
        assert!(said(120, 5).contains("nearly repeat each other"), "{}", said(120, 5));
        let few = said(29, 45);
        assert!(few.contains("fewer than 30 complete forms are counted so far"), "{few}");
        let none = of_consistency(Locale::Vi, &quality(0, |i| alike(i, 45)), false);
        assert!(none.contains("chưa đến 30"), "others may wait to be counted: {none}");
        let copies = of_consistency(Locale::Vi, &quality(40, |i| vec![i % 5; 4]), false);
        assert!(copies.contains("giống hệt nhau"), "{copies}");
        let two = of_consistency(Locale::En, &quality(40, |i| vec![i % 5, i % 4]), false);
        assert!(two.contains("at least 3"), "{two}");
        let against = of_consistency(Locale::Vi, &quality(40, |i| vec![i % 4, 5 - i % 4, i % 5]), false);
        assert!(against.contains("mâu thuẫn") && against.contains("alpha -"), "{against}");
        let test = of_consistency(Locale::En, &quality(40, |i| vec![i % 4, 5 - i % 4, i % 5]), true);
        assert!(test.contains("entered wrongly"), "{test}");
        let same = of_consistency(Locale::En, &quality(40, |_| vec![3, 3, 3]), false);
        assert!(same.contains("cannot be computed"), "{same}");
    }

    #[test]
    fn of_items_without_figures_nothing_is_concluded() {
        let item = |code: &str, figure: Figure| QualityItem {
            item: serde_json::from_value(json!({"code": code, "kind": "scale", "text": {"vi": "?"}}))
                .unwrap(),
            median: None,
            best: figure,
            ends: [Some(false); 2],
            left_out: figure,
            rest_correlation: Figure::closed(Reason::NoCompleteRows, Unit::Coefficient, 0),
            alpha_without: Figure::closed(Reason::NoCompleteRows, Unit::Coefficient, 0),
        };
        let open = Figure::ok(0.0, None, Unit::Percent, 40);
        let closed = Figure::closed(Reason::FewerThanNeeded, Unit::Percent, 12);
        let mut judged = quality(0, |i| alike(i, 45));
        let mut said = |items: Vec<QualityItem>| {
            judged.items = items;
            of_items(Locale::En, &judged.items, &findings(&judged))
        };
        assert_eq!(said(vec![item("b1", open)]), "Of the items with figures, none stands out.");
        let some = said(vec![item("b1", open), item("b2", closed)]);
        assert!(
            some.starts_with("Of the items with figures") && some.ends_with("enough figures: b2."),
            "{some}"
        );
        assert!(said(vec![item("b1", closed)]).starts_with("There are no figures"));
    }

    fn beside(n: i64, gap: f64, noise: f64) -> AgreementFigures {
        let mut sums = PairSums::default();
        for i in 0..n {
            let supervisor = 2.0 + (i % 7) as f64 / 3.0;
            let own = supervisor + gap + noise * (((i * 7) % 5) as f64 - 2.0);
            sums += PairSums::of(&[(supervisor, own)]);
        }
        let moments = PairMoments::from(&sums);
        let found = agreement(&RatingTable::of_pairs(&moments));
        agreement_figures(&found, Some(&paired_from(&moments)), Unit::PointsOf5, Respondents::Named)
    }

    #[test]
    fn the_gap_is_said_in_its_direction_and_agreement_by_its_lower_end() {
        let vi = |n, gap, noise| of_beside(Locale::Vi, &beside(n, gap, noise));
        let above = vi(40, 0.5, 0.5);
        assert!(
            above.contains("cao hơn") && above.contains("0,50 điểm") && above.contains("40 người"),
            "{above}"
        );
        assert!(above.contains("không thể thay"), "{above}");
        assert!(vi(40, -0.5, 0.5).contains("thấp hơn"), "{}", vi(40, -0.5, 0.5));
        let close = vi(60, 0.0, 0.05);
        assert!(close.contains("không khác rõ") && close.contains("gần với"), "{close}");
        for n in [0, 29] {
            assert!(vi(n, 0.5, 0.5).contains("chưa đến 30"), "{}", vi(n, 0.5, 0.5));
        }
        let same = of_beside(Locale::En, &beside(40, 0.3, 0.0));
        assert!(same.contains("cannot be computed"), "{same}");
    }
}
