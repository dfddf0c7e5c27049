//! Second raters beside supervisors, as it leaves the service, and in a few sentences.

use serde::Serialize;
use utoipa::ToSchema;

use super::sentence::{count, number};
use super::sentence_dto::SentenceDto;
use crate::effectiveness::measures::second::SecondRaterFigures;
use crate::effectiveness::measures::{OfferingSums, count as people};
use crate::i18n::{Locale, text};
use statistics::{AgreementBand, Figure, Reason, Status};

/// What second raters saw beside the supervisors, of one subject.
pub struct BesideSupervisors {
    asked: usize,
    rated_by_both: usize,
    supervisor_pairs: usize,
    figures: SecondRaterFigures,
}

impl BesideSupervisors {
    /// What is known of it; none where nobody was asked beside a supervisor.
    pub fn of(sums: &OfferingSums) -> Option<Self> {
        let second = &sums.second;
        (!second.is_empty()).then(|| Self {
            asked: second.asked,
            rated_by_both: people(second.both.n),
            supervisor_pairs: people(sums.trained.n),
            figures: second.figures(),
        })
    }
}

/// How far second raters and supervisors of the same people agree, and whether both saw the same change. Where a head or an
/// officer named somebody who sees the work as well: a deputy, or a colleague elsewhere who receives it. Of the people whom
/// the supervisor rated before and after, on the same form. No other figure of the report rests on it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "asked": 36, "rated_by_both": 34, "supervisor_pairs": 40,
    "agreement": {"status": "ok", "reason": null, "value": 0.62, "unit": "coefficient", "ci95": [0.41, 0.77], "probably_too_narrow": true, "n": 34, "n_needed": 30, "n_invited": 36, "evidence_grade": null},
    "bands": ["poor", "good"],
    "difference": {"status": "ok", "reason": null, "value": -0.12, "unit": "points_of_5", "ci95": [-0.2, -0.04], "probably_too_narrow": true, "n": 34, "n_needed": 10, "n_invited": null, "evidence_grade": null},
    "change": {"status": "ok", "reason": null, "value": 0.35, "unit": "points_of_5", "ci95": [0.12, 0.58], "probably_too_narrow": true, "n": 33, "n_needed": 10, "n_invited": null, "evidence_grade": null},
    "supervisors_change": {"status": "ok", "reason": null, "value": 0.42, "unit": "points_of_5", "ci95": [0.2, 0.64], "probably_too_narrow": true, "n": 33, "n_needed": 10, "n_invited": null, "evidence_grade": null},
    "sentence": {"vi": "Người đánh giá thứ hai đã đánh giá 34/40 người. Mức thống nhất giữa hai người đánh giá: từ thấp đến tốt (ICC 0,62; khoảng tin cậy 95% từ 0,41 đến 0,77). Người đánh giá thứ hai cho điểm thấp hơn lãnh đạo trực tiếp 0,12 điểm (khoảng tin cậy 95% của chênh lệch từ -0,20 đến -0,04). Họ thấy thay đổi 0,35 điểm (khoảng tin cậy 95% từ 0,12 đến 0,58); lãnh đạo trực tiếp của cùng những người này thấy 0,42 điểm.",
        "en": "A second rater rated 34 of 40 people. The two raters agree poorly to well (ICC 0.62, 95 % interval 0.41 to 0.77). Second raters rate 0.12 points lower than supervisors (95 % interval of the difference -0.20 to -0.04). They saw a change of 0.35 points (95 % interval 0.12 to 0.58); supervisors of the same people saw 0.42."}
}))]
pub struct SecondRatersDto {
    /// People about whom a second rater was asked at the follow-up, and not excused. A total leaves out offerings in which one
    /// to four people were rated by both, here and in `rated_by_both`.
    #[schema(minimum = 0, example = 36)]
    pub asked: usize,
    /// People rated by both at the follow-up.
    #[schema(minimum = 0, example = 34)]
    pub rated_by_both: usize,
    /// People whom the supervisor rated before and after: of these are those rated by both.
    #[schema(minimum = 0, example = 40)]
    pub supervisor_pairs: usize,
    /// Would one rater's mark be another's? ICC(A,1): absolute agreement of single ratings, with the interval of McGraw and
    /// Wong (1996). From 30 people on. Hidden where it would leave one to four people of the offering as the rest.
    pub agreement: Figure,
    /// How good the agreement is at the least and at the most, by its interval (Koo and Li 2016); null while it is closed.
    #[schema(required, min_items = 2, max_items = 2)]
    pub bands: Option<[AgreementBand; 2]>,
    /// The second raters' marks minus the supervisors', at the follow-up. Hidden where it would leave one to four people of the
    /// offering as the rest.
    pub difference: Figure,
    /// The change that second raters saw, of those whom the same second rater rated before and after.
    pub change: Figure,
    /// The change that supervisors saw of the people of `change`. Hidden where it would leave one to four people of an offering
    /// as the rest, or where another part of the offering is shown already: subtraction would tell single ratings.
    pub supervisors_change: Figure,
    /// The same in sentences.
    pub sentence: SentenceDto,
}

impl From<BesideSupervisors> for SecondRatersDto {
    fn from(of: BesideSupervisors) -> Self {
        let sentence = SentenceDto::of(|locale| sentence(locale, &of));
        let BesideSupervisors { asked, rated_by_both, supervisor_pairs, figures } = of;
        let SecondRaterFigures { agreement, bands, difference, change, supervisors_change } = figures;
        Self {
            asked,
            rated_by_both,
            supervisor_pairs,
            agreement,
            bands,
            difference,
            change,
            supervisors_change,
            sentence,
        }
    }
}

