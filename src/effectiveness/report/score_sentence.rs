//! The official work score (level 4) in one sentence of its own, beside that about behaviour and never mixed with it.
//!
//! It says by how much the score moved and which way the interval points. There is no verdict as of behaviour: no smallest
//! change that matters is defined for the score, so a word like "improved" would be made up.

use chrono::{Datelike, Days, NaiveDate};

use super::sentence::{count, moved, number};
use super::subject_report::WorkScore;
use crate::effectiveness::measures::behaviour::{Floor, Headline};
use crate::effectiveness::measures::{PeriodKind, quarter_end};
use crate::effectiveness::release::{AwaitedFor, AwaitedScores, Revision};
use crate::i18n::{Locale, date, text};
use statistics::{Figure, Reason, Status};

/// What the sentence about level 4 needs.
pub struct ScoreFacts<'a> {
    pub score: &'a WorkScore,
    pub floor: Floor,
    pub as_of: NaiveDate,
    /// Whether they are of a unit, whose people are put together by whole calendar quarters.
    pub is_unit: bool,
}

/// The official score in words.
pub fn of_work_score(locale: Locale, facts: &ScoreFacts<'_>) -> String {
    let decisive = facts.score.figures.decisive();
    match decisive.status() {
        Status::Ok => measured(locale, facts.score, &decisive),
        Status::InsufficientData => insufficient(locale, facts, &decisive),
        Status::Suppressed => text(locale, "score-suppressed-small-groups", &[]),
        Status::Undefined => undefined(locale, &decisive),
    }
}

fn measured(locale: Locale, score: &WorkScore, decisive: &Figure) -> String {
    let figures = &score.figures;
    let [low, high] = decisive.ci95().unwrap_or_default();
    let direction = if low > 0.0 {
        "above"
    } else if high < 0.0 {
        "below"
    } else {
        "around"
    };
    let mut args = vec![
        ("people", count(figures.change.n())),
        ("change", moved(locale, "effectiveness-change", &figures.change)),
        ("low", number(locale, low)),
        ("high", number(locale, high)),
    ];
    let (key, direction) = match figures.headline {
        Headline::Difference => {
            let compared = figures.matched_change.n();
            args.push(("matched", count(compared)));
            args.push(("own", moved(locale, "effectiveness-other", &figures.matched_change)));
            args.push(("others", count(figures.comparison_change.n())));
            args.push(("other", moved(locale, "effectiveness-other", &figures.comparison_change)));
            args.push(("difference", number(locale, decisive.value().unwrap_or_default())));
            let all = compared == figures.change.n();
            let key = if all { "score-compared" } else { "score-compared-some" };
            (key, format!("score-difference-{direction}"))
        }
        Headline::Change => ("score-uncompared", format!("score-change-{direction}")),
    };
    args.push(("direction", text(locale, &direction, &[])));
    text(locale, key, &args)
}

fn insufficient(locale: Locale, facts: &ScoreFacts<'_>, decisive: &Figure) -> String {
    let state = &facts.score.state;
    let waits = match (facts.is_unit, state.awaited, state.revision) {
        (true, ..) => of_unit(locale, facts.as_of),
        (false, Some((_, awaited)), _) => waiting(locale, &awaited),
        (false, None, Some(revision)) => released(locale, revision),
        (false, None, None) => String::new(),
    };
    let key =
        if facts.floor == Floor::Lecturer { "score-insufficient-lecturer" } else { "score-insufficient" };
    let args = [("n", count(decisive.n())), ("needed", count(decisive.n_needed())), ("waits", waits)];
    text(locale, key, &args)
}

/// When units are published next, with what separates it from the words before.
fn of_unit(locale: Locale, as_of: NaiveDate) -> String {
    let day = date(locale, quarter_end(as_of + Days::new(1)));
    text(locale, "effectiveness-deadline-unit", &[("day", day)])
}

fn waiting(locale: Locale, awaited: &AwaitedScores) -> String {
    let key = match awaited.what {
        AwaitedFor::PeriodEnd => "score-waits-for-period",
        AwaitedFor::Scores => "score-waits-for-scores",
    };
    let args = [
        ("period", period(locale, awaited.kind, awaited.from)),
        ("end", date(locale, awaited.to)),
        ("until", date(locale, awaited.until)),
    ];
    text(locale, key, &args)
}

