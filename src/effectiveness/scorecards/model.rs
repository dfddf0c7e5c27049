//! From the sums of every institute to the list. No I/O.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use uuid::Uuid;

use crate::effectiveness::corrective_actions::Standing;
use crate::effectiveness::disclosure::is_enough;
use crate::effectiveness::measures::behaviour::{Behaviour, Comparison, Floor, Headline};
use crate::effectiveness::measures::reaction::{Reaction, reaction};
use crate::effectiveness::measures::{Measure, OfferingSums, Tally};
use crate::effectiveness::release::Released;
use crate::effectiveness::report::{Input, input_hash};
use crate::participation::participants::ParticipantStatus;
use statistics::thresholds::SMALLEST_CHANGE;
use statistics::{
    Figure, GroupFigures, ListFigures, ListedGroup, Moments, Reason, Respondents, Shrinkage, Unit,
    list_figures, response_rate, shrink,
};

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Request {
    /// Only what was known at the end of this day.
    pub as_of: NaiveDate,
    /// Only this institute's row.
    pub id: Option<Uuid>,
}

/// An institute.
#[derive(Debug, Clone)]
pub struct Institute {
    pub id: Uuid,
    pub code: String,
    pub name: String,
}

/// Results of people.
#[derive(Debug, Clone, Copy, Default)]
pub struct Results {
    pub completed: usize,
    pub not_completed: usize,
    /// Without a result so far.
    pub pending: usize,
}

impl Results {
    /// Count so many in a state.
    pub fn add(&mut self, status: ParticipantStatus, n: usize) {
        match status {
            ParticipantStatus::Completed => self.completed += n,
            ParticipantStatus::NotCompleted => self.not_completed += n,
            ParticipantStatus::Enrolled => self.pending += n,
            ParticipantStatus::Withdrawn => {}
        }
    }

    /// Put an offering to the others: when all have a result and they are five or more, as two lists that differ by an
    /// offering, or by a day, would show its results.
    pub fn add_offering(&mut self, offering: &Self) {
        let all = offering.completed + offering.not_completed;
        if offering.pending == 0 && is_enough(all) {
            self.completed += offering.completed;
            self.not_completed += offering.not_completed;
        }
    }
}

/// Whole offerings of an institute, put together.
#[derive(Debug, Default)]
pub struct Together {
    pub sums: OfferingSums,
    pub reactions: Vec<Tally>,
}

impl Together {
    fn add(&mut self, sums: Option<&OfferingSums>, released: &Released) {
        sums.into_iter().for_each(|sums| self.sums.merge(sums));
        self.reactions.extend(released.reaction.clone());
    }

    /// As in the institute's own report.
    fn behaviour(&self) -> Comparison {
        Behaviour::of(&self.sums, SMALLEST_CHANGE, Floor::Standard).figures
    }
}

impl Known {
    /// Put an offering of a course, which ended in a year, to the others.
    pub fn add(&mut self, course: Uuid, year: i32, released: &Released) {
        let sums = released.sums.get(&Measure::ThreeMonths).map(OfferingSums::for_totals);
        if let Some(sums) = sums.as_ref().filter(|sums| sums.trained.n > 0) {
            self.courses.entry(course).or_default().merge(sums);
        }
        self.all.add(sums.as_ref(), released);
        self.years.entry(year).or_default().add(sums.as_ref(), released);
    }

    /// The institute among others: by how much more the people of each of its courses changed than their colleagues, of
    /// the courses whose own report says so.
    fn listed(&self) -> ListedGroup {
        let shown: Vec<(f64, usize)> = self
            .courses
            .values()
            .map(|sums| Comparison::of(sums, Unit::PointsOf5, Floor::Standard))
            .filter(|figures| figures.headline == Headline::Difference)
            .filter_map(|figures| Some((figures.difference.value()?, figures.difference.n()?)))
            .collect();
        let differences: Vec<f64> = shown.iter().map(|(difference, _)| *difference).collect();
        ListedGroup {
            courses: Moments::of(&differences),
            people: shown.iter().map(|(_, people)| people).sum(),
        }
    }
}

