//! A report in one sentence, as a head of department reads it (section 16 of the measurement model).
//!
//! Numbers are rounded here and nowhere else: two decimals, with a comma in Vietnamese.

use chrono::{Days, NaiveDate};

use super::model::FollowUp;
use crate::evaluation::effectiveness::behaviour::{Behaviour, Floor, Headline};
use crate::evaluation::effectiveness::reaction::Reaction;
use crate::evaluation::effectiveness::{Sums, quarter_end};
use crate::evaluation::statistics::{Figure, Grade, Reason, Status, Verdict};
use crate::i18n::{Locale, date, decimal, text};

/// What the sentence about level 3 needs.
pub struct Facts<'a> {
    pub behaviour: &'a Behaviour,
    pub sums: &'a Sums,
    pub follow_up: FollowUp,
    pub floor: Floor,
    pub as_of: NaiveDate,
    /// Whether they are of a unit, whose people are put together by whole calendar quarters.
    pub is_unit: bool,
}

type Args = Vec<(&'static str, String)>;

/// Behaviour at work in words.
pub fn of_behaviour(locale: Locale, facts: &Facts<'_>) -> String {
    let figures = &facts.behaviour.figures;
    match figures.decisive().status() {
        Status::Ok => measured(locale, facts),
        Status::InsufficientData => insufficient(locale, facts),
        Status::Suppressed => text(locale, "effectiveness-suppressed-small-groups", &[]),
        Status::Undefined => undefined(locale, &figures.decisive()),
    }
}

/// The reaction in words.
pub fn of_reaction(locale: Locale, reaction: &Reaction) -> String {
    let mean = &reaction.mean;
    match (mean.status(), mean.value()) {
        (Status::Ok, Some(value)) => text(
            locale,
            "effectiveness-reaction",
            &[
                ("score", number(locale, value)),
                ("answered", count(mean.n())),
                ("invited", count(mean.n_invited())),
            ],
        ),
        (Status::Suppressed, _) if mean.reason() == Some(Reason::UnanimousAnswers) => {
            text(locale, "effectiveness-suppressed-unanimous", &[])
        }
        (Status::Suppressed, _) => text(locale, "effectiveness-suppressed", &[]),
        _ => text(locale, "effectiveness-reaction-none", &[("needed", count(mean.n_needed()))]),
    }
}

fn measured(locale: Locale, facts: &Facts<'_>) -> String {
    let figures = &facts.behaviour.figures;
    let decisive = figures.decisive();
    let [low, high] = decisive.ci95().unwrap_or_default();
    let mut args = vec![
        ("months", facts.follow_up.months().to_string()),
        ("change", moved(locale, "effectiveness-change", &figures.change)),
        ("low", number(locale, low)),
        ("high", number(locale, high)),
        ("verdict", text(locale, verdict_key(facts.behaviour.verdict), &[])),
        ("pairs", facts.sums.trained.n.to_string()),
        ("participants", facts.sums.flow.participants.to_string()),
        ("grade", grade(facts.behaviour.evidence.grade).to_owned()),
    ];
    let key = match figures.headline {
        Headline::Change => {
            let group = if facts.sums.comparison.n == 0 { "none" } else { "small" };
            args.push(("comparison", text(locale, &format!("effectiveness-comparison-{group}"), &[])));
            "effectiveness-uncompared"
        }
        Headline::Difference => {
            args.push(("others", facts.sums.comparison.n.to_string()));
            args.push(("other", moved(locale, "effectiveness-other", &figures.comparison_change)));
            args.push(("extra", moved(locale, "effectiveness-extra", &decisive)));
            "effectiveness-compared"
        }
    };
    text(locale, key, &args)
}

fn insufficient(locale: Locale, facts: &Facts<'_>) -> String {
    let decisive = facts.behaviour.figures.decisive();
    let mut args: Args = vec![
        ("n", count(decisive.n())),
        ("needed", count(decisive.n_needed())),
        ("deadline", deadline(locale, facts)),
    ];
    if decisive.reason() == Some(Reason::WindowOpen) {
        return text(locale, "effectiveness-window-open", &args);
    }
    if facts.floor == Floor::Lecturer {
        args.push(("offerings", facts.sums.flow.offerings.to_string()));
        return text(locale, "effectiveness-insufficient-lecturer", &args);
    }
    text(locale, "effectiveness-insufficient", &args)
}

/// Until when answers come in, or when units are published next, with what separates it from the words before.
fn deadline(locale: Locale, facts: &Facts<'_>) -> String {
    if facts.is_unit {
        let day = date(locale, quarter_end(facts.as_of + Days::new(1)));
        return text(locale, "effectiveness-deadline-unit", &[("day", day)]);
    }
    let days = facts.sums.due_on.map(|due| (due - facts.as_of).num_days());
    match days {
        Some(days) if days >= 0 => text(locale, "effectiveness-deadline", &[("days", days.to_string())]),
        Some(_) => text(locale, "effectiveness-deadline-over", &[]),
        None => text(locale, "effectiveness-deadline-none", &[]),
    }
}

fn undefined(locale: Locale, figure: &Figure) -> String {
    match (figure.reason(), figure.value()) {
        (Some(Reason::ZeroVarianceOfChange), Some(_)) => {
            let change = moved(locale, "effectiveness-change", figure);
            text(locale, "effectiveness-undefined-alike", &[("change", change)])
        }
        (Some(Reason::InstrumentChanged), _) => {
            text(locale, "effectiveness-undefined-instrument", &[("n", count(figure.n()))])
        }
        _ => text(locale, "effectiveness-undefined", &[]),
    }
}

/// «tăng 0,45 điểm», «giảm 0,10 điểm», «không đổi»: the key's words for a figure's direction.
pub(super) fn moved(locale: Locale, key: &str, figure: &Figure) -> String {
    let Some(value) = figure.value() else {
        return text(locale, &format!("{key}-unknown"), &[]);
    };
    let points = number(locale, value.abs());
    let direction = match value {
        _ if points == number(locale, 0.0) => "flat",
        value if value > 0.0 => "up",
        _ => "down",
    };
    text(locale, &format!("{key}-{direction}"), &[("points", points)])
}

fn verdict_key(verdict: Option<Verdict>) -> &'static str {
    match verdict {
        Some(Verdict::ClearImprovement) => "effectiveness-verdict-clear-improvement",
        Some(Verdict::PracticallyNoChange) => "effectiveness-verdict-practically-no-change",
        Some(Verdict::Worse) => "effectiveness-verdict-worse",
        Some(Verdict::ImprovementSizeUncertain) => "effectiveness-verdict-improvement-size-uncertain",
        Some(Verdict::CannotTellYet) => "effectiveness-verdict-cannot-tell-yet",
        None => "effectiveness-verdict-none",
    }
}

