use std::collections::HashMap;

use uuid::Uuid;

use super::model::{By, Participation, Request};
use super::queries::{self, Links};
use super::reaction::{Forms, is_final};
use super::report::{Known, Report, distinct, know, report};
use crate::db::Tx;
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