fn sentence(locale: Locale, of: &BesideSupervisors) -> String {
    let counts = [("n", of.rated_by_both.to_string()), ("of", of.supervisor_pairs.to_string())];
    let SecondRaterFigures { agreement, bands, difference, change, supervisors_change } = &of.figures;
    [
        text(locale, "second-counts", &counts),
        agree(locale, agreement, *bands),
        differ(locale, difference),
        changed(locale, change, supervisors_change),
    ]
    .join(" ")
}

fn agree(locale: Locale, figure: &Figure, bands: Option<[AgreementBand; 2]>) -> String {
    let Some([least, most]) = bands.filter(|_| figure.status() == Status::Ok) else {
        return closed(locale, "second-agreement", figure);
    };
    let word = |band| {
        let key = match band {
            AgreementBand::Poor => "second-band-poor",
            AgreementBand::Moderate => "second-band-moderate",
            AgreementBand::Good => "second-band-good",
            AgreementBand::Excellent => "second-band-excellent",
        };
        text(locale, key, &[])
    };
    let band = if least == most {
        word(least)
    } else {
        text(locale, "second-bands", &[("least", word(least)), ("most", word(most))])
    };
    let [low, high] = ends(locale, figure);
    let args = [("band", band), ("icc", value(locale, figure)), ("low", low), ("high", high)];
    text(locale, "second-agreement", &args)
}

fn differ(locale: Locale, figure: &Figure) -> String {
    let Some(ci95) = figure.ci95() else { return closed(locale, "second-difference", figure) };
    let key = match ci95 {
        [low, _] if low > 0.0 => "second-difference-above",
        [_, high] if high < 0.0 => "second-difference-below",
        _ => "second-difference-around",
    };
    let [low, high] = ends(locale, figure);
    let gap = number(locale, figure.value().unwrap_or_default().abs());
    text(locale, key, &[("gap", gap), ("low", low), ("high", high)])
}

fn changed(locale: Locale, seen: &Figure, supervisors: &Figure) -> String {
    if seen.ci95().is_none() {
        return closed(locale, "second-change", seen);
    }
    let [low, high] = ends(locale, seen);
    let mut args = vec![("change", value(locale, seen)), ("low", low), ("high", high)];
    let key = match supervisors.value() {
        Some(of_supervisors) => {
            args.push(("supervisors", number(locale, of_supervisors)));
            "second-change"
        }
        None => "second-change-alone",
    };
    text(locale, key, &args)
}

/// Why there is no figure.
fn closed(locale: Locale, key: &str, figure: &Figure) -> String {
    let why = match (figure.status(), figure.reason()) {
        (_, Some(Reason::SmallGroups)) => "hidden",
        (Status::InsufficientData | Status::Suppressed, _) => "few",
        _ => "undefined",
    };
    let args = [("n", count(figure.n())), ("needed", count(figure.n_needed()))];
    text(locale, &format!("{key}-{why}"), &args)
}

fn ends(locale: Locale, figure: &Figure) -> [String; 2] {
    figure.ci95().unwrap_or_default().map(|end| number(locale, end))
}

fn value(locale: Locale, figure: &Figure) -> String {
    number(locale, figure.value().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::effectiveness::measures::second::examples;
    use statistics::PairSums;

    /// Supervisors rated 40 people before and after; second raters, a little stricter, rated so many of them.
    fn beside(n: usize, changed: usize) -> BesideSupervisors {
        let pairs: Vec<(f64, f64)> = (0..40).map(|i| (2.5, 3.0 + f64::from(i % 7) / 5.0)).collect();
        let (trained, second) = (PairSums::of(&pairs), examples::people(n, changed));
        BesideSupervisors::of(&OfferingSums { trained, second, ..OfferingSums::default() }.alone()).unwrap()
    }

    fn said(n: usize, changed: usize) -> [String; 2] {
        [Locale::En, Locale::Vi].map(|locale| sentence(locale, &beside(n, changed)))
    }

    #[test]
    fn all_is_said_in_both_languages() {
        let [en, vi] = said(34, 34);
        assert_eq!(
            en,
            "A second rater rated 34 of 40 people. The two raters agree poorly to very well (ICC 0.82, 95 % interval \
             0.10 to 0.94). Second raters rate 0.21 points lower than supervisors (95 % interval of the difference -0.26 \
             to -0.15). They saw a change of 0.39 points (95 % interval 0.34 to 0.45); supervisors of the same people saw \
             0.79."
        );
        assert!(vi.contains("34/40 người") && vi.contains("thấp hơn lãnh đạo trực tiếp 0,21 điểm"), "{vi}");
    }

    #[test]
    fn what_is_closed_says_why() {
        let [few, _] = said(9, 9);
        assert!(few.contains("from 30 people on") && few.contains("from 10 people on"), "{few}");
        let [hidden, _] = said(38, 38);
        assert!(hidden.contains("one to four people"), "{hidden}");
        assert!(hidden.contains("agree is hidden") && !hidden.contains("ICC"), "{hidden}");
        let [no_change, _] = said(34, 3);
        assert!(no_change.contains("rated before and after by the same second rater"), "{no_change}");
        for (n, changed) in [(0, 0), (9, 9), (20, 5), (30, 30), (38, 38), (40, 40)] {
            for said in said(n.max(1), changed) {
                assert!(!said.contains("second-"), "{said}");
            }
        }
    }

    #[test]
    fn where_nobody_was_asked_nothing_is_said() {
        assert!(BesideSupervisors::of(&OfferingSums::default()).is_none());
    }
}
