use serde_json::Value;
use uuid::Uuid;

use super::checks::{Case, Check, CheckCode, CheckVerdict, Stage, worst};
use super::facts::{self, Employee, Offered, Offering};
use super::model::{Action, Allocation, Draft, Nomination, NominationStatus, Step};
use super::queries::{self, Filter, New};
use super::recheck::{employee_of, tell};
use super::refused::{Alternative, Refused};
use super::seats;
use crate::catalogue::offerings::lock_seats;
use crate::db::Tx;
use crate::error::{Error, ReferenceExt, Result, Rule};
use crate::half_day::HalfDay;
use crate::organisation::units::lock_presence;
use crate::page::{Page, PageRequest};
use crate::participation::participants;

/// Most alternatives that are proposed.
const ALTERNATIVES: usize = 5;

/// What the checks say of a draft, and what else would fit.
#[derive(Debug)]
pub struct Assessment {
    pub checks: Vec<Check>,
    pub alternatives: Vec<Alternative>,
    offering: Offering,
    plan_line_id: Option<Uuid>,
}

impl Assessment {
    /// Refuse when a check fails.
    fn accepted(self) -> Result<Self, Refused> {
        if worst(&self.checks) == CheckVerdict::Fail {
            return Err(Refused::ByChecks { checks: self.checks, alternatives: self.alternatives });
        }
        Ok(self)
    }
}

/// One page of nominations.
pub async fn list(tx: &mut Tx<'_>, filter: &Filter, page: &PageRequest) -> Result<Page<Nomination>> {
    queries::list(tx, filter, page).await
}

/// One nomination.
///
/// # Errors
/// Not found outside the caller's reach.
pub async fn get(tx: &mut Tx<'_>, id: Uuid) -> Result<Nomination> {
    queries::get(tx, id).await
}

/// Make every check and look for alternatives, without writing anything.
///
/// # Errors
/// An employee outside the caller's reach, an unknown offering or stand-in; [`Rule::AlreadyNominated`].
pub async fn check(tx: &mut Tx<'_>, draft: &Draft) -> Result<Assessment> {
    draft.consistent()?;
    let employee = facts::visible_employee(tx, draft.employee_id).await.referenced_at("/employee_id")?;
    facts::check_stand_in(tx, draft.stand_in_id, &employee).await.referenced_at("/stand_in_id")?;
    assess(tx, draft, employee, Stage::Nominate, None).await
}

/// Nominate someone. A superior's nomination is endorsed already; who asks for oneself, a head or an officer too, submits
/// it to the unit head (for a head: the one above).
///
/// # Errors
/// As `check`; [`Refused::ByChecks`] with the checks and alternatives.
pub async fn create(tx: &mut Tx<'_>, draft: Draft) -> Result<Nomination, Refused> {
    draft.consistent()?;
    let employee = facts::visible_employee(tx, draft.employee_id).await.referenced_at("/employee_id")?;
    facts::check_stand_in(tx, draft.stand_in_id, &employee).await.referenced_at("/stand_in_id")?;
    let unit_id = employee.unit_id;
    let status = if facts::leads(tx, unit_id).await? && !tx.actor.is_about_oneself(draft.employee_id) {
        NominationStatus::Endorsed
    } else {
        draft.by_oneself()?;
        NominationStatus::Submitted
    };
    lock_presence(tx, unit_id).await?;
    let course_id = facts::course_of(tx, draft.offering_id).await.referenced_at("/offering_id")?;
    facts::lock_plan_lines(tx, unit_id, course_id).await?;
    let assessment = assess(tx, &draft, employee, Stage::Nominate, None).await?.accepted()?;
    let new = New {
        draft: Draft { plan_line_id: assessment.plan_line_id, ..draft },
        course_id,
        institute_id: assessment.offering.institute_id,
        unit_id,
        status,
        checks: serde_json::to_value(&assessment.checks).map_err(Error::internal)?,
    };
    let nomination = queries::insert(tx, new).await?;
    queries::hold_half_days(tx, &nomination).await?;
    tell(tx, "nomination.created", &nomination);
    Ok(nomination)
}

