use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{Days, NaiveDate};
use uuid::Uuid;

use super::awaited::AwaitedScores;
use super::model::Release;
use super::{form_counts, own_forms, queries, revising, revision_rule};
use crate::db::Tx;
use crate::effectiveness::corrective_actions::{self, Cause};
use crate::effectiveness::form_quality;
use crate::effectiveness::measures::behaviour::{Behaviour, Floor};
use crate::effectiveness::measures::model::{Form, Participation};
use crate::effectiveness::measures::pairs::observe;
use crate::effectiveness::measures::reaction::is_under;
use crate::effectiveness::measures::unit_disclosure;
use crate::effectiveness::measures::work_score::{
    Counted, Rating, Scored, counted_alone, counted_once, scored,
};
use crate::effectiveness::measures::{Measure, Observed, OfferingSums, PeriodKind, Rows, to_stored};
use crate::error::Result;
use crate::evaluation::evaluations::Phase;
use crate::evaluation::evaluations::waiting::{self, KEY_PATIENCE};
use crate::tokens::Keys;
use statistics::thresholds::REACTION_LIMIT;
use statistics::{Verdict, units};

/// Offerings looked at in one unit of work.
const BATCH: i64 = 50;

/// Add up, for good, what is due: some offerings at a time. How many figures are new, or were looked at again; call again
/// until there are none.
///
/// Every replica may do so at any time: they take turns, an offering's figures of a measure exist once, and a batch is
/// there as a whole or not at all. Anonymous answers that wait are opened by `keys`, written and counted.
///
/// # Errors
/// [`crate::error::Error::Unavailable`] when another replica takes too long.
pub async fn roll_up(tx: &mut Tx<'_>, keys: &Keys) -> Result<usize> {
    tx.lock("effectiveness roll-up").await?;
    let mut new = 0;
    for measure in Measure::ALL {
        for release in due(tx, measure).await? {
            new += usize::from(publish(tx, keys, release).await?);
        }
    }
    form_quality::keep_statutory(tx).await?;
    if new == 0 {
        new += revising::revise(tx, BATCH).await?;
    }
    // Only when every offering released in it is there can a quarter be put together.
    if new == 0 {
        for measure in Measure::OF_PEOPLE {
            for quarter in queries::open_quarters(tx, measure).await? {
                close_quarter(tx, measure, quarter).await?;
            }
        }
        form_quality::count(tx).await?;
    }
    Ok(new)
}

/// Put the people of each unit together, over all offerings released in a quarter that is over.
async fn close_quarter(tx: &mut Tx<'_>, measure: Measure, quarter: NaiveDate) -> Result<()> {
    let parts = queries::of_quarter(tx, measure, quarter).await?;
    queries::insert_quarter(tx, measure, quarter, &unit_disclosure::shown(parts)).await
}

/// Release an offering's figures, and ask its institute to answer for those that are bad; in one unit of work, so that
/// there is never one without the other.
async fn publish(tx: &mut Tx<'_>, keys: &Keys, release: Release) -> Result<bool> {
    if !all_written(tx, keys, release).await? {
        return Ok(false);
    }
    let is_new = publish_figures(tx, release).await?;
    if is_new {
        form_quality::keep(tx, release.offering_id, release.measure.instruments(), release.on).await?;
    }
    Ok(is_new)
}

async fn publish_figures(tx: &mut Tx<'_>, release: Release) -> Result<bool> {
    if let Some(tally) = form_counts::of(tx, release).await? {
        let is_new = queries::insert(tx, release, to_stored(&tally)?).await?;
        if is_new && release.measure == Measure::Reaction && is_under(&tally, REACTION_LIMIT) {
            corrective_actions::open(tx, release.offering_id, Cause::ReactionUnderLimit).await?;
        }
        return Ok(is_new);
    }
    if let Some(figures) = own_forms::added_up(tx, release).await? {
        return queries::insert(tx, release, figures).await;
    }
    let latest = release.on - Days::new(1);
    let seen = Seen::load(tx, &[release.offering_id], release.measure, latest).await?;
    let (whole, rows, by_unit) = seen.add_up(release.measure);
    let is_new = queries::insert(tx, release, to_stored(&whole)?).await?;
    if is_new {
        queries::insert_rows(tx, release, &rows).await?;
        queries::insert_units(tx, release, &by_unit).await?;
        if release.measure == Measure::ThreeMonths && got_worse(tx, release.offering_id, whole).await? {
            corrective_actions::open(tx, release.offering_id, Cause::BehaviourWorse).await?;
        }
    }
    Ok(is_new)
}

