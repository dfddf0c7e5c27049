use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::model::{Candidate, Certificate, CertificateStatus, check_code};
use crate::db::schema::{
    certificate_counters, certificates, course_competencies, employee_competencies, employees, institutes,
    participants, results,
};
use crate::db::{Tx, within_reach};
use crate::error::{Error, Result};
use crate::organisation::employee_competencies::CompetencySource;
use crate::page::{Page, PageRequest, Position};
use crate::participation::participants::{ManagedOffering, ParticipantStatus};

/// Rows of one INSERT: Postgres takes 65,535 parameters.
const ROWS: usize = 2000;

within_reach! {
    /// Certificates of everybody, of people who were in the caller's units when nominated, of the institute, or one's own.
    fn visible(tx, certificates) {
        units: unit_id,
        own: employee_id = tx.reach.employee_id,
        own: institute_id = tx.reach.institute_id,
    }
}

pub struct Filter {
    pub number: Option<String>,
    pub offering_id: Option<Uuid>,
    pub employee_id: Option<Uuid>,
    pub status: Option<CertificateStatus>,
}

pub async fn list(tx: &mut Tx<'_>, filter: &Filter, page: &PageRequest) -> Result<Page<Certificate>> {
    let rows = listed(tx, None, page, |mut query, _| {
        if let Some(number) = &filter.number {
            query = query.filter(certificates::number.eq(number.clone()));
        }
        if let Some(offering) = filter.offering_id {
            query = query.filter(certificates::offering_id.eq(offering));
        }
        if let Some(employee) = filter.employee_id {
            query = query.filter(certificates::employee_id.eq(employee));
        }
        if let Some(status) = filter.status {
            query = query.filter(certificates::status.eq(status));
        }
        query
    });
    let rows = rows.select(Certificate::as_select()).load(tx.conn()).await?;
    Ok(Page::cut(rows, page, |c| Position::id(c.id)))
}

pub async fn get(tx: &mut Tx<'_>, id: Uuid) -> Result<Certificate> {
    visible(tx)
        .filter(certificates::id.eq(id))
        .select(Certificate::as_select())
        .first(tx.conn())
        .await
        .optional()?
        .ok_or(Error::NotFound("certificate"))
}

/// A certificate by its number and check code, with the institute's name and whether the holder's identity was erased.
pub async fn by_number(
    tx: &mut Tx<'_>,
    number: &str,
    check_code: &str,
) -> Result<(Certificate, String, bool)> {
    certificates::table
        .inner_join(institutes::table)
        .inner_join(employees::table)
        .filter(certificates::number.eq(number))
        .filter(certificates::check_code.eq(check_code))
        .select((Certificate::as_select(), institutes::name, employees::erased_at.is_not_null()))
        .first(tx.conn())
        .await
        .optional()?
        .ok_or(Error::NotFound("certificate"))
}

/// States of an offering's participants.
pub async fn statuses(tx: &mut Tx<'_>, offering_id: Uuid) -> Result<HashMap<Uuid, ParticipantStatus>> {
    Ok(participants::table
        .filter(participants::offering_id.eq(offering_id))
        .select((participants::id, participants::status))
        .load::<(Uuid, ParticipantStatus)>(tx.conn())
        .await?
        .into_iter()
        .collect())
}

/// What some participants have to show, in the order of their numbers.
pub async fn candidates(tx: &mut Tx<'_>, ids: &[Uuid]) -> Result<Vec<Candidate>> {
    let rows: Vec<(Uuid, Uuid, i32, String, Option<f64>)> = participants::table
        .inner_join(employees::table)
        .filter(participants::id.eq_any(ids))
        .order(participants::number)
        .select((
            participants::id,
            participants::employee_id,
            participants::number,
            employees::full_name,
            participants::attendance_percent,
        ))
        .load(tx.conn())
        .await?;
    let mut scores: HashMap<Uuid, Vec<(f64, f64)>> = HashMap::new();
    let recorded: Vec<(Uuid, f64, f64)> = results::table
        .filter(results::participant_id.eq_any(ids))
        .select((results::participant_id, results::score, results::maximum))
        .load(tx.conn())
        .await?;
    for (participant, score, maximum) in recorded {
        scores.entry(participant).or_default().push((score, maximum));
    }
    let revoked: Vec<Uuid> = certificates::table
        .filter(certificates::participant_id.eq_any(ids))
        .filter(certificates::status.eq(CertificateStatus::Revoked))
        .select(certificates::participant_id)
        .load(tx.conn())
        .await?;
    Ok(rows
        .into_iter()
        .map(|(participant_id, employee_id, number, holder_name, attendance_percent)| Candidate {
            results: scores.remove(&participant_id).unwrap_or_default(),
            was_revoked: revoked.contains(&participant_id),
            participant_id,
            employee_id,
            number,
            holder_name,
            attendance_percent,
        })
        .collect())
}

/// Code of an institute, for its certificates' numbers.
pub async fn institute_code(tx: &mut Tx<'_>, id: Uuid) -> Result<String> {
    Ok(institutes::table.find(id).select(institutes::code).first(tx.conn()).await?)
}