/// What came after the release is added in whole, at the start of a quarter.
fn released(locale: Locale, revision: Revision) -> String {
    text(locale, "score-released", &[("day", date(locale, revision.on))])
}

/// «tháng 6/2026», «quý IV/2026».
fn period(locale: Locale, kind: PeriodKind, start: NaiveDate) -> String {
    let year = ("year", start.year().to_string());
    match kind {
        PeriodKind::Month => {
            text(locale, "score-period-month", &[("month", start.month().to_string()), year])
        }
        PeriodKind::Quarter => {
            let (quarter, roman) = match start.month0() / 3 {
                0 => ("1", "I"),
                1 => ("2", "II"),
                2 => ("3", "III"),
                _ => ("4", "IV"),
            };
            let [quarter, roman] =
                [("quarter", quarter), ("roman", roman)].map(|(key, of)| (key, of.to_owned()));
            text(locale, "score-period-quarter", &[quarter, roman, year])
        }
        PeriodKind::Year => text(locale, "score-period-year", &[year]),
    }
}

fn undefined(locale: Locale, figure: &Figure) -> String {
    match (figure.reason(), figure.value()) {
        (Some(Reason::ZeroVarianceOfChange), Some(_)) => {
            let change = moved(locale, "effectiveness-change", figure);
            text(locale, "score-undefined-alike", &[("change", change)])
        }
        (Some(Reason::InstrumentChanged), _) => {
            text(locale, "score-undefined-instrument", &[("n", count(figure.n()))])
        }
        _ => text(locale, "score-undefined", &[]),
    }
}

#[cfg(test)]
mod tests {
    use super::super::of_subject::ScoresState;
    use super::super::subject_report::work_score;
    use super::*;
    use crate::effectiveness::measures::{Compared, OfferingSums};
    use statistics::PairSums;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    /// Scores before and after: so many people who move by about so much.
    fn moving(n: usize, by: f64, give_or_take: f64) -> PairSums {
        let pair = |i: usize| {
            let before = 70.0 + (i % 7) as f64;
            (before, before + by + if i.is_multiple_of(2) { give_or_take } else { -give_or_take })
        };
        PairSums::of(&(0..n).map(pair).collect::<Vec<_>>())
    }

    fn of(trained: PairSums, comparison: PairSums) -> OfferingSums {
        let compared = Compared { trained, comparison, ..Compared::default() };
        let compared = if comparison.n > 0 { vec![compared] } else { Vec::new() };
        let mut sums = OfferingSums { trained, compared, ..OfferingSums::default() };
        sums.flow.offerings = 1;
        sums
    }

    fn say(locale: Locale, sums: &OfferingSums, state: ScoresState, is_unit: bool) -> String {
        let score = work_score(sums, Floor::Standard, state);
        let facts = ScoreFacts { score: &score, floor: Floor::Standard, as_of: day("2027-01-15"), is_unit };
        of_work_score(locale, &facts)
    }

    fn spoken(locale: Locale, sums: &OfferingSums) -> String {
        say(locale, sums, ScoresState::default(), false)
    }

    #[test]
    fn it_says_by_how_much_and_which_way_the_interval_points() {
        let sums = of(moving(24, 3.0, 4.0), moving(20, 1.0, 4.0));
        assert_eq!(
            spoken(Locale::Vi, &sums),
            "Điểm xếp loại chính thức (thang 100) của 24 người đã học tăng 3,00 điểm; nhóm không học (20 người) \
             tăng 1,00. Chênh lệch 2,00 điểm, khoảng tin cậy 95% từ -0,51 đến 4,51. Khoảng này chứa 0: chưa thể nói hai \
             nhóm thay đổi khác nhau."
        );
        assert_eq!(
            spoken(Locale::En, &of(moving(24, 8.0, 4.0), moving(20, 1.0, 4.0))),
            "The official work score (of 100) of the 24 people trained rose by 8.00 points; the untrained group (20 people) \
             rose by 1.00. The difference is 7.00 points, 95 % interval 4.49 to 9.51. The interval lies above 0: those \
             trained changed for the better beside the untrained."
        );
        let worse = spoken(Locale::Vi, &of(moving(24, -8.0, 4.0), moving(20, 1.0, 4.0)));
        assert!(
            worse.contains("giảm 8,00 điểm; nhóm không học (20 người) tăng 1,00. Chênh lệch -9,00 điểm"),
            "{worse}"
        );
        assert!(
            worse.ends_with("Khoảng này nằm dưới 0: nhóm đã học thay đổi kém hơn nhóm không học."),
            "{worse}"
        );
    }

