//! Programs of this repository, built as they are delivered, and any program that runs while it is measured.

use std::fs::File;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use tokio::process::{Child, Command};

use super::family;
use crate::load::Connection;

/// Longest a server may take until it answers.
const START_LIMIT: Duration = Duration::from_secs(60);

/// The programs that were built.
#[derive(Debug, Clone)]
pub struct Built {
    folder: PathBuf,
}

impl Built {
    /// Build the service, the bare server and the stripped one, in one go and in one profile: all are compiled with the same
    /// settings, and the libraries they share with the same features.
    ///
    /// # Errors
    /// When cargo fails; what it says is on standard error.
    pub async fn all(profile: &str) -> anyhow::Result<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("the folder of the repository")?;
        let mut build = Command::new("cargo");
        build.args(["build", "--locked", "--profile", profile, "--package", "thuocdo", "--bin", "thuocdo"]);
        build.args(["--package", "thuocdo-benches", "--bin", "thuocdo-base", "--bin", "thuocdo-stripped"]);
        let status = build.current_dir(root).status().await.context("cargo")?;
        ensure!(status.success(), "cargo build: {status}");
        Self::found(profile)
    }

    /// Those that were built before, beside the program that runs.
    ///
    /// # Errors
    /// When they are not there.
    pub fn found(profile: &str) -> anyhow::Result<Self> {
        let own = std::env::current_exe()?;
        let target = own.ancestors().nth(2).context("the folder of what was built")?;
        let folder = target.join(if profile == "dev" { "debug" } else { profile });
        for name in ["thuocdo", "thuocdo-base", "thuocdo-stripped"] {
            ensure!(folder.join(name).is_file(), "{name} was not built in profile {profile}");
        }
        Ok(Self { folder })
    }

    /// The path of a program.
    pub fn program(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }
}

/// A program that runs until it is dropped.
pub struct Program {
    child: Child,
    name: String,
}

impl Program {
    /// Start it, with nothing in its environment but what is set on the command; what it says goes to a file.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn start(mut command: Command, log: &Path) -> anyhow::Result<Self> {
        let name = command.as_std().get_program().to_string_lossy().into_owned();
        let output = File::create(log).with_context(|| format!("{}", log.display()))?;
        command.stdin(Stdio::null()).stdout(output.try_clone()?).stderr(output).kill_on_drop(true);
        let child = command.spawn().with_context(|| name.clone())?;
        Ok(Self { child, name })
    }

    /// Its process id.
    ///
    /// # Errors
    /// When it has ended.
    pub fn process(&self) -> anyhow::Result<u32> {
        self.child.id().with_context(|| format!("{} has ended", self.name))
    }

    /// Wait until it answers a path with 200; gives how long that took since it was called.
    ///
    /// # Errors
    /// When it ends, or takes longer than a minute.
    pub async fn ready(&mut self, address: SocketAddr, path: &str) -> anyhow::Result<Duration> {
        let started = Instant::now();
        while !ready(address, path).await {
            if let Some(status) = self.child.try_wait()? {
                bail!("{} ended before it answered: {status}", self.name);
            }
            ensure!(started.elapsed() < START_LIMIT, "{} does not answer", self.name);
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        Ok(started.elapsed())
    }

    /// Stop it.
    ///
    /// # Errors
    /// When it cannot be waited for.
    pub async fn stop(mut self) -> anyhow::Result<()> {
        Ok(self.child.kill().await?)
    }
}

/// Servers of several processes do not end their workers when they are killed, so that all are ended together.
impl Drop for Program {
    fn drop(&mut self) {
        let Some(root) = self.child.id() else { return };
        let mut kill = std::process::Command::new("kill");
        kill.arg("-KILL").args(family(root).iter().map(u32::to_string));
        // Those that ended meanwhile are no fault.
        let _ = kill.stderr(Stdio::null()).status();
    }
}

/// Whether a server answers a path with 200.
pub async fn ready(address: SocketAddr, path: &str) -> bool {
    let Ok(mut connection) = Connection::open(address).await else { return false };
    let request = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\n\r\n");
    matches!(connection.ask(request.as_bytes()).await, Ok(answer) if answer.status == 200)
}
