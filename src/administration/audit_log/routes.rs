use actix_web::http::header::CONTENT_DISPOSITION;
use actix_web::web::Bytes;
use actix_web::{HttpResponse, get};
use futures::stream::try_unfold;
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{AuditEntryDto, AuditExportQuery, AuditLogQuery};
use super::model::Filter;
use super::service;
use crate::access::{Allow, perm};
use crate::error::{Error, Result};
use crate::http::page::PageDto;
use crate::http::{Reply, ValidQuery};

/// Media type of an export: one JSON document a line.
const NDJSON: &str = "application/x-ndjson";

/// Routes of this resource.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list).service(export);
}

/// List the audit log
///
/// Who did what to which object, on whose behalf, before and after, newest first. Nobody can change or remove an entry,
/// and a chain of digests shows it if somebody did.
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
/// All entries that fit, oldest first, one JSON document a line, without a limit: they are sent while they are read. The
/// export is itself an entry of the log (`audit_log.exported`, with the filters as its purpose), and goes up to the
/// newest entry before it.
#[utoipa::path(tag = "administration", operation_id = "audit_log_export", params(AuditExportQuery),
    security(("oauth2" = [perm::AuditRead])),
    responses((status = 200, description = "The entries; the schema is that of one line", body = AuditEntryDto,
        content_type = "application/x-ndjson")))]
#[get("/v1/audit-log/export")]
async fn export(allow: Allow<perm::AuditRead>, query: ValidQuery<AuditExportQuery>) -> Result<HttpResponse> {
    let description = serde_urlencoded::to_string(&query.0).map_err(Error::internal)?;
    let filter = Filter::from(query.0);
    let last = allow.read(async |tx| service::begin_export(tx, &description).await).await?;
    let lines = try_unfold((allow, filter, i64::MIN), move |(allow, filter, after)| async move {
        let rows = allow.read(async |tx| service::export(tx, &filter, after, last).await).await?;
        let Some((newest, _)) = rows.last() else {
            return Ok::<_, Error>(None);
        };
        let after = newest.number;
        Ok(Some((lines(rows.into_iter().map(AuditEntryDto::from))?, (allow, filter, after))))
    });
    Ok(HttpResponse::Ok()
        .content_type(NDJSON)
        .insert_header((CONTENT_DISPOSITION, "attachment; filename=\"audit-log.ndjson\""))
        .streaming(lines))
}

/// One line for each entry.
fn lines(entries: impl Iterator<Item = AuditEntryDto>) -> Result<Bytes> {
    let mut text = Vec::new();
    for entry in entries {
        serde_json::to_writer(&mut text, &entry).map_err(Error::internal)?;
        text.push(b'\n');
    }
    Ok(text.into())
}