    #[test]
    fn without_ten_colleagues_only_the_change_is_told() {
        let alone = spoken(Locale::Vi, &of(moving(12, 3.0, 1.0), moving(4, 3.0, 1.0)));
        assert!(
            alone.contains("của 12 người đã học tăng 3,00 điểm, khoảng tin cậy 95% từ 2,34 đến 3,66."),
            "{alone}"
        );
        assert!(alone.ends_with("Không đủ người để so sánh với nhóm không học."), "{alone}");
    }

    #[test]
    fn too_few_say_what_is_awaited_and_until_when() {
        let awaited = |what, kind, from: &str, to: &str, until: &str| {
            let awaited = AwaitedScores { what, kind, from: day(from), to: day(to), until: day(until) };
            ScoresState { awaited: Some((1, awaited)), revision: None }
        };
        let quarter =
            awaited(AwaitedFor::Scores, PeriodKind::Quarter, "2026-10-01", "2026-12-31", "2027-03-31");
        assert_eq!(
            say(Locale::Vi, &OfferingSums::default(), quarter, false),
            "Chưa đủ dữ liệu về điểm xếp loại chính thức: mới có 0/10 người có đủ điểm trước và sau; chờ cổng \
             thông tin nhân sự gửi đủ điểm đến hết quý IV/2026, chậm nhất công bố ngày 31/03/2027."
        );
        let first =
            awaited(AwaitedFor::Scores, PeriodKind::Quarter, "2026-01-01", "2026-03-31", "2026-06-29");
        let words = say(Locale::Vi, &OfferingSums::default(), first, false);
        assert!(words.contains("gửi đủ điểm đến hết quý I/2026"), "{words}");
        let month =
            awaited(AwaitedFor::PeriodEnd, PeriodKind::Month, "2027-01-01", "2027-01-31", "2027-05-01");
        assert_eq!(
            say(Locale::En, &OfferingSums::default(), month, false),
            "Not enough official work scores: 0 of the 10 people needed have scores before and after; waiting for the end \
             of month 1 of 2027 on 31 January 2027 and its scores, published on 1 May 2027 at the latest."
        );
        let revision = Some(Revision { number: 1, on: day("2026-12-29") });
        let late = say(Locale::Vi, &OfferingSums::default(), ScoresState { awaited: None, revision }, false);
        assert!(
            late.ends_with(
                "trước và sau, theo số liệu công bố ngày 29/12/2026; điểm gửi muộn được bổ sung vào đầu quý sau, khi đủ 5 người."
            ),
            "{late}"
        );
        let unit = say(Locale::Vi, &OfferingSums::default(), ScoresState::default(), true);
        assert!(unit.ends_with("được công bố khi hết quý, lần tới sau ngày 31/03/2027."), "{unit}");
    }

    #[test]
    fn what_cannot_be_told_says_why() {
        let mut mixed = OfferingSums::default();
        mixed.flow.instrument_changed = 12;
        assert!(
            spoken(Locale::Vi, &mixed).contains("quy định chấm điểm đã thay đổi"),
            "{}",
            spoken(Locale::Vi, &mixed)
        );
        let mut hidden = OfferingSums::default();
        hidden.flow.withheld = 12;
        assert!(
            spoken(Locale::En, &hidden).contains("only groups under 5"),
            "{}",
            spoken(Locale::En, &hidden)
        );
        let alike = spoken(Locale::Vi, &of(moving(12, 2.0, 0.0), PairSums::default()));
        assert!(alike.contains("mọi người thay đổi như nhau (tăng 2,00 điểm)"), "{alike}");
    }
}
