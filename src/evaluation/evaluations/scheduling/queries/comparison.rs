//! Who stands for comparison.

use std::collections::HashSet;

use diesel::dsl::{exists, not};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::super::super::model::{Phase, Status, SubjectGroup};
use super::super::model::{Colleague, Pool, Run, Unmatched};
use super::EVALUATED;
use crate::db::Tx;
use crate::db::schema::{
    employees, evaluations, job_positions, nominations, offerings, participants, questionnaires,
};
use crate::error::Result;
use crate::evaluation::questionnaires::Instrument;
use crate::half_day::{Half, HalfDay};

/// States of a nomination that may still lead to the course.
const NOMINATED: [&str; 4] = ["submitted", "endorsed", "approved", "returned"];

/// Participants of courses that have not begun, who are to be rated and have nobody to be compared with.
pub async fn unmatched(tx: &mut Tx<'_>) -> Result<Vec<Unmatched>> {
    let (mine, theirs) = diesel::alias!(evaluations as mine, evaluations as theirs);
    let today = HalfDay::new(tx.today(), Half::Morning).0;
    let matched = theirs
        .filter(theirs.field(evaluations::participant_id).eq(participants::id))
        .filter(theirs.field(evaluations::subject_group).eq(SubjectGroup::Comparison))
        .filter(theirs.field(evaluations::phase).eq(Phase::ThreeMonths))
        .filter(theirs.field(evaluations::status).ne(Status::Excused));
    type Row = (Uuid, Uuid, Uuid, Uuid, i32, i32, Uuid, Uuid, String);
    let rows: Vec<Row> = participants::table
        .inner_join(offerings::table)
        .inner_join(employees::table.inner_join(job_positions::table))
        .inner_join(
            mine.on(mine
                .field(evaluations::participant_id)
                .eq(participants::id)
                .and(mine.field(evaluations::subject_group).eq(SubjectGroup::Trained))
                .and(mine.field(evaluations::phase).eq(Phase::ThreeMonths))
                .and(mine.field(evaluations::status).eq(Status::Pending))),
        )
        .inner_join(
            questionnaires::table.on(questionnaires::id
                .eq(mine.field(evaluations::questionnaire_id))
                .and(questionnaires::instrument.eq(Instrument::Behaviour))),
        )
        .filter(participants::status.ne("withdrawn"))
        .filter(offerings::status.eq_any(EVALUATED))
        .filter(offerings::first_half_day.ge(today))
        .filter(not(exists(matched)))
        .select((
            participants::id,
            offerings::id,
            offerings::course_id,
            mine.field(evaluations::questionnaire_id),
            offerings::first_half_day,
            offerings::last_half_day,
            employees::id,
            employees::unit_id,
            job_positions::position_group,
        ))
        .load(tx.conn())
        .await?;
    let unmatched = |row: Row| Unmatched {
        participant_id: row.0,
        offering_id: row.1,
        course_id: row.2,
        questionnaire_id: row.3,
        run: Run { first_half_day: row.4, last_half_day: row.5 },
        trainee: Colleague { employee_id: row.6, unit_id: row.7, position_group: row.8 },
    };
    Ok(rows.into_iter().map(unmatched).collect())
}

/// Who can stand for comparison with some participants, and who cannot.
pub async fn pool(tx: &mut Tx<'_>, unmatched: &[Unmatched]) -> Result<Pool> {
    let distinct = |key: fn(&Unmatched) -> Uuid| unmatched.iter().map(key).collect::<HashSet<Uuid>>();
    let courses: Vec<Uuid> = distinct(|u| u.course_id).into_iter().collect();
    let offering_ids: Vec<Uuid> = distinct(|u| u.offering_id).into_iter().collect();
    let groups: HashSet<&str> = unmatched.iter().map(|u| u.trainee.position_group.as_str()).collect();

    let by_status = |statuses: Vec<&'static str>| {
        nominations::table
            .filter(nominations::course_id.eq_any(courses.clone()))
            .filter(nominations::status.eq_any(statuses))
            .select((nominations::course_id, nominations::employee_id))
    };
    let waiting: Vec<(Uuid, Uuid)> = by_status(vec!["waitlisted"]).load(tx.conn()).await?;
    let mut trained: HashSet<(Uuid, Uuid)> =
        by_status(NOMINATED.to_vec()).load(tx.conn()).await?.into_iter().collect();
    trained.extend(
        participants::table
            .inner_join(offerings::table)
            .filter(offerings::course_id.eq_any(&courses))
            .filter(participants::status.ne("withdrawn"))
            .select((offerings::course_id, participants::employee_id))
            .load::<(Uuid, Uuid)>(tx.conn())
            .await?,
    );
    let used = evaluations::table
        .filter(evaluations::offering_id.eq_any(offering_ids))
        .select((evaluations::offering_id, evaluations::subject_id))
        .distinct()
        .load::<(Uuid, Uuid)>(tx.conn())
        .await?;
    let waiting_ids: Vec<Uuid> = waiting.iter().map(|(_, employee)| *employee).collect();
    let colleagues = employees::table
        .inner_join(job_positions::table)
        .filter(employees::status.eq("active"))
        // Who restricted the processing of the own data is nobody's comparison (Law 91/2025/QH15, Art. 4).
        .filter(employees::restricted.eq(false))
        .filter(job_positions::position_group.eq_any(groups).or(employees::id.eq_any(waiting_ids)))
        .select((employees::id, employees::unit_id, job_positions::position_group))
        .load::<(Uuid, Uuid, String)>(tx.conn())
        .await?
        .into_iter()
        .map(|(employee_id, unit_id, position_group)| Colleague { employee_id, unit_id, position_group })
        .collect();
    Ok(Pool { colleagues, waiting: waiting.into_iter().collect(), trained, used: used.into_iter().collect() })
}
