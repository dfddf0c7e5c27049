use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;
use uuid::Uuid;

use super::behaviour::{Behaviour, Comparison, Floor, Warning, warnings};
use super::model::{By, FollowUp, Form, Participation, Request, Subject};
use super::pairs::{Observed, observe};
use super::queries::{self, Links};
use super::reaction::{Forms, Reaction, is_final, reaction};
use super::sample::Sample;
use super::work_score::{Rating, Scored, scored};
use crate::db::Tx;
use crate::error::{Error, FieldError, Result};
use crate::evaluation::statistics::thresholds::CEILING_SHARE;
use crate::evaluation::statistics::{Figure, Status, Unit, ceiling_share};
use crate::page::{Page, PageRequest};

/// What is known about the effect of one subject.
pub struct Report {
    pub subject: Subject,
    pub as_of: NaiveDate,
    pub follow_up: FollowUp,
    pub floor: Floor,
    pub sample: Sample,
    pub behaviour: Behaviour,
    /// The headline six months after.
    pub six_months: Figure,
    pub work_score: WorkScore,
    /// None by unit: anonymous forms do not know their unit.
    pub reaction: Option<Reaction>,
    pub warnings: Vec<Warning>,
}

/// Level 4 of one subject.
pub struct WorkScore {
    pub figures: Comparison,
    /// Share of baselines that could hardly rise.
    pub at_ceiling: Figure,
    /// People rated on both sides under different regimes; left out.
    pub instrument_changed: usize,
}

/// One page of effectiveness reports.
///
/// # Errors
/// Not found for an id outside the caller's reach; an institute that asks for units; a day that is not over.
pub async fn effectiveness(tx: &mut Tx<'_>, request: &Request, page: &PageRequest) -> Result<Page<Report>> {
    check(tx, request)?;
    let subjects = queries::subjects(tx, request, page).await?;
    if request.id.is_some() && subjects.items.is_empty() && page.after.is_none() {
        return Err(Error::NotFound(request.by.name()));
    }
    let ids = subjects.items.iter().map(|s| s.id).collect();
    let links = queries::links(tx, request.by, ids).await?;
    let evidence = Evidence::load(tx, request, &links).await?;
    let mut people: HashMap<Uuid, Vec<usize>> = HashMap::new();
    for (i, known) in evidence.people.iter().enumerate() {
        for subject in links.of(&known.who) {
            people.entry(subject).or_default().push(i);
        }
    }
    Ok(subjects.map(|subject| {
        let known: Vec<&Known> =
            people.get(&subject.id).into_iter().flatten().filter_map(|i| evidence.people.get(*i)).collect();
        report(subject, request, &known, &evidence.reactions)
    }))
}

fn check(tx: &Tx<'_>, request: &Request) -> Result<()> {
    let today = tx.today();
    if request.as_of > today {
        let fault = FieldError::new("?as_of", "too_large").with("limit", today);
        return Err(Error::Invalid(vec![fault]));
    }
    if request.from.zip(request.to).is_some_and(|(from, to)| to < from) {
        return Err(Error::field("?to", "date_order"));
    }
    let reach = &tx.reach;
    if request.by == By::Unit && reach.institute_id.is_some() && !reach.all && reach.unit_ids.is_empty() {
        let fault = FieldError::new("?by", "not_allowed").with("allowed", By::OF_AN_INSTITUTE);
        return Err(Error::Invalid(vec![fault]));
    }
    Ok(())
}

/// Everything known about one participation.
struct Known {
    who: Participation,
    main: Observed,
    six_months: Observed,
    own_score: Scored,
    /// Official scores of the matched colleagues.
    other_scores: Vec<Scored>,
}

/// Everything known about the people of one page.
struct Evidence {
    people: Vec<Known>,
    /// Final anonymous forms by offering.
    reactions: HashMap<Uuid, Forms>,
}

impl Evidence {
    async fn load(tx: &mut Tx<'_>, request: &Request, links: &Links) -> Result<Self> {
        let participations = queries::participations(tx, request, links).await?;
        let ids: Vec<Uuid> = participations.iter().map(|p| p.id).collect();
        let forms = queries::forms(tx, request.as_of, &ids).await?;
        let others = distinct(forms.values().flatten().filter(|f| f.is_comparison).map(|f| f.subject_id));
        let courses = distinct(participations.iter().map(|p| p.course_id));
        let trained_from = queries::trained_from(tx, &others, &courses).await?;
        let everyone = distinct(participations.iter().map(|p| p.employee_id).chain(others));
        let ratings = queries::ratings(tx, request.as_of, &everyone).await?;
        let reactions = Self::reactions(tx, request, &participations).await?;
        let people = participations
            .into_iter()
            .map(|who| {
                let forms = forms.get(&who.id).map(Vec::as_slice).unwrap_or_default();
                know(who, forms, &trained_from, &ratings, request)
            })
            .collect();
        Ok(Self { people, reactions })
    }

