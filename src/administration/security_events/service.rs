use super::model::{Filter, SecurityEvent};
use super::queries;
use crate::db::Tx;
use crate::error::Result;
use crate::page::{Page, PageRequest};

/// One page of security events.
pub async fn list(tx: &mut Tx<'_>, filter: Filter, page: &PageRequest) -> Result<Page<SecurityEvent>> {
    queries::list(tx, filter, page).await
}
