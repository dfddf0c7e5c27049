//! What is known of the people of some offerings at the end of a day: the raw rows, added up for a release.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::NaiveDate;
use uuid::Uuid;

use super::queries;
use crate::db::Tx;
use crate::effectiveness::disclosure::revisions;
use crate::effectiveness::measures::model::{Form, Participation};
use crate::effectiveness::measures::pairs::observe;
use crate::effectiveness::measures::work_score::{
    Counted, Rating, Scored, counted_alone, counted_once, scored,
};
use crate::effectiveness::measures::{Measure, Observed, OfferingSums, PeriodKind, Rows};
use crate::error::Result;
use crate::evaluation::evaluations::Phase;
use statistics::units;

/// The raw rows about the people of some offerings, as they were known at the end of a day.
pub(super) struct Seen {
    people: Vec<Participation>,
    forms: HashMap<Uuid, Vec<Form>>,
    trained_from: HashMap<(Uuid, Uuid), NaiveDate>,
    scores: Scores,
}

/// Official ratings, and where they count.
#[derive(Default)]
pub(super) struct Scores {
    ratings: HashMap<Uuid, Vec<Rating>>,
    counted: Counted,
    /// Of these, those of whose periods nothing counts anywhere else.
    alone: Counted,
    as_of: NaiveDate,
}

impl Scores {
    async fn load(tx: &mut Tx<'_>, people: &[Uuid], as_of: NaiveDate) -> Result<Self> {
        let ratings = queries::ratings(tx, as_of, people).await?;
        let uses = queries::uses_of_scores(tx, people).await?;
        let counted = counted_once(uses.clone());
        let by_months = |person| {
            ratings.get(&person).is_some_and(|of| of.iter().any(|rating| rating.kind == PeriodKind::Month))
        };
        let kind = |person| if by_months(person) { PeriodKind::Month } else { PeriodKind::Quarter };
        let alone = counted_alone(&uses, &counted, kind);
        Ok(Self { ratings, counted, alone, as_of })
    }

    /// Whether no other offering counts anything of the same periods of a person.
    pub fn is_alone(&self, who: &revisions::Key) -> bool {
        self.alone.contains(who)
    }

    fn of(&self, person: Uuid, who: &Participation) -> Scored {
        let ratings = self.ratings.get(&person).map(Vec::as_slice).unwrap_or_default();
        match scored(ratings, who, self.as_of) {
            Scored::Pair { .. } if !self.counted.contains(&(person, who.id)) => Scored::CountedElsewhere,
            found => found,
        }
    }
}

impl Seen {
    pub async fn load(
        tx: &mut Tx<'_>,
        offering_ids: &[Uuid],
        measure: Measure,
        as_of: NaiveDate,
    ) -> Result<Self> {
        let mut people = queries::participations(tx, offering_ids).await?;
        let by_lot = queries::drawn_by_lot(tx, offering_ids).await?;
        people.iter_mut().for_each(|who| who.by_lot = by_lot.contains(&who.offering_id));
        let ids: Vec<Uuid> = people.iter().map(|p| p.id).collect();
        let forms = queries::forms(tx, as_of, &ids).await?;
        let colleagues = distinct(forms.values().flatten().filter(|f| f.is_comparison).map(|f| f.subject_id));
        let courses = distinct(people.iter().map(|p| p.course_id));
        let trained_from = queries::trained_from(tx, &colleagues, &courses).await?;
        let mut seen = Self { people, forms, trained_from, scores: Scores::default() };
        if measure == Measure::WorkScore {
            seen.scores = seen.scores_of(tx, as_of).await?;
        }
        Ok(seen)
    }

    /// The official scores of everybody here, as they were known at the end of a day.
    pub async fn scores_of(&self, tx: &mut Tx<'_>, as_of: NaiveDate) -> Result<Scores> {
        let colleagues = self.forms.values().flatten().filter(|f| f.is_comparison).map(|f| f.subject_id);
        let everyone = distinct(self.people.iter().map(|p| p.employee_id).chain(colleagues));
        Scores::load(tx, &everyone, as_of).await
    }

    /// Take other scores for those that were read; gives back the latter.
    pub fn exchange(&mut self, scores: Scores) -> Scores {
        std::mem::replace(&mut self.scores, scores)
    }

    /// The official scores that count here, person by person.
    pub fn counted_scores(&self) -> revisions::Counted {
        let everyone = People { seen: self, people: self.people.iter().collect() };
        everyone.counted()
    }

    pub fn is_alone(&self, who: &revisions::Key) -> bool {
        self.scores.is_alone(who)
    }

