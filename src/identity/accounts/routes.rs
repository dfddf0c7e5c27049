use actix_web::{get, post};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{AccountDto, AccountsQuery, CreateAccount, CreateClient, MeDto, NewClientDto};
use super::service;
use crate::access::{Allow, perm};
use crate::error::{Error, Result};
use crate::http::page::PageDto;
use crate::http::{Id, IdempotencyKey, Reply, Valid, ValidQuery};

/// Routes of this resource.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(me).service(list).service(create).service(get).service(create_client);
}

/// Who I am
///
/// The account behind the token, its roles, and everything it may do.
#[utoipa::path(tag = "identity", operation_id = "me_get", security(("oauth2" = [perm::SelfRead])),
    responses((status = 200, description = "The caller", body = MeDto)))]
#[get("/v1/me")]
async fn me(allow: Allow<perm::SelfRead>) -> Result<Reply> {
    Reply::ok(&MeDto::from(allow.actor()))
}

/// List accounts
///
/// People and machine clients, newest first.
#[utoipa::path(tag = "identity", operation_id = "accounts_list", params(AccountsQuery),
    security(("oauth2" = [perm::AccountRead])),
    responses((status = 200, description = "A page of accounts", body = PageDto<AccountDto>)))]
#[get("/v1/accounts")]
async fn list(allow: Allow<perm::AccountRead>, query: ValidQuery<AccountsQuery>) -> Result<Reply> {
    let page = allow.page(&query.0)?;
    let rows = allow.read(async |tx| service::list(tx, query.0.kind, &page).await).await?;
    allow.reply_page("/v1/accounts", &query.0, rows.map(AccountDto::from))
}

/// Open a person's account
///
/// Gives a person a name, a first password and roles.
#[utoipa::path(tag = "identity", operation_id = "accounts_create", request_body = CreateAccount,
    security(("oauth2" = [perm::AccountManage])),
    responses((status = 201, description = "The account", body = AccountDto)))]
#[post("/v1/accounts")]
async fn create(
    allow: Allow<perm::AccountManage>,
    key: IdempotencyKey,
    input: Valid<CreateAccount>,
) -> Result<Reply> {
    let Valid { body, digest } = input;
    allow
        .write_once(&key, &digest, async |tx| {
            let account = service::create(tx, body.into()).await?;
            Reply::created(
                format!("/v1/accounts/{}", account.0.id),
                account.0.version,
                &AccountDto::from(account),
            )
        })
        .await
}

/// Read an account
///
/// A person's or a machine's account, with its roles.
#[utoipa::path(tag = "identity", operation_id = "accounts_get", security(("oauth2" = [perm::AccountRead])),
    params(("id" = uuid::Uuid, Path, description = "Id of the account")),
    responses((status = 200, description = "The account", body = AccountDto)))]
#[get("/v1/accounts/{id}")]
async fn get(allow: Allow<perm::AccountRead>, id: Id) -> Result<Reply> {
    let account = allow.read(async |tx| service::get(tx, id.0).await).await?;
    Reply::resource(account.0.version, &AccountDto::from(account))
}

/// Register a machine client
///
/// Makes a client and its secret. The secret is shown in this answer only (and not kept for a repeated request).
#[utoipa::path(tag = "identity", operation_id = "clients_create", request_body = CreateClient,
    security(("oauth2" = [perm::AccountManage])),
    responses((status = 201, description = "The client and its secret", body = NewClientDto)))]
#[post("/v1/clients")]
async fn create_client(allow: Allow<perm::AccountManage>, input: Valid<CreateClient>) -> Result<Reply> {
    let secret = new_secret()?;
    allow
        .write(async |tx| {
            let account = service::create(tx, input.body.into_draft(secret.clone())).await?;
            let location = format!("/v1/accounts/{}", account.0.id);
            let version = account.0.version;
            Reply::created(location, version, &NewClientDto { client: account.into(), client_secret: secret })
        })
        .await
}

/// 256 random bits.
fn new_secret() -> Result<String> {
    let mut bytes = [0_u8; 32];
    aws_lc_rs::rand::fill(&mut bytes).map_err(|_| Error::internal("no randomness for a client secret"))?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}
