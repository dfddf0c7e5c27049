//! What lies below the data folder, and the locks that let several processes share one server.
//!
//! ```text
//! <data_dir>/pg/start.lock   held while a server is looked for, started or stopped
//!               users.lock   shared by every process that uses the server
//!               password     of the database user, for us alone
//!               port         used last, kept while it is free
//!               server.log   what the server says
//!               data/        the database; owned by the account that runs the server
//! ```
//!
//! All but `data` and the log belongs to the starting user: the server's account can lay no links there.

use std::fs::{self, File, OpenOptions, Permissions, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::account::Account;
use super::error::EmbeddedError;
use super::programs::last_lines;

/// Where a distribution's own server listens: never ours.
const USUAL_PORT: u16 = 5432;
const LOG_LIMIT: u64 = 8 << 20;
const LOCK_STEP: Duration = Duration::from_millis(20);

/// The files of one private server.
#[derive(Debug, Clone)]
pub(super) struct Files {
    pub(super) home: PathBuf,
    pub(super) data: PathBuf,
    /// Unpacked server programs, where the system has none.
    pub(super) dist: PathBuf,
    pub(super) log: PathBuf,
}

impl Files {
    /// Make the folders; below root's the server's account can pass, below a user's nobody else can.
    pub(super) fn prepare(data_dir: &Path, root: bool) -> Result<Self, EmbeddedError> {
        let failed = |e| EmbeddedError::io(format!("make the folder {}", data_dir.display()), e);
        let data_dir = std::path::absolute(data_dir).map_err(failed)?;
        let home = data_dir.join("pg");
        let missing: Vec<&Path> = home.ancestors().take_while(|folder| !folder.exists()).collect();
        for folder in missing.into_iter().rev() {
            match fs::create_dir(folder) {
                Err(e) if e.kind() != io::ErrorKind::AlreadyExists => return Err(failed(e)),
                _ => {}
            }
            let mode = if root { 0o755 } else { 0o700 };
            fs::set_permissions(folder, Permissions::from_mode(mode)).map_err(failed)?;
        }
        let data_dir = fs::canonicalize(data_dir).map_err(failed)?;
        let home = data_dir.join("pg");
        let dist = data_dir.join("postgres-dist");
        Ok(Self { data: home.join("data"), dist, log: home.join("server.log"), home })
    }

    /// The major version that made the data, when there is data.
    pub(super) fn made_by(&self) -> Option<u32> {
        fs::read_to_string(self.data.join("PG_VERSION")).ok()?.trim().parse().ok()
    }

    /// The lock held while a server is looked for, started or stopped.
    pub(super) async fn lock_start(&self) -> Result<File, EmbeddedError> {
        let lock = self.open_lock("start.lock")?;
        let mut told = false;
        while !try_exclusive(&lock)? {
            if !told {
                tracing::info!("waiting for another process that starts the private Postgres");
                told = true;
            }
            tokio::time::sleep(LOCK_STEP).await;
        }
        Ok(lock)
    }

    /// The same without a runtime, for a bounded time: `None` when another process keeps it.
    pub(super) fn lock_start_blocking(&self, limit: Duration) -> Result<Option<File>, EmbeddedError> {
        let lock = self.open_lock("start.lock")?;
        let end = Instant::now() + limit;
        while !try_exclusive(&lock)? {
            if Instant::now() > end {
                return Ok(None);
            }
            std::thread::sleep(LOCK_STEP);
        }
        Ok(Some(lock))
    }

    /// The lock that each user of the server shares.
    pub(super) fn open_users(&self) -> Result<File, EmbeddedError> {
        self.open_lock("users.lock")
    }

    fn open_lock(&self, name: &str) -> Result<File, EmbeddedError> {
        let path = self.home.join(name);
        let mut open = OpenOptions::new();
        let opened = open.create(true).truncate(false).write(true).mode(0o600).open(&path);
        opened.map_err(|e| EmbeddedError::io(format!("open {}", path.display()), e))
    }

    /// The password of the database user.
    pub(super) fn password(&self) -> Result<String, EmbeddedError> {
        let path = self.home.join("password");
        fs::read_to_string(&path).map_err(|e| EmbeddedError::io(format!("read {}", path.display()), e))
    }

    /// Make a password, keep it, and write it once more to a file that the server's account can read.
    pub(super) fn make_password(&self, account: Option<&Account>) -> Result<PathBuf, EmbeddedError> {
        let failed = |e| EmbeddedError::io(format!("keep a password in {}", self.home.display()), e);
        let mut bytes = [0_u8; 24];
        File::open("/dev/urandom").and_then(|mut random| random.read_exact(&mut bytes)).map_err(failed)?;
        let password = base16ct::lower::encode_string(&bytes);
        let once = self.home.join("initdb.pw");
        for path in [&self.home.join("password"), &once] {
            remove_file(path).map_err(failed)?;
            let mut open = OpenOptions::new();
            let file = open.create_new(true).write(true).mode(0o600).open(path);
            file.and_then(|mut file| file.write_all(password.as_bytes())).map_err(failed)?;
        }
        give(&once, account).map_err(failed)?;
        Ok(once)
    }

    /// An empty folder to make the data in; it takes its place only when complete.
    pub(super) fn new_data(&self, account: Option<&Account>) -> Result<PathBuf, EmbeddedError> {
        let fresh = self.home.join("data.new");
        let failed = |e| EmbeddedError::io(format!("make {}", fresh.display()), e);
        if fresh.exists() {
            fs::remove_dir_all(&fresh).map_err(failed)?;
        }
        fs::create_dir(&fresh).map_err(failed)?;
        fs::set_permissions(&fresh, Permissions::from_mode(0o700)).map_err(failed)?;
        give(&fresh, account).map_err(failed)?;
        Ok(fresh)
    }

    /// A log file that the server's account can write; an overlong one is put aside.
    pub(super) fn prepare_log(&self, account: Option<&Account>) -> Result<(), EmbeddedError> {
        let failed = |e| EmbeddedError::io(format!("write {}", self.log.display()), e);
        if fs::metadata(&self.log).is_ok_and(|meta| meta.len() > LOG_LIMIT) {
            fs::rename(&self.log, self.log.with_extension("log.old")).map_err(failed)?;
        }
        OpenOptions::new().create(true).append(true).mode(0o600).open(&self.log).map_err(failed)?;
        give(&self.log, account).map_err(failed)
    }

    /// The end of the server's log, for an error message.
    pub(super) fn log_tail(&self) -> String {
        let read = || -> io::Result<Vec<u8>> {
            let mut log = File::open(&self.log)?;
            let start = log.metadata()?.len().saturating_sub(8192);
            log.seek(SeekFrom::Start(start))?;
            let mut end = Vec::new();
            log.read_to_end(&mut end)?;
            Ok(end)
        };
        last_lines(&String::from_utf8_lossy(&read().unwrap_or_default()), 12)
    }

    /// An error of a server program, with the end of the server's log.
    pub(super) fn with_log(&self, error: EmbeddedError) -> EmbeddedError {
        let (program, said) = match error {
            EmbeddedError::Program { program, output } => (program, output),
            EmbeddedError::TimedOut { program, seconds } => {
                (program, format!("not finished within {seconds} s"))
            }
            other => return other,
        };
        let output = format!("{said}\n{} ends with:\n{}", self.log.display(), self.log_tail());
        EmbeddedError::Program { program, output }
    }

    /// The port used last while it is free, else a new one; kept for the next start.
    pub(super) fn choose_port(&self) -> Result<u16, EmbeddedError> {
        let failed = |e| EmbeddedError::io("find a free port".to_owned(), e);
        let path = self.home.join("port");
        let last = fs::read_to_string(&path).ok().and_then(|port| port.trim().parse().ok());
        if let Some(port) = last.filter(|port| *port != USUAL_PORT && *port > 1023)
            && TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok()
        {
            return Ok(port);
        }
        let mut port = USUAL_PORT;
        while port == USUAL_PORT {
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(failed)?;
            port = listener.local_addr().map_err(failed)?.port();
        }
        fs::write(&path, format!("{port}\n")).map_err(failed)?;
        Ok(port)
    }

    /// What the server wrote about itself, when it runs or did not stop in order.
    pub(super) fn postmaster(&self) -> Option<Postmaster> {
        parse_postmaster(&fs::read_to_string(self.data.join("postmaster.pid")).ok()?)
    }

    /// Remove what a server that is gone left behind.
    pub(super) fn remove_postmaster(&self) -> Result<(), EmbeddedError> {
        let path = self.data.join("postmaster.pid");
        remove_file(&path).map_err(|e| EmbeddedError::io(format!("remove {}", path.display()), e))
    }

    /// Whether the process is a server of this data (and not one that got the same number later).
    pub(super) fn is_ours(&self, pid: u32) -> bool {
        let started_as = if Path::new("/proc/self/cmdline").exists() {
            fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default()
        } else {
            let ps = std::process::Command::new("ps").args(["-o", "args=", "-p", &pid.to_string()]).output();
            ps.map(|output| output.stdout).unwrap_or_default()
        };
        String::from_utf8_lossy(&started_as).contains(&*self.data.to_string_lossy())
    }
}

/// The first lines of `postmaster.pid`.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Postmaster {
    pub(super) pid: u32,
    /// Not known yet in the first moments of a start.
    pub(super) port: Option<u16>,
}

