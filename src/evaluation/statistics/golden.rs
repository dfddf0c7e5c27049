//! Comparison with the figures of scipy and statsmodels (see `tests/golden/statistics/make_vectors.py`).

use serde_json::Value;

use super::{
    noncentral::{NoncentralT, noncentrality_interval},
    student, tails, *,
};

const VECTORS: &str =
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/statistics/vectors.json"));

fn for_each(kind: &str, check: impl Fn(&Value, &str)) {
    let all: Value = serde_json::from_str(VECTORS).unwrap();
    let cases = all[kind].as_array().unwrap();
    assert!(!cases.is_empty(), "{kind} has no cases");
    for case in cases {
        check(case, case["name"].as_str().unwrap());
    }
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap()
}

fn count(value: &Value) -> usize {
    usize::try_from(value.as_u64().unwrap()).unwrap()
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(number).collect()
}

fn pairs(value: &Value) -> Vec<(f64, f64)> {
    value.as_array().unwrap().iter().map(|pair| (number(&pair[0]), number(&pair[1]))).collect()
}

fn close(found: f64, expected: &Value, what: &str) {
    let expected = number(expected);
    assert!((found - expected).abs() <= 1e-9 * expected.abs().max(1.0), "{what}: {found} is not {expected}");
}

fn close_option(found: Option<f64>, expected: &Value, what: &str) {
    assert_eq!(found.is_none(), expected.is_null(), "{what}: {found:?} is not {expected}");
    if let Some(found) = found {
        close(found, expected, what);
    }
}

fn close_ends(found: [f64; 2], expected: &Value, what: &str) {
    close(found[0], &expected[0], &format!("{what}, lower"));
    close(found[1], &expected[1], &format!("{what}, upper"));
}

fn same_reason(reason: Option<Reason>, expected: &Value, name: &str) {
    assert_eq!(&serde_json::to_value(reason).unwrap(), expected, "{name}");
}

#[test]
fn paired_effects() {
    for_each("paired", |case, name| {
        let effect = paired(&pairs(&case["pairs"]));
        assert_eq!(effect.n, count(&case["n"]), "{name}");
        for (key, found) in [
            ("mean_before", effect.mean_before),
            ("mean_after", effect.mean_after),
            ("change", effect.change),
            ("r", effect.r),
        ] {
            close_option(found, &case[key], &format!("{name}: {key}"));
        }
        same_reason(effect.inference.err(), &case["reason"], name);
        if let Ok(found) = effect.inference {
            for (key, value) in
                [("t", found.t), ("d_z", found.d_z), ("d_av", found.d_av), ("g_av", found.g_av)]
            {
                close(value, &case[key], &format!("{name}: {key}"));
            }
            for (key, ends) in
                [("ci95", found.ci95), ("d_z_ci95", found.d_z_ci95), ("g_av_ci95", found.g_av_ci95)]
            {
                close_ends(ends, &case[key], &format!("{name}: {key}"));
            }
        }
    });
}

#[test]
fn differences_in_differences() {
    for_each("difference", |case, name| {
        let effect = difference_in_differences(&pairs(&case["trained"]), &pairs(&case["comparison"]));
        close_option(effect.difference, &case["difference"], name);
        close_option(effect.d_ppc2, &case["d_ppc2"], &format!("{name}: d_ppc2"));
        same_reason(effect.inference.err(), &case["reason"], name);
        if let Ok(found) = effect.inference {
            for (key, value) in [("standard_error", found.standard_error), ("t", found.t), ("df", found.df)] {
                close(value, &case[key], &format!("{name}: {key}"));
            }
            close_ends(found.ci95, &case["ci95"], name);
        }
    });
}

#[test]
fn worked_course_reads_as_in_the_design() {
    for_each("difference", |case, name| {
        if name == "worked course against comparison" {
            let effect = difference_in_differences(&pairs(&case["trained"]), &pairs(&case["comparison"]));
            let figure = difference_figures(&effect, Unit::PointsOf5, Respondents::Named).difference;
            let evidence = Evidence { grade: Grade::A, firm: false, verdict_allowed: true };
            let words = headline_verdict(&figure, thresholds::SMALLEST_CHANGE, &evidence);
            assert_eq!((figure.n(), words), (Some(12), Some(Verdict::ImprovementSizeUncertain)));
        }
    });
}

#[test]
fn noncentral_t() {
    for_each("noncentral_t", |case, name| {
        let found = NoncentralT::new(count(&case["df"])).cdf(number(&case["t"]), number(&case["delta"]));
        let expected = number(&case["p"]);
        assert!((found - expected).abs() <= 1e-10, "{name}: {found} is not {expected}");
    });
}