/// Everything known of an institute.
#[derive(Debug, Default)]
pub struct Known {
    pub all: Together,
    /// Course by course; those of which something counts.
    pub courses: BTreeMap<Uuid, OfferingSums>,
    /// By the year in which an offering ended.
    pub years: BTreeMap<i32, Together>,
    pub offerings: usize,
    pub results: Results,
    /// None where the reader may not read corrective actions.
    pub actions: Option<Standing>,
}

/// An institute among the others.
pub struct Scorecard {
    pub institute: Institute,
    pub courses: usize,
    pub offerings: usize,
    pub completion: Figure,
    pub behaviour: Comparison,
    pub among: GroupFigures,
    /// The place expected under all uncertainty, 1 for the highest; none where no order is supported.
    pub expected_rank: Option<f64>,
    pub reaction: Reaction,
    pub years: Vec<Year>,
    pub actions: Option<Standing>,
    /// What its own figures were computed from.
    pub input_hash: String,
}

/// One year of an institute.
pub struct Year {
    pub year: i32,
    pub change: Figure,
    pub reaction: Figure,
}

/// All institutes.
pub struct Scorecards {
    /// In order: by expected place where an order is supported, else by name.
    pub items: Vec<Scorecard>,
    pub overall: Figure,
    pub ranking_supported: bool,
}

/// Compare institutes; they come in order of their names.
pub fn compare(institutes: Vec<(Institute, Known)>) -> Scorecards {
    let groups: Vec<ListedGroup> = institutes.iter().map(|(_, known)| known.listed()).collect();
    let found = shrink(&groups.iter().map(|group| group.in_list(Respondents::Named)).collect::<Vec<_>>());
    // One list, one test: nothing to correct for.
    let q = found.as_ref().ok().map(|found| found.p);
    let list = list_figures(&groups, &found, q, Unit::PointsOf5, Respondents::Named);
    let ranks = ranks(&list, found.as_ref().ok(), institutes.len());
    let mut items: Vec<Scorecard> = institutes
        .into_iter()
        .zip(list.groups)
        .zip(ranks)
        .map(|(((institute, known), among), rank)| scorecard(institute, &known, among, rank))
        .collect();
    if list.ranking_supported {
        let place = |card: &Scorecard| card.expected_rank.unwrap_or(f64::INFINITY);
        items.sort_by(|one, other| place(one).total_cmp(&place(other)));
    }
    Scorecards { items, overall: list.overall, ranking_supported: list.ranking_supported }
}

/// Expected places, where an order is supported, of those whose mean may be shown.
fn ranks(list: &ListFigures, found: Option<&Shrinkage>, institutes: usize) -> Vec<Option<f64>> {
    let Some(found) = found.filter(|_| list.ranking_supported) else { return vec![None; institutes] };
    let shown = list.groups.iter().map(|group| group.mean.value().is_some());
    found
        .groups
        .iter()
        .zip(shown)
        .map(|(place, shown)| Some(place.filter(|_| shown)?.expected_rank))
        .collect()
}

fn scorecard(institute: Institute, known: &Known, among: GroupFigures, rank: Option<f64>) -> Scorecard {
    let behaviour = known.all.behaviour();
    let year = |(year, together): (&i32, &Together)| Year {
        year: *year,
        change: together.behaviour().change,
        reaction: reaction(&together.reactions).mean,
    };
    Scorecard {
        institute,
        courses: known.courses.len(),
        offerings: known.offerings,
        completion: completion(known.results),
        input_hash: own_input(&known.all.sums, behaviour),
        behaviour,
        among,
        expected_rank: rank,
        reaction: reaction(&known.all.reactions),
        years: known.years.iter().map(year).collect(),
        actions: known.actions,
    }
}

fn own_input(sums: &OfferingSums, figures: Comparison) -> String {
    let name = Measure::ThreeMonths.name();
    input_hash(&sums.flow, &[Input { name, sums, figures, levels: true }])
}

