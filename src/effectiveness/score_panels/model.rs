use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::effectiveness::disclosure::FLOOR;
use crate::effectiveness::measures::{quarter_start, quarters_between};
use statistics::{EventStudy, Least, PanelSums, TrainedGroup, event_study, units};

/// Quarters that are looked at, at most: two years.
pub const QUARTERS: u32 = 8;
/// People from whom on those of a quarter are a group; of fewer, nothing but their number is kept.
const SMALLEST_GROUP: i64 = FLOOR as i64;

/// Everybody's scores of a quarter, in points of 100.
pub type Scored = Vec<(Uuid, f64)>;

/// That somebody attended a course.
#[derive(Debug, Clone, Copy)]
pub struct Attended {
    pub employee_id: Uuid,
    pub course_id: Uuid,
    /// First day of the first offering that was completed; none if none was.
    pub completed: Option<NaiveDate>,
}

/// People who were first trained in the same quarter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cohort {
    /// First day of that quarter.
    pub quarter: NaiveDate,
    /// Their scores.
    pub scores: PanelSums,
}

/// People first trained in the same quarter who are too few to be a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    /// First day of the quarter.
    pub quarter: NaiveDate,
    /// How many they are.
    pub people: i64,
}

/// Everybody with a score in every quarter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cohorts {
    /// By the quarter of the first training, of five people and more, from the second of the quarters on.
    pub trained: Vec<Cohort>,
    /// Those not trained by the end of the last quarter.
    pub untrained: PanelSums,
    /// Trained in quarters with fewer than five people.
    pub left_out: Vec<LeftOut>,
    /// Trained before or in the first quarter: there is no score from before their course.
    pub earlier: i64,
    /// Attended and did not complete (yet): neither trained nor untrained.
    pub incomplete: i64,
}

/// What a course is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Course {
    /// Its id.
    pub id: Uuid,
    /// Its code.
    pub code: String,
    /// Its title.
    pub title: String,
}

/// What was put together of a course, or of all.
#[derive(Debug, Clone)]
pub struct ScorePanel {
    /// The course; none of the whole ministry.
    pub course: Option<Course>,
    /// First day of the first and of the last quarter.
    pub quarters: [NaiveDate; 2],
    /// When it was put together.
    pub sealed_on: NaiveDate,
    /// Whether quarters before, within two years, were rated by other rules.
    pub regime_change: bool,
    /// Edition of the method.
    pub method_version: String,
    /// The scores.
    pub cohorts: Cohorts,
}

impl ScorePanel {
    /// Quarters there are.
    pub fn length(&self) -> usize {
        self.cohorts.untrained.quarters()
    }

    /// What happened around the course, from so many people on.
    pub fn study(&self, least: Least) -> EventStudy {
        let [first, _] = self.quarters;
        let trained = self.cohorts.trained.iter().filter_map(|cohort| {
            let first = usize::try_from(quarters_between(first, cohort.quarter)).ok()?;
            Some(TrainedGroup { first, scores: &cohort.scores })
        });
        event_study(&trained.collect::<Vec<_>>(), &self.cohorts.untrained, least)
    }
}

/// Whether a quarter for which so many people are rated is looked at together with another one: nobody has a score in both
/// where it has none, and few where fewer than half as many are rated as for the other.
pub fn goes_on(other: Option<usize>, rated: usize) -> bool {
    rated > 0 && other.is_none_or(|other| 2 * rated >= other)
}

/// How far somebody is with a course.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Standing {
    Completed(NaiveDate),
    Incomplete,
}

impl Standing {
    fn of(completed: Option<NaiveDate>) -> Self {
        completed.map_or(Standing::Incomplete, |day| Standing::Completed(quarter_start(day)))
    }
}

/// Everybody's scores by course, and of the whole ministry (by nobody's id), over quarters that follow each other from a
/// first one on. Courses without anybody trained in a quarter with one before it have none.
pub fn cohorts(
    first: NaiveDate,
    quarters: &[Scored],
    attended: &[Attended],
) -> BTreeMap<Option<Uuid>, Cohorts> {
    let people = complete(quarters);
    let mut everybody = PanelSums::of_nobody(quarters.len().max(1));
    people.values().for_each(|scores| everybody.add(scores));

    let mut standings: BTreeMap<Option<Uuid>, HashMap<Uuid, Standing>> =
        BTreeMap::from([(None, HashMap::new())]);
    for of in attended.iter().filter(|of| people.contains_key(&of.employee_id)) {
        let standing = Standing::of(of.completed);
        for course in [Some(of.course_id), None] {
            let known = standings.entry(course).or_default().entry(of.employee_id).or_insert(standing);
            *known = (*known).min(standing);
        }
    }
    let of_course = |(course, standings): (Option<Uuid>, HashMap<Uuid, Standing>)| {
        let found = divided(first, &everybody, &people, &standings);
        let is_useful = course.is_none() || !(found.trained.is_empty() && found.left_out.is_empty());
        is_useful.then_some((course, found))
    };
    standings.into_iter().filter_map(of_course).collect()
}

/// The people with a score in every quarter, in ten-thousandths of a point.
fn complete(quarters: &[Scored]) -> HashMap<Uuid, Vec<i64>> {
    let mut people: HashMap<Uuid, Vec<i64>> = HashMap::new();
    for (before, scores) in quarters.iter().enumerate() {
        for (who, score) in scores {
            let Some(score) = units(*score) else { continue };
            let known = people.entry(*who).or_insert_with(|| Vec::with_capacity(quarters.len()));
            if known.len() == before {
                known.push(score);
            }
        }
    }
    people.retain(|_, scores| scores.len() == quarters.len());
    people
}

