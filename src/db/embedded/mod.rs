//! The private Postgres: what the service runs on when no `DATABASE_URL` is given, and what the tests run on.
//!
//! [`Embedded::start`] finds the server programs (or gets them), makes the data on first start and listens on
//! 127.0.0.1 only, with a password. Processes share one server per data folder: the first starts it, the last
//! one stops it. A server that a killed process left behind is taken over by the next start.
//!
//! A `static` is never dropped: a server held in one stays, as after a kill, and the next start joins it.

mod account;
mod error;
mod files;
mod install;
mod ownership;
mod programs;
mod server;

use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::Duration;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use self::account::Account;
pub use self::account::is_root;
pub use self::error::EmbeddedError;
use self::files::{Files, try_exclusive};
use self::ownership::OWNER;
use self::programs::{Found, OLDEST, Programs};
pub use self::server::Durability;
use self::server::{Starter, USER};

const STOP_LIMIT: Duration = Duration::from_secs(30);

/// A running private server. The last user's [`stop`](Embedded::stop) or drop ends it. No `Debug`: it knows a password.
pub struct Embedded {
    files: Files,
    programs: Programs,
    password: String,
    port: u16,
    /// Locked in shared mode as long as we use the server.
    users: Option<File>,
}

impl Embedded {
    /// Start the server whose files live below `data_dir`, or join the one that runs already; the data is
    /// made on first start. `pg_bin_dir` names the folder of the server programs, else they are searched for.
    ///
    /// # Errors
    ///
    /// When there are no programs and none could be got, or when the server does not start.
    pub async fn start(
        data_dir: &Path,
        durability: Durability,
        pg_bin_dir: Option<&Path>,
    ) -> Result<Self, EmbeddedError> {
        let files = Files::prepare(data_dir, is_root())?;
        // Held to the end of this function: one process at a time looks, makes and starts.
        let _start = files.lock_start().await?;
        let (programs, account) = find_or_get(&files, pg_bin_dir).await?;
        if let Some(account) = &account
            && let Some(folder) = account::closed_folder(&files.data, account)
        {
            return Err(EmbeddedError::ClosedFolder { account: account.name.clone(), folder });
        }
        let starter = Starter { files: &files, programs: &programs, account: account.as_ref() };
        let users = files.open_users()?;
        let port = match starter.running(&users).await? {
            Some(port) => port,
            None => starter.launch(durability).await?,
        };
        users.lock_shared().map_err(|e| EmbeddedError::io("join the private Postgres".to_owned(), e))?;
        let password = files.password()?;
        Ok(Self { files, programs, password, port, users: Some(users) })
    }

    /// The URL of a database of this server, which is made when it is not there yet, for a role that owns it and is no
    /// superuser: it reads no files of the server, runs no programs and changes no settings that the log depends on.
    ///
    /// # Errors
    ///
    /// When the server does not answer or refuses to make the database.
    pub async fn database_url(&self, name: &str) -> Result<String, EmbeddedError> {
        ownership::prepare(self.port, &self.password, name).await?;
        Ok(self.url(OWNER, name))
    }

    /// The URL of a database of this server for its superuser: for tests, which make and drop many.
    #[must_use]
    pub fn superuser_url(&self, name: &str) -> String {
        self.url(USER, name)
    }

    fn url(&self, role: &str, name: &str) -> String {
        format!("postgres://{role}:{}@127.0.0.1:{}/{}", self.password, self.port, percent_encoded(name))
    }

    /// Leave the server, and stop it when nobody else uses it.
    ///
    /// # Errors
    ///
    /// When the server does not stop.
    pub async fn stop(mut self) -> Result<(), EmbeddedError> {
        let stopping = tokio::task::spawn_blocking(move || self.release());
        stopping.await.unwrap_or_else(|e| {
            Err(EmbeddedError::io("stop the server".to_owned(), std::io::Error::other(e)))
        })
    }

