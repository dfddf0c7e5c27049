use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::effectiveness::expected_effects::{ExpectedEffect, ExpectedMeasure};
use crate::half_day::HalfDay;
use statistics::Design;
use statistics::thresholds::CHANGE_SD_ASSUMED;

/// What is known of an offering that its evaluation depends on.
#[derive(Debug, Clone, PartialEq)]
pub struct Facts {
    pub offering: Named,
    pub course: Named,
    /// Its first and last session.
    pub first: HalfDay,
    pub last: HalfDay,
    /// Most participants.
    pub seats: usize,
    /// Last day to nominate.
    pub nominations_close_on: NaiveDate,
    /// Participants who have not withdrawn.
    pub enrolled: usize,
    /// Nominations that wait for a decision, or for a draw of the seats.
    pub undecided: usize,
    /// Whether the seats were drawn by lot.
    pub by_lot: bool,
    /// Untrained colleagues whose supervisors are asked about them three months after.
    pub handed: usize,
    /// The smallest change that matters in the course, points of 5.
    pub smallest_change: f64,
}

/// An offering or a course.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    pub id: Uuid,
    pub code: String,
}

/// Source of the number of trained people: participants who have not withdrawn (`enrolled`), or the seats
/// while nominations are open or undecided (`seats`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "enrolled")]
pub enum TrainedBy {
    /// Participants who have not withdrawn; nominations are closed and decided, or the course has begun.
    Enrolled,
    /// The seats: nominations are still open, or wait for a decision or a draw.
    Seats,
}

/// Numbers of people whose work is to be rated before and after the offering.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({"trained": 12, "trained_by": "enrolled", "comparison": 12, "comparison_assumed": false}))]
pub struct PlannedPeople {
    /// Number of trained people.
    #[schema(minimum = 0)]
    pub trained: usize,
    /// Source of the number of trained people: `enrolled` or `seats`.
    pub trained_by: TrainedBy,
    /// Number of untrained colleagues with whom the trained are compared.
    #[schema(minimum = 0)]
    pub comparison: usize,
    /// Whether the number is assumed, with one colleague for each trained person, because the colleagues are
    /// not all chosen yet.
    pub comparison_assumed: bool,
}

impl PlannedPeople {
    /// Who is to be rated, as it is known on a day.
    pub fn of(facts: &Facts, today: NaiveDate) -> Self {
        // From the day of the first session on, nobody is added and no more colleagues are chosen.
        let has_begun = today >= facts.first.date();
        let is_open = !has_begun && (today <= facts.nominations_close_on || facts.undecided > 0);
        let trained = if is_open { facts.seats } else { facts.enrolled };
        // Until all is decided, colleagues are chosen for those who take part so far only. Who has not been found
        // when the course begins is not found any more.
        let comparison_assumed = !has_begun && (is_open || facts.handed == 0);
        Self {
            trained,
            trained_by: if is_open { TrainedBy::Seats } else { TrainedBy::Enrolled },
            comparison: if comparison_assumed { trained } else { facts.handed },
            comparison_assumed,
        }
    }
}

/// Source of a standard deviation: measured in the newest released offerings of the ministry and rounded up
/// to 0.05 (`released`), or assumed because fewer than thirty people were measured (`assumed`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "released")]
pub enum SpreadSource {
    /// Measured in the newest released offerings of the ministry, and rounded up to 0.05.
    Released,
    /// Assumed, as fewer than thirty people were measured so far.
    Assumed,
}

/// Spread of the changes of single people.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({"value": 0.6, "source": "released"}))]
pub struct SpreadOfChange {
    /// Standard deviation, within a group, of a person's change of behaviour at work, points of 5.
    pub value: f64,
    /// Source of the standard deviation: `released` (measured) or `assumed`.
    pub source: SpreadSource,
}

impl SpreadOfChange {
    /// What was measured, or the assumption.
    pub fn of(measured: Option<f64>) -> Self {
        match measured {
            Some(value) => Self { value, source: SpreadSource::Released },
            None => Self { value: CHANGE_SD_ASSUMED, source: SpreadSource::Assumed },
        }
    }
}

