//! The raw rows that are added up on the day of release: who took part, the forms about their work, their official
//! ratings.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::super::awaited::{AwaitedPeople, AwaitedPerson, KNOWN_BY, RatedPeriod};
use crate::catalogue::offerings::{not_cancelled, row_not_cancelled};
use crate::clock::vietnamese_day;
use crate::db::Tx;
use crate::db::schema::{
    employees, evaluation_responses, evaluations, nominations, offerings, participants, performance_ratings,
    questionnaires,
};
use crate::effectiveness::measures::PeriodKind;
use crate::effectiveness::measures::model::{Form, Participation, answer_by};
use crate::effectiveness::measures::work_score::{Rating, Use};
use crate::error::Result;
use crate::evaluation::evaluations::{Phase, Rater, Status, SubjectGroup};
use crate::evaluation::questionnaires::{Audience, BEHAVIOUR_LEVEL};
use crate::half_day::HalfDay;
use crate::organisation::employees::EmployeeStatus;
use crate::participation::nominations::NominationMotive;
use crate::participation::participants::{row_took_part, took_part};
use crate::participation::seat_draws::begins_before_rating;

/// A participation, its offering's course and days, and its nomination's motive and moments.
type Attended =
    ((Uuid, Uuid, Uuid, Uuid), (Uuid, i32, i32), (NominationMotive, Option<DateTime<Utc>>, DateTime<Utc>));

/// Everyone who took part (and did not withdraw) in some offerings.
pub async fn participations(tx: &mut Tx<'_>, offering_ids: &[Uuid]) -> Result<Vec<Participation>> {
    let rows: Vec<Attended> = participants::table
        .inner_join(offerings::table)
        .inner_join(nominations::table)
        .filter(took_part())
        .filter(participants::offering_id.eq_any(offering_ids))
        .order(participants::id)
        .select((
            (participants::id, participants::offering_id, participants::employee_id, participants::unit_id),
            (offerings::course_id, offerings::first_half_day, offerings::last_half_day),
            (nominations::motive, nominations::decided_at, nominations::created_at),
        ))
        .load(tx.conn())
        .await?;
    Ok(rows.into_iter().map(participation).collect())
}

fn participation(
    ((id, offering_id, employee_id, unit_id), (course_id, first, last), nomination): Attended,
) -> Participation {
    let (motive, decided, created) = nomination;
    Participation {
        id,
        offering_id,
        course_id,
        employee_id,
        unit_id,
        for_weakness: motive == NominationMotive::Weakness,
        by_lot: false,
        index_date: vietnamese_day(decided.unwrap_or(created)),
        first_day: HalfDay(first).date(),
        last_day: HalfDay(last).date(),
    }
}