#[test]
fn noncentrality_intervals() {
    for_each("noncentrality", |case, name| {
        let found = noncentrality_interval(number(&case["t"]), count(&case["df"])).unwrap();
        close_ends(found, &case["ci95"], name);
    });
}

#[test]
fn hedges_factors_and_t_quantiles() {
    for_each("hedges", |case, name| {
        close(student::hedges(count(&case["df"])), &case["j"], name);
    });
    for_each("t_quantile", |case, name| {
        close(student::t_quantile(number(&case["df"])), &case["t"], name);
    });
}

#[test]
fn wilson_intervals() {
    for_each("wilson", |case, name| {
        close_ends(wilson(count(&case["hits"]), count(&case["n"])).unwrap(), &case["ci95"], name);
    });
}

#[test]
fn attrition_and_means() {
    for_each("attrition", |case, name| {
        close_option(attrition(&numbers(&case["answered"]), &numbers(&case["lost"])).smd, &case["smd"], name);
    });
    for_each("mean", |case, name| {
        let answers = numbers(&case["answers"]);
        let figure = anonymous_mean(&answers, answers.len(), Unit::PointsOf5);
        close(figure.value().unwrap(), &case["mean"], name);
        close_ends(figure.ci95().unwrap(), &case["ci95"], name);
    });
}

#[test]
fn tails_and_quantiles() {
    for_each("tail", |case, name| {
        let parameter = |key: &str| number(&case[key]);
        let found = match case["kind"].as_str().unwrap() {
            "t" => tails::two_sided_t(parameter("x"), parameter("df")),
            "f" => tails::f_above(parameter("x"), parameter("df"), parameter("df2")),
            "f_quantile" => tails::f_quantile(parameter("x"), parameter("df"), parameter("df2")).unwrap(),
            "chi2" => tails::chi2_above(parameter("x"), count(&case["df"])),
            "normal" => tails::two_sided_normal(parameter("x")),
            "fair_coins" => tails::fair_coins(count(&case["x"]) as u64, count(&case["df"]) as u64).unwrap(),
            other => panic!("{other}"),
        };
        close(found, &case["expected"], name);
    });
}

fn rated(value: &Value) -> Vec<(u64, f64)> {
    let people = value.as_array().unwrap().iter();
    people.map(|person| (person[0].as_u64().unwrap(), number(&person[1]))).collect()
}

#[test]
fn intervals_by_raters() {
    for_each("clusters", |case, name| {
        let (trained, comparison) = (rated(&case["trained"]), rated(&case["comparison"]));
        let found = if comparison.is_empty() {
            cluster_robust_change(&ClusterSums::of(&trained, &[]))
        } else {
            cluster_robust(&trained, &comparison)
        };
        assert_eq!(found.clusters, count(&case["clusters"]), "{name}");
        close_option(found.value, &case["value"], name);
        same_reason(found.inference.err(), &case["reason"], name);
        if let Ok(found) = found.inference {
            close(found.standard_error, &case["standard_error"], name);
            close(found.df, &case["df"], name);
            close_ends(found.ci95, &case["ci95"], name);
            close(found.p(), &case["p"], &format!("{name}: p"));
        }
    });
}

#[test]
fn signed_rank_tests() {
    for_each("ranks", |case, name| {
        let found = signed_ranks(&pairs(&case["pairs"]));
        assert_eq!(found.n, count(&case["n"]), "{name}");
        assert_eq!(found.unchanged(), count(&case["unchanged"]), "{name}");
        close_option(found.location, &case["location"], &format!("{name}: location"));
        same_reason(found.test.err(), &case["reason"], name);
        if let Ok(test) = found.test {
            assert_eq!(test.exact, case["exact"], "{name}");
            for (key, value) in [
                ("w_plus", test.w_plus),
                ("w_minus", test.w_minus),
                ("p", test.p),
                ("rank_biserial", test.rank_biserial),
                ("sign_p", test.sign_p),
            ] {
                close(value, &case[key], &format!("{name}: {key}"));
            }
        }
    });
}

fn class_table(value: &Value) -> ClassTable {
    let mut table = ClassTable::default();
    for (row, counts) in value.as_array().unwrap().iter().enumerate() {
        for (column, people) in counts.as_array().unwrap().iter().enumerate() {
            table.0[row][column] = people.as_u64().unwrap();
        }
    }
    table
}

