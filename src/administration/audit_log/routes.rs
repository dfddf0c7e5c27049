use actix_web::{HttpResponse, get};
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{AuditEntryDto, AuditExportEndDto, AuditExportLineDto, AuditExportQuery, AuditLogQuery};
use super::model::Filter;
use super::service;
use crate::access::perm;
use crate::error::{Error, Result};
use crate::http::page::PageDto;
use crate::http::stream::{self, Lines};
use crate::http::{Allow, Reply, ValidQuery};

/// Routes of this resource.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list).service(export);
}

/// List the audit log
///
/// The newest entries first: who did what to which object, on whose behalf, with the values before and after.
/// Nobody can change or remove an entry without the chain of digests showing it.
#[utoipa::path(tag = "administration", operation_id = "audit_log_list", params(AuditLogQuery),
    security(("oauth2" = [perm::AuditRead])),
    responses((status = 200, description = "A page of entries", body = PageDto<AuditEntryDto>)))]
#[get("/v1/audit-log")]
async fn list(allow: Allow<perm::AuditRead>, query: ValidQuery<AuditLogQuery>) -> Result<Reply> {
    let page = allow.page(&query.0)?;
    let filter = Filter::from(AuditExportQuery::from(query.0.clone()));
    let rows = allow.read(async |tx| service::list(tx, &filter, &page).await).await?;
    allow.reply_page("/v1/audit-log", &query.0, rows.map(AuditEntryDto::from))
}

/// Export the audit log
///
/// All entries that match the filters, the oldest first and without a limit: one JSON document in each line,
/// sent while the entries are read, up to the newest entry at the start. The last line is another document,
/// `{"end": true, "entries": 2502, "head": "..."}`, with the number of lines before it and the digest of the
/// newest seal of the whole log. **A file without that last line is incomplete**: after a fault the transfer
/// is broken off, which HTTP clients report as an error. The export may take as long as it needs, but each
/// part of it at most 30 seconds. The log itself gets an entry `audit_log.exported` when the export starts
/// (its purpose holds the filters), and `audit_log.export_completed` or `audit_log.export_broken_off` (with
/// the number of entries) when it ends; after a fault of the database, or if the reader loses the permission
/// in the meantime, only the first may be there.
#[utoipa::path(tag = "administration", operation_id = "audit_log_export", params(AuditExportQuery),
    security(("oauth2" = [perm::AuditRead])),
    responses((status = 200, description = "The entries and the last line, one JSON document in each line; the schema describes one line",
        body = AuditExportLineDto, content_type = "application/x-ndjson")))]
#[get("/v1/audit-log/export")]
async fn export(allow: Allow<perm::AuditRead>, query: ValidQuery<AuditExportQuery>) -> Result<HttpResponse> {
    let description = serde_urlencoded::to_string(&query.0).map_err(Error::internal)?;
    let filter = Filter::from(query.0);
    let (last, head) = allow.read(async |tx| service::begin_export(tx, &description).await).await?;
    Ok(stream::lines("audit-log.ndjson", allow.part_time(), async move |lines: &mut Lines| {
        let sent = send(&allow, &filter, last, lines).await;
        let entries = lines.count();
        let is_whole = sent.is_ok();
        let noted = allow.read_part(async |tx| service::end_export(tx, entries, is_whole)).await;
        sent.and(noted)?;
        let end = AuditExportEndDto { end: true, entries, head: head.to_string() };
        lines.send(&AuditExportLineDto::End(end)).await
    }))
}

/// Every entry, page by page.
async fn send(allow: &Allow<perm::AuditRead>, filter: &Filter, last: i64, lines: &mut Lines) -> Result<()> {
    let mut after = i64::MIN;
    loop {
        let rows = allow.read_part(async |tx| service::export(tx, filter, after, last).await).await?;
        let Some((newest, _)) = rows.last() else {
            return lines.taken().await;
        };
        after = newest.number;
        for row in rows {
            lines.send(&AuditExportLineDto::Entry(Box::new(row.into()))).await?;
        }
    }
}