/// Write the anonymous answers that wait for a release, and say whether it need not wait for any that cannot be opened.
async fn all_written(tx: &mut Tx<'_>, keys: &Keys, release: Release) -> Result<bool> {
    let Some(phase) = release.measure.phase().filter(|_| form_counts::is_anonymous(release.measure)) else {
        return Ok(true);
    };
    let unread = waiting::write_down_of(tx, keys, release.offering_id, phase).await?;
    Ok(unread == 0 || release.on + KEY_PATIENCE <= tx.today())
}

/// Whether the report on the offering says that work got worse: the same verdict, by the same gates.
async fn got_worse(tx: &mut Tx<'_>, offering_id: Uuid, whole: OfferingSums) -> Result<bool> {
    let smallest_change = queries::smallest_change(tx, offering_id).await?;
    let behaviour = Behaviour::of(&whole.alone(), smallest_change, Floor::Standard);
    Ok(behaviour.verdict == Some(Verdict::Worse))
}

async fn due(tx: &mut Tx<'_>, measure: Measure) -> Result<Vec<Release>> {
    let today = tx.today();
    // Those that wait for a moved form, or for scores, stand before later ones: look past them.
    let candidates = queries::unreleased(tx, measure, BATCH * 20).await?;
    let ids: Vec<Uuid> = candidates.iter().map(|(id, _)| *id).collect();
    let last_due = queries::last_due(tx, measure, &ids).await?;
    let scores =
        if measure == Measure::WorkScore { queries::awaited(tx, &ids).await? } else { HashMap::new() };
    let day = |id: Uuid, last| match scores.get(&id) {
        Some(awaited) => awaited.released_on(today),
        None => Some(Release::day(measure, last, last_due.get(&id).copied())).filter(|day| *day <= today),
    };
    let releases = candidates.into_iter().filter_map(|(offering_id, last)| {
        Some(Release { offering_id, measure, on: day(offering_id, last)?, revision: 1 })
    });
    Ok(releases.take(BATCH as usize).collect())
}

/// What the release of the official scores of some offerings waits for, as it is known at the end of a day. Offerings
/// without people wait for nothing.
///
/// # Errors
/// When the database cannot be reached.
pub async fn awaited_scores(
    tx: &mut Tx<'_>,
    offering_ids: &[Uuid],
    as_of: NaiveDate,
) -> Result<HashMap<Uuid, AwaitedScores>> {
    let awaited = queries::awaited(tx, offering_ids).await?;
    Ok(awaited.into_iter().map(|(id, of)| (id, of.waits_for(as_of))).collect())
}

/// What is known at the end of a day of offerings whose window is still open: how many forms there are and came back,
/// and never what they say.
///
/// # Errors
/// When the database cannot be reached.
pub async fn look(
    tx: &mut Tx<'_>,
    offering_ids: &[Uuid],
    measure: Measure,
    as_of: NaiveDate,
) -> Result<HashMap<Uuid, OfferingSums>> {
    let seen = Seen::load(tx, offering_ids, measure, as_of).await?;
    Ok(offering_ids.iter().map(|id| (*id, seen.of_offering(*id).sums(measure).counted())).collect())
}

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
    pub fn is_alone(&self, who: &revision_rule::Key) -> bool {
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
    pub fn counted_scores(&self) -> revision_rule::Counted {
        let everyone = People { seen: self, people: self.people.iter().collect() };
        everyone.counted()
    }

    pub fn is_alone(&self, who: &revision_rule::Key) -> bool {
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

    fn of_offering(&self, id: Uuid) -> People<'_> {
        People { seen: self, people: self.people.iter().filter(|p| p.offering_id == id).collect() }
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
    fn counted(&self) -> revision_rule::Counted {
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
        let trained: revision_rule::Numbers = self.people.iter().filter_map(own).collect();
        let comparison: revision_rule::Numbers = self.people.iter().flat_map(beside).collect();
        let matched = trained.keys().filter(|(_, id)| comparison.keys().any(|(_, of)| of == id));
        let mut compared: BTreeSet<revision_rule::Key> = matched.copied().collect();
        match self.scores().0.settled().compared.first() {
            Some(of) if usize::try_from(of.trained.n) != Ok(compared.len()) => {
                compared = trained.keys().copied().collect();
            }
            Some(_) => {}
            None => compared.clear(),
        }
        revision_rule::Counted { trained, comparison, compared }
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
