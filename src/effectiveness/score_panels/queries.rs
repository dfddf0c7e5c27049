use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, NaiveDate, Utc};
use diesel::dsl::{IntoBoxed, LeftJoin, max};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Date, Double, Integer, Nullable, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use serde_json::Value;
use uuid::Uuid;

use super::model::{Attended, Cohorts, Course, ScorePanel};
use crate::catalogue::offerings::row_not_cancelled;
use crate::clock::first_moment;
use crate::db::Tx;
use crate::db::schema::{courses, score_panels};
use crate::effectiveness::measures::{METHOD_VERSION, from_stored, quarter_end, to_stored};
use crate::error::{Error, Result};
use crate::half_day::{Half, HalfDay};
use crate::page::{Page, PageRequest, Position};
use crate::participation::participants::{ParticipantStatus, row_took_part};

/// Rows of one insert.
const ROWS_PER_INSERT: usize = 500;

/// What everybody's scores came to is for those whose reach is everything.
fn visible(tx: &Tx<'_>) -> IntoBoxed<'static, LeftJoin<score_panels::table, courses::table>, Pg> {
    let all = score_panels::table.left_join(courses::table).into_boxed();
    if tx.reach.all { all } else { all.filter(false.into_sql::<Bool>()) }
}

/// The last quarter that was sealed, by its first day.
///
/// # Errors
/// When the database cannot be reached.
pub async fn newest(tx: &mut Tx<'_>) -> Result<Option<NaiveDate>> {
    Ok(score_panels::table.select(max(score_panels::quarter)).get_result(tx.conn()).await?)
}

/// What was put together when a quarter was sealed, in order of the codes of courses: the whole ministry first, then the
/// courses in which anybody was trained.
///
/// # Errors
/// When the database cannot be reached.
pub async fn page(
    tx: &mut Tx<'_>,
    quarter: NaiveDate,
    course_id: Option<Uuid>,
    page: &PageRequest,
) -> Result<Page<ScorePanel>> {
    type Row = (String, (Option<Uuid>, Option<String>), (NaiveDate, NaiveDate, bool, String), Value);
    let mut query = visible(tx).filter(score_panels::quarter.eq(quarter));
    if let Some(id) = course_id {
        query = query.filter(score_panels::course_id.eq(id));
    }
    if let Some((code, _)) = page.after_key() {
        query = query.filter(score_panels::course_code.gt(code));
    }
    let rows: Vec<Row> = query
        .order(score_panels::course_code)
        .limit(page.rows_to_read())
        .select((
            score_panels::course_code,
            (score_panels::course_id, courses::title.nullable()),
            (
                score_panels::first_quarter,
                score_panels::sealed_on,
                score_panels::regime_change,
                score_panels::method_version,
            ),
            score_panels::cohorts,
        ))
        .load(tx.conn())
        .await?;
    let panel = |(code, (id, title), (first, sealed_on, regime_change, method_version), cohorts): Row| {
        Ok(ScorePanel {
            course: id.map(|id| Course { id, code, title: title.unwrap_or_default() }),
            quarters: [first, quarter],
            sealed_on,
            regime_change,
            method_version,
            cohorts: from_stored(cohorts)?,
        })
    };
    let panels: Vec<ScorePanel> = rows.into_iter().map(panel).collect::<Result<_>>()?;
    Ok(Page::cut(panels, page, |panel| match &panel.course {
        Some(course) => Position::key(&course.code, course.id),
        None => Position::key("", Uuid::nil()),
    }))
}

/// Whether the scores of a quarter are there: everybody is rated by now who was rated for the time up to the end of the
/// quarter before, and did not leave; and nobody was rated for either of them for the first time today, as the HR portal may
/// be in the middle of pushing them.
pub async fn is_rated(tx: &mut Tx<'_>, end_before: NaiveDate, end: NaiveDate) -> Result<bool> {
    #[derive(QueryableByName)]
    struct Found {
        #[diesel(sql_type = Bool)]
        there: bool,
    }
    // The first of each in the order of the index: an EXISTS may look through the whole table.
    let found: Found = diesel::sql_query(
        "SELECT (SELECT employee_id FROM performance_ratings
                WHERE is_current AND period_end = $1 AND period_kind <> 'year' ORDER BY employee_id LIMIT 1) IS NOT NULL
            AND (SELECT employee_id FROM performance_ratings
                WHERE is_current AND period_end = $2 AND period_kind <> 'year' ORDER BY employee_id LIMIT 1) IS NOT NULL
            AND NOT EXISTS (
                SELECT 1 FROM performance_ratings b JOIN employees e ON e.id = b.employee_id
                WHERE b.is_current AND b.period_end = $1 AND b.period_kind <> 'year' AND e.status <> 'left'
                    AND NOT EXISTS (
                        SELECT 1 FROM performance_ratings r
                        WHERE r.is_current AND r.period_end = $2 AND r.period_kind <> 'year'
                            AND r.employee_id = b.employee_id))
            AND NOT EXISTS (
                SELECT 1 FROM performance_ratings
                WHERE is_current AND period_end IN ($1, $2) AND revision = 1 AND created_at >= $3) AS there",
    )
    .bind::<Date, _>(end_before)
    .bind::<Date, _>(end)
    .bind::<Timestamptz, _>(first_moment(tx.today()))
    .get_result(tx.conn())
    .await?;
    Ok(found.there)
}

