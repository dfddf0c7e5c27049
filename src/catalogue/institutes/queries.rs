use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::model::{Change, Draft, Institute, InstituteKind, InstituteStatus};
use crate::catalogue::sight::Sight;
use crate::db::schema::institutes;
use crate::db::{Tx, lower, search_finds};
use crate::error::{Error, Result};
use crate::page::{Page, PageRequest, Position};
use crate::text;

/// Everybody in the ministry sees all institutes; an institute sees itself.
fn visible(tx: &Tx<'_>) -> institutes::BoxedQuery<'static, Pg> {
    let all = institutes::table.into_boxed();
    let sight = Sight::of(tx);
    if sight.ministry { all } else { all.filter(institutes::id.nullable().eq(sight.own)) }
}

pub struct Filter {
    pub code: Option<String>,
    pub q: Option<String>,
    pub kind: Option<InstituteKind>,
    pub status: Option<InstituteStatus>,
}

pub async fn list(tx: &mut Tx<'_>, filter: &Filter, page: &PageRequest) -> Result<Page<Institute>> {
    let mut query = visible(tx);
    if let Some(code) = &filter.code {
        query = query.filter(institutes::code.eq(code.clone()));
    }
    if let Some(asked) = &filter.q {
        query = query.filter(search_finds(institutes::search_words, text::search_patterns(asked)));
    }
    if let Some(kind) = filter.kind {
        query = query.filter(institutes::kind.eq(kind));
    }
    if let Some(status) = filter.status {
        query = query.filter(institutes::status.eq(status));
    }
    if let Some(after) = page.after_id() {
        query = query.filter(institutes::id.lt(after));
    }
    let rows = query
        .order(institutes::id.desc())
        .limit(page.rows_to_read())
        .select(Institute::as_select())
        .load(tx.conn())
        .await?;
    Ok(Page::cut(rows, page, |i| Position::id(i.id)))
}

pub async fn get(tx: &mut Tx<'_>, id: Uuid) -> Result<Institute> {
    visible(tx)
        .filter(institutes::id.eq(id))
        .select(Institute::as_select())
        .first(tx.conn())
        .await
        .optional()?
        .ok_or(Error::NotFound("institute"))
}

/// Read for a change: whoever else changes it waits, so the state that was read stays true.
pub async fn get_for_change(tx: &mut Tx<'_>, id: Uuid) -> Result<Institute> {
    institutes::table
        .find(id)
        .select(institutes::id)
        .for_update()
        .first::<Uuid>(tx.conn())
        .await
        .optional()?;
    get(tx, id).await
}

/// How many applications wait for a decision: from an address, and in all.
pub async fn open_applications(tx: &mut Tx<'_>, applicant_hash: &[u8]) -> Result<(i64, i64)> {
    let open = || institutes::table.filter(institutes::status.eq(InstituteStatus::Applied));
    let here =
        open().filter(institutes::applicant_hash.eq(applicant_hash)).count().get_result(tx.conn()).await?;
    Ok((here, open().count().get_result(tx.conn()).await?))
}

/// Whether a code belongs to an institute that was approved, in whatever case it is written.
pub async fn is_taken(tx: &mut Tx<'_>, code: &str) -> Result<bool> {
    let given = institutes::decision_number
        .is_not_null()
        .or(institutes::status.eq_any([InstituteStatus::Approved, InstituteStatus::Suspended]));
    let found: Option<Uuid> = institutes::table
        .filter(given)
        .filter(lower(institutes::code).eq(lower(code)))
        .select(institutes::id)
        .first(tx.conn())
        .await
        .optional()?;
    Ok(found.is_some())
}

/// The institute that somebody applied for, if this is the hash of the application's secret.
pub async fn of_applicant(tx: &mut Tx<'_>, id: Uuid, secret_hash: &[u8]) -> Result<Option<Institute>> {
    Ok(institutes::table
        .find(id)
        .filter(institutes::application_secret_hash.eq(secret_hash))
        .select(Institute::as_select())
        .for_update()
        .first(tx.conn())
        .await
        .optional()?)
}

/// The secret of an application is used up.
pub async fn use_secret(tx: &mut Tx<'_>, id: Uuid) -> Result<()> {
    diesel::update(institutes::table.find(id))
        .set(institutes::application_secret_hash.eq(None::<Vec<u8>>))
        .execute(tx.conn())
        .await?;
    Ok(())
}

pub async fn insert(tx: &mut Tx<'_>, draft: Draft, secret_hash: Vec<u8>) -> Result<Institute> {
    let (id, now) = (tx.new_id(), tx.now);
    Ok(diesel::insert_into(institutes::table)
        .values((
            institutes::id.eq(id),
            institutes::code.eq(draft.code),
            institutes::name.eq(draft.name),
            institutes::kind.eq(draft.kind),
            institutes::contact_email.eq(draft.contact_email),
            institutes::contact_name.eq(draft.contact_name),
            institutes::status.eq(InstituteStatus::Applied),
            institutes::applicant_hash.eq(Some(draft.applicant_hash)),
            institutes::application_secret_hash.eq(Some(secret_hash)),
            institutes::created_at.eq(now),
            institutes::updated_at.eq(now),
        ))
        .returning(Institute::as_returning())
        .get_result(tx.conn())
        .await?)
}

pub async fn update(tx: &mut Tx<'_>, institute: &Institute, change: Change) -> Result<Institute> {
    let now = tx.now;
    diesel::update(
        institutes::table
            .filter(institutes::id.eq(institute.id))
            .filter(institutes::version.eq(institute.version)),
    )
    .set((change, institutes::version.eq(institute.version + 1), institutes::updated_at.eq(now)))
    .returning(Institute::as_returning())
    .get_result(tx.conn())
    .await
    .optional()?
    .ok_or(Error::Stale)
}
