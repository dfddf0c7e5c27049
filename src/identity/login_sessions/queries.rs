use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::model::{EndReason, LIFETIME, LoginSession, SHOWN_AFTER_END};
use crate::db::Tx;
use crate::db::schema::{login_sessions, refresh_tokens};
use crate::error::{Error, Result};
use crate::page::{Page, PageRequest, Position};

type Boxed = login_sessions::BoxedQuery<'static, diesel::pg::Pg>;

/// One's own logins, whatever one's roles.
fn visible(tx: &Tx<'_>) -> Boxed {
    login_sessions::table.into_boxed().filter(login_sessions::account_id.eq(tx.actor.id))
}

pub async fn list(tx: &mut Tx<'_>, page: &PageRequest) -> Result<Page<LoginSession>> {
    let mut query = visible(tx);
    if let Some(after) = page.after_id() {
        query = query.filter(login_sessions::id.lt(after));
    }
    let rows = query
        .order(login_sessions::id.desc())
        .limit(page.rows_to_read())
        .select(LoginSession::as_select())
        .load(tx.conn())
        .await?;
    Ok(Page::cut(rows, page, |s| Position::id(s.id)))
}

pub async fn get(tx: &mut Tx<'_>, id: Uuid) -> Result<LoginSession> {
    visible(tx)
        .filter(login_sessions::id.eq(id))
        .select(LoginSession::as_select())
        .first(tx.conn())
        .await
        .optional()?
        .ok_or(Error::NotFound("login"))
}

pub async fn insert(
    tx: &mut Tx<'_>,
    account_id: Uuid,
    user_agent: &str,
    scope: Option<String>,
) -> Result<Uuid> {
    let (id, now) = (tx.new_id(), tx.now);
    diesel::insert_into(login_sessions::table)
        .values((
            login_sessions::id.eq(id),
            login_sessions::account_id.eq(account_id),
            login_sessions::user_agent.eq(user_agent),
            login_sessions::scope.eq(scope),
            login_sessions::created_at.eq(now),
            login_sessions::last_used_at.eq(now),
            login_sessions::expires_at.eq(now + LIFETIME),
        ))
        .execute(tx.conn())
        .await?;
    Ok(id)
}

pub async fn insert_token(tx: &mut Tx<'_>, session_id: Uuid, hash: &[u8]) -> Result<()> {
    let now = tx.now;
    diesel::insert_into(refresh_tokens::table)
        .values((
            refresh_tokens::token_hash.eq(hash),
            refresh_tokens::session_id.eq(session_id),
            refresh_tokens::issued_at.eq(now),
        ))
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// The login of a refresh token, spent or not, over or not.
pub async fn login_of(tx: &mut Tx<'_>, hash: &[u8]) -> Result<Option<LoginSession>> {
    Ok(refresh_tokens::table
        .find(hash)
        .inner_join(login_sessions::table)
        .select(LoginSession::as_select())
        .first(tx.conn())
        .await
        .optional()?)
}

/// The login of a refresh token, locked, and when the token was spent.
pub async fn of_token(tx: &mut Tx<'_>, hash: &[u8]) -> Result<Option<(LoginSession, Option<DateTime<Utc>>)>> {
    // The login is locked before the token is read: of two who use one token at once, the second sees it spent.
    let session: Option<LoginSession> = login_sessions::table
        .filter(
            login_sessions::id.eq_any(
                refresh_tokens::table
                    .filter(refresh_tokens::token_hash.eq(hash))
                    .select(refresh_tokens::session_id),
            ),
        )
        .select(LoginSession::as_select())
        .for_update()
        .first(tx.conn())
        .await
        .optional()?;
    let Some(session) = session else {
        return Ok(None);
    };
    let spent = refresh_tokens::table.find(hash).select(refresh_tokens::spent_at).first(tx.conn()).await?;
    Ok(Some((session, spent)))
}

pub async fn spend(tx: &mut Tx<'_>, hash: &[u8], session_id: Uuid) -> Result<()> {
    let now = tx.now;
    diesel::update(refresh_tokens::table.find(hash))
        .set(refresh_tokens::spent_at.eq(Some(now)))
        .execute(tx.conn())
        .await?;
    diesel::update(login_sessions::table.find(session_id))
        .set(login_sessions::last_used_at.eq(now))
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// End logins that have not ended; returns those that did now.
pub async fn end(
    tx: &mut Tx<'_>,
    account_id: Uuid,
    only: Option<Uuid>,
    except: Option<Uuid>,
    reason: EndReason,
) -> Result<Vec<Uuid>> {
    let now = tx.now;
    let mut open = diesel::update(login_sessions::table)
        .filter(login_sessions::account_id.eq(account_id))
        .filter(login_sessions::ended_at.is_null())
        .into_boxed();
    if let Some(only) = only {
        open = open.filter(login_sessions::id.eq(only));
    }
    if let Some(except) = except {
        open = open.filter(login_sessions::id.ne(except));
    }
    Ok(open
        .set((login_sessions::ended_at.eq(Some(now)), login_sessions::end_reason.eq(Some(reason))))
        .returning(login_sessions::id)
        .get_results(tx.conn())
        .await?)
}

/// Delete logins that ended, or could no longer be refreshed, long ago; their tokens go with them.
pub async fn delete_old(tx: &mut Tx<'_>) -> Result<()> {
    let before = tx.now - SHOWN_AFTER_END;
    diesel::delete(
        login_sessions::table
            .filter(login_sessions::ended_at.lt(before).or(login_sessions::expires_at.lt(before))),
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}
