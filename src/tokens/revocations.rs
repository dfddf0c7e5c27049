//! Access tokens that are no longer good although they have not expired: signed out, reused, or of an account that was
//! closed or changed. The database has them; every replica keeps these few in memory and reads them anew each second,
//! so that a read needs no query to know. Changes ask the database itself (`guard`).

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use diesel::upsert::excluded;
use diesel::{ExpressionMethods, QueryDsl};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::token;
use crate::access::{Actor, MinimumEpoch};
use crate::db::Tx;
use crate::db::schema::revocations::dsl;
use crate::error::Result;

/// The revocations that a replica knows.
#[derive(Clone, Default)]
pub struct Revocations(Arc<RwLock<HashMap<Uuid, MinimumEpoch>>>);

impl Revocations {
    /// Whether a token of this actor is no longer good.
    pub fn cover(&self, actor: &Actor) -> bool {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        if known.is_empty() {
            return false;
        }
        let ended = known.contains_key(&actor.token_id)
            || actor.session_id.is_some_and(|session| known.contains_key(&session));
        let outdated = known
            .get(&actor.id)
            .is_some_and(|minimum| minimum.zip(actor.epoch).is_some_and(|(minimum, epoch)| epoch < minimum));
        ended || outdated
    }

    /// Learn of some at once, before the next reading.
    pub(crate) fn learn(&self, news: impl IntoIterator<Item = (Uuid, MinimumEpoch)>) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).extend(news);
    }

    /// Know exactly these.
    pub(crate) fn replace(&self, all: impl IntoIterator<Item = (Uuid, MinimumEpoch)>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = all.into_iter().collect();
    }
}

/// All that still matter.
pub(crate) async fn load(tx: &mut Tx<'_>) -> Result<Vec<(Uuid, MinimumEpoch)>> {
    let now = tx.now;
    Ok(dsl::revocations
        .filter(dsl::expires_at.gt(now))
        .select((dsl::id, dsl::minimum_epoch))
        .load(tx.conn())
        .await?)
}

/// Revoke: tokens and logins, or (with an epoch) what accounts had before. Kept until the last such token is over.
///
/// # Errors
/// When the database cannot be reached.
pub async fn add(tx: &mut Tx<'_>, revoked: &[(Uuid, MinimumEpoch)]) -> Result<()> {
    let expires_at = tx.now + chrono::Duration::seconds(2 * token::LIFETIME_SECONDS);
    let rows: Vec<_> = revoked
        .iter()
        .map(|(id, minimum)| {
            (dsl::id.eq(*id), dsl::minimum_epoch.eq(*minimum), dsl::expires_at.eq(expires_at))
        })
        .collect();
    diesel::insert_into(dsl::revocations)
        .values(rows)
        .on_conflict(dsl::id)
        .do_update()
        .set((
            dsl::minimum_epoch.eq(excluded(dsl::minimum_epoch)),
            dsl::expires_at.eq(excluded(dsl::expires_at)),
        ))
        .execute(tx.conn())
        .await?;
    tx.revoked(revoked.iter().copied());
    Ok(())
}
