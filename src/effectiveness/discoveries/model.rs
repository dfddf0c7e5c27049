use chrono::NaiveDate;
use uuid::Uuid;

use crate::effectiveness::measures::OfferingSums;
use crate::effectiveness::measures::behaviour::{Behaviour, Floor, Headline};
use statistics::{Figure, Status, Verdict, benjamini_hochberg, discovered};

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Request {
    /// The calendar year in which the offerings ended.
    pub year: i32,
    /// Only what was known at the end of this day.
    pub as_of: NaiveDate,
}

/// A course that offerings of the year were of.
#[derive(Debug, Clone)]
pub struct Course {
    pub id: Uuid,
    pub code: String,
    pub title: String,
    /// Smallest change that matters, points of 5.
    pub smallest_change: f64,
}

/// An offering that ends in the year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ended {
    pub course_id: Uuid,
    pub offering_id: Uuid,
    pub last_day: NaiveDate,
}

impl Ended {
    /// Whether two offerings are of one course.
    pub fn is_of_same_course(&self, other: &Self) -> bool {
        self.course_id == other.course_id
    }
}

/// A course and what its offerings of the year came to.
#[derive(Debug, Clone)]
pub struct Tested {
    pub course: Course,
    pub headline: Headline,
    pub figure: Figure,
    pub verdict: Option<Verdict>,
    /// The probability of such a figure, or one further from 0, of a course that does nothing; none where the course is
    /// no test.
    pub p: Option<f64>,
    /// The same, corrected for the number of tests.
    pub q: Option<f64>,
    pub discovered: bool,
}

impl Tested {
    /// A course by the sums of its offerings, before the others are known.
    ///
    /// It is a test where its report concludes anything: the figure is open, enough follow-ups came in for a verdict, and
    /// so many supervisors rated that its interval can be relied on. All three are known without looking at the figure.
    pub fn of(course: Course, sums: &OfferingSums) -> Self {
        let behaviour = Behaviour::of(sums, course.smallest_change, Floor::Standard);
        let figure = behaviour.figures.decisive();
        let concludes = behaviour.verdict.is_some() && !figure.probably_too_narrow();
        Self {
            course,
            headline: behaviour.figures.headline,
            figure,
            verdict: behaviour.verdict,
            p: figure.p().filter(|_| concludes),
            q: None,
            discovered: false,
        }
    }
}

/// The whole list in figures.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Family {
    pub request: Request,
    /// Courses that are tested.
    pub tests: usize,
    /// Of these, those that stand out.
    pub discovered: usize,
    /// Of those that stand out, those whose figure lies below 0.
    pub below_zero: usize,
    /// Courses whose figure is not shown.
    pub closed: usize,
    /// Courses whose figure is shown, and that are no test: too few supervisors or follow-ups.
    pub untested: usize,
    /// Offerings of the year whose figures are not released yet, those included that are still to be held.
    pub awaiting: usize,
}

/// Correct the courses of a year for their number.
pub fn family(request: Request, courses: &mut [Tested], awaiting: usize) -> Family {
    let p: Vec<Option<f64>> = courses.iter().map(|course| course.p).collect();
    for (course, q) in courses.iter_mut().zip(benjamini_hochberg(&p)) {
        course.q = q;
        course.discovered = discovered(q);
    }
    let count = |test: fn(&Tested) -> bool| courses.iter().filter(|course| test(course)).count();
    let found = count(|course| course.discovered);
    Family {
        request,
        tests: count(|course| course.p.is_some()),
        discovered: found,
        below_zero: count(|course| {
            course.discovered && course.figure.value().is_some_and(|value| value < 0.0)
        }),
        closed: count(|course| course.figure.status() != Status::Ok),
        untested: count(|course| course.figure.status() == Status::Ok && course.p.is_none()),
        awaiting,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::effectiveness::measures::Compared;
    use statistics::{PairSums, Raters};

    /// Twenty people under twenty supervisors who rise by about so much more than as many colleagues.
    fn sums(n: usize, by: f64, raters: usize) -> OfferingSums {
        let group = |by: f64, offset: u128| {
            let change = |i: usize| by + if i.is_multiple_of(2) { 0.3 } else { -0.3 };
            let pairs: Vec<(f64, f64)> = (0..n).map(|i| (3.0, 3.0 + change(i))).collect();
            let rated: Vec<(Uuid, f64)> =
                (0..n).map(|i| (Uuid::from_u128(offset + (i % raters) as u128), change(i))).collect();
            (PairSums::of(&pairs), Raters::of(&rated))
        };
        let ((trained, raters), (comparison, others)) = (group(by, 0), group(0.0, 100));
        let of = Compared {
            trained,
            comparison,
            comparison_due: n,
            raters: [raters.clone(), others],
            ..Compared::default()
        };
        let mut sums = OfferingSums {
            trained,
            same_rater: trained,
            raters: vec![raters],
            compared: vec![of],
            ..OfferingSums::default()
        };
        sums.flow.offerings = 1;
        (sums.flow.participants, sums.flow.baseline_answered) = (n, n);
        (sums.flow.follow_up_due, sums.flow.follow_up_answered) = (n, n);
        sums
    }

    fn tested(code: &str, sums: &OfferingSums) -> Tested {
        let course =
            Course { id: Uuid::nil(), code: code.to_owned(), title: code.to_owned(), smallest_change: 0.25 };
        Tested::of(course, sums)
    }

    const REQUEST: Request = Request { year: 2026, as_of: NaiveDate::MIN };

    #[test]
    fn the_probability_belongs_to_the_interval_that_is_shown() {
        for by in [0.0, 0.1, 0.18, 0.2, 0.22, 0.3, -0.2, -0.4] {
            for raters in [10, 20] {
                let found = tested("A", &sums(20, by, raters));
                let [low, high] = found.figure.ci95().unwrap();
                assert_eq!(found.p.unwrap() < 0.05, low > 0.0 || high < 0.0, "{by} {raters}: {found:?}");
            }
        }
    }

    #[test]
    fn what_stands_out_alone_need_not_stand_out_among_many() {
        let alone = tested("A", &sums(20, 0.2, 20));
        let p = alone.p.unwrap();
        assert!(p < 0.05, "{p}");
        let mut many: Vec<Tested> = vec![alone.clone()];
        many.extend((0..19).map(|i| tested("B", &sums(20, 0.01 * f64::from(i % 3), 20))));
        let found = family(REQUEST, &mut many, 0);
        assert_eq!((found.tests, found.discovered), (20, 0));
        assert!(many[0].q.is_some_and(|q| q > 0.05 && q > p));
        let mut one = [alone];
        assert_eq!(family(REQUEST, &mut one, 3).discovered, 1, "alone it is");
        assert_eq!(one[0].q, Some(p));
    }

    #[test]
    fn closed_and_doubtful_courses_are_no_tests() {
        let mut courses = [
            tested("A", &sums(20, 0.8, 20)),
            tested("B", &sums(20, -0.8, 20)),
            tested("C", &sums(7, 0.8, 7)),
            tested("D", &sums(20, 0.8, 3)),
            tested("E", &OfferingSums::default()),
        ];
        let found = family(REQUEST, &mut courses, 2);
        assert_eq!((found.tests, found.discovered, found.below_zero), (2, 2, 1));
        assert_eq!((found.closed, found.untested, found.awaiting), (2, 1, 2));
        let asked: Vec<bool> = courses.iter().map(|course| course.q.is_some()).collect();
        assert_eq!(asked, [true, true, false, false, false]);
        assert!(courses[3].figure.value().is_some(), "its figure is shown all the same");
    }
}
