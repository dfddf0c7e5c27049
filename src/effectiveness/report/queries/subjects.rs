use std::collections::{BTreeMap, HashMap};

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::super::model::{By, Request, Subject, SubjectKey, answers_for};
use super::ended::{Ended, only_institute, visible};
use crate::catalogue::courses::CourseStatus;
use crate::catalogue::offerings::OfferingStatus;
use crate::db::Tx;
use crate::db::schema::{
    courses, institutes, lecturers, offerings, participants, sessions, unit_ancestors, units,
};
use crate::error::Result;
use crate::i18n::text;
use crate::organisation::units::below;
use crate::page::{Page, PageRequest, Position};
use crate::participation::participants::took_part;
use statistics::thresholds::SMALLEST_CHANGE;

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
        query.order(($key, $id)).limit($page.rows_to_read()).select($columns).load($tx.conn()).await?
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
            query = match only_institute(tx) {
                Some(institute) => query.filter(courses::institute_id.eq(institute)),
                None => query.filter(courses::status.ne(CourseStatus::Draft)),
            };
            let within = ended.select(offerings::course_id);
            let columns = (courses::id, courses::code, courses::title, courses::smallest_change);
            let rows: Vec<(Uuid, String, String, f64)> =
                subjects!(tx, request, page, query, within, courses::id, courses::code, columns);
            rows.into_iter().map(|(id, code, name, change)| (id, Some(code), name, change)).collect()
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
            let rows: Vec<(Uuid, String)> =
                subjects!(tx, request, page, query, within, lecturers::id, lecturers::full_name, columns);
            rows.into_iter().map(|(id, name)| (id, None, name, SMALLEST_CHANGE)).collect()
        }
        By::Institute => {
            let mut query = institutes::table.into_boxed();
            if let Some(institute) = only_institute(tx) {
                query = query.filter(institutes::id.eq(institute));
            }
            let within = ended.select(offerings::institute_id);
            let columns = (institutes::id, institutes::code, institutes::name);
            let rows: Vec<Coded> =
                subjects!(tx, request, page, query, within, institutes::id, institutes::code, columns);
            rows.into_iter().map(coded).collect()
        }
        By::Mode => words(ended.select(offerings::mode).distinct().load(tx.conn()).await?, request, page),
        By::ContentArea => {
            let within = courses::table
                .filter(courses::id.eq_any(ended.select(offerings::course_id)))
                .select(courses::content_area)
                .distinct();
            words(within.load(tx.conn()).await?, request, page)
        }
        By::Unit => {
            let mut query = units::table.into_boxed();
            if !tx.reach.all {
                query = query.filter(units::id.eq_any(below(tx.reach.unit_ids.clone())));
            }
            let within = unit_ancestors::table
                .inner_join(participants::table.on(participants::unit_id.eq(unit_ancestors::unit_id)))
                .filter(took_part())
                .filter(participants::offering_id.eq_any(ended.select(offerings::id)))
                .select(unit_ancestors::ancestor_id);
            let columns = (units::id, units::code, units::name);
            let rows: Vec<Coded> =
                subjects!(tx, request, page, query, within, units::id, units::code, columns);
            rows.into_iter().map(coded).collect()
        }
    };
    let is_word = request.by.is_word();
    let rows = rows
        .into_iter()
        .map(|(id, code, name, smallest_change)| Subject {
            id: (!is_word).then_some(id),
            code,
            name,
            smallest_change,
        })
        .collect();
    Ok(Page::cut(rows, page, |s| Position::key(s.sort_key(), s.id.unwrap_or_default())))
}

/// The words that a page holds: they are few, and sorted here by their code, whatever they are called in a language.
fn words(
    mut all: Vec<String>,
    request: &Request,
    page: &PageRequest,
) -> Vec<(Uuid, Option<String>, String, f64)> {
    all.sort_unstable();
    let after = page.after_key().map(|(key, _)| key);
    all.into_iter()
        .filter(|word| after.as_ref().is_none_or(|after| word > after))
        .take(usize::try_from(page.rows_to_read()).unwrap_or(usize::MAX))
        .map(|word| (Uuid::nil(), Some(word.clone()), called(request, &word), SMALLEST_CHANGE))
        .collect()
}

/// What a mode or a content area is called in the language of the request.
fn called(request: &Request, word: &str) -> String {
    text(request.locale, &name_key(request.by, word), &[])
}

fn name_key(by: By, word: &str) -> String {
    format!("effectiveness-{}-{word}", by.name()).replace('_', "-")
}

