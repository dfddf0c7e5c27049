use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, NaiveDate, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::model::{Audience, By, Form, Participation, Phase, Request, Subject, answer_by, answers_for};
use super::reaction::Forms;
use super::work_score::{PeriodKind, Rating};
use crate::clock::vietnamese_day;
use crate::db::Tx;
use crate::db::schema::{
    anonymous_responses, courses, evaluation_responses, evaluations, institutes, lecturers, nominations,
    offerings, participants, performance_ratings, questionnaires, sessions, unit_ancestors, units,
};
use crate::error::Result;
use crate::evaluation::statistics::thresholds::SMALLEST_CHANGE;
use crate::half_day::{Half, HalfDay};
use crate::organisation::units::below;
use crate::page::{Page, PageRequest, Position};

/// Offerings that ended, within reach. What is published of courses, offerings, lecturers and institutes is there for
/// the whole ministry, so a unit head sees all of them; an institute sees its own.
fn visible(tx: &Tx<'_>, request: &Request) -> offerings::BoxedQuery<'static, Pg> {
    let end_of = |day| HalfDay::new(day, Half::Afternoon).0;
    let mut ended = offerings::table
        .filter(offerings::status.ne_all(["draft", "cancelled"]))
        .filter(offerings::last_half_day.le(end_of(request.as_of)))
        .into_boxed();
    if let Some(from) = request.from {
        ended = ended.filter(offerings::last_half_day.ge(HalfDay::new(from, Half::Morning).0));
    }
    if let Some(to) = request.to {
        ended = ended.filter(offerings::last_half_day.le(end_of(to)));
    }
    match only_institute(tx) {
        Some(institute) => ended.filter(offerings::institute_id.eq(institute)),
        None => ended,
    }
}

/// The institute that the caller must not look beyond.
fn only_institute(tx: &Tx<'_>) -> Option<Uuid> {
    let wider = tx.reach.all || !tx.reach.unit_ids.is_empty();
    if wider {
        None
    } else {
        // Without any reach at all: an institute that does not exist.
        Some(tx.reach.institute_id.unwrap_or_default())
    }
}

/// Cut a query of subjects to a page. Without an id, only subjects with something to report.
macro_rules! subjects {
    ($tx:ident, $request:ident, $page:ident, $query:expr, $within:expr, $id:expr, $key:expr, $columns:expr) => {{
        let mut query = $query;
        match $request.id {
            Some(id) => query = query.filter($id.eq(id)),
            None => query = query.filter($id.eq_any($within)),
        }
        if let Some((key, id)) = $page.after_key() {
            query = query.filter($key.gt(key.clone()).or($key.eq(key).and($id.gt(id))));
        }
        query
            .order(($key, $id))
            .limit($page.rows_to_read())
            .select($columns)
            .load($tx.conn())
            .await?
    }};
}

type Coded = (Uuid, String, String);

/// One page of what the rows are about.
pub async fn subjects(tx: &mut Tx<'_>, request: &Request, page: &PageRequest) -> Result<Page<Subject>> {
    let ended = visible(tx, request);
    let coded = |(id, code, name): Coded| (id, Some(code), name, SMALLEST_CHANGE);
    let rows: Vec<(Uuid, Option<String>, String, f64)> = match request.by {
        By::Course => {
            let mut query = courses::table.into_boxed();
            if let Some(institute) = only_institute(tx) {
                query = query.filter(courses::institute_id.eq(institute));
            }
            let within = ended.select(offerings::course_id);
            let columns = (
                courses::id,
                courses::code,
                courses::title,
                courses::smallest_change,
            );
            let rows: Vec<(Uuid, String, String, f64)> = subjects!(
                tx,
                request,
                page,
                query,
                within,
                courses::id,
                courses::code,
                columns
            );
            rows.into_iter()
                .map(|(id, code, name, change)| (id, Some(code), name, change))
                .collect()
        }
        By::Offering => offering_subjects(tx, request, page).await?,
        By::Lecturer => {
            let mut query = lecturers::table.into_boxed();
            if let Some(institute) = only_institute(tx) {
                query = query.filter(lecturers::institute_id.eq(institute));
            }
            let within = sessions::table
                .filter(sessions::offering_id.eq_any(ended.select(offerings::id)))
                .select(sessions::lecturer_id);
            let columns = (lecturers::id, lecturers::full_name);
            let rows: Vec<(Uuid, String)> = subjects!(
                tx,
                request,
                page,
                query,
                within,
                lecturers::id,
                lecturers::full_name,
                columns
            );
            rows.into_iter()
                .map(|(id, name)| (id, None, name, SMALLEST_CHANGE))
                .collect()
        }
        By::Institute => {
            let mut query = institutes::table.into_boxed();
            if let Some(institute) = only_institute(tx) {
                query = query.filter(institutes::id.eq(institute));
            }
            let within = ended.select(offerings::institute_id);
            let columns = (institutes::id, institutes::code, institutes::name);
            let rows: Vec<Coded> = subjects!(
                tx,
                request,
                page,
                query,
                within,
                institutes::id,
                institutes::code,
                columns
            );
            rows.into_iter().map(coded).collect()
        }
        By::Unit => {
            let mut query = units::table.into_boxed();
            if !tx.reach.all {
                query = query.filter(units::id.eq_any(below(tx.reach.unit_ids.clone())));
            }
            let within = unit_ancestors::table
                .inner_join(participants::table.on(participants::unit_id.eq(unit_ancestors::unit_id)))
                .filter(participants::status.ne("withdrawn"))
                .filter(participants::offering_id.eq_any(ended.select(offerings::id)))
                .select(unit_ancestors::ancestor_id);
            let columns = (units::id, units::code, units::name);
            let rows: Vec<Coded> =
                subjects!(tx, request, page, query, within, units::id, units::code, columns);
            rows.into_iter().map(coded).collect()
        }
    };
    let rows = rows
        .into_iter()
        .map(|(id, code, name, smallest_change)| Subject {
            id,
            code,
            name,
            smallest_change,
        })
        .collect();
    Ok(Page::cut(rows, page, |s| Position::key(s.key(), s.id)))
}

async fn offering_subjects(
    tx: &mut Tx<'_>,
    request: &Request,
    page: &PageRequest,
) -> Result<Vec<(Uuid, Option<String>, String, f64)>> {
    let mut query = offerings::table.inner_join(courses::table).into_boxed();
    if let Some(institute) = only_institute(tx) {
        query = query.filter(offerings::institute_id.eq(institute));
    }
    let ids: Vec<Uuid> = visible(tx, request).select(offerings::id).load(tx.conn()).await?;
    let columns = (
        offerings::id,
        offerings::code,
        courses::title,
        courses::smallest_change,
    );
    let rows: Vec<(Uuid, String, String, f64)> = subjects!(
        tx,
        request,
        page,
        query,
        ids,
        offerings::id,
        offerings::code,
        columns
    );
    Ok(rows
        .into_iter()
        .map(|(id, code, name, change)| (id, Some(code), name, change))
        .collect())
}

/// Which subjects of a page each participation counts for.
pub struct Links {
    by: By,
    subjects: Vec<Uuid>,
    /// Of an offering (by lecturer) or a unit (by unit).
    through: HashMap<Uuid, Vec<Uuid>>,
}

impl Links {
    /// The subjects a participation counts for.
    pub fn of(&self, who: &Participation) -> Vec<Uuid> {
        let through = |id| self.through.get(&id).cloned().unwrap_or_default();
        match self.by {
            By::Course => vec![who.course_id],
            By::Offering => vec![who.offering_id],
            By::Institute => vec![who.institute_id],
            By::Lecturer => through(who.offering_id),
            By::Unit => through(who.unit_id),
        }
    }
}

/// Read which subjects the offerings or units behind a page belong to.
pub async fn links(tx: &mut Tx<'_>, by: By, subjects: Vec<Uuid>) -> Result<Links> {
    let mut through: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
    match by {
        By::Lecturer => {
            for (offering, lecturer) in taught(tx, &subjects).await? {
                through.entry(offering).or_default().push(lecturer);
            }
        }
        By::Unit => {
            let rows: Vec<(Uuid, Uuid)> = unit_ancestors::table
                .filter(unit_ancestors::ancestor_id.eq_any(&subjects))
                .select((unit_ancestors::unit_id, unit_ancestors::ancestor_id))
                .load(tx.conn())
                .await?;
            for (unit, ancestor) in rows {
                through.entry(unit).or_default().push(ancestor);
            }
        }
        By::Course | By::Offering | By::Institute => {}
    }
    Ok(Links {
        by,
        subjects,
        through,
    })
}

/// Offerings with the lecturers who answer for them.
async fn taught(tx: &mut Tx<'_>, lecturers: &[Uuid]) -> Result<Vec<(Uuid, Uuid)>> {
    let theirs = sessions::table
        .filter(sessions::lecturer_id.eq_any(lecturers))
        .select(sessions::offering_id);
    let other = diesel::alias!(sessions as every_session);
    let rows: Vec<(Uuid, Uuid, i32)> = other
        .filter(other.field(sessions::offering_id).eq_any(theirs))
        .select(other.fields((sessions::offering_id, sessions::lecturer_id, sessions::periods)))
        .load(tx.conn())
        .await?;
    let (mut periods, mut shares) = (HashMap::<Uuid, i64>::new(), BTreeMap::<(Uuid, Uuid), i64>::new());
    for (offering, lecturer, n) in rows {
        *periods.entry(offering).or_default() += i64::from(n);
        *shares.entry((offering, lecturer)).or_default() += i64::from(n);
    }
    Ok(shares
        .into_iter()
        .filter(|((offering, lecturer), n)| {
            lecturers.contains(lecturer)
                && answers_for(*n, periods.get(offering).copied().unwrap_or_default())
        })
        .map(|(key, _)| key)
        .collect())
}

/// Everyone who took part (and did not withdraw) in what the subjects answer for.
pub async fn participations(tx: &mut Tx<'_>, request: &Request, links: &Links) -> Result<Vec<Participation>> {
    type Row = (
        (Uuid, Uuid, Uuid, Uuid),
        (Uuid, Uuid, i32, i32),
        (String, Option<DateTime<Utc>>, DateTime<Utc>),
    );
    let ended: Vec<Uuid> = visible(tx, request).select(offerings::id).load(tx.conn()).await?;
    let mut query = participants::table
        .inner_join(offerings::table)
        .inner_join(nominations::table)
        .filter(participants::status.ne("withdrawn"))
        .filter(participants::offering_id.eq_any(ended))
        .into_boxed();
    let ids = links.subjects.clone();
    query = match links.by {
        By::Course => query.filter(offerings::course_id.eq_any(ids)),
        By::Offering => query.filter(offerings::id.eq_any(ids)),
        By::Institute => query.filter(offerings::institute_id.eq_any(ids)),
        By::Lecturer => {
            let taught: Vec<Uuid> = links.through.keys().copied().collect();
            query.filter(offerings::id.eq_any(taught))
        }
        By::Unit => query.filter(participants::unit_id.eq_any(below(ids))),
    };
    let rows: Vec<Row> = query
        .order(participants::id)
        .select((
            (
                participants::id,
                participants::offering_id,
                participants::employee_id,
                participants::unit_id,
            ),
            (
                offerings::course_id,
                offerings::institute_id,
                offerings::first_half_day,
                offerings::last_half_day,
            ),
            (
                nominations::motive,
                nominations::decided_at,
                nominations::created_at,
            ),
        ))
        .load(tx.conn())
        .await?;
    Ok(rows.into_iter().map(participation).collect())
}

fn participation(
    (
        (id, offering_id, employee_id, unit_id),
        (course_id, institute_id, first, last),
        (motive, decided, created),
    ): (
        (Uuid, Uuid, Uuid, Uuid),
        (Uuid, Uuid, i32, i32),
        (String, Option<DateTime<Utc>>, DateTime<Utc>),
    ),
) -> Participation {
    Participation {
        id,
        offering_id,
        course_id,
        institute_id,
        employee_id,
        unit_id,
        for_weakness: motive == "weakness",
        index_date: vietnamese_day(decided.unwrap_or(created)),
        first_day: HalfDay(first).date(),
        last_day: HalfDay(last).date(),
    }
}

/// The named forms about work behaviour (level 3), by participation.
pub async fn forms(
    tx: &mut Tx<'_>,
    as_of: NaiveDate,
    participations: &[Uuid],
) -> Result<HashMap<Uuid, Vec<Form>>> {
    type Row = (
        (Uuid, Uuid, Uuid, bool),
        (Audience, Phase, Uuid, Option<Uuid>),
        (NaiveDate, NaiveDate, bool, DateTime<Utc>),
        Option<(DateTime<Utc>, Option<f64>)>,
    );
    let rows: Vec<Row> = evaluations::table
        .inner_join(questionnaires::table)
        .left_join(evaluation_responses::table)
        .filter(evaluations::participant_id.eq_any(participations))
        .filter(evaluations::phase.ne("close"))
        .filter(questionnaires::level.eq(3))
        .filter(questionnaires::is_anonymous.eq(false))
        .order(evaluations::id)
        .select((
            (
                evaluations::participant_id,
                evaluations::subject_id,
                evaluations::respondent_id,
                evaluations::subject_group.eq("comparison"),
            ),
            (
                questionnaires::audience,
                evaluations::phase,
                questionnaires::id,
                questionnaires::course_id,
            ),
            (
                evaluations::opens_on,
                evaluations::due_on,
                evaluations::status.eq("excused"),
                evaluations::updated_at,
            ),
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
            audience: what.0,
            phase: what.1,
            questionnaire_id: what.2,
            is_of_course: what.3.is_some(),
            opens_on: when.0,
            due_on: when.1,
            is_excused: when.2 && vietnamese_day(when.3) <= as_of,
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
        .filter(participants::status.ne("withdrawn"))
        .filter(offerings::status.ne("cancelled"))
        .select((
            participants::employee_id,
            offerings::course_id,
            offerings::first_half_day,
        ))
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
    type Row = (
        (Uuid, PeriodKind, NaiveDate, NaiveDate),
        (String, Option<f64>, DateTime<Utc>),
    );
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
            let rating = Rating {
                kind,
                start,
                end,
                regime,
                score,
            };
            newest.insert((person, kind, start), rating);
        }
    }
    let mut ratings: HashMap<Uuid, Vec<Rating>> = HashMap::new();
    for ((person, ..), rating) in newest {
        ratings.entry(person).or_default().push(rating);
    }
    Ok(ratings)
}

/// Anonymous reactions (level 1) of learners, by offering.
pub async fn reactions(tx: &mut Tx<'_>, offering_ids: &[Uuid]) -> Result<HashMap<Uuid, Forms>> {
    let mut forms: HashMap<Uuid, Forms> = HashMap::new();
    let answers: Vec<(Uuid, Option<f64>)> = anonymous_responses::table
        .inner_join(questionnaires::table)
        .filter(anonymous_responses::offering_id.eq_any(offering_ids))
        .filter(questionnaires::level.eq(1))
        .filter(questionnaires::audience.eq("learner"))
        .select((anonymous_responses::offering_id, anonymous_responses::score))
        .load(tx.conn())
        .await?;
    for (offering, score) in answers {
        let forms = forms.entry(offering).or_default();
        forms.answered += 1;
        forms.scores.extend(score);
    }
    let asked: Vec<(Uuid, i64)> = evaluations::table
        .inner_join(questionnaires::table)
        .filter(evaluations::offering_id.eq_any(offering_ids))
        .filter(evaluations::phase.eq("close"))
        .filter(evaluations::status.ne("excused"))
        .filter(questionnaires::level.eq(1))
        .filter(questionnaires::audience.eq("learner"))
        .filter(questionnaires::is_anonymous)
        .group_by(evaluations::offering_id)
        .select((evaluations::offering_id, diesel::dsl::count_star()))
        .load(tx.conn())
        .await?;
    for (offering, invited) in asked {
        forms.entry(offering).or_default().invited = usize::try_from(invited).unwrap_or_default();
    }
    Ok(forms)
}
