//! From settings to a running service: database, migrations, signing key, gate, server.

use std::net::TcpListener;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use chrono::{DateTime, Duration};
use rustls::pki_types::PrivatePkcs8KeyDer;
use rustls::pki_types::pem::PemObject;

use crate::clock::Clock;
use crate::config::{ServeSettings, Settings};
use crate::db::embedded::{Durability, Embedded};
use crate::db::{Db, migrate};
use crate::http::docs::Note;
use crate::http::{Gate, limits};
use crate::i18n::Locale;
use crate::identity::signing_keys;
use crate::tokens::Keys;
use crate::tokens::keys::KeyMaterial;
use crate::tokens::provider::Provider;
use crate::{app, telemetry, worker};

/// How often other replicas are followed.
const FOLLOW_PERIOD: std::time::Duration = limits::RATE_SHARED_EVERY;
/// Every how many turns the signing keys are read anew, too.
const KEYS_EVERY: u64 = 5;

/// Shortest secret of the operator's own.
const SECRET_BYTES: usize = 32;

/// A database the service can use, and the private server it may stand on.
pub struct Database {
    /// Its address.
    pub url: String,
    embedded: Option<Embedded>,
}

impl Database {
    /// The database of the settings: `DATABASE_URL`, or one of the private server. `name` tells service and demo
    /// apart, which never share data.
    ///
    /// # Errors
    /// In words, what is missing or does not answer.
    pub async fn open(settings: &Settings, name: &str) -> anyhow::Result<Self> {
        if let Some(url) = settings.database_address()? {
            return Ok(Self { url, embedded: None });
        }
        let folder = settings.data_dir();
        let embedded = Embedded::start(&folder, Durability::Durable, settings.pg_bin_dir.as_deref()).await?;
        let url = embedded.database_url(name).await?;
        Ok(Self { url, embedded: Some(embedded) })
    }

    /// Bring it to the newest version.
    ///
    /// # Errors
    /// When it does not answer or a migration fails.
    pub async fn migrate(&self) -> anyhow::Result<()> {
        for name in migrate::run(&self.url).await.context("the database cannot be migrated")? {
            tracing::info!(migration = name, "migrated");
        }
        Ok(())
    }

    /// Whether the service manages the server itself.
    pub fn is_private(&self) -> bool {
        self.embedded.is_some()
    }

    /// Leave it; a private server that nobody else uses stops.
    pub async fn close(self) {
        if let Some(embedded) = self.embedded
            && let Err(error) = embedded.stop().await
        {
            tracing::warn!(%error, "the private Postgres did not stop");
        }
    }
}

/// The gate to a migrated database, with the keys of its tokens.
///
/// # Errors
/// When the database does not answer or the key file is no key.
pub async fn gate(
    settings: &Settings,
    database_url: &str,
    issuer: &str,
    locale: Locale,
    clock: &Clock,
) -> anyhow::Result<Gate> {
    let db = Db::new(database_url, settings.pool_size())?;
    // A gate of throw-away keys, to reach the database for the real ones.
    let keyless = Gate::new(db.clone(), Keys::new(&Keys::generate_pkcs8()?, issuer)?, clock.clone(), locale);
    let from_file = settings.signing_key_file.as_deref().map(read_keys).transpose()?;
    let (keys, cursor_secret) = keyless
        .system("signing key", async |tx| {
            let keys = match from_file {
                Some(keys) => keys,
                None => signing_keys::load_or_make(tx).await?,
            };
            Ok((keys, signing_keys::cursor_secret(tx).await?))
        })
        .await?;
    let keys = Keys::ring(&keys, &cursor_secret, issuer)?;
    if let Some(file) = &settings.answer_secrets_file {
        keys.seals().prefer(&read_secrets(file)?)?;
    }
    Ok(Gate::new(db, keys, clock.clone(), locale))
}

/// Follow what other replicas and the command line decide, every second: revoked tokens, counts of callers, and every
/// few seconds the signing keys. And write the security events that were counted meanwhile.
async fn follow(gate: Gate, key_file: Option<PathBuf>) {
    let mut timer = tokio::time::interval(FOLLOW_PERIOD);
    timer.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut failing = false;
    for turn in 0_u64.. {
        timer.tick().await;
        let followed = async {
            gate.refresh_revocations().await?;
            gate.share_rates().await?;
            gate.write_security_events().await?;
            if turn % KEYS_EVERY == 0 {
                refresh_keys(&gate, key_file.as_deref()).await?;
            }
            anyhow::Ok(())
        };
        let followed = followed.await;
        // Once, not every second.
        if let (Err(error), false) = (&followed, failing) {
            tracing::warn!(error = format!("{error:#}"), "other replicas cannot be followed for now");
        }
        failing = followed.is_err();
    }
}

/// Take the keys as they are now.
///
/// # Errors
/// When they cannot be read; then they stay as they were.
pub async fn refresh_keys(gate: &Gate, key_file: Option<&Path>) -> anyhow::Result<()> {
    let keys = match key_file {
        Some(file) => read_keys(file)?,
        None => gate.look(async |tx| signing_keys::load(tx).await).await?,
    };
    Ok(gate.keys().replace(&keys)?)
}

