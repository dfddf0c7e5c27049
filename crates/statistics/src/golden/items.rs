//! Answers to single questions.

use super::*;

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