/// The share of those with a result who completed, percent.
fn completion(results: Results) -> Figure {
    match results.completed + results.not_completed {
        0 => Figure::closed(Reason::NoCompleteRows, Unit::Percent, 0),
        all => response_rate(results.completed, all, Respondents::Named),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::effectiveness::measures::Compared;
    use statistics::{PairSums, Status};

    /// So many courses, each of so many people who rise by about so much more than as many colleagues.
    fn institute(name: &str, n: usize, courses: u128, by: f64) -> (Institute, Known) {
        let rising = |by: f64| {
            let pair = |i: usize| (3.0, 3.0 + by + if i.is_multiple_of(2) { 0.2 } else { -0.2 });
            PairSums::of(&(0..n).map(pair).collect::<Vec<_>>())
        };
        let mut known = Known::default();
        for course in 0..courses {
            // Courses of one institute differ a little.
            let of = Compared {
                trained: rising(by + 0.05 * (course % 3) as f64),
                comparison: rising(0.0),
                ..Compared::default()
            };
            let sums = OfferingSums { trained: of.trained, compared: vec![of], ..OfferingSums::default() };
            known.all.sums.merge(&sums);
            known.courses.insert(Uuid::from_u128(course), sums);
        }
        (
            Institute {
                id: Uuid::from_u128(u128::from(name.as_bytes()[0])),
                code: name.to_owned(),
                name: name.to_owned(),
            },
            known,
        )
    }

    fn names(cards: &Scorecards) -> Vec<&str> {
        cards.items.iter().map(|card| card.institute.name.as_str()).collect()
    }

    #[test]
    fn equal_institutes_stand_by_name_and_a_small_leader_is_drawn_back() {
        let cards = compare(vec![
            institute("A", 30, 3, 0.40),
            institute("B", 30, 3, 0.42),
            institute("C", 10, 2, 0.43),
            institute("D", 30, 3, 0.41),
            institute("E", 30, 3, 0.39),
        ]);
        assert_eq!((names(&cards), cards.ranking_supported), (vec!["A", "B", "C", "D", "E"], false));
        let small = &cards.items[2];
        assert_eq!(small.among.mean.value(), cards.overall.value(), "chance explains it");
        assert!(cards.items.iter().all(|card| card.expected_rank.is_none() && !card.among.stands_out));
    }

    #[test]
    fn certain_differences_make_an_order() {
        let mut institutes: Vec<_> = [("A", 0.2), ("B", 0.8), ("C", 0.5), ("D", 1.4), ("E", 1.1)]
            .map(|(name, by)| institute(name, 40, 3, by))
            .into();
        institutes.push(institute("F", 0, 0, 0.0));
        let cards = compare(institutes);
        assert_eq!((names(&cards), cards.ranking_supported), (vec!["D", "E", "B", "C", "A", "F"], true));
        let stands_out: Vec<bool> = cards.items.iter().map(|card| card.among.stands_out).collect();
        assert_eq!(stands_out, [true, true, false, true, true, false], "B is at the mean of all");
        assert_eq!(cards.items[5].expected_rank, None);
    }

    #[test]
    fn four_are_no_list() {
        let four = ["A", "B", "C", "D"].map(|name| institute(name, 40, 3, 0.4));
        let cards = compare(four.into());
        assert_eq!(cards.overall.reason(), Some(Reason::TooFewGroups));
        assert_eq!(cards.items[0].behaviour.change.status(), Status::Ok, "each may still be read by itself");
    }

    #[test]
    fn results_of_an_offering_count_when_all_are_there_and_enough() {
        let with = |completed, not_completed, pending| {
            let mut all = Results::default();
            all.add_offering(&Results { completed, not_completed, pending });
            all.completed + all.not_completed
        };
        assert_eq!([with(4, 1, 0), with(3, 1, 0), with(9, 1, 1), with(0, 0, 3)], [5, 0, 0, 0]);
    }

    #[test]
    fn completion_is_of_those_with_a_result() {
        assert_eq!(completion(Results { completed: 9, not_completed: 3, pending: 0 }).value(), Some(75.0));
        assert_eq!(completion(Results::default()).status(), Status::InsufficientData);
    }
}