#[test]
fn movements_between_classes() {
    for_each("classes", |case, name| {
        let found = class_movement(&class_table(&case["table"]));
        let counts =
            [found.n, found.up, found.down, found.good_before, found.good_after, found.gained, found.lost];
        let keys = ["n", "up", "down", "good_before", "good_after", "gained", "lost"];
        for (key, value) in keys.into_iter().zip(counts) {
            assert_eq!(value, case[key], "{name}: {key}");
        }
        for (key, value) in [
            ("net", found.net),
            ("sign_p", found.sign_p),
            ("mcnemar_p", found.mcnemar_p),
            ("bowker", found.symmetry.map(|found| found.statistic)),
            ("bowker_df", found.symmetry.map(|found| found.df as f64)),
            ("bowker_p", found.symmetry.map(|found| found.p)),
        ] {
            close_option(value, &case[key], &format!("{name}: {key}"));
        }
        same_reason(found.net_ci95.err(), &case["reason"], name);
        if let Ok(ends) = found.net_ci95 {
            close_ends(ends, &case["net_ci95"], name);
        }
    });
}

#[test]
fn single_questions() {
    for_each("items", |case, name| {
        let answers: Vec<Option<u8>> =
            case["answers"].as_array().unwrap().iter().map(|a| a.as_u64().map(|a| a as u8)).collect();
        let counts = AnswerCounts::of(&answers);
        assert_eq!(counts.n(), case["n"], "{name}");
        close_option(counts.median(), &case["median"], name);
        let figures = item_figures(&counts, answers.len(), Respondents::Named);
        if figures.top_two.status() == Status::Ok {
            close(figures.top_two.value().unwrap(), &case["top_two"], name);
            close_ends(figures.top_two.ci95().unwrap(), &case["top_two_ci95"], name);
        }
    });
}

#[test]
fn comparisons_at_equal_baselines() {
    for_each("ancova", |case, name| {
        let found = ancova(&pairs(&case["trained"]), &pairs(&case["comparison"])).inference;
        same_reason(found.err(), &case["reason"], name);
        if let Ok(found) = found {
            for (key, value) in [
                ("effect", found.effect),
                ("slope", found.slope),
                ("standard_error", found.difference.standard_error),
                ("t", found.difference.t),
                ("df", found.difference.df),
                ("p", found.difference.p()),
            ] {
                close(value, &case[key], &format!("{name}: {key}"));
            }
            close_ends(found.difference.ci95, &case["ci95"], name);
            close_option(found.hc3_standard_error, &case["hc3"], &format!("{name}: HC3"));
            close_option(found.homogeneity_p, &case["homogeneity_p"], &format!("{name}: slopes"));
        }
    });
}

#[test]
fn families_of_tests() {
    for_each("families", |case, name| {
        let options = |value: &Value| -> Vec<Option<f64>> {
            value.as_array().unwrap().iter().map(Value::as_f64).collect()
        };
        let found = benjamini_hochberg(&options(&case["p"]));
        assert_eq!(found.len(), case["q"].as_array().unwrap().len(), "{name}");
        for (found, expected) in found.into_iter().zip(case["q"].as_array().unwrap()) {
            close_option(found, expected, name);
        }
    });
}

fn moments(value: &Value) -> Vec<Moments> {
    let groups = value.as_array().unwrap().iter();
    groups
        .map(|group| Moments { n: count(&group[0]), mean: number(&group[1]), ss: number(&group[2]) })
        .collect()
}

#[test]
fn groups_drawn_together() {
    for_each("shrinkage", |case, name| {
        let found = shrink(&moments(&case["groups"]));
        same_reason(found.as_ref().err().copied(), &case["reason"], name);
        let Ok(found) = found else { return };
        for (key, value) in [
            ("overall", found.overall),
            ("within", found.within),
            ("between", found.between),
            ("q", found.q),
            ("p", found.p),
        ] {
            close(value, &case[key], &format!("{name}: {key}"));
        }
        assert_eq!(found.ranking_supported(found.p), case["ranking_supported"], "{name}");
        for (place, group) in found.groups.iter().enumerate() {
            let expected = &case["places"][place];
            let what = format!("{name}: group {place}");
            assert_eq!(group.is_none(), expected.is_null(), "{what}");
            let Some(group) = group else { continue };
            close(group.reliability, &expected["reliability"], &what);
            close(group.shrunken, &expected["shrunken"], &what);
            close_ends(group.ci95, &expected["ci95"], &what);
            close(group.expected_rank, &expected["expected_rank"], &what);
            assert_eq!(group.stands_out, expected["stands_out"], "{what}");
        }
    });
}

fn rows(value: &Value) -> Vec<Vec<f64>> {
    value.as_array().unwrap().iter().map(numbers).collect()
}

fn close_coefficient(found: Result<Coefficient, Reason>, expected: &Value, what: &str) {
    same_reason(found.err(), &expected["reason"], what);
    let Ok(found) = found else { return };
    close(found.value, &expected["value"], what);
    assert_eq!(found.ci95.is_none(), expected["ci95"].is_null(), "{what}: {found:?}");
    if let Some(ends) = found.ci95 {
        close_ends(ends, &expected["ci95"], what);
    }
}