/// Nobody decides for oneself (Law 36/2018/QH14 on preventing corruption, Art. 23, conflicts of interest): the person
/// nominated, whatever the office, a deputy of that person, or a deputy who is nominated. Who nominated somebody else may
/// also decide: the law wants no second person there, and the checks and the audit log hold.
fn refuse_own(tx: &Tx<'_>, nomination: &Nomination) -> Result<()> {
    if tx.actor.is_about_oneself(nomination.employee_id) { Err(Rule::OwnNomination.into()) } else { Ok(()) }
}

/// The unit head endorses a nomination.
///
/// # Errors
/// Not found outside the caller's reach; [`Rule::OwnNomination`]; [`Rule::WrongState`].
pub async fn endorse(tx: &mut Tx<'_>, id: Uuid) -> Result<Nomination> {
    let nomination = queries::get(tx, id).await?;
    refuse_own(tx, &nomination)?;
    tx.matches(nomination.version)?;
    let status = nomination.status.step(Action::Endorse)?;
    let nomination = queries::update(tx, &nomination, Step::to(status)).await?;
    tell(tx, "nomination.endorsed", &nomination);
    Ok(nomination)
}

/// Decide for a nomination: the checks are made again; with a seat left the person becomes a participant, else waits.
/// Who waits already gets a seat that has come free otherwise (more seats), or goes on waiting. Where seats are drawn by
/// lot, everybody waits for the draw, and afterwards those who wait move up in the order of their lots.
///
/// # Errors
/// Not found outside the caller's reach; [`Rule::OwnNomination`]; [`Rule::WrongState`]; [`Refused::ByChecks`] when a check
/// fails now.
pub async fn approve(tx: &mut Tx<'_>, id: Uuid) -> Result<Nomination, Refused> {
    let nomination = locked(tx, id).await?;
    refuse_own(tx, &nomination)?;
    tx.matches(nomination.version)?;
    nomination.status.step(Action::Approve)?;
    let offering_id = nomination.offering_id;
    let allocation = seats::allocation(tx, offering_id, nomination.employee_id).await?;
    if allocation == Allocation::Drawn {
        let waiting = seats::waiting(tx, offering_id).await?;
        seats::lock_units(tx, &waiting, Some(nomination.unit_id)).await?;
    } else {
        lock_presence(tx, nomination.unit_id).await?;
    }
    let employee = employee_of(tx, &nomination).await?;
    let draft = Draft::from(&nomination);
    let assessment = assess(tx, &draft, employee, Stage::Decide, Some(nomination.id)).await?.accepted()?;
    let waits = nomination.status == NominationStatus::Waitlisted;
    let may_have = allocation == Allocation::FirstCome;
    if may_have && seats::Free::of(tx, offering_id).await?.is_for(nomination.employee_id) {
        let approved = seats::give(tx, &nomination, &assessment.checks).await?;
        tell(tx, "nomination.approved", &approved);
        return Ok(approved);
    }
    if !waits {
        let waiting = seats::wait(tx, &nomination, &assessment.checks).await?;
        tell(tx, "nomination.waitlisted", &waiting);
    }
    if allocation == Allocation::Drawn {
        seats::move_up(tx, offering_id).await?;
    }
    Ok(queries::get(tx, id).await?)
}

/// Give a nomination back to the person, with a reason.
///
/// # Errors
/// Not found outside the caller's reach; [`Rule::WrongState`].
pub async fn send_back(tx: &mut Tx<'_>, id: Uuid, reason: String) -> Result<Nomination> {
    let nomination = queries::get(tx, id).await?;
    tx.matches(nomination.version)?;
    end(tx, nomination, Action::Return, Some(reason), "nomination.returned").await
}

/// Refuse a nomination, with a reason. A seat that comes free goes to the waiting list.
///
/// # Errors
/// As [`withdraw`].
pub async fn decline(tx: &mut Tx<'_>, id: Uuid, reason: String) -> Result<Nomination> {
    before_start(tx, id, Action::Decline, Some(reason), "nomination.declined").await
}

/// Take a nomination back. A seat that comes free goes to the waiting list.
///
/// # Errors
/// Not found outside the caller's reach; [`Rule::WrongState`]; [`Rule::OfferingStarted`] from the first day on.
pub async fn withdraw(tx: &mut Tx<'_>, id: Uuid, reason: Option<String>) -> Result<Nomination> {
    before_start(tx, id, Action::Withdraw, reason, "nomination.withdrawn").await
}