async fn offering_subjects(
    tx: &mut Tx<'_>,
    request: &Request,
    page: &PageRequest,
) -> Result<Vec<(Uuid, Option<String>, String, f64)>> {
    let mut query = offerings::table.inner_join(courses::table).into_boxed();
    query = match only_institute(tx) {
        Some(institute) => query.filter(offerings::institute_id.eq(institute)),
        None => query.filter(offerings::status.ne(OfferingStatus::Draft)),
    };
    let ids: Vec<Uuid> = visible(tx, request).select(offerings::id).load(tx.conn()).await?;
    let columns = (offerings::id, offerings::code, courses::title, courses::smallest_change);
    let rows: Vec<(Uuid, String, String, f64)> =
        subjects!(tx, request, page, query, ids, offerings::id, offerings::code, columns);
    Ok(rows.into_iter().map(|(id, code, name, change)| (id, Some(code), name, change)).collect())
}

/// Which subjects of a page each offering or unit counts for.
pub struct Links {
    pub(super) by: By,
    pub(super) subjects: Vec<SubjectKey>,
    /// Of an offering (by lecturer) or a unit (by unit).
    pub(super) through: HashMap<Uuid, Vec<Uuid>>,
}

impl Links {
    /// The subjects an offering counts for; none by unit, which takes part of its people only.
    pub fn of(&self, offering: &Ended) -> Vec<SubjectKey> {
        match self.by {
            By::Course => vec![SubjectKey::Id(offering.course_id)],
            By::Offering => vec![SubjectKey::Id(offering.id)],
            By::Institute => vec![SubjectKey::Id(offering.institute_id)],
            By::Lecturer => self.through(offering.id),
            By::Mode => vec![SubjectKey::Word(offering.mode.clone())],
            By::ContentArea => vec![SubjectKey::Word(offering.content_area.clone())],
            By::Unit => Vec::new(),
        }
    }

    /// The subjects above an offering or a unit.
    pub fn through(&self, id: Uuid) -> Vec<SubjectKey> {
        self.through.get(&id).into_iter().flatten().copied().map(SubjectKey::Id).collect()
    }

    /// The ids of the page's subjects.
    pub fn ids(&self) -> Vec<Uuid> {
        let id = |key: &SubjectKey| match key {
            SubjectKey::Id(id) => Some(*id),
            SubjectKey::Word(_) => None,
        };
        self.subjects.iter().filter_map(id).collect()
    }

    /// The words that are the page's subjects.
    pub fn words(&self) -> Vec<String> {
        let word = |key: &SubjectKey| match key {
            SubjectKey::Id(_) => None,
            SubjectKey::Word(word) => Some(word.clone()),
        };
        self.subjects.iter().filter_map(word).collect()
    }
}

/// Read which subjects the offerings or units behind a page belong to.
pub async fn links(tx: &mut Tx<'_>, by: By, subjects: Vec<SubjectKey>) -> Result<Links> {
    let mut links = Links { by, subjects, through: HashMap::new() };
    match by {
        By::Lecturer => {
            for (offering, lecturer) in taught(tx, &links.ids()).await? {
                links.through.entry(offering).or_default().push(lecturer);
            }
        }
        By::Unit => {
            let rows: Vec<(Uuid, Uuid)> = unit_ancestors::table
                .filter(unit_ancestors::ancestor_id.eq_any(links.ids()))
                .select((unit_ancestors::unit_id, unit_ancestors::ancestor_id))
                .load(tx.conn())
                .await?;
            for (unit, ancestor) in rows {
                links.through.entry(unit).or_default().push(ancestor);
            }
        }
        By::Course | By::Offering | By::Institute | By::Mode | By::ContentArea => {}
    }
    Ok(links)
}

/// Offerings with the lecturers who answer for them.
async fn taught(tx: &mut Tx<'_>, lecturers: &[Uuid]) -> Result<Vec<(Uuid, Uuid)>> {
    let theirs =
        sessions::table.filter(sessions::lecturer_id.eq_any(lecturers)).select(sessions::offering_id);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::offerings::Mode;
    use crate::i18n::{Locale, find};
    use crate::organisation::competencies::ContentArea;

    #[test]
    fn every_mode_and_content_area_has_a_name_in_both_languages() {
        let modes = [Mode::InPerson, Mode::Online, Mode::Blended, Mode::Distance].map(Mode::name);
        let areas = [
            ContentArea::PoliticalTheory,
            ContentArea::DefenceSecurity,
            ContentArea::StateManagement,
            ContentArea::ProfessionalSkill,
            ContentArea::ScienceTechnologyDigital,
        ]
        .map(ContentArea::name);
        let words =
            modes.map(|word| (By::Mode, word)).into_iter().chain(areas.map(|word| (By::ContentArea, word)));
        for (by, word) in words {
            for locale in [Locale::Vi, Locale::En] {
                assert!(find(locale, &name_key(by, word), &[]).is_some(), "{word}");
            }
        }
    }
}