    pub fn add_up(&self, measure: Measure) -> (OfferingSums, Rows, BTreeMap<Uuid, OfferingSums>) {
        let everyone = People { seen: self, people: self.people.iter().collect() };
        let mut units: BTreeMap<Uuid, Vec<&Participation>> = BTreeMap::new();
        for who in &self.people {
            units.entry(who.unit_id).or_default().push(who);
        }
        let by_unit = units
            .into_iter()
            .map(|(unit, people)| (unit, People { seen: self, people }.sums(measure)))
            .collect();
        let (whole, rows) = everyone.measured(measure);
        (whole, rows, by_unit)
    }

    /// What the people of one of the offerings came to.
    pub fn of_offering(&self, id: Uuid, measure: Measure) -> OfferingSums {
        let people = self.people.iter().filter(|p| p.offering_id == id).collect();
        People { seen: self, people }.sums(measure)
    }

    fn forms_of(&self, who: &Participation) -> &[Form] {
        self.forms.get(&who.id).map(Vec::as_slice).unwrap_or_default()
    }

    fn trained(&self, person: Uuid, course: Uuid) -> Option<NaiveDate> {
        self.trained_from.get(&(person, course)).copied()
    }
}

/// Some of the people of an offering.
struct People<'a> {
    seen: &'a Seen,
    people: Vec<&'a Participation>,
}

impl People<'_> {
    fn sums(&self, measure: Measure) -> OfferingSums {
        self.measured(measure).0
    }

    /// What they came to, and the pairs it is the sum of.
    fn measured(&self, measure: Measure) -> (OfferingSums, Rows) {
        match measure.phase() {
            Some(phase) => self.behaviour(phase),
            None => self.scores(),
        }
    }

    fn behaviour(&self, phase: Phase) -> (OfferingSums, Rows) {
        let observed: Vec<Observed> = self
            .people
            .iter()
            .map(|who| {
                let trained = |person| self.seen.trained(person, who.course_id);
                observe(who, self.seen.forms_of(who), phase, trained)
            })
            .collect();
        let observed: Vec<&Observed> = observed.iter().collect();
        let rows = Rows::of_behaviour(&observed);
        (OfferingSums::of_behaviour(&observed, &rows), rows)
    }

    fn scores(&self) -> (OfferingSums, Rows) {
        let of = |who: &&Participation| {
            let colleagues = self.colleagues(who).into_iter().map(|(_, score)| score).collect();
            (self.seen.scores.of(who.employee_id, who), colleagues)
        };
        let people: Vec<(Scored, Vec<Scored>)> = self.people.iter().map(of).collect();
        let rows = Rows::of_scores(&people);
        (OfferingSums::of_scores(people.iter().map(|(score, _)| score), &rows), rows)
    }

    /// The same scores, person by person.
    fn counted(&self) -> revisions::Counted {
        let numbers = |(person, participation, score): (Uuid, Uuid, Scored)| {
            let Scored::Pair { before, after, .. } = score else { return None };
            Some(((person, participation), units(before).zip(units(after))?))
        };
        let own = |who: &&Participation| {
            numbers((who.employee_id, who.id, self.seen.scores.of(who.employee_id, who)))
        };
        let beside = |who: &&Participation| {
            let id = who.id;
            self.colleagues(who).into_iter().filter_map(move |(person, score)| numbers((person, id, score)))
        };
        let trained: revisions::Numbers = self.people.iter().filter_map(own).collect();
        let comparison: revisions::Numbers = self.people.iter().flat_map(beside).collect();
        let matched = trained.keys().filter(|(_, id)| comparison.keys().any(|(_, of)| of == id));
        let mut compared: BTreeSet<revisions::Key> = matched.copied().collect();
        match self.scores().0.settled().compared.first() {
            Some(of) if usize::try_from(of.trained.n) != Ok(compared.len()) => {
                compared = trained.keys().copied().collect();
            }
            Some(_) => {}
            None => compared.clear(),
        }
        revisions::Counted { trained, comparison, compared }
    }

    /// Scores of the colleagues matched to a participant, as long as they were untrained.
    fn colleagues(&self, who: &Participation) -> Vec<(Uuid, Scored)> {
        let matched = self.seen.forms_of(who).iter().filter(|f| f.is_comparison).map(|f| f.subject_id);
        distinct(matched)
            .into_iter()
            .map(|id| (id, self.seen.scores.of(id, who)))
            .filter(|(id, score)| match (self.seen.trained(*id, who.course_id), score) {
                (Some(from), Scored::Pair { until, .. }) => from > *until,
                _ => true,
            })
            .collect()
    }
}

/// Each id once, in order.
fn distinct(ids: impl Iterator<Item = Uuid>) -> Vec<Uuid> {
    ids.collect::<BTreeSet<_>>().into_iter().collect()
}
