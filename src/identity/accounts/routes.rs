use actix_web::{get, patch, post};
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{
    AccountDto, AccountsQuery, ChangePassword, CreateAccount, CreateClient, MeDto, NewClientDto, PatchAccount,
};
use super::queries::Filter;
use super::service;
use crate::access::perm;
use crate::error::Result;
use crate::http::page::PageDto;
use crate::http::{
    Allow, Id, IdempotencyKey, IfMatch, IfNoneMatch, IfVersion, Patch, Reply, Valid, ValidQuery,
};
use crate::identity::{login_attempts, secrets};

/// Routes of this resource.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(me)
        .service(change_password)
        .service(list)
        .service(create)
        .service(get)
        .service(update)
        .service(unbind_provider)
        .service(create_client)
        .service(rotate_secret);
}

/// Read my account
///
/// The account of the caller, its roles, everything it may do, and the delegations under which the caller may
/// act today or later (none in a request that is itself made under a delegation).
#[utoipa::path(tag = "identity", operation_id = "me_get", security(("oauth2" = [perm::SelfRead])),
    responses((status = 200, description = "The account of the caller", body = MeDto)))]
#[get("/v1/me")]
async fn me(allow: Allow<perm::SelfRead>) -> Result<Reply> {
    let actor = allow.actor();
    let delegations = match actor.on_behalf_of {
        Some(_) => Vec::new(),
        None => allow.read(async |tx| service::delegations(tx).await).await?,
    };
    Reply::ok(&MeDto::new(actor, &delegations))
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
    let filter = Filter { q: query.0.q.clone(), username: query.0.username.clone(), kind: query.0.kind };
    let rows = allow.read(async |tx| service::list(tx, &filter, &page).await).await?;
    allow.reply_page("/v1/accounts", &query.0, rows.map(AccountDto::from))
}

/// Open a person's account
///
/// Gives the person a user name, a first password and roles. The employee is named by `employee_id` or
/// `employee_code`.
#[utoipa::path(tag = "identity", operation_id = "accounts_create", request_body = CreateAccount,
    security(("oauth2" = [perm::AccountManage])),
    params(IdempotencyKey),
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
/// Returns the account of a person or of a machine client, with its roles.
#[utoipa::path(tag = "identity", operation_id = "accounts_get", security(("oauth2" = [perm::AccountRead])),
    params(("id" = uuid::Uuid, Path, description = "Identifier of the account (UUID)"), IfNoneMatch),
    responses((status = 200, description = "The account", body = AccountDto)))]
#[get("/v1/accounts/{id}")]
async fn get(allow: Allow<perm::AccountRead>, id: Id) -> Result<Reply> {
    let account = allow.read(async |tx| service::get(tx, id.0).await).await?;
    Reply::resource(account.0.version, &AccountDto::from(account))
}

/// Change an account
///
/// New roles and the closing of an account take effect at once: tokens issued before can no longer change
/// data, and the logins of a closed account end. Callers cannot change their own roles or close their own
/// account, and at least one administrator always remains.
#[utoipa::path(tag = "identity", operation_id = "accounts_update",
    request_body(content = PatchAccount, content_type = "application/merge-patch+json"),
    security(("oauth2" = [perm::AccountManage])),
    params(("id" = uuid::Uuid, Path, description = "Identifier of the account (UUID)"), IfMatch),
    responses((status = 200, description = "The account", body = AccountDto)))]
#[patch("/v1/accounts/{id}")]
async fn update(
    allow: Allow<perm::AccountManage>,
    id: Id,
    matches: IfMatch,
    patch: Patch<PatchAccount>,
) -> Result<Reply> {
    let account = allow.write(async |tx| service::update(tx, id.0, &matches.0, patch.0.into()).await).await?;
    Reply::resource(account.0.version, &AccountDto::from(account))
}

