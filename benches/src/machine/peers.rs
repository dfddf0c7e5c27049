//! The same read in Python: FastAPI with asyncpg, and Django REST framework. Each gets as many workers as there are cores.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context, ensure};
use tokio::process::Command;

use super::{Program, cores, free_address};

/// A server to compare with.
pub struct Peer {
    program: Program,
    /// Where it listens.
    pub address: SocketAddr,
}

impl Peer {
    /// FastAPI with asyncpg, run by uvicorn.
    ///
    /// # Errors
    /// When Python or its packages cannot be had, or it does not answer.
    pub async fn fastapi(url: &str, folder: &Path) -> anyhow::Result<Self> {
        let (venv, code) = installed("fastapi", folder).await?;
        let address = free_address()?;
        let mut command = Command::new(venv.join("bin/uvicorn"));
        command.args(["app:app", "--host", "127.0.0.1", "--port", &address.port().to_string()]);
        command.args(["--workers", &cores().to_string(), "--no-access-log", "--log-level", "warning"]);
        Self::start(command, address, url, &code, &folder.join("fastapi.log")).await
    }

    /// Django REST framework, run by gunicorn.
    ///
    /// # Errors
    /// As [`Peer::fastapi`].
    pub async fn django(url: &str, folder: &Path) -> anyhow::Result<Self> {
        let (venv, code) = installed("django", folder).await?;
        let address = free_address()?;
        let mut command = Command::new(venv.join("bin/gunicorn"));
        command.args(["app:application", "--bind", &address.to_string(), "--workers", &cores().to_string()]);
        command.args(["--worker-class", "gthread", "--threads", "4", "--keep-alive", "75"]);
        Self::start(command, address, url, &code, &folder.join("django.log")).await
    }

    async fn start(
        mut command: Command,
        address: SocketAddr,
        url: &str,
        code: &Path,
        log: &Path,
    ) -> anyhow::Result<Self> {
        command.env_clear().env("DATABASE_URL", url).env("PYTHONDONTWRITEBYTECODE", "1").current_dir(code);
        let mut program = Program::start(command, log)?;
        program.ready(address, "/ready").await?;
        Ok(Self { program, address })
    }

    /// Its process id; its workers are children of it.
    ///
    /// # Errors
    /// When it has ended.
    pub fn process(&self) -> anyhow::Result<u32> {
        self.program.process()
    }
}

/// An environment with the pinned packages of a peer, made unless it is there, and the folder of the peer's code.
async fn installed(name: &str, folder: &Path) -> anyhow::Result<(PathBuf, PathBuf)> {
    let code = Path::new(env!("CARGO_MANIFEST_DIR")).join("peers").join(name);
    let (venv, pinned) = (folder.join(format!("venv-{name}")), code.join("requirements.txt"));
    let done = venv.join("installed.txt");
    let wanted = std::fs::read(&pinned)?;
    if std::fs::read(&done).is_ok_and(|there| there == wanted) {
        return Ok((venv, code));
    }
    run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&venv))
        .await
        .context("Python with venv")?;
    let mut install = Command::new(venv.join("bin/pip"));
    install.args(["install", "--quiet", "--disable-pip-version-check", "--requirement"]).arg(&pinned);
    run(&mut install).await.with_context(|| format!("the Python packages of {name}"))?;
    std::fs::write(&done, wanted)?;
    Ok((venv, code))
}

async fn run(command: &mut Command) -> anyhow::Result<()> {
    let output = command.stdin(Stdio::null()).output().await?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{}", said.lines().last().unwrap_or("it failed"));
    Ok(())
}
