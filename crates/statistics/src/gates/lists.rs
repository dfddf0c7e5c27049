//! Gates of lists of institutes and lecturers.

use serde::Serialize;
use utoipa::ToSchema;

use super::super::{
    Figure, Moments, Reason, Shrinkage, ShrunkenMean, Unit, discovered,
    thresholds::{GROUP_COURSES, GROUP_PEOPLE, GROUPS_COMPARED, RELIABILITY_PLACED},
};
use super::{Respondents, hidden};

/// A group as it is listed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ListedGroup {
    /// The values of its courses: a course is one witness of its institute, however many people it has, as another course
    /// of the same institute would have had another effect.
    pub courses: Moments,
    /// How many people they rest on.
    pub people: usize,
}

impl ListedGroup {
    /// What of it the list is made of: nothing, unless its own figures may be shown, or they would follow from those of
    /// the others.
    pub fn in_list(&self, respondents: Respondents) -> Moments {
        if too_small(self, respondents).is_some() { Moments::default() } else { self.courses }
    }
}

/// The figures of one group in a list.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, ToSchema)]
pub struct GroupFigures {
    /// The mean drawn to that of all, with an approximate interval.
    pub mean: Figure,
    /// How much of a difference between such means is real, 0 to 1.
    pub reliability: Figure,
    /// Whether the reliability suffices for a place in an order.
    #[schema(example = false)]
    pub placed: bool,
    /// Whether it lies apart from the overall mean, after allowing for the length of the list: the only reason for a
    /// colour.
    #[schema(example = false)]
    pub stands_out: bool,
}

/// The figures of a list.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ListFigures {
    /// The mean of all groups; `n` counts groups.
    pub overall: Figure,
    /// The groups in the order they came.
    pub groups: Vec<GroupFigures>,
    /// Whether they may be shown in the order of their means. If not: by name, with the sentence that the
    /// differences are within chance.
    #[schema(example = false)]
    pub ranking_supported: bool,
}

/// Puts the gates before a list of groups.
///
/// `found` is what [`shrink`](super::super::shrink) made of what these `groups` have [in the list](ListedGroup::in_list),
/// in this order; `q` its probability adjusted for the family of lists (of a single list, [`Shrinkage::p`] itself). Nobody
/// stands out of a list whose groups do not differ by more than chance.
pub fn list_figures(
    groups: &[ListedGroup],
    found: &Result<Shrinkage, Reason>,
    q: Option<f64>,
    unit: Unit,
    respondents: Respondents,
) -> ListFigures {
    let used = groups.iter().filter(|group| group.in_list(respondents).n > 1).count();
    let gate =
        if used < GROUPS_COMPARED { Some(Reason::TooFewGroups) } else { found.as_ref().err().copied() };
    let open = found.as_ref().ok().filter(|_| gate.is_none());
    let shut = |unit| Figure::closed(gate.unwrap_or(Reason::NotFinite), unit, used).needing(GROUPS_COMPARED);
    let placed = open.map(|found| found.groups.as_slice()).unwrap_or_default();
    let places = placed.iter().copied().chain(std::iter::repeat(None));
    ListFigures {
        overall: open.map_or_else(
            || shut(unit),
            |found| Figure::ok(found.overall, None, unit, used).needing(GROUPS_COMPARED),
        ),
        groups: groups
            .iter()
            .zip(places)
            .map(|(group, place)| {
                let own = too_small(group, respondents);
                match (own, place) {
                    (None, Some(place)) if gate.is_none() => shown(&place, group.people, unit, discovered(q)),
                    (own, _) => {
                        let closed = |unit| own.map_or_else(|| shut(unit), |small| small.figure(unit));
                        closed_group(closed(unit), closed(Unit::Coefficient))
                    }
                }
            })
            .collect(),
        ranking_supported: open.zip(q).is_some_and(|(found, q)| found.ranking_supported(q)),
    }
}

/// What a group lacks.
#[derive(Clone, Copy)]
struct TooSmall {
    reason: Reason,
    n: usize,
    needed: usize,
}

impl TooSmall {
    fn figure(self, unit: Unit) -> Figure {
        Figure::closed(self.reason, unit, self.n).needing(self.needed)
    }
}

fn too_small(group: &ListedGroup, respondents: Respondents) -> Option<TooSmall> {
    let (n, courses) = (group.people, group.courses.n);
    let people = |reason| Some(TooSmall { reason, n, needed: GROUP_PEOPLE });
    match n {
        n if hidden(n, respondents) => people(Reason::FewerThan5),
        0 => people(Reason::NoCompletePairs),
        n if n < GROUP_PEOPLE => people(Reason::FewerThanNeeded),
        _ => (courses < GROUP_COURSES).then_some(TooSmall {
            reason: Reason::TooFewCourses,
            n: courses,
            needed: GROUP_COURSES,
        }),
    }
}