/// The offerings in which only a lot decided who was trained and who is compared with them: everybody who takes part
/// was in the draw, and so was everybody who is compared; and of those drawn at most a tenth gave the seat back, of
/// those who wait at most a tenth sat in the course elsewhere before they were rated, and of all at most a tenth did
/// not pass the checks, since none of this is chance. (The What Works Clearinghouse takes up to a tenth for a low
/// attrition.)
pub async fn drawn_by_lot(tx: &mut Tx<'_>, offering_ids: &[Uuid]) -> Result<HashSet<Uuid>> {
    #[derive(QueryableByName)]
    struct Drawn {
        #[diesel(sql_type = SqlUuid)]
        offering_id: Uuid,
    }
    let before_rating = begins_before_rating("other", "o");
    let (took_part, not_cancelled) = (row_took_part("p"), row_not_cancelled("other"));
    let rows: Vec<Drawn> = diesel::sql_query(format!(
        "SELECT d.offering_id FROM seat_draws d JOIN offerings o ON o.id = d.offering_id
            CROSS JOIN LATERAL (SELECT
                    count(*) FILTER (WHERE e.outcome = 'drawn') AS drawn,
                    count(*) FILTER (WHERE e.outcome = 'drawn' AND n.status <> 'approved') AS gave_back,
                    count(*) FILTER (WHERE e.outcome = 'waiting') AS waiting,
                    count(*) FILTER (WHERE e.outcome = 'waiting' AND EXISTS (SELECT FROM participants p
                        JOIN offerings other ON other.id = p.offering_id
                        WHERE p.employee_id = e.employee_id AND {took_part} AND {not_cancelled}
                            AND other.course_id = o.course_id AND other.id <> o.id
                            AND {before_rating})) AS crossed_over,
                    count(*) FILTER (WHERE e.outcome = 'passed_over') AS passed_over
                FROM seat_draw_entries e JOIN nominations n ON n.id = e.nomination_id
                WHERE e.offering_id = d.offering_id) found
        WHERE d.offering_id = ANY ($1) AND d.status = 'held'
            AND 10 * gave_back <= drawn AND 10 * crossed_over <= waiting
            AND 10 * passed_over <= drawn + waiting + passed_over
            AND NOT EXISTS (SELECT FROM participants p
                LEFT JOIN seat_draw_entries e ON e.nomination_id = p.nomination_id AND e.outcome <> 'passed_over'
                WHERE p.offering_id = d.offering_id AND {took_part} AND e.nomination_id IS NULL)
            AND NOT EXISTS (SELECT FROM evaluations v WHERE v.offering_id = d.offering_id
                AND v.subject_group = 'comparison' AND v.status <> 'excused'
                AND NOT EXISTS (SELECT FROM seat_draw_entries e WHERE e.offering_id = d.offering_id
                    AND e.employee_id = v.subject_id AND e.outcome <> 'passed_over'))"
    ))
    .bind::<Array<SqlUuid>, _>(offering_ids)
    .load(tx.conn())
    .await?;
    Ok(rows.into_iter().map(|drawn| drawn.offering_id).collect())
}

/// The named forms about work behaviour (level 3) that were delivered, by participation. What opens later may not even
/// have been there yet, so it must not show in a report of the past.
pub async fn forms(
    tx: &mut Tx<'_>,
    as_of: NaiveDate,
    participations: &[Uuid],
) -> Result<HashMap<Uuid, Vec<Form>>> {
    type Row = (
        (Uuid, Uuid, Uuid, bool, bool),
        (Audience, Phase, Uuid, Option<Uuid>),
        (NaiveDate, bool, DateTime<Utc>),
        Option<(DateTime<Utc>, Option<f64>)>,
    );
    let rows: Vec<Row> = evaluations::table
        .inner_join(questionnaires::table)
        .left_join(evaluation_responses::table)
        .filter(evaluations::participant_id.eq_any(participations))
        .filter(evaluations::opens_on.le(as_of))
        .filter(evaluations::phase.ne(Phase::Close))
        .filter(questionnaires::level.eq(BEHAVIOUR_LEVEL))
        .filter(questionnaires::is_anonymous.eq(false))
        .order(evaluations::id)
        .select((
            (
                evaluations::participant_id,
                evaluations::subject_id,
                evaluations::respondent_id,
                evaluations::subject_group.eq(SubjectGroup::Comparison),
                evaluations::rater.eq(Rater::Second),
            ),
            (questionnaires::audience, evaluations::phase, questionnaires::id, questionnaires::course_id),
            (evaluations::due_on, evaluations::status.eq(Status::Excused), evaluations::updated_at),
            (evaluation_responses::submitted_at, evaluation_responses::score).nullable(),
        ))
        .load(tx.conn())
        .await?;
    let mut forms: HashMap<Uuid, Vec<Form>> = HashMap::new();
    for (who, what, when, response) in rows {
        let (submitted_at, score) = response.map_or((None, None), |(at, score)| (Some(at), score));
        forms.entry(who.0).or_default().push(Form {
            subject_id: who.1,
            respondent_id: who.2,
            is_comparison: who.3,
            is_second: who.4,
            audience: what.0,
            phase: what.1,
            questionnaire_id: what.2,
            is_of_course: what.3.is_some(),
            due_on: when.0,
            is_excused: when.1 && vietnamese_day(when.2) <= as_of,
            answer: answer_by(as_of, submitted_at, score),
        });
    }
    Ok(forms)
}