    fn release(&mut self) -> Result<(), EmbeddedError> {
        let Some(users) = self.users.take() else {
            return Ok(());
        };
        // Whoever holds this lock for long is starting, and will use the server: leave it.
        let Some(_start) = self.files.lock_start_blocking(STOP_LIMIT)? else {
            return Ok(());
        };
        users.unlock().map_err(|e| EmbeddedError::io("leave the private Postgres".to_owned(), e))?;
        if !try_exclusive(&users)? || self.files.postmaster().is_none() {
            return Ok(());
        }
        let mut stop = self.programs.command("pg_ctl");
        stop.args(["stop", "-s", "-w", "-m", "fast", "-t", &STOP_LIMIT.as_secs().to_string(), "-D"]);
        let stopped = stop.arg(&self.files.data).output();
        let stopped = stopped.map_err(|e| EmbeddedError::io("run pg_ctl".to_owned(), e))?;
        if stopped.status.success() {
            return Ok(());
        }
        let said = String::from_utf8_lossy(&stopped.stderr).trim().to_owned();
        Err(self.files.with_log(EmbeddedError::Program { program: "pg_ctl stop".to_owned(), output: said }))
    }
}

impl Drop for Embedded {
    fn drop(&mut self) {
        if let Err(e) = self.release() {
            tracing::warn!("the private Postgres was left running: {e}");
        }
    }
}

/// Where the data lives when nobody says: `/var/lib/thuocdo` for root, else the user's own data folder.
#[must_use]
pub fn default_data_dir(is_root: bool, home: Option<&Path>, xdg_data_home: Option<&Path>) -> PathBuf {
    if is_root {
        return PathBuf::from("/var/lib/thuocdo");
    }
    // The XDG specification says to ignore relative paths.
    let xdg = xdg_data_home.filter(|path| path.is_absolute()).map(Path::to_path_buf);
    let home = || home.filter(|path| path.is_absolute()).map(|path| path.join(".local/share"));
    xdg.or_else(home).map_or_else(|| PathBuf::from(".thuocdo"), |folder| folder.join("thuocdo"))
}

async fn find_or_get(
    files: &Files,
    named: Option<&Path>,
) -> Result<(Programs, Option<Account>), EmbeddedError> {
    let search = || {
        let account = account::for_server(&files.data);
        (programs::find(account.as_ref(), named, &files.dist, files.made_by()), account)
    };
    let mut result = search();
    let mut reason = named.map_or_else(String::new, |dir| format!(" in {}", dir.display()));
    if matches!(result.0, Found::Nothing) && named.is_none() && install::has_packages() {
        let got =
            if is_root() { install::for_everyone().await } else { install::for_ourselves(&files.dist).await };
        if let Err(e) = got {
            reason = format!(", and getting it failed ({e})");
        }
        result = search();
    }
    match result {
        (Found::Programs(programs), account) => Ok((programs, account)),
        (Found::OtherVersions(found), _) => Err(EmbeddedError::OtherVersion {
            data: files.data.clone(),
            made_by: files.made_by().unwrap_or_default(),
            found: found.iter().map(u32::to_string).collect::<Vec<_>>().join(", "),
        }),
        (Found::Nothing, _) => Err(EmbeddedError::NoPrograms { oldest: OLDEST, reason }),
    }
}

/// A text as it may stand in an address: all but the unreserved characters (RFC 3986, section 2.3) is encoded.
pub(crate) fn percent_encoded(name: &str) -> String {
    const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');
    utf8_percent_encode(name, RESERVED).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_safe_in_a_url() {
        assert_eq!(percent_encoded("thuocdo_1"), "thuocdo_1");
        assert_eq!(percent_encoded("a b/đ"), "a%20b%2F%C4%91");
    }

    #[test]
    fn the_data_lives_where_each_user_keeps_data() {
        let home = Some(Path::new("/home/an"));
        assert_eq!(default_data_dir(true, home, None), Path::new("/var/lib/thuocdo"));
        assert_eq!(default_data_dir(false, home, None), Path::new("/home/an/.local/share/thuocdo"));
        assert_eq!(default_data_dir(false, home, Some(Path::new("/data"))), Path::new("/data/thuocdo"));
        assert_eq!(
            default_data_dir(false, home, Some(Path::new("data"))),
            Path::new("/home/an/.local/share/thuocdo")
        );
        assert_eq!(default_data_dir(false, None, None), Path::new(".thuocdo"));
    }
}