fn parse_postmaster(text: &str) -> Option<Postmaster> {
    let mut lines = text.lines();
    // A negative number is a server in single-user mode: not one to talk to.
    let pid = lines.next()?.trim().parse().ok()?;
    let port = lines.nth(2).and_then(|port| port.trim().parse().ok());
    Some(Postmaster { pid, port })
}

/// Take a lock for this process alone, without waiting.
pub(super) fn try_exclusive(lock: &File) -> Result<bool, EmbeddedError> {
    match lock.try_lock() {
        Ok(()) => Ok(true),
        Err(TryLockError::WouldBlock) => Ok(false),
        Err(TryLockError::Error(e)) => Err(EmbeddedError::io("lock the private Postgres".to_owned(), e)),
    }
}

fn give(path: &Path, account: Option<&Account>) -> io::Result<()> {
    account.map_or(Ok(()), |account| chown(path, Some(account.uid), Some(account.gid)))
}

fn remove_file(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => Err(e),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn postmaster_pid_is_read() {
        let text = "4711\n/var/lib/thuocdo/pg/data\n1795411000\n40123\n\n127.0.0.1\n  1 2\nready   \n";
        assert_eq!(parse_postmaster(text), Some(Postmaster { pid: 4711, port: Some(40123) }));
    }

    #[test]
    fn an_incomplete_postmaster_pid_is_not_trusted() {
        assert_eq!(parse_postmaster("4711\n/x\n"), Some(Postmaster { pid: 4711, port: None }));
        assert_eq!(parse_postmaster("-4711\n/x\n"), None);
        assert_eq!(parse_postmaster(""), None);
    }
}