fn grade(grade: Grade) -> &'static str {
    match grade {
        Grade::A => "A",
        Grade::B => "B",
        Grade::C => "C",
        Grade::D => "D",
    }
}

pub(super) fn count(n: Option<usize>) -> String {
    n.unwrap_or_default().to_string()
}

/// A figure of a sentence.
pub(super) fn number(locale: Locale, value: f64) -> String {
    decimal(locale, value, 2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluation::statistics::PairSums;

    /// Ratings before and after, in fifths of a point.
    fn fifths(of: &[(i64, i64)]) -> PairSums {
        let mut sums = PairSums::default();
        of.iter().for_each(|(before, after)| sums.add(before * 2_000, after * 2_000));
        sums
    }

    /// The worked example of the measurement model.
    fn worked() -> Sums {
        let trained = fifths(&[
            (15, 19),
            (17, 19),
            (16, 18),
            (14, 16),
            (13, 15),
            (18, 17),
            (16, 19),
            (12, 15),
            (18, 19),
            (17, 20),
            (17, 18),
            (13, 18),
        ]);
        let comparison = fifths(&[
            (14, 15),
            (15, 15),
            (17, 18),
            (15, 16),
            (12, 14),
            (16, 16),
            (17, 18),
            (16, 16),
            (17, 16),
            (19, 19),
        ]);
        let mut sums = Sums { same_rater: trained, trained, comparison, ..Sums::default() };
        sums.flow.participants = 12;
        (sums.flow.follow_up_due, sums.flow.follow_up_answered) = (12, 12);
        sums
    }

    fn say(locale: Locale, sums: &Sums, floor: Floor) -> String {
        let facts = Facts {
            behaviour: &Behaviour::of(sums, 0.25, floor),
            sums,
            follow_up: FollowUp::ThreeMonths,
            floor,
            as_of: "2026-11-23".parse().unwrap(),
            is_unit: false,
        };
        of_behaviour(locale, &facts)
    }

    #[test]
    fn the_worked_example() {
        assert_eq!(
            say(Locale::Vi, &worked(), Floor::Standard),
            "Sau 3 tháng, mức độ thực hiện hành vi trong công việc do lãnh đạo trực tiếp đánh giá tăng 0,45 điểm (thang \
             5); nhóm không học (10 người) tăng 0,10. Phần tăng thêm 0,35 điểm, khoảng tin cậy 95% của chênh lệch từ \
             0,13 đến 0,57: có cải thiện, mức độ chưa chắc chắn. 12/12 người có đủ hai lần đánh giá. Mức bằng chứng: A."
        );
        assert_eq!(
            say(Locale::En, &worked(), Floor::Standard),
            "After 3 months, work behaviour as rated by the supervisor rose by 0.45 points (of 5); the untrained \
             group (10 people) rose by 0.10. The difference is a gain of 0.35 points, 95 % interval of the difference \
             0.13 to 0.57: improvement, size uncertain. 12 of 12 people were rated both times. Evidence grade: A."
        );
    }

    #[test]
    fn without_a_comparison_group_nothing_is_said_of_one() {
        let alone = Sums { comparison: PairSums::default(), ..worked() };
        let vi = say(Locale::Vi, &alone, Floor::Standard);
        assert!(
            vi.contains(
                "tăng 0,45 điểm (thang 5), khoảng tin cậy 95% của thay đổi từ 0,25 đến 0,65: cải thiện rõ."
            ),
            "{vi}"
        );
        assert!(vi.ends_with("Không có nhóm so sánh. Mức bằng chứng: B."), "{vi}");
        let few = Sums { comparison: fifths(&[(15, 16), (16, 16), (15, 17)]), ..worked() };
        let en = say(Locale::En, &few, Floor::Standard);
        assert!(en.contains("The comparison group is too small to compare with."), "{en}");
    }

    #[test]
    fn too_few_says_how_many_and_until_when() {
        let mut sums = Sums { trained: fifths(&[(15, 19); 7]), ..worked() };
        sums.due_on = "2026-12-02".parse().ok();
        assert_eq!(
            say(Locale::Vi, &sums, Floor::Standard),
            "Chưa đủ dữ liệu: mới có 7/10 cặp đánh giá cần thiết; hạn còn 9 ngày."
        );
        sums.due_on = "2026-11-22".parse().ok();
        assert_eq!(
            say(Locale::En, &sums, Floor::Standard),
            "Not enough data: 7 of the 10 pairs of ratings needed; the deadline has passed."
        );
        sums.due_on = None;
        assert!(say(Locale::Vi, &sums, Floor::Lecturer).contains("7/30 cặp từ 0/3 lớp"));
    }

    #[test]
    fn an_open_window_and_small_groups_are_told_apart() {
        let mut sums = Sums { due_on: "2026-12-02".parse().ok(), ..Sums::default() };
        sums.flow.awaiting = 12;
        assert_eq!(
            say(Locale::Vi, &sums, Floor::Standard),
            "Chưa công bố: đã có 12 cặp đánh giá; kết quả được tính một lần khi hết hạn; hạn còn 9 ngày."
        );
        sums.flow.awaiting = 0;
        sums.flow.withheld = 12;
        assert_eq!(
            say(Locale::En, &sums, Floor::Standard),
            "Hidden to protect those who were rated (only groups under 5)."
        );
    }

    #[test]
    fn everybody_alike_is_undefined() {
        let alike = Sums { comparison: PairSums::default(), trained: fifths(&[(15, 18); 10]), ..worked() };
        assert_eq!(
            say(Locale::Vi, &alike, Floor::Standard),
            "Không tính được: mọi người thay đổi như nhau (tăng 0,60 điểm)."
        );
    }

    #[test]
    fn numbers_of_both_languages() {
        assert_eq!(number(Locale::Vi, -1.005), "-1,00");
        assert_eq!(number(Locale::En, 0.125), "0.12");
        assert_eq!(number(Locale::En, -0.004), "0.00");
    }
}