/// Divide everybody by how far they are with a course.
fn divided(
    first: NaiveDate,
    everybody: &PanelSums,
    people: &HashMap<Uuid, Vec<i64>>,
    standings: &HashMap<Uuid, Standing>,
) -> Cohorts {
    let nobody = PanelSums::of_nobody(everybody.quarters());
    let mut untrained = everybody.clone();
    let mut trained: BTreeMap<NaiveDate, PanelSums> = BTreeMap::new();
    let mut attended = nobody.clone();
    let (mut earlier, mut incomplete) = (0, 0);
    for (who, standing) in standings {
        let Some(scores) = people.get(who) else { continue };
        attended.add(scores);
        match standing {
            Standing::Completed(quarter) if *quarter > first => {
                trained.entry(*quarter).or_insert_with(|| nobody.clone()).add(scores);
            }
            Standing::Completed(_) => earlier += 1,
            Standing::Incomplete => incomplete += 1,
        }
    }
    untrained.subtract(&attended);
    let (groups, few): (Vec<_>, Vec<_>) =
        trained.into_iter().partition(|(_, scores)| scores.n >= SMALLEST_GROUP);
    Cohorts {
        trained: groups.into_iter().map(|(quarter, scores)| Cohort { quarter, scores }).collect(),
        untrained: if untrained.n >= SMALLEST_GROUP { untrained } else { nobody },
        left_out: few.into_iter().map(|(quarter, of)| LeftOut { quarter, people: of.n }).collect(),
        earlier,
        incomplete,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn sent(n: u128, course: u128, completed: Option<&str>) -> Attended {
        Attended {
            employee_id: Uuid::from_u128(n),
            course_id: Uuid::from_u128(course),
            completed: completed.map(day),
        }
    }

    const FIRST: &str = "2026-01-01";

    /// Four quarters of people by their numbers.
    fn year(people: std::ops::Range<u128>) -> Vec<Scored> {
        let quarter = |at: u128| {
            let score = |n: u128| if at == 0 { 70.0 + n as f64 } else { 70.0 + at as f64 };
            people.clone().map(|n| (Uuid::from_u128(n), score(n))).collect()
        };
        (0..4).map(quarter).collect()
    }

    fn divide(quarters: &[Scored], attended: &[Attended]) -> BTreeMap<Option<Uuid>, Cohorts> {
        cohorts(day(FIRST), quarters, attended)
    }

    #[test]
    fn quarters_are_looked_at_as_far_back_as_half_as_many_are_rated() {
        assert!(goes_on(None, 1) && !goes_on(None, 0));
        assert!(goes_on(Some(10), 5) && goes_on(Some(10), 30));
        assert!(!goes_on(Some(10), 4), "a few who were rated earlier do not make the quarters more");
        assert!(!goes_on(Some(0), 0), "a gap is not bridged");
        assert!(goes_on(Some(0), 1), "the first scores there are");
    }

    #[test]
    fn people_stand_where_they_first_completed_the_course() {
        let mut quarters = year(0..40);
        quarters.iter_mut().take(3).for_each(|of| of.push((Uuid::from_u128(99), 70.0)));
        let mut attended: Vec<Attended> = (0..6).map(|n| sent(n, 1, Some("2026-05-20"))).collect();
        attended.extend((6..10).map(|n| sent(n, 1, Some("2026-07-01"))));
        attended.push(sent(10, 1, Some("2025-12-01")));
        attended.push(sent(11, 1, Some("2026-03-31")));
        attended.push(sent(12, 1, None));
        attended.push(sent(99, 1, Some("2026-05-20")));
        attended.extend([sent(0, 2, None), sent(20, 2, Some("2026-02-10"))]);
        let found = divide(&quarters, &attended);

        let course = &found[&Some(Uuid::from_u128(1))];
        assert_eq!(course.trained.len(), 1);
        assert_eq!((course.trained[0].quarter, course.trained[0].scores.n), (day("2026-04-01"), 6));
        assert_eq!(course.trained[0].scores.sums[0], (70 + 71 + 72 + 73 + 74 + 75) * 10_000);
        assert_eq!(course.left_out, [LeftOut { quarter: day("2026-07-01"), people: 4 }]);
        assert_eq!((course.earlier, course.incomplete, course.untrained.n), (2, 1, 27));
        assert!(
            !found.contains_key(&Some(Uuid::from_u128(2))),
            "nobody was trained with a quarter before it"
        );

        let ministry = &found[&None];
        assert_eq!((ministry.earlier, ministry.incomplete, ministry.untrained.n), (3, 1, 26));
        assert_eq!(ministry.trained[0].scores.n, 6, "who did not complete one course completed another");
    }

    #[test]
    fn nothing_of_fewer_than_five_is_kept() {
        let attended: Vec<Attended> = (0..8).map(|n| sent(n, 1, Some("2026-05-20"))).collect();
        assert_eq!(divide(&year(0..12), &attended)[&None].untrained, PanelSums::of_nobody(4));
    }

    #[test]
    fn of_nobody_there_is_one_empty_quarter() {
        let nothing = divide(&[], &[]);
        assert_eq!(nothing[&None].untrained, PanelSums::of_nobody(1));
    }
}
