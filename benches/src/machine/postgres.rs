//! The private Postgres that everything is measured on: the one the service itself would start.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context, ensure};
use thuocdo::db::embedded::{Durability, Embedded};
use tokio_postgres::{Client, NoTls};

/// A running server with data that survives a crash, as in service.
pub struct Postgres {
    server: Embedded,
    data: PathBuf,
    programs: PathBuf,
    version: String,
}

impl Postgres {
    /// Start it, or join it.
    ///
    /// # Errors
    /// When there is no Postgres and none can be had, or it does not start.
    pub async fn start(folder: &Path) -> anyhow::Result<Self> {
        let server = Embedded::start(folder, Durability::Durable, None).await?;
        let client = connect(&server.superuser_url("postgres")).await?;
        let of = async |statement: &str| -> anyhow::Result<String> {
            Ok(client.query_one(statement, &[]).await?.try_get(0)?)
        };
        let data = of("SELECT current_setting('data_directory')").await?.into();
        let programs = of("SELECT setting FROM pg_config WHERE name = 'BINDIR'").await?.into();
        let version = of("SELECT current_setting('server_version')").await?;
        Ok(Self { server, data, programs, version })
    }

    /// Its version, for example `17.6`.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Address of a database for the role that owns it, which is made when it is not there.
    ///
    /// # Errors
    /// When the server does not answer.
    pub async fn url(&self, name: &str) -> anyhow::Result<String> {
        Ok(self.server.database_url(name).await?)
    }

    /// A connection of the superuser to a database.
    ///
    /// # Errors
    /// When the server does not answer.
    pub async fn superuser(&self, name: &str) -> anyhow::Result<Client> {
        connect(&self.server.superuser_url(name)).await
    }

    /// Whether there is such a database.
    ///
    /// # Errors
    /// When the server does not answer.
    pub async fn has_database(&self, name: &str) -> anyhow::Result<bool> {
        let client = self.superuser("postgres").await?;
        let found = client.query_opt("SELECT 1 FROM pg_database WHERE datname = $1", &[&name]).await?;
        Ok(found.is_some())
    }

    /// Remove a database, if it is there.
    ///
    /// # Errors
    /// When the server does not answer.
    pub async fn drop_database(&self, name: &str) -> anyhow::Result<()> {
        let client = self.superuser("postgres").await?;
        Ok(client.batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await?)
    }

    /// Process id of the server, whose children are the connections.
    ///
    /// # Errors
    /// When it does not run.
    pub fn process(&self) -> anyhow::Result<u32> {
        let file = self.data.join("postmaster.pid");
        let text = fs::read_to_string(&file).with_context(|| format!("{}", file.display()))?;
        Ok(text.lines().next().unwrap_or_default().parse()?)
    }

    /// Stop it, which ends every connection and undoes what is not committed, and start it with the settings it had.
    ///
    /// # Errors
    /// When it does not start again.
    pub async fn restart(&self) -> anyhow::Result<()> {
        let owner = fs::metadata(&self.data)?;
        let mut restart = tokio::process::Command::new(self.programs.join("pg_ctl"));
        restart.args(["restart", "-s", "-w", "-m", "fast", "-D"]).arg(&self.data);
        restart.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        // It refuses to run as root; the owner of the data may run it.
        restart.uid(owner.uid()).gid(owner.gid()).current_dir("/");
        let status = restart.status().await.context("pg_ctl restart")?;
        ensure!(status.success(), "pg_ctl restart: {status}");
        Ok(())
    }

    /// Leave it, and stop it unless somebody else uses it.
    ///
    /// # Errors
    /// When it does not stop.
    pub async fn stop(self) -> anyhow::Result<()> {
        Ok(self.server.stop().await?)
    }
}

/// A connection, served in the background.
async fn connect(url: &str) -> anyhow::Result<Client> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
    tokio::spawn(connection);
    Ok(client)
}