/// A gate to the database alone, of throw-away keys: for commands that neither give nor read tokens.
///
/// # Errors
/// When the address is not one of a database.
pub fn keyless_gate(settings: &Settings, database_url: &str, clock: &Clock) -> anyhow::Result<Gate> {
    let keys = Keys::new(&Keys::generate_pkcs8()?, "cli")?;
    Ok(Gate::new(Db::new(database_url, settings.pool_size())?, keys, clock.clone(), Locale::default()))
}

/// The PKCS#8 keys of a file: one in DER, or any number in PEM, of which the first signs and all verify.
///
/// # Errors
/// When the file cannot be read or holds no key.
pub fn read_keys(file: &Path) -> anyhow::Result<Vec<KeyMaterial>> {
    let bytes =
        std::fs::read(file).with_context(|| format!("the signing key {} cannot be read", file.display()))?;
    let found = match std::str::from_utf8(&bytes) {
        Err(_) => vec![bytes],
        Ok(text) => pem_keys(text).unwrap_or_default(),
    };
    if found.is_empty() {
        bail!("the signing key {} is not PKCS#8 (PEM or DER)", file.display());
    }
    // The later a key stands, the older it is taken to be.
    let at = |i: usize| DateTime::UNIX_EPOCH - Duration::hours(i64::try_from(i).unwrap_or(0));
    let keys: Vec<_> =
        found.into_iter().enumerate().map(|(i, pkcs8)| KeyMaterial { pkcs8, signs_from: at(i) }).collect();
    for key in &keys {
        Keys::public_key_of(&key.pkcs8).with_context(|| format!("the signing key {}", file.display()))?;
    }
    Ok(keys)
}

/// The secrets of a file, one a line.
///
/// # Errors
/// When the file cannot be read, or a secret is so short that it could be guessed.
pub fn read_secrets(file: &Path) -> anyhow::Result<Vec<Vec<u8>>> {
    let text = std::fs::read_to_string(file)
        .with_context(|| format!("the secrets {} cannot be read", file.display()))?;
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let secrets: Vec<Vec<u8>> = lines.map(|line| line.as_bytes().to_vec()).collect();
    if secrets.is_empty() || secrets.iter().any(|secret| secret.len() < SECRET_BYTES) {
        bail!("{} must hold secrets of at least {SECRET_BYTES} characters, one a line", file.display());
    }
    Ok(secrets)
}

/// The keys of a text in PEM; none if one is damaged. What is wrong is not passed on, because it can hold a line of the
/// key.
fn pem_keys(text: &str) -> Option<Vec<Vec<u8>>> {
    PrivatePkcs8KeyDer::pem_slice_iter(text.as_bytes())
        .map(|key| Some(key.ok()?.secret_pkcs8_der().to_vec()))
        .collect()
}

/// Listen, answer, work in the background, until a signal says stop.
///
/// # Errors
/// When the address is taken or the server fails.
pub async fn serve(
    gate: Gate,
    clock: Clock,
    settings: &Settings,
    serve: &ServeSettings,
    note: Option<&Note>,
) -> anyhow::Result<()> {
    // First, so that it is dropped last: what is logged while the server stops is written too.
    let _batched = telemetry::batched();
    let gate = gate.with_defences(serve.defences());
    if let Some(trust) = serve.trust() {
        gate.trust(Provider::new(trust)?);
    }
    let listener = TcpListener::bind(serve.listen).with_context(|| {
        format!("cannot listen on {}; choose another address with --listen", serve.listen)
    })?;
    let address = listener.local_addr()?;
    let (work, followed) = (gate.clone(), gate.clone());
    let server = app::server(gate, clock, listener, serve.workers(), note)?;
    let handle = server.handle();
    let following = tokio::spawn(follow(followed, settings.signing_key_file.clone()));
    let running = tokio::spawn(server);
    tracing::info!("Thước Đo answers at http://{address} (Swagger UI: http://{address}/docs/)");
    if serve.no_worker {
        stop_signal().await;
    } else {
        tokio::select! {
            () = stop_signal() => {}
            () = worker::run(work) => {}
        }
    }
    tracing::info!("stopping: running requests may finish");
    handle.stop(true).await;
    following.abort();
    running.await??;
    Ok(())
}

async fn stop_signal() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        let _ = tokio::signal::ctrl_c().await;
        return;
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_with_a_damaged_key_has_no_keys() {
        let key = |body: &str| format!("-----BEGIN PRIVATE KEY-----\n{body}\n-----END PRIVATE KEY-----\n");
        let two = key("YWI=") + "The key of last year:\n" + &key("Yw==");
        assert_eq!(pem_keys(&two), Some(vec![b"ab".to_vec(), b"c".to_vec()]));
        assert_eq!(pem_keys(&(key("YWI=") + &key("Y"))), None);
        assert_eq!(pem_keys(&key("YWI=").replace("-----END", "-----")), None);
        assert_eq!(pem_keys("no key"), Some(vec![]));
    }
}