/// Take some running numbers; gives the first. The counter stays locked until the unit of work ends, so a number that
/// is not used in the end is given back.
pub async fn take_numbers(tx: &mut Tx<'_>, institute_id: Uuid, year: i32, count: i32) -> Result<i32> {
    let last: i32 = diesel::insert_into(certificate_counters::table)
        .values((
            certificate_counters::institute_id.eq(institute_id),
            certificate_counters::year.eq(year),
            certificate_counters::last_number.eq(count),
        ))
        .on_conflict((certificate_counters::institute_id, certificate_counters::year))
        .do_update()
        .set(certificate_counters::last_number.eq(certificate_counters::last_number + count))
        .returning(certificate_counters::last_number)
        .get_result(tx.conn())
        .await?;
    Ok(last - count + 1)
}

pub async fn insert(
    tx: &mut Tx<'_>,
    offering: &ManagedOffering,
    numbered: &[(String, &Candidate)],
) -> Result<Vec<Certificate>> {
    let (now, today) = (tx.now, tx.today());
    let mut inserted = Vec::with_capacity(numbered.len());
    for chunk in numbered.chunks(ROWS) {
        let rows: Vec<_> = chunk
            .iter()
            .map(|(number, candidate)| {
                (
                    certificates::id.eq(tx.new_id()),
                    certificates::number.eq(number.clone()),
                    certificates::participant_id.eq(candidate.participant_id),
                    certificates::offering_id.eq(offering.id),
                    certificates::institute_id.eq(offering.institute_id),
                    certificates::employee_id.eq(candidate.employee_id),
                    certificates::holder_name.eq(candidate.holder_name.clone()),
                    certificates::course_title.eq(offering.course_title.clone()),
                    certificates::periods.eq(offering.periods),
                    certificates::issued_on.eq(today),
                    certificates::status.eq(CertificateStatus::Issued),
                    certificates::created_at.eq(now),
                    certificates::updated_at.eq(now),
                    certificates::check_code.eq(check_code()),
                )
            })
            .collect();
        let certificates: Vec<Certificate> = diesel::insert_into(certificates::table)
            .values(rows)
            .returning(Certificate::as_returning())
            .get_results(tx.conn())
            .await?;
        inserted.extend(certificates);
    }
    inserted.sort_by(|a, b| a.number.cmp(&b.number));
    Ok(inserted)
}

/// What a certificate proves. Rows the person has already stay: the highest valid one counts.
pub async fn insert_competencies(
    tx: &mut Tx<'_>,
    course_id: Uuid,
    issued: &[Certificate],
    valid_to: Option<NaiveDate>,
) -> Result<()> {
    let (now, today) = (tx.now, tx.today());
    let built: Vec<(Uuid, i16)> = course_competencies::table
        .filter(course_competencies::course_id.eq(course_id))
        .select((course_competencies::competency_id, course_competencies::level))
        .load(tx.conn())
        .await?;
    let rows: Vec<_> = issued
        .iter()
        .flat_map(|c| built.iter().map(move |b| (c, *b)))
        .map(|(certificate, (competency_id, level))| {
            (
                employee_competencies::id.eq(tx.new_id()),
                employee_competencies::employee_id.eq(certificate.employee_id),
                employee_competencies::competency_id.eq(competency_id),
                employee_competencies::level.eq(level),
                employee_competencies::source.eq(CompetencySource::Certificate),
                employee_competencies::certificate_id.eq(Some(certificate.id)),
                employee_competencies::valid_from.eq(today),
                employee_competencies::valid_to.eq(valid_to),
                employee_competencies::created_at.eq(now),
            )
        })
        .collect();
    let mut rows = rows.into_iter().peekable();
    while rows.peek().is_some() {
        let chunk: Vec<_> = rows.by_ref().take(ROWS).collect();
        diesel::insert_into(employee_competencies::table).values(chunk).execute(tx.conn()).await?;
    }
    Ok(())
}

/// End what a certificate proved: today at the latest; what would begin today never does.
pub async fn end_competencies(tx: &mut Tx<'_>, certificate_id: Uuid) -> Result<()> {
    use employee_competencies as t;
    let today = tx.today();
    let proved = t::certificate_id.eq(certificate_id);
    diesel::delete(t::table.filter(proved).filter(t::valid_from.ge(today))).execute(tx.conn()).await?;
    diesel::update(t::table.filter(proved).filter(t::valid_to.is_null().or(t::valid_to.gt(today))))
        .set(t::valid_to.eq(today))
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Revoke a certificate that still has the version that was read.
pub async fn revoke(
    tx: &mut Tx<'_>,
    certificate: &Certificate,
    status: CertificateStatus,
    reason: String,
) -> Result<Certificate> {
    let now = tx.now;
    diesel::update(
        certificates::table
            .filter(certificates::id.eq(certificate.id))
            .filter(certificates::version.eq(certificate.version)),
    )
    .set((
        certificates::status.eq(status),
        certificates::revoked_reason.eq(Some(reason)),
        certificates::version.eq(certificate.version + 1),
        certificates::updated_at.eq(now),
    ))
    .returning(Certificate::as_returning())
    .get_result(tx.conn())
    .await
    .optional()?
    .ok_or(Error::Stale)
}