fn shown(place: &ShrunkenMean, people: usize, unit: Unit, differ: bool) -> GroupFigures {
    GroupFigures {
        mean: Figure::ok(place.shrunken, Some(place.ci95), unit, people).needing(GROUP_PEOPLE),
        reliability: Figure::ok(place.reliability, None, Unit::Coefficient, people).needing(GROUP_PEOPLE),
        placed: place.reliability >= RELIABILITY_PLACED,
        stands_out: differ && place.stands_out,
    }
}

fn closed_group(mean: Figure, reliability: Figure) -> GroupFigures {
    GroupFigures { mean, reliability, placed: false, stands_out: false }
}

#[cfg(test)]
mod tests {
    use super::super::super::shrink;
    use super::*;

    /// So many courses about a mean, of so many people.
    fn group(people: usize, mean: f64, courses: usize) -> ListedGroup {
        let courses = Moments { n: courses, mean, ss: 0.01 * courses.saturating_sub(1) as f64 };
        ListedGroup { courses, people }
    }

    fn list(groups: &[ListedGroup], respondents: Respondents) -> ListFigures {
        let found = shrink(&groups.iter().map(|group| group.in_list(respondents)).collect::<Vec<_>>());
        let q = found.as_ref().ok().map(|found| found.p);
        list_figures(groups, &found, q, Unit::PointsOf5, respondents)
    }

    #[test]
    fn five_groups_make_a_comparison() {
        let groups = [1.0, 2.0, 3.0, 4.0, 5.0].map(|mean| group(20, mean, 3));
        let few = list(&groups[..4], Respondents::Named);
        assert_eq!((few.overall.reason(), few.overall.n()), (Some(Reason::TooFewGroups), Some(4)));
        assert!(
            few.groups.iter().all(|group| group.mean.reason() == Some(Reason::TooFewGroups) && !group.placed)
        );
        assert!(!few.ranking_supported);
        let enough = list(&groups, Respondents::Named);
        assert_eq!((enough.overall.n(), enough.ranking_supported), (Some(5), true));
        assert!(enough.groups.iter().all(|group| group.placed && group.mean.value().is_some()));
    }

    #[test]
    fn each_group_has_its_own_gate() {
        let mut groups: Vec<ListedGroup> = [1.0, 2.0, 3.0, 4.0].map(|mean| group(20, mean, 3)).to_vec();
        groups.extend([group(4, 2.0, 2), group(5, 2.0, 1), group(0, 0.0, 0), group(20, 3.0, 3)]);
        let table = [
            (Respondents::Named, [Reason::FewerThanNeeded, Reason::TooFewCourses, Reason::NoCompletePairs]),
            (Respondents::Anonymous, [Reason::FewerThan5, Reason::TooFewCourses, Reason::NoCompletePairs]),
        ];
        for (respondents, reasons) in table {
            let figures = list(&groups, respondents);
            for (figure, reason) in figures.groups[4..7].iter().zip(reasons) {
                assert_eq!((figure.mean.reason(), figure.placed), (Some(reason), false));
                assert_eq!(figure.reliability.reason(), Some(reason));
            }
            assert!(figures.groups[..4].iter().all(|group| group.placed));
            // The closed ones have no part in what is shown of the others.
            let without: Vec<ListedGroup> = [&groups[..4], &groups[7..]].concat();
            let shown = list(&without, respondents);
            assert_eq!((figures.overall, &figures.groups[..4]), (shown.overall, &shown.groups[..4]));
        }
    }

    /// Equal institutes whose courses differ: the order is one of chance, and is shown no more often than chance allows.
    #[test]
    fn institutes_that_differ_by_their_courses_only_stand_in_no_order() {
        let mut dice = super::super::super::simulated::Dice::new(7);
        let runs = 400;
        let (mut ranked, mut somebody) = (0, 0);
        for _ in 0..runs {
            let groups: Vec<ListedGroup> = (0..8)
                .map(|_| {
                    let courses: Vec<f64> =
                        (0..4).map(|_| 0.4 + 0.25 * dice.normal() + 0.15 * dice.normal()).collect();
                    ListedGroup { courses: Moments::of(&courses), people: 80 }
                })
                .collect();
            let found = list(&groups, Respondents::Named);
            ranked += usize::from(found.ranking_supported);
            somebody += usize::from(found.groups.iter().any(|group| group.stands_out));
        }
        assert!(
            ranked <= 37 && somebody <= 37,
            "of {runs}: {ranked} ranked, in {somebody} somebody stands out"
        );
    }

    #[test]
    fn without_spread_within_nothing_is_compared() {
        let groups = [1.0, 2.0, 3.0, 4.0, 5.0]
            .map(|mean| ListedGroup { courses: Moments { n: 2, mean, ss: 0.0 }, people: 20 });
        let figures = list(&groups, Respondents::Named);
        assert_eq!(figures.groups[0].mean.reason(), Some(Reason::ZeroVarianceWithin));
    }
}