    async fn reactions(
        tx: &mut Tx<'_>,
        request: &Request,
        participations: &[Participation],
    ) -> Result<HashMap<Uuid, Forms>> {
        if request.by == By::Unit {
            return Ok(HashMap::new());
        }
        let closed =
            participations.iter().filter(|p| is_final(p.last_day, request.as_of)).map(|p| p.offering_id);
        queries::reactions(tx, &distinct(closed)).await
    }
}

fn distinct(ids: impl Iterator<Item = Uuid>) -> Vec<Uuid> {
    ids.collect::<BTreeSet<_>>().into_iter().collect()
}

fn know(
    who: Participation,
    forms: &[Form],
    trained_from: &HashMap<(Uuid, Uuid), NaiveDate>,
    ratings: &HashMap<Uuid, Vec<Rating>>,
    request: &Request,
) -> Known {
    let trained = |person: Uuid| trained_from.get(&(person, who.course_id)).copied();
    let look = |follow_up: FollowUp| observe(&who, forms, follow_up.phase(), trained);
    let score = |person: Uuid| {
        let ratings = ratings.get(&person).map(Vec::as_slice).unwrap_or_default();
        scored(ratings, &who, request.as_of)
    };
    let colleagues = distinct(forms.iter().filter(|f| f.is_comparison).map(|f| f.subject_id));
    let other_scores = colleagues
        .into_iter()
        .map(|colleague| (trained(colleague), score(colleague)))
        .filter(|(from, score)| match (from, score) {
            (Some(from), Scored::Pair { until, .. }) => from > until,
            _ => true,
        })
        .map(|(_, score)| score)
        .collect();
    Known {
        main: look(request.follow_up),
        six_months: look(FollowUp::SixMonths),
        own_score: score(who.employee_id),
        other_scores,
        who,
    }
}

fn report(subject: Subject, request: &Request, known: &[&Known], reactions: &HashMap<Uuid, Forms>) -> Report {
    let floor = if request.by == By::Lecturer { Floor::Lecturer } else { Floor::Standard };
    let main: Vec<&Observed> = known.iter().map(|k| &k.main).collect();
    let later: Vec<&Observed> = known.iter().map(|k| &k.six_months).collect();
    let sample = Sample::of(&main);
    let behaviour = Behaviour::of(&sample, subject.smallest_change, floor);
    let six_months = Behaviour::of(&Sample::of(&later), subject.smallest_change, floor);
    let work_score = work_score(known, floor);
    let mut warnings = warnings(&sample, &behaviour.reasons, floor);
    if at_ceiling(&work_score.at_ceiling) {
        warnings.push(Warning::Ceiling);
    }
    let reaction = (request.by != By::Unit).then(|| {
        let offerings = distinct(known.iter().map(|k| k.who.offering_id));
        let forms: Vec<&Forms> = offerings.iter().filter_map(|id| reactions.get(id)).collect();
        reaction(&forms)
    });
    Report {
        as_of: request.as_of,
        follow_up: request.follow_up,
        floor,
        six_months: six_months.figures.decisive(),
        subject,
        sample,
        behaviour,
        work_score,
        reaction,
        warnings,
    }
}

fn work_score(known: &[&Known], floor: Floor) -> WorkScore {
    let pair = |score: &Scored| match score {
        Scored::Pair { before, after, .. } => Some((*before, *after)),
        Scored::InstrumentChanged | Scored::Incomplete => None,
    };
    let trained: Vec<(f64, f64)> = known.iter().filter_map(|k| pair(&k.own_score)).collect();
    let comparison: Vec<(f64, f64)> = known.iter().flat_map(|k| &k.other_scores).filter_map(pair).collect();
    let offerings =
        distinct(known.iter().filter(|k| pair(&k.own_score).is_some()).map(|k| k.who.offering_id));
    let instrument_changed = known.iter().filter(|k| k.own_score == Scored::InstrumentChanged).count();
    let too_few = floor.refuses(trained.len(), offerings.len());
    let baselines: Vec<f64> = trained.iter().map(|(before, _)| *before).collect();
    WorkScore {
        figures: Comparison::of(&trained, &comparison, Unit::PointsOf100, instrument_changed, too_few),
        at_ceiling: ceiling_share(&baselines),
        instrument_changed,
    }
}

/// Whether most had no room to rise.
fn at_ceiling(share: &Figure) -> bool {
    share.status() == Status::Ok && share.value().is_some_and(|percent| percent > 100.0 * CEILING_SHARE)
}
