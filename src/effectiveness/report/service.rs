use std::collections::HashMap;

use uuid::Uuid;

use super::model::{By, Request, Subject, SubjectKey};
use super::of_subject::OfSubject;
use super::queries::{self, Ended, Links};
use super::subject_report::{Report, report};
use crate::db::Tx;
use crate::effectiveness::evaluation_plans;
use crate::effectiveness::expected_effects::{self, ExpectedEffect};
use crate::effectiveness::measures::{Measure, Others};
use crate::effectiveness::release::{self, Released, released};
use crate::error::{Error, FieldError, Result};
use crate::page::{Page, PageRequest};

/// One page of effectiveness reports.
///
/// # Errors
/// Not found for an id outside the caller's reach; an institute that asks for units; a day to come.
pub async fn effectiveness(tx: &mut Tx<'_>, request: &Request, page: &PageRequest) -> Result<Page<Report>> {
    check(tx, request)?;
    let subjects = queries::subjects(tx, request, page).await?;
    if request.id.is_some() && subjects.items.is_empty() && page.after.is_none() {
        return Err(Error::NotFound(request.by.name()));
    }
    let keys = subjects.items.iter().map(Subject::key).collect();
    let links = queries::links(tx, request.by, keys).await?;
    let known = Known::load(tx, request, &links).await?;
    let others = known.others(tx, request).await?;
    Ok(subjects.map(|subject| {
        let of = known.of.get(&subject.key());
        report(subject, request, of.unwrap_or(&OfSubject::default()), &others)
    }))
}

fn check(tx: &Tx<'_>, request: &Request) -> Result<()> {
    let today = tx.today();
    if request.as_of > today {
        let fault = FieldError::new("?as_of", "too_large").with("limit", today);
        return Err(fault.into());
    }
    if request.from.zip(request.to).is_some_and(|(from, to)| to < from) {
        return Err(Error::field("?to", "date_order"));
    }
    if request.by.is_word() && request.id.is_some() {
        return Err(Error::field("?id", "not_applicable"));
    }
    // Unit by unit only whole quarters are shown: any other period could be chosen around a single person.
    for (pointer, day) in [("?from", request.from), ("?to", request.to)] {
        if request.by == By::Unit && day.is_some() {
            return Err(FieldError::new(pointer, "not_allowed").with("allowed", "as_of").into());
        }
    }
    let reach = &tx.reach;
    if request.by == By::Unit && reach.institute_id.is_some() && !reach.all && reach.unit_ids.is_empty() {
        let fault = FieldError::new("?by", "not_allowed").with("allowed", By::OF_AN_INSTITUTE);
        return Err(fault.into());
    }
    Ok(())
}

/// Everything known about the subjects of one page.
#[derive(Debug, Default)]
struct Known {
    of: HashMap<SubjectKey, OfSubject>,
}

impl Known {
    async fn load(tx: &mut Tx<'_>, request: &Request, links: &Links) -> Result<Self> {
        if request.by == By::Unit {
            return Self::of_units(tx, request, links).await;
        }
        let ended = queries::offerings_of(tx, request, links).await?;
        let mut known = Self::of_offerings(tx, request, links, &ended).await?;
        if request.by == By::Offering {
            known.add_expected(expected_effects::of_offerings(tx, &links.ids()).await?);
            known.add_registered(tx, &links.ids()).await?;
        }
        Ok(known)
    }

    /// How others were rated before: read only where a change is to be set against it.
    async fn others(&self, tx: &mut Tx<'_>, request: &Request) -> Result<Others> {
        let main = request.follow_up.measure();
        let mut shown = self.of.values().filter_map(|of| of.sums.get(&main));
        if shown.any(|sums| sums.flow.is_mostly_for_weakness()) {
            release::rated_before(tx, request.as_of).await
        } else {
            Ok(Others::default())
        }
    }

    fn add_expected(&mut self, declared: HashMap<Uuid, Vec<ExpectedEffect>>) {
        for (offering, effects) in declared {
            self.of.entry(SubjectKey::Id(offering)).or_default().expected = effects;
        }
    }

    async fn add_registered(&mut self, tx: &mut Tx<'_>, offerings: &[Uuid]) -> Result<()> {
        let registered = evaluation_plans::registrations(tx, offerings).await?;
        let departed = evaluation_plans::departed(tx, &registered).await?;
        for (offering, of) in registered {
            let departed = departed.contains(&offering);
            self.of.entry(SubjectKey::Id(offering)).or_default().registered = Some((of, departed));
        }
        Ok(())
    }

    async fn of_units(tx: &mut Tx<'_>, request: &Request, links: &Links) -> Result<Self> {
        let mut known = Self::default();
        for (unit, measure, sums) in queries::quarters(tx, request.as_of, links.ids()).await? {
            for subject in links.through(unit) {
                known.of.entry(subject).or_default().add(measure, &sums);
            }
        }
        Ok(known)
    }

    async fn of_offerings(
        tx: &mut Tx<'_>,
        request: &Request,
        links: &Links,
        ended: &[Ended],
    ) -> Result<Self> {
        let ids: Vec<Uuid> = ended.iter().map(|e| e.id).collect();
        let main = request.follow_up.measure();
        let released = released(tx, request.as_of, &ids, &Measure::ALL).await?;
        let unscored: Vec<Uuid> =
            ids.iter().copied().filter(|id| !has(&released, *id, Measure::WorkScore)).collect();
        let waiting: Vec<Uuid> = ids.into_iter().filter(|id| !has(&released, *id, main)).collect();
        // How many forms have come back is shown for a course or an offering, not for a subject with hundreds of
        // courses.
        let counted = match request.by {
            By::Course | By::Offering => release::look(tx, &waiting, main, request.as_of).await?,
            _ => HashMap::new(),
        };
        let scores = match request.by {
            By::Course | By::Offering => release::awaited_scores(tx, &unscored, request.as_of).await?,
            _ => HashMap::new(),
        };
        let mut known = Self::default();
        for offering in ended {
            let has_main = has(&released, offering.id, main);
            for subject in links.of(offering) {
                let of = known.of.entry(subject).or_default();
                if let Some(released) = released.get(&offering.id) {
                    of.add_offering(released, request, offering.half_days);
                }
                if let Some(scores) = scores.get(&offering.id) {
                    of.scores.wait(*scores);
                }
                if !has_main {
                    of.awaiting += 1;
                    of.add(main, &counted.get(&offering.id).cloned().unwrap_or_default());
                }
            }
        }
        Ok(known)
    }
}

fn has(released: &HashMap<Uuid, Released>, offering: Uuid, measure: Measure) -> bool {
    released.get(&offering).is_some_and(|of| of.sums.contains_key(&measure))
}