#[test]
fn agreements_of_raters() {
    for_each("agreement", |case, name| {
        let rows = rows(&case["rows"]);
        let table = RatingTable::of(&rows);
        let mut found = vec![(agreement(&table), "rows")];
        if table.raters == 2 {
            let pairs: Vec<(f64, f64)> = rows.iter().map(|row| (row[0], row[1])).collect();
            found.push((agreement(&RatingTable::of_pairs(&PairMoments::of(&pairs))), "pairs"));
            let sums = PairMoments::from(&PairSums::of(&pairs));
            found.push((agreement(&RatingTable::of_pairs(&sums)), "sums"));
        }
        for (found, from) in found {
            for (key, coefficient) in [
                ("absolute", found.absolute),
                ("consistency", found.consistency),
                ("absolute_of_mean", found.absolute_of_mean),
            ] {
                close_coefficient(coefficient, &case[key], &format!("{name}, from {from}: {key}"));
            }
        }
    });
}

#[test]
fn agreements_on_classes() {
    for_each("kappa", |case, name| {
        let weights = match case["weights"].as_str().unwrap() {
            "unweighted" => KappaWeights::Unweighted,
            "linear" => KappaWeights::Linear,
            _ => KappaWeights::Quadratic,
        };
        let found = class_agreement(&class_table(&case["table"]), weights);
        assert_eq!(
            (found.n, found.agreed),
            (case["n"].as_u64().unwrap(), case["agreed"].as_u64().unwrap()),
            "{name}"
        );
        close_coefficient(found.kappa, &case["kappa"], name);
    });
}

#[test]
fn reliabilities_of_scales() {
    for_each("reliability", |case, name| {
        let forms = case["forms"].as_array().unwrap().iter();
        let forms: Vec<Vec<Option<i64>>> =
            forms.map(|form| form.as_array().unwrap().iter().map(Value::as_i64).collect()).collect();
        let found = reliability(&ItemSums::of(count(&case["items"]), &forms));
        assert_eq!(found.n, count(&case["n"]), "{name}");
        close_coefficient(found.alpha, &case["alpha"], name);
        close_option(found.standard_error, &case["standard_error"], &format!("{name}: standard error"));
        close_option(found.omega, &case["omega"], &format!("{name}: omega"));
        for (place, item) in found.each.iter().enumerate() {
            let expected = &case["each"][place];
            let what = format!("{name}: item {place}");
            close_option(item.rest_correlation, &expected["rest_correlation"], &what);
            close_option(item.alpha_without, &expected["alpha_without"], &what);
        }
    });
}

#[test]
fn attacks_on_hidden_cells() {
    for_each("attack", |case, name| {
        let rows = case["table"].as_array().unwrap().iter();
        let table: Vec<Vec<u64>> = rows
            .map(|row| row.as_array().unwrap().iter().map(|cell| cell.as_u64().unwrap()).collect())
            .collect();
        let rows = case["hidden"].as_array().unwrap().iter();
        let hidden: Vec<Vec<bool>> = rows
            .map(|row| row.as_array().unwrap().iter().map(|cell| cell.as_bool().unwrap()).collect())
            .collect();
        let found: Vec<[u64; 2]> =
            attack(&table, &hidden).iter().map(|cell| [cell.at_least, cell.at_most]).collect();
        assert_eq!(serde_json::to_value(found).unwrap(), case["ranges"], "{name}");
    });
}

#[test]
fn looks_back() {
    for_each("then_test", |case, name| {
        let people: Vec<ThenTest> = rows(&case["people"])
            .iter()
            .map(|marks| ThenTest { before: marks[0], then: marks[1], after: marks[2] })
            .collect();
        let found = response_shift(&people);
        for (key, effect) in [
            ("prospective", found.prospective),
            ("retrospective", found.retrospective),
            ("shift", found.shift),
        ] {
            let (expected, what) = (&case[key], format!("{name}: {key}"));
            close_option(effect.change, &expected["change"], &what);
            assert_eq!(effect.inference.is_err(), expected["ci95"].is_null(), "{what}");
            if let Ok(found) = effect.inference {
                close_ends(found.ci95, &expected["ci95"], &what);
                close(found.p(), &expected["p"], &what);
            }
        }
    });
}

#[test]
fn regression_to_the_mean_and_gains() {
    for_each("regression", |case, name| {
        let found =
            expected_regression(number(&case["group"]), number(&case["population"]), case["rho"].as_f64())
                .unwrap();
        close(found.expected, &case["expected"], name);
        assert_eq!(found.assumed, case["rho"].is_null(), "{name}");
    });
    for_each("hake", |case, name| {
        let found = hake_gain(&PairMoments::of(&pairs(&case["pairs"])));
        same_reason(found.err(), &case["reason"], name);
        close_option(found.ok(), &case["gain"], name);
    });
}