/// Unbind an account from the OpenID provider
///
/// The first sign-in through the ministry's OpenID provider binds the account with that user name to the
/// person (`sub` at the provider). Unbinding ends the tokens of the account; the next sign-in under its user
/// name binds it again.
#[utoipa::path(tag = "identity", operation_id = "accounts_unbind_provider",
    security(("oauth2" = [perm::AccountManage])),
    params(("id" = uuid::Uuid, Path, description = "Identifier of the account (UUID)"), IdempotencyKey, IfVersion),
    responses((status = 200, description = "The account", body = AccountDto)))]
#[post("/v1/accounts/{id}/unbind-provider")]
async fn unbind_provider(allow: Allow<perm::AccountManage>, key: IdempotencyKey, id: Id) -> Result<Reply> {
    allow
        .write_once(&key, "", async |tx| {
            let account = service::unbind_provider(tx, id.0).await?;
            Reply::resource(account.0.version, &AccountDto::from(account))
        })
        .await
}

/// Change my password
///
/// All other logins of the caller end; this login continues with its next refresh. Repeated wrong passwords
/// are slowed down as at sign-in.
#[utoipa::path(tag = "identity", operation_id = "me_change_password", request_body = ChangePassword,
    security(("oauth2" = [perm::SelfRead])),
    responses((status = 204, description = "The password was changed")))]
#[post("/v1/me/change-password")]
async fn change_password(allow: Allow<perm::SelfRead>, input: Valid<ChangePassword>) -> Result<Reply> {
    let ChangePassword { current_password, new_password } = input.body;
    let attempt = login_attempts::attempt(allow.keys(), &allow.actor().name, &allow.address());
    let attempt = login_attempts::strictly(attempt);
    // On its own, so that a wrong password, which undoes the change, still counts.
    allow.write(async |tx| service::admit_to_password(tx, &attempt).await).await?;
    let changed = allow
        .write(async |tx| service::change_own_password(tx, current_password, new_password, &attempt).await)
        .await;
    if changed.is_err() {
        allow.write(async |tx| login_attempts::failed(tx, &attempt).await).await?;
    }
    changed?;
    Ok(Reply::no_content())
}

/// Register a machine client
///
/// A client with public keys signs its own assertions. A client without them gets a secret, which only this
/// answer shows; a repeated request does not return it.
#[utoipa::path(tag = "identity", operation_id = "clients_create", request_body = CreateClient,
    security(("oauth2" = [perm::AccountManage])),
    responses((status = 201, description = "The client and its secret", body = NewClientDto,
        headers(("ETag" = String)))))]
#[post("/v1/clients")]
async fn create_client(allow: Allow<perm::AccountManage>, input: Valid<CreateClient>) -> Result<Reply> {
    let secret = if input.body.jwks.is_some() { None } else { Some(secrets::new()?) };
    allow
        .write(async |tx| {
            let account = service::create(tx, input.body.into_draft(secret.clone())).await?;
            let location = format!("/v1/accounts/{}", account.0.id);
            let version = account.0.version;
            Reply::created(location, version, &NewClientDto { client: account.into(), client_secret: secret })
        })
        .await
}

/// Give a client a new secret
///
/// The old secret and the tokens obtained with it are no longer valid. Only this answer shows the new secret.
#[utoipa::path(tag = "identity", operation_id = "clients_rotate_secret",
    security(("oauth2" = [perm::AccountManage])),
    params(("id" = uuid::Uuid, Path, description = "Identifier of the client's account (UUID)")),
    responses((status = 200, description = "The client and its new secret", body = NewClientDto)))]
#[post("/v1/clients/{id}/rotate-secret")]
async fn rotate_secret(allow: Allow<perm::AccountManage>, id: Id) -> Result<Reply> {
    let (client, secret) = allow.write(async |tx| service::rotate_secret(tx, id.0).await).await?;
    Reply::ok(&NewClientDto { client: client.into(), client_secret: Some(secret) })
}