async fn before_start(
    tx: &mut Tx<'_>,
    id: Uuid,
    action: Action,
    reason: Option<String>,
    event: &'static str,
) -> Result<Nomination> {
    let nomination = locked(tx, id).await?;
    tx.matches(nomination.version)?;
    nomination.status.step(action)?;
    let (first, _) = queries::start_and_seats(tx, nomination.offering_id).await?;
    if tx.today() >= HalfDay(first).date() {
        return Err(Rule::OfferingStarted.into());
    }
    let had_seat = nomination.status == NominationStatus::Approved;
    let ended = end(tx, nomination, action, reason, event).await?;
    if had_seat {
        participants::leave(tx, ended.id).await?;
        seats::move_up(tx, ended.offering_id).await?;
    }
    Ok(ended)
}

async fn end(
    tx: &mut Tx<'_>,
    nomination: Nomination,
    action: Action,
    reason: Option<String>,
    event: &'static str,
) -> Result<Nomination> {
    let status = nomination.status.step(action)?;
    let step = Step { decision_reason: reason, decided_at: Some(tx.now), ..Step::to(status) };
    let ended = queries::update(tx, &nomination, step).await?;
    queries::release_half_days(tx, ended.id).await?;
    tell(tx, event, &ended);
    Ok(ended)
}

/// A nomination as it is once everybody else is done with the seats of its offering.
async fn locked(tx: &mut Tx<'_>, id: Uuid) -> Result<Nomination> {
    let seen = queries::get(tx, id).await?;
    lock_seats(tx, seen.offering_id).await?;
    queries::get(tx, id).await
}

async fn assess(
    tx: &mut Tx<'_>,
    draft: &Draft,
    employee: Employee,
    stage: Stage,
    except: Option<Uuid>,
) -> Result<Assessment> {
    let offering_id = draft.offering_id;
    let course_id = facts::course_of(tx, offering_id).await.referenced_at("/offering_id")?;
    let which = Offered::OneAndOpenOf { offering_id, course_id };
    let (person, mut offerings) = facts::load(tx, employee, draft, &which, except).await?;
    if person.nominated_for.contains(&offering_id) {
        return Err(Rule::AlreadyNominated.into());
    }
    let wanted = offerings.iter().position(|o| o.id == offering_id).ok_or(Error::NotFound("offering"))?;
    let offering = offerings.remove(wanted);
    let today = tx.today();
    let chosen = Case { today, stage, draft, person: &person, offering: &offering };
    let (checks, plan_line_id) = (chosen.checks(), chosen.plan_line().map(|l| l.id));
    offerings.retain(|o| !person.nominated_for.contains(&o.id));
    let alternatives = fitting(offerings, |offering| {
        let other = Case { today, stage: Stage::Nominate, draft, person: &person, offering };
        other.checks()
    });
    Ok(Assessment {
        checks,
        alternatives,
        plan_line_id: plan_line_id.filter(|_| draft.succession_entry_id.is_none()),
        offering,
    })
}

/// Offerings without a failing check: fewer warnings first, then the earlier start.
fn fitting(offerings: Vec<Offering>, checks: impl Fn(&Offering) -> Vec<Check>) -> Vec<Alternative> {
    let mut fitting: Vec<Alternative> = offerings
        .into_iter()
        .filter_map(|offering| {
            let checks = checks(&offering);
            (worst(&checks) != CheckVerdict::Fail)
                .then(|| Alternative { warnings: warnings(&checks), offering })
        })
        .collect();
    fitting.sort_by_key(|a| (a.warnings.len(), a.offering.first_day(), a.offering.id));
    fitting.truncate(ALTERNATIVES);
    fitting
}

fn warnings(checks: &[Check]) -> Vec<CheckCode> {
    checks.iter().filter(|c| c.verdict == CheckVerdict::Warning).map(|c| c.code).collect()
}

/// The stored checks of a nomination.
///
/// # Errors
/// [`Error::Internal`] when they are not what this service writes.
pub fn stored_checks(checks: &Value) -> Result<Vec<Check>> {
    serde_json::from_value(checks.clone()).map_err(Error::internal)
}
