//! Ranks, classes and single questions.

use super::*;

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