/// Source of a wanted change: the smallest expected effect on behaviour after three months that was declared
/// (`declared`), or else the smallest change that matters in the course (`smallest_change`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "declared")]
pub enum WantedBy {
    /// The smallest expected effect on behaviour after three months that was declared of the offering.
    Declared,
    /// The smallest change that matters in the course, as nothing was declared.
    SmallestChange,
}

/// Change that the evaluation should be able to detect.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, ToSchema)]
#[schema(example = json!({"value": 0.5, "source": "declared"}))]
pub struct WantedChange {
    /// Size of the wanted change of behaviour at work, points of 5.
    pub value: f64,
    /// Source of the wanted change: `declared` or `smallest_change`.
    pub source: WantedBy,
}

impl WantedChange {
    /// The smallest effect that was declared of the headline, otherwise the smallest change that matters.
    pub fn of(declared: &[ExpectedEffect], smallest_change: f64) -> Self {
        let of_headline = declared.iter().filter(|effect| effect.measure == ExpectedMeasure::ThreeMonths);
        match of_headline.map(|effect| effect.change).min_by(f64::total_cmp) {
            Some(value) => Self { value, source: WantedBy::Declared },
            None => Self { value: smallest_change, source: WantedBy::SmallestChange },
        }
    }
}

/// Way to make the wanted change detectable: judge several offerings of this size together, as the report by
/// course does (`pool_runs`), or have more untrained colleagues rated (`enlarge_comparison`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "pool_runs")]
pub enum ProposalKind {
    /// Judge the course by several runs of this size together: the report by course does so.
    PoolRuns,
    /// Have more untrained colleagues rated. The service chooses one for each trained person; others, such as people on
    /// the waiting list, are to be won for it.
    EnlargeComparison,
}

/// Change of the plan that would make the wanted change detectable.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, ToSchema)]
#[schema(example = json!({"kind": "pool_runs", "runs": 2, "trained": 12, "comparison": 12, "detectable_change": 0.496}))]
pub struct Proposal {
    /// Kind of the change: `pool_runs` or `enlarge_comparison`.
    pub kind: ProposalKind,
    /// Number of offerings of the course that are judged together; 1 when only this one is meant.
    #[schema(minimum = 1)]
    pub runs: usize,
    /// Number of trained people in each offering.
    #[schema(minimum = 0)]
    pub trained: usize,
    /// Number of comparison people in each offering.
    #[schema(minimum = 0)]
    pub comparison: usize,
    /// Smallest difference that would then be detected with the same probability, points of 5.
    pub detectable_change: f64,
}

/// What the evaluation of an offering could show.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    pub offering_id: Uuid,
    pub people: PlannedPeople,
    pub spread: SpreadOfChange,
    pub wanted: WantedChange,
    /// The smallest difference that is seen with a chance of 80 %; none where the report could show no difference.
    pub detectable: Option<f64>,
    pub proposals: Vec<Proposal>,
}

impl Plan {
    /// What so many people show.
    pub fn of(
        offering_id: Uuid,
        people: PlannedPeople,
        spread: SpreadOfChange,
        wanted: WantedChange,
    ) -> Self {
        let design = Design::new(people.trained, people.comparison, spread.value);
        let proposed = |kind, found: Option<Design>| {
            let found = found?;
            let Design { trained, comparison, runs, .. } = found;
            Some(Proposal { kind, runs, trained, comparison, detectable_change: found.shown()? })
        };
        let proposals = if design.sees(wanted.value) {
            Vec::new()
        } else {
            let pooled = proposed(ProposalKind::PoolRuns, design.pooled(wanted.value));
            let enlarged = proposed(ProposalKind::EnlargeComparison, design.enlarged(wanted.value));
            pooled.into_iter().chain(enlarged).collect()
        };
        Self { offering_id, people, spread, wanted, detectable: design.shown(), proposals }
    }

