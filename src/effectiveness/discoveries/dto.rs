use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::model::{Family, Tested};
use crate::effectiveness::measures::behaviour::Headline;
use crate::effectiveness::report::{SentenceDto, SubjectDto};
use crate::http::list_query;
use crate::i18n::{Locale, text};
use statistics::{Figure, Verdict};

list_query! {
    /// Which courses.
    DiscoveryQuery {
        /// Calendar year in which the offerings ended, 2000 to 2100 and not after the year of `as_of`.
        /// Default: the year of `as_of`.
        #[param(minimum = 2000, maximum = 2100)]
        #[validate(range(min = 2000, max = 2100))]
        year: i32,
        /// Only what was known at the end of this day counts (ISO 8601 date, Vietnamese time); not after
        /// today. Default: today.
        as_of: NaiveDate,
    }
}

/// Result of a course, compared with all courses of a year.
#[derive(Debug, Serialize, ToSchema)]
pub struct DiscoveryDto {
    /// The course that the row is about.
    pub subject: SubjectDto,
    /// Day at whose end the data were taken (ISO 8601 date, Vietnamese time).
    #[schema(example = "2026-11-23")]
    pub as_of: NaiveDate,
    /// Which figure is the main one: the difference from untrained colleagues (`difference`), or the change
    /// alone (`change`).
    pub headline: Headline,
    /// Main figure on behaviour at work three months after the offerings of the year, points of 5.
    pub figure: Figure,
    /// Conclusion from the main figure; null while there is none.
    #[schema(required)]
    pub verdict: Option<Verdict>,
    /// Probability of such a figure, or one further from 0, if the course had no effect, 0 to 1; below 0.05
    /// when the 95 % interval excludes 0. Null when the course is not tested: its figure is hidden, or there
    /// were too few supervisors or follow-ups.
    #[schema(required, minimum = 0, maximum = 1, example = 0.004)]
    pub p: Option<f64>,
    /// The probability `p` corrected for the number of courses (Benjamini and Hochberg), 0 to 1; null when
    /// `p` is null.
    #[schema(required, minimum = 0, maximum = 1, example = 0.012)]
    pub q: Option<f64>,
    /// Whether the course stands out, that is, `q` is at most 0.05. The sign of `figure` gives the direction.
    #[schema(example = true)]
    pub discovered: bool,
    /// Totals of the list that the row belongs to, the same in every row.
    pub family: FamilyDto,
}

/// Totals of all courses of a year.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "year": 2026, "tests": 12, "discovered": 5, "below_zero": 0, "closed": 7, "untested": 3,
    "offerings_awaiting": 2,
    "sentence": {
        "vi": "Trong 12 khóa học năm 2026 được kiểm định, 5 khóa nổi bật sau khi hiệu chỉnh theo số khóa (trên 0: 5, dưới 0: 0). Theo quy tắc này, tính trung bình qua nhiều danh sách như vậy, nhiều nhất 5% số khóa nổi bật là do ngẫu nhiên; không biết được đó là khóa nào. Nổi bật chưa phải là kết luận về hiệu quả. Còn 2 lớp của năm chưa công bố số liệu; kết quả có thể thay đổi.",
        "en": "Courses of 2026 that stand out after correction for their number: 5 of 12 tested (above 0: 5, below 0: 0). By this rule, on average over many such lists, at most 5 % of the courses that stand out do so by chance; which ones is not known. Standing out is no verdict. Offerings of the year whose figures are still to come, and may change this: 2."
    }
}))]
pub struct FamilyDto {
    /// The calendar year in which the offerings ended.
    pub year: i32,
    /// Number of courses that are tested.
    pub tests: usize,
    /// Number of tested courses that stand out.
    pub discovered: usize,
    /// Number of courses that stand out with a figure below 0.
    pub below_zero: usize,
    /// Number of courses whose figure is not shown because there are too few data.
    pub closed: usize,
    /// Number of courses whose figure is shown but not tested, because there were too few supervisors or
    /// follow-ups.
    pub untested: usize,
    /// Number of offerings of the year whose figures are not released yet, including those that are still to
    /// be held.
    pub offerings_awaiting: usize,
    /// How to read the list, in words.
    pub sentence: SentenceDto,
}

impl DiscoveryDto {
    /// A row as an answer.
    pub fn of(tested: Tested, family: &Family) -> Self {
        let course = tested.course;
        Self {
            subject: SubjectDto { id: Some(course.id), code: Some(course.code), name: course.title },
            as_of: family.request.as_of,
            headline: tested.headline,
            figure: tested.figure,
            verdict: tested.verdict,
            p: tested.p,
            q: tested.q,
            discovered: tested.discovered,
            family: FamilyDto::of(family),
        }
    }
}

impl FamilyDto {
    fn of(family: &Family) -> Self {
        Self {
            year: family.request.year,
            tests: family.tests,
            discovered: family.discovered,
            below_zero: family.below_zero,
            closed: family.closed,
            untested: family.untested,
            offerings_awaiting: family.awaiting,
            sentence: SentenceDto::of(|locale| sentence(locale, family)),
        }
    }
}

fn sentence(locale: Locale, family: &Family) -> String {
    let args = [
        ("year", family.request.year.to_string()),
        ("tests", family.tests.to_string()),
        ("found", family.discovered.to_string()),
        ("above", (family.discovered - family.below_zero).to_string()),
        ("below", family.below_zero.to_string()),
        ("awaiting", family.awaiting.to_string()),
    ];
    let key = match (family.tests, family.discovered) {
        (0, _) => "discoveries-no-tests",
        (_, 0) => "discoveries-none",
        _ => "discoveries-some",
    };
    let said = text(locale, key, &args);
    match family.awaiting {
        0 => said,
        _ => format!("{said} {}", text(locale, "discoveries-awaiting", &args)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::model::Request;
    use super::*;

    fn said(tests: usize, discovered: usize, below_zero: usize, awaiting: usize) -> [String; 2] {
        let request = Request { year: 2026, as_of: NaiveDate::MIN };
        let family = Family { request, tests, discovered, below_zero, closed: 0, untested: 0, awaiting };
        [Locale::Vi, Locale::En].map(|locale| sentence(locale, &family))
    }

    #[test]
    fn the_list_is_said_in_a_sentence() {
        let [vi, en] = said(12, 5, 1, 0);
        assert_eq!(
            en,
            "Courses of 2026 that stand out after correction for their number: 5 of 12 tested (above 0: 4, below 0: 1). By \
             this rule, on average over many such lists, at most 5 % of the courses that stand out do so by chance; which \
             ones is not known. Standing out is no verdict."
        );
        assert_eq!(
            vi,
            "Trong 12 khóa học năm 2026 được kiểm định, 5 khóa nổi bật sau khi hiệu chỉnh theo số khóa (trên 0: 4, dưới 0: \
             1). Theo quy tắc này, tính trung bình qua nhiều danh sách như vậy, nhiều nhất 5% số khóa nổi bật là do ngẫu \
             nhiên; không biết được đó là khóa nào. Nổi bật chưa phải là kết luận về hiệu quả."
        );
        assert!(
            said(12, 0, 0, 2)[1].contains("tested: 12.") && said(12, 0, 0, 2)[1].ends_with("change this: 2.")
        );
        assert!(said(0, 0, 0, 0)[1].starts_with("No course of 2026"));
    }
}