/// When people first sat in a course, for those who might not be untrained after all.
pub async fn trained_from(
    tx: &mut Tx<'_>,
    people: &[Uuid],
    courses: &[Uuid],
) -> Result<HashMap<(Uuid, Uuid), NaiveDate>> {
    let rows: Vec<(Uuid, Uuid, i32)> = participants::table
        .inner_join(offerings::table)
        .filter(participants::employee_id.eq_any(people))
        .filter(offerings::course_id.eq_any(courses))
        .filter(took_part())
        .filter(not_cancelled())
        .select((participants::employee_id, offerings::course_id, offerings::first_half_day))
        .load(tx.conn())
        .await?;
    let mut first: HashMap<(Uuid, Uuid), NaiveDate> = HashMap::new();
    for (person, course, half_day) in rows {
        let day = HalfDay(half_day).date();
        let known = first.entry((person, course)).or_insert(day);
        *known = (*known).min(day);
    }
    Ok(first)
}

/// Official ratings as they were known on a day: of each period the newest revision then.
pub async fn ratings(
    tx: &mut Tx<'_>,
    as_of: NaiveDate,
    people: &[Uuid],
) -> Result<HashMap<Uuid, Vec<Rating>>> {
    use performance_ratings as t;
    type Row = ((Uuid, PeriodKind, NaiveDate, NaiveDate), (String, Option<f64>, DateTime<Utc>));
    let rows: Vec<Row> = t::table
        .filter(t::employee_id.eq_any(people))
        .order((t::employee_id, t::period_kind, t::period_start, t::revision))
        .select((
            (t::employee_id, t::period_kind, t::period_start, t::period_end),
            (t::regime, t::score, t::created_at),
        ))
        .load(tx.conn())
        .await?;
    let mut newest: BTreeMap<(Uuid, PeriodKind, NaiveDate), Rating> = BTreeMap::new();
    for ((person, kind, start, end), (regime, score, created_at)) in rows {
        if vietnamese_day(created_at) <= as_of {
            let rating = Rating { kind, start, end, regime, score };
            newest.insert((person, kind, start), rating);
        }
    }
    let mut ratings: HashMap<Uuid, Vec<Rating>> = HashMap::new();
    for ((person, ..), rating) in newest {
        ratings.entry(person).or_default().push(rating);
    }
    Ok(ratings)
}

/// Whose ratings some offerings wait for: who took part, and the colleagues matched to them. An offering without people is
/// not among them.
pub async fn awaited(tx: &mut Tx<'_>, offering_ids: &[Uuid]) -> Result<HashMap<Uuid, AwaitedPeople>> {
    let of = |(offering, last, person): (Uuid, i32, Uuid)| (offering, HalfDay(last).date(), person);
    let rows: Vec<_> = scored_in(tx, offering_ids).await?.into_iter().map(of).collect();
    let people: Vec<Uuid> = rows.iter().map(|(.., person)| *person).collect();
    let Some(first) = rows.iter().map(|(_, last, _)| *last).min() else { return Ok(HashMap::new()) };
    let left = left(tx, &people).await?;
    let mut rated = rated(tx, &people, first).await?;
    rated.values_mut().for_each(|of| of.sort_unstable_by_key(|rated| rated.start));
    let mut awaited: HashMap<Uuid, AwaitedPeople> = HashMap::new();
    for (offering, last_session, person) in rows {
        let of =
            awaited.entry(offering).or_insert_with(|| AwaitedPeople { last_session, people: Vec::new() });
        of.people.push(AwaitedPerson {
            left_on: left.get(&person).copied(),
            rated: rated.get(&person).cloned().unwrap_or_default(),
        });
    }
    Ok(awaited)
}