/// People with their scores between two days, which are those of a quarter.
const SCORED: &str = "SELECT employee_id, score FROM (
        SELECT r.employee_id,
            coalesce(max(r.score) FILTER (WHERE r.period_kind = 'quarter'),
                CASE WHEN count(*) FILTER (WHERE r.period_kind = 'month') = 3
                    THEN avg(r.score) FILTER (WHERE r.period_kind = 'month') END) AS score
        FROM performance_ratings r JOIN employees e ON e.id = r.employee_id
        WHERE r.is_current AND r.period_end BETWEEN $1 AND $2 AND r.period_kind IN ('month', 'quarter')
            AND r.regime = 'decree_335_2025' AND r.score IS NOT NULL AND NOT e.restricted
        GROUP BY r.employee_id) AS quarterly
    WHERE score IS NOT NULL";

#[derive(QueryableByName)]
struct ScoredRow {
    #[diesel(sql_type = SqlUuid)]
    employee_id: Uuid,
    #[diesel(sql_type = Double)]
    score: f64,
}

/// Everybody's scores of a quarter under Decree 335/2025/NĐ-CP: that of the quarter, or the mean of its three months. Without
/// those who restricted the processing of their data. One quarter at a time, so that no statement takes long.
pub async fn scored(tx: &mut Tx<'_>, quarter: NaiveDate) -> Result<Vec<(Uuid, f64)>> {
    let rows: Vec<ScoredRow> = diesel::sql_query(SCORED)
        .bind::<Date, _>(quarter)
        .bind::<Date, _>(quarter_end(quarter))
        .load(tx.conn())
        .await?;
    Ok(rows.into_iter().map(|row| (row.employee_id, row.score)).collect())
}

/// How many people have a score of a quarter.
pub async fn people_scored(tx: &mut Tx<'_>, quarter: NaiveDate) -> Result<usize> {
    #[derive(QueryableByName)]
    struct Found {
        #[diesel(sql_type = BigInt)]
        people: i64,
    }
    let found: Found = diesel::sql_query(format!("SELECT count(*) AS people FROM ({SCORED}) AS scored"))
        .bind::<Date, _>(quarter)
        .bind::<Date, _>(quarter_end(quarter))
        .get_result(tx.conn())
        .await?;
    Ok(usize::try_from(found.people).unwrap_or_default())
}

