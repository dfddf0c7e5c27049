//! What is known about one subject, put together from the releases of its offerings.

use std::collections::HashMap;

use super::model::{By, Request};
use super::per_half_day::HalfDays;
use crate::effectiveness::evaluation_plans::Registered;
use crate::effectiveness::expected_effects::ExpectedEffect;
use crate::effectiveness::measures::levels::Levels;
use crate::effectiveness::measures::{Measure, OfferingSums, Tally};
use crate::effectiveness::release::{AwaitedScores, Released, Revision};

/// Everything known about one subject.
#[derive(Debug, Default)]
pub struct OfSubject {
    /// What was released of each measure, put together.
    pub sums: HashMap<Measure, OfferingSums>,
    /// Final anonymous forms, offering by offering.
    pub reactions: Vec<Tally>,
    /// The half-days of the people whom the main measure is of.
    pub half_days: HalfDays,
    /// The same of those who count in its difference.
    pub half_days_compared: HalfDays,
    /// The learners' own named forms; nothing by unit.
    pub levels: Levels,
    /// What learners say of their offices, offering by offering.
    pub environments: Vec<Tally>,
    /// What units say that sent people, offering by offering.
    pub beneficiaries: Vec<Tally>,
    /// Offerings that have ended and whose main figures are not released yet.
    pub awaiting: usize,
    /// What the official scores of offerings wait for that are not released yet; by course and offering.
    pub scores: ScoresState,
    /// What was declared of an offering before it started.
    pub expected: Vec<ExpectedEffect>,
    /// What was registered of an offering when it began, and whether what is reported departs from it.
    pub registered: Option<(Registered, bool)>,
}

/// How far the official scores of a subject's offerings are.
#[derive(Debug, Clone, Copy, Default)]
pub struct ScoresState {
    /// How many offerings are awaited, and what that waits for which comes first.
    pub awaited: Option<(usize, AwaitedScores)>,
    /// The highest revision of its offerings, and the newest day of one.
    pub revision: Option<Revision>,
}

impl ScoresState {
    /// Wait for the scores of one more offering.
    pub fn wait(&mut self, for_scores: AwaitedScores) {
        self.awaited = Some(match self.awaited {
            Some((offerings, first)) if first.until <= for_scores.until => (offerings + 1, first),
            Some((offerings, _)) => (offerings + 1, for_scores),
            None => (1, for_scores),
        });
    }

    fn count(&mut self, other: Revision) {
        let newest =
            |known: Revision| Revision { number: known.number.max(other.number), on: known.on.max(other.on) };
        self.revision = Some(self.revision.map_or(other, newest));
    }
}

impl OfSubject {
    /// Put an offering to the others of a subject.
    pub fn add_offering(&mut self, released: &Released, request: &Request, half_days: i64) {
        let by = request.by;
        for measure in released.sums.keys() {
            if let Some(sums) = released.counted_in(*measure, by == By::Offering) {
                if *measure == request.follow_up.measure() {
                    self.half_days.add(sums.trained.n, half_days);
                    self.half_days_compared.add(sums.matched().n, half_days);
                }
                self.add(*measure, &sums);
            }
        }
        if let Some(revision) = released.scores {
            self.scores.count(revision);
        }
        self.reactions.extend(released.reaction.clone());
        self.levels.add(&released.levels, by == By::Offering);
        self.environments.extend(released.environment.clone());
        self.beneficiaries.extend(released.beneficiary.clone());
    }

    /// Put sums of a measure to the others of a subject.
    pub fn add(&mut self, measure: Measure, sums: &OfferingSums) {
        self.sums.entry(measure).or_default().merge(sums);
    }
}