    /// Whether the wanted change would probably be seen.
    pub fn is_enough(&self) -> bool {
        self.detectable.is_some_and(|found| found <= self.wanted.value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::half_day::Half;

    fn facts(enrolled: usize, handed: usize) -> Facts {
        let named = || Named { id: Uuid::nil(), code: String::new() };
        let half_day = |text: &str| HalfDay::new(day(text), Half::Morning);
        Facts {
            offering: named(),
            course: named(),
            first: half_day("2026-03-09"),
            last: half_day("2026-03-10"),
            seats: 30,
            nominations_close_on: day("2026-03-01"),
            enrolled,
            undecided: 0,
            by_lot: false,
            handed,
            smallest_change: 0.25,
        }
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn seats_count_until_nominations_have_closed() {
        let on = |today: &str, enrolled, handed| {
            let people = PlannedPeople::of(&facts(enrolled, handed), day(today));
            (people.trained, people.trained_by, people.comparison, people.comparison_assumed)
        };
        assert_eq!(on("2026-03-01", 4, 4), (30, TrainedBy::Seats, 30, true));
        assert_eq!(on("2026-03-02", 14, 11), (14, TrainedBy::Enrolled, 11, false));
        assert_eq!(on("2026-03-02", 14, 0), (14, TrainedBy::Enrolled, 14, true));
        assert_eq!(on("2026-03-02", 0, 0), (0, TrainedBy::Enrolled, 0, true));
        assert_eq!(on("2026-03-09", 14, 0), (14, TrainedBy::Enrolled, 0, false), "nobody was found");
        let waits = |today: &str| {
            let facts = Facts { undecided: 20, ..facts(0, 0) };
            PlannedPeople::of(&facts, day(today)).trained
        };
        assert_eq!(
            (waits("2026-03-02"), waits("2026-03-09")),
            (30, 0),
            "a draw is yet to come; the course has begun"
        );
        let late = Facts { nominations_close_on: day("2026-03-09"), ..facts(9, 8) };
        let begun = PlannedPeople::of(&late, day("2026-03-09"));
        assert_eq!((begun.trained, begun.comparison), (9, 8), "people may be nominated until the first day");
    }

    #[test]
    fn the_smallest_declared_effect_on_the_headline_is_what_is_wanted() {
        let effect =
            |measure, change| ExpectedEffect { behaviour: "Đúng hạn".to_owned(), measure, change };
        let declared = [
            effect(ExpectedMeasure::WorkScore, 0.1),
            effect(ExpectedMeasure::ThreeMonths, 0.6),
            effect(ExpectedMeasure::ThreeMonths, 0.5),
        ];
        let wanted = WantedChange::of(&declared, 0.25);
        assert_eq!((wanted.value, wanted.source), (0.5, WantedBy::Declared));
        let wanted = WantedChange::of(&declared[..1], 0.25);
        assert_eq!((wanted.value, wanted.source), (0.25, WantedBy::SmallestChange));
    }

    fn plan(trained: usize, comparison: usize, wanted: f64) -> Plan {
        let people =
            PlannedPeople { trained, trained_by: TrainedBy::Enrolled, comparison, comparison_assumed: false };
        let wanted = WantedChange { value: wanted, source: WantedBy::Declared };
        Plan::of(Uuid::nil(), people, SpreadOfChange::of(None), wanted)
    }

    #[test]
    fn nothing_is_proposed_where_nothing_is_needed_or_nothing_helps() {
        let enough = plan(60, 60, 0.5);
        assert!(enough.is_enough() && enough.proposals.is_empty());
        let hopeless = plan(12, 12, 0.05);
        assert!(!hopeless.is_enough() && hopeless.proposals.is_empty());
        let both = plan(20, 20, 0.5);
        let kinds: Vec<_> = both.proposals.iter().map(|proposal| proposal.kind).collect();
        assert_eq!(kinds, [ProposalKind::PoolRuns, ProposalKind::EnlargeComparison]);
        assert!(both.proposals.iter().all(|proposal| proposal.detectable_change <= 0.5));
        assert_eq!((both.proposals[0].runs, both.proposals[1].runs), (2, 1));
    }

    #[test]
    fn what_no_report_would_show_is_not_detectable() {
        let small = plan(8, 8, 2.0);
        assert_eq!((small.detectable, small.is_enough()), (None, false));
        assert_eq!(
            small.proposals.len(),
            1,
            "two runs; with eight trained people more colleagues do not help"
        );
        assert!(plan(0, 0, 2.0).proposals.is_empty());
    }
}
