//! From what is known of each participation to the report of a subject.

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;
use uuid::Uuid;

use super::behaviour::{Behaviour, Comparison, Floor, Warning, headline, warnings};
use super::model::{By, FollowUp, Form, Participation, Request, Subject};
use super::pairs::{Observed, observe};
use super::reaction::{Forms, Reaction, reaction};
use super::sample::Sample;
use super::work_score::{Rating, Scored, scored};
use crate::evaluation::statistics::thresholds::CEILING_SHARE;
use crate::evaluation::statistics::{Figure, Status, Unit, ceiling_share};

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

/// Everything known about one participation.
pub struct Known {
    pub who: Participation,
    main: Observed,
    six_months: Observed,
    own_score: Scored,
    /// Official scores of the matched colleagues.
    other_scores: Vec<Scored>,
}

/// Look at one participation.
pub fn know(
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

/// Report on a subject by its people.
pub fn report(
    subject: Subject,
    request: &Request,
    known: &[&Known],
    reactions: &HashMap<Uuid, Forms>,
) -> Report {
    let floor = if request.by == By::Lecturer { Floor::Lecturer } else { Floor::Standard };
    let main: Vec<&Observed> = known.iter().map(|k| &k.main).collect();
    let later: Vec<&Observed> = known.iter().map(|k| &k.six_months).collect();
    let sample = Sample::of(&main);
    let behaviour = Behaviour::of(&sample, subject.smallest_change, floor);
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
        six_months: headline(&Sample::of(&later), floor),
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

/// Each id once, in order.
pub fn distinct(ids: impl Iterator<Item = Uuid>) -> Vec<Uuid> {
    ids.collect::<BTreeSet<_>>().into_iter().collect()
}