/// Offering, last half-day and person, of everybody whose scores count in some offerings.
async fn scored_in(tx: &mut Tx<'_>, offering_ids: &[Uuid]) -> Result<Vec<(Uuid, i32, Uuid)>> {
    let mut rows: Vec<(Uuid, i32, Uuid)> = participants::table
        .inner_join(offerings::table)
        .filter(participants::offering_id.eq_any(offering_ids))
        .filter(took_part())
        .select((offerings::id, offerings::last_half_day, participants::employee_id))
        .load(tx.conn())
        .await?;
    let matched: Vec<(Uuid, i32, Uuid)> = evaluations::table
        .inner_join(participants::table.inner_join(offerings::table))
        .filter(participants::offering_id.eq_any(offering_ids))
        .filter(took_part())
        .filter(evaluations::subject_group.eq(SubjectGroup::Comparison))
        .select((offerings::id, offerings::last_half_day, evaluations::subject_id))
        .distinct()
        .load(tx.conn())
        .await?;
    rows.extend(matched);
    Ok(rows)
}

/// Since when those of some people who left are known to have left: the last change of their record, as no day is kept.
async fn left(tx: &mut Tx<'_>, people: &[Uuid]) -> Result<HashMap<Uuid, NaiveDate>> {
    let rows: Vec<(Uuid, DateTime<Utc>)> = employees::table
        .filter(employees::id.eq_any(people))
        .filter(employees::status.eq(EmployeeStatus::Left))
        .select((employees::id, employees::updated_at))
        .load(tx.conn())
        .await?;
    Ok(rows.into_iter().map(|(id, at)| (id, vietnamese_day(at))).collect())
}

/// For which periods some people are rated that may matter to offerings from a last session on, by their first revision.
async fn rated(
    tx: &mut Tx<'_>,
    people: &[Uuid],
    first_session: NaiveDate,
) -> Result<HashMap<Uuid, Vec<RatedPeriod>>> {
    use performance_ratings as t;
    let rows: Vec<(Uuid, PeriodKind, NaiveDate, NaiveDate, DateTime<Utc>)> = t::table
        .filter(t::employee_id.eq_any(people))
        .filter(t::revision.eq(1))
        .filter(t::period_end.ge(first_session - KNOWN_BY))
        .select((t::employee_id, t::period_kind, t::period_start, t::period_end, t::created_at))
        .load(tx.conn())
        .await?;
    let mut rated: HashMap<Uuid, Vec<RatedPeriod>> = HashMap::new();
    for (person, kind, start, end, pushed_at) in rows {
        let known_on = vietnamese_day(pushed_at);
        rated.entry(person).or_default().push(RatedPeriod { kind, start, end, known_on });
    }
    Ok(rated)
}

/// Everywhere the official scores of some people would count: the offerings they took part in, and those of participants
/// they were matched to.
pub async fn uses_of_scores(tx: &mut Tx<'_>, people: &[Uuid]) -> Result<Vec<Use>> {
    type Row = (Uuid, (Uuid, Uuid, i32), (Option<DateTime<Utc>>, DateTime<Utc>));
    let took_part = took_part().and(not_cancelled());
    let (offering, decision) = (
        (participants::id, participants::offering_id, offerings::last_half_day),
        (nominations::decided_at, nominations::created_at),
    );
    let mut rows: Vec<Row> = participants::table
        .inner_join(offerings::table)
        .inner_join(nominations::table)
        .filter(participants::employee_id.eq_any(people))
        .filter(took_part)
        .select((participants::employee_id, offering, decision))
        .load(tx.conn())
        .await?;
    let matched: Vec<Row> = evaluations::table
        .inner_join(participants::table.inner_join(offerings::table).inner_join(nominations::table))
        .filter(evaluations::subject_id.eq_any(people))
        .filter(evaluations::subject_group.eq(SubjectGroup::Comparison))
        .filter(took_part)
        .select((evaluations::subject_id, offering, decision))
        .distinct()
        .load(tx.conn())
        .await?;
    rows.extend(matched);
    let of = |(person_id, (participant_id, offering_id, last), (decided, created)): Row| Use {
        last_day: HalfDay(last).date(),
        offering_id,
        participant_id,
        index_date: vietnamese_day(decided.unwrap_or(created)),
        person_id,
    };
    Ok(rows.into_iter().map(of).collect())
}
