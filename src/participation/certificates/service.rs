use chrono::{Datelike, Months};
use serde_json::json;
use uuid::Uuid;

use super::model::{Candidate, Certificate, Issue, certificate_number, normal_check_code};
use super::queries::{self, Filter};
use crate::catalogue::offerings::lock_seats;
use crate::db::Tx;
use crate::error::{Error, Faults, FieldError, Result, Rule};
use crate::half_day::HalfDay;
use crate::page::{Page, PageRequest};
use crate::participation::participants::{
    ManagedOffering, ParticipantStatus, managed_offering, recompute_attendance, set_status,
};

/// One page of certificates.
pub async fn list(tx: &mut Tx<'_>, filter: &Filter, page: &PageRequest) -> Result<Page<Certificate>> {
    queries::list(tx, filter, page).await
}

/// One certificate.
///
/// # Errors
/// Not found outside the caller's reach.
pub async fn get(tx: &mut Tx<'_>, id: Uuid) -> Result<Certificate> {
    queries::get(tx, id).await
}

/// A certificate by its number and check code, with the institute's name and whether the holder's identity was erased.
///
/// # Errors
/// Not found without such a number, or with another code.
pub async fn verify(tx: &mut Tx<'_>, number: &str, check_code: &str) -> Result<(Certificate, String, bool)> {
    queries::by_number(tx, number, &normal_check_code(check_code)).await
}

/// Issue certificates to all (or those named) who meet the conditions; say of the others what is missing.
///
/// # Errors
/// Not found when the offering lies outside the caller's reach; [`Rule::CertificateConditions`] before the day of its
/// last session; someone named who does not take part; [`Rule::CertificateExists`] for someone named who has one.
pub async fn issue(tx: &mut Tx<'_>, offering_id: Uuid, named: Option<Vec<Uuid>>) -> Result<Issue> {
    let offering = managed_offering(tx, offering_id).await?;
    lock_seats(tx, offering_id).await?;
    over(tx, &offering)?;
    recompute_attendance(tx, offering_id, true).await?;
    let ids = eligible(tx, offering_id, named.as_deref()).await?;
    let minimum = offering.minimum_attendance_percent;
    let mut good: Vec<Candidate> = Vec::new();
    let mut not_issued = Vec::new();
    for candidate in queries::candidates(tx, &ids).await? {
        let unmet = candidate.unmet(minimum, named.is_some());
        if unmet.is_empty() {
            good.push(candidate);
        } else {
            not_issued.push((candidate, unmet));
        }
    }
    let issued = give(tx, &offering, &good).await?;
    let failed: Vec<Uuid> = not_issued.iter().map(|(c, _)| c.participant_id).collect();
    for id in set_status(tx, &failed, ParticipantStatus::NotCompleted).await? {
        tx.emit("participant.not_completed", id, &json!({"offering_id": offering_id}));
    }
    Ok(Issue { issued, not_issued, minimum_attendance_percent: minimum })
}

/// Revoke a certificate (Circular 03/2023/TT-BNV, Art. 8): what it proved is no longer shown.
///
/// # Errors
/// Not found outside the caller's reach; [`Rule::WrongState`] when it is revoked already.
pub async fn revoke(tx: &mut Tx<'_>, id: Uuid, reason: String) -> Result<Certificate> {
    let seen = queries::get(tx, id).await?;
    lock_seats(tx, seen.offering_id).await?;
    let certificate = queries::get(tx, id).await?;
    tx.matches(certificate.version)?;
    let status = certificate.status.revoke()?;
    let revoked = queries::revoke(tx, &certificate, status, reason).await?;
    queries::end_competencies(tx, id).await?;
    set_status(tx, &[revoked.participant_id], ParticipantStatus::NotCompleted).await?;
    tx.emit("certificate.revoked", id, &json!({"number": revoked.number}));
    Ok(revoked)
}

fn over(tx: &Tx<'_>, offering: &ManagedOffering) -> Result<()> {
    let last_day = HalfDay(offering.last_half_day).date();
    if tx.today() >= last_day && offering.status.takes_place() {
        return Ok(());
    }
    Err(Error::refused(Rule::CertificateConditions, &json!({"last_day": last_day, "state": offering.status})))
}

async fn eligible(tx: &mut Tx<'_>, offering_id: Uuid, named: Option<&[Uuid]>) -> Result<Vec<Uuid>> {
    let statuses = queries::statuses(tx, offering_id).await?;
    let open = |status: &ParticipantStatus| ParticipantStatus::CORRECTABLE.contains(status);
    let Some(named) = named else {
        return Ok(statuses.iter().filter(|(_, s)| open(s)).map(|(id, _)| *id).collect());
    };
    let mut faults = Faults::default();
    for (i, id) in named.iter().enumerate() {
        match statuses.get(id) {
            Some(ParticipantStatus::Completed) => return Err(Rule::CertificateExists.into()),
            Some(status) if open(status) => {}
            _ => faults.push(FieldError::new(format!("/participant_ids/{i}"), "unknown_reference")),
        }
    }
    faults.check().map(|()| named.to_vec())
}

async fn give(tx: &mut Tx<'_>, offering: &ManagedOffering, good: &[Candidate]) -> Result<Vec<Certificate>> {
    if good.is_empty() {
        return Ok(Vec::new());
    }
    let today = tx.today();
    let code = queries::institute_code(tx, offering.institute_id).await?;
    let count = i32::try_from(good.len()).map_err(Error::internal)?;
    let first = queries::take_numbers(tx, offering.institute_id, today.year(), count).await?;
    let numbered: Vec<(String, &Candidate)> = (first..)
        .zip(good)
        .map(|(running, candidate)| (certificate_number(&code, today.year(), running), candidate))
        .collect();
    let issued = queries::insert(tx, offering, &numbered).await?;
    let valid_to = offering
        .refresh_months
        .and_then(|months| u32::try_from(months).ok())
        .and_then(|months| today.checked_add_months(Months::new(months)));
    queries::insert_competencies(tx, offering.course_id, &issued, valid_to).await?;
    let ids: Vec<Uuid> = good.iter().map(|c| c.participant_id).collect();
    set_status(tx, &ids, ParticipantStatus::Completed).await?;
    for certificate in &issued {
        let data = json!({
            "number": certificate.number, "participant_id": certificate.participant_id,
            "employee_id": certificate.employee_id, "offering_id": certificate.offering_id
        });
        tx.emit("certificate.issued", certificate.id, &data);
    }
    Ok(issued)
}
