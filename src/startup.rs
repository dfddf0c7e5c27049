//! From settings to a running service: database, migrations, signing key, gate, server.

use std::net::TcpListener;
use std::path::Path;

use anyhow::{Context, bail};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::access::Gate;
use crate::access::token::Keys;
use crate::clock::Clock;
use crate::config::{ServeSettings, Settings};
use crate::db::embedded::{Durability, Embedded};
use crate::db::{Db, migrate};
use crate::i18n::Locale;
use crate::{app, identity, worker};

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
        if let Some(url) = &settings.database_url {
            return Ok(Self { url: url.clone(), embedded: None });
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
    let pkcs8 = match &settings.signing_key_file {
        Some(file) => read_key(file)?,
        None => {
            // A gate of throw-away keys, to reach the database for the real ones.
            let keyless =
                Gate::new(db.clone(), Keys::new(&Keys::generate_pkcs8()?, issuer)?, clock.clone(), locale);
            keyless.system("signing key", async |tx| identity::signing_keys::newest_or_new(tx).await).await?
        }
    };
    Ok(Gate::new(db, Keys::new(&pkcs8, issuer)?, clock.clone(), locale))
}

/// A PKCS#8 key, PEM or DER.
///
/// # Errors
/// When the file cannot be read or holds no key.
pub fn read_key(file: &Path) -> anyhow::Result<Vec<u8>> {
    let bytes =
        std::fs::read(file).with_context(|| format!("the signing key {} cannot be read", file.display()))?;
    let Ok(text) = std::str::from_utf8(&bytes) else {
        return Ok(bytes);
    };
    let body: String = text.lines().filter(|l| !l.starts_with("-----")).collect();
    match STANDARD.decode(body.trim()) {
        Ok(der) if text.contains("PRIVATE KEY") => Ok(der),
        _ => bail!("the signing key {} is not PKCS#8 (PEM or DER)", file.display()),
    }
}

/// Listen, answer, work in the background, until a signal says stop.
///
/// # Errors
/// When the address is taken or the server fails.
pub async fn serve(
    gate: Gate,
    clock: Clock,
    settings: &ServeSettings,
    note: Option<&str>,
) -> anyhow::Result<()> {
    let listener = TcpListener::bind(settings.listen).with_context(|| {
        format!("cannot listen on {}; choose another address with --listen", settings.listen)
    })?;
    let address = listener.local_addr()?;
    let gate = gate.with_defences(settings.defences());
    let (work, counting) = (gate.clone(), gate.clone());
    let server = app::server(gate, clock, listener, settings.workers(), note)?;
    let handle = server.handle();
    let running = tokio::spawn(server);
    let counting = tokio::spawn(worker::share_rates(counting));
    tracing::info!("Thước Đo answers at http://{address} (Swagger UI: http://{address}/docs/)");
    if settings.no_worker {
        stop_signal().await;
    } else {
        tokio::select! {
            () = stop_signal() => {}
            () = worker::run(work) => {}
        }
    }
    tracing::info!("stopping: running requests may finish");
    handle.stop(true).await;
    running.await??;
    counting.abort();
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