/// Whether anybody was rated by other rules for a time between two days.
pub async fn is_rated_otherwise(tx: &mut Tx<'_>, from: NaiveDate, to: NaiveDate) -> Result<bool> {
    #[derive(QueryableByName)]
    struct Found {
        #[diesel(sql_type = Bool)]
        there: bool,
    }
    let found: Found = diesel::sql_query(
        "SELECT EXISTS (SELECT 1 FROM performance_ratings
            WHERE is_current AND period_end BETWEEN $1 AND $2 AND regime <> 'decree_335_2025') AS there",
    )
    .bind::<Date, _>(from)
    .bind::<Date, _>(to)
    .get_result(tx.conn())
    .await?;
    Ok(found.there)
}

#[derive(QueryableByName)]
struct AttendedRow {
    #[diesel(sql_type = SqlUuid)]
    employee_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    course_id: Uuid,
    #[diesel(sql_type = Nullable<Integer>)]
    completed: Option<i32>,
}

/// Who attended which course that began by a day.
pub async fn attended(tx: &mut Tx<'_>, by: NaiveDate) -> Result<Vec<Attended>> {
    let completed = ParticipantStatus::Completed.name();
    let (took_part, not_cancelled) = (row_took_part("p"), row_not_cancelled("o"));
    let rows: Vec<AttendedRow> = diesel::sql_query(format!(
        "SELECT p.employee_id, o.course_id, min(o.first_half_day) FILTER (WHERE p.status = '{completed}') AS completed
        FROM participants p JOIN offerings o ON o.id = p.offering_id
        WHERE {took_part} AND {not_cancelled} AND o.first_half_day <= $1
        GROUP BY 1, 2"
    ))
    .bind::<Integer, _>(HalfDay::new(by, Half::Afternoon).0)
    .load(tx.conn())
    .await?;
    let attended = |row: AttendedRow| Attended {
        employee_id: row.employee_id,
        course_id: row.course_id,
        completed: row.completed.map(|half_day| HalfDay(half_day).date()),
    };
    Ok(rows.into_iter().map(attended).collect())
}

/// Codes of some courses.
async fn codes(tx: &mut Tx<'_>, ids: &[Uuid]) -> Result<HashMap<Uuid, String>> {
    let rows: Vec<(Uuid, String)> = courses::table
        .filter(courses::id.eq_any(ids))
        .select((courses::id, courses::code))
        .load(tx.conn())
        .await?;
    Ok(rows.into_iter().collect())
}

/// Keep what was put together of a quarter.
pub async fn insert(
    tx: &mut Tx<'_>,
    [first, last]: [NaiveDate; 2],
    regime_change: bool,
    cohorts: &BTreeMap<Option<Uuid>, Cohorts>,
) -> Result<()> {
    use score_panels as t;
    let ids: Vec<Uuid> = cohorts.keys().copied().flatten().collect();
    let codes = codes(tx, &ids).await?;
    let (now, today): (DateTime<Utc>, NaiveDate) = (tx.now, tx.today());
    let row = |(course, cohorts): (&Option<Uuid>, &Cohorts)| {
        let code = match course {
            Some(id) => codes.get(id).cloned().ok_or_else(|| Error::internal("a course without a code"))?,
            None => String::new(),
        };
        Ok((
            t::quarter.eq(last),
            t::course_code.eq(code),
            t::course_id.eq(*course),
            t::first_quarter.eq(first),
            t::sealed_on.eq(today),
            t::regime_change.eq(regime_change),
            t::method_version.eq(METHOD_VERSION),
            t::cohorts.eq(to_stored(cohorts)?),
            t::created_at.eq(now),
        ))
    };
    let rows: Vec<_> = cohorts.iter().map(row).collect::<Result<_>>()?;
    for some in rows.chunks(ROWS_PER_INSERT) {
        diesel::insert_into(t::table).values(some).execute(tx.conn()).await?;
    }
    Ok(())
}
