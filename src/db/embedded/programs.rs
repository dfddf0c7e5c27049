//! Where the server programs are, and how they are run.

use std::ffi::OsString;
use std::fs;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use super::account::Account;
use super::error::EmbeddedError;

/// The oldest major version whose SQL the service uses.
pub(super) const OLDEST: u32 = 15;

const NEEDED: [&str; 3] = ["initdb", "pg_ctl", "postgres"];

/// Folders that hold one folder per version: parent, start of the name, what follows below it.
const VERSIONED: [(&str, &str, &str); 6] = [
    ("/usr/lib/postgresql", "", "bin"),
    ("/usr", "pgsql-", "bin"),
    ("/opt/homebrew/opt", "postgresql", "bin"),
    ("/usr/local/opt", "postgresql", "bin"),
    ("/home/linuxbrew/.linuxbrew/opt", "postgresql", "bin"),
    ("/Applications/Postgres.app/Contents/Versions", "", "bin"),
];

/// One set of server programs, and the account they run as.
#[derive(Debug, Clone)]
pub(super) struct Programs {
    dir: PathBuf,
    pub(super) major: u32,
    /// Folders of shared libraries that came with unpacked packages.
    libraries: Option<OsString>,
    account: Option<Account>,
}

impl Programs {
    /// A command for one of the programs, with a small environment of its own: nothing of ours (secrets,
    /// `PG*` variables) reaches the server.
    pub(super) fn command(&self, program: &str) -> Command {
        let mut command = Command::new(self.dir.join(program));
        // A working directory that only root may enter would stop the other account.
        command.current_dir("/").stdin(Stdio::null()).env_clear();
        command.env("PATH", "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin").env("LC_ALL", "C");
        if let Some(libraries) = &self.libraries {
            command.env("LD_LIBRARY_PATH", libraries);
        }
        if let Some(account) = &self.account {
            command.uid(account.uid).gid(account.gid);
        }
        command
    }

    /// The programs in `dir`, when they are all there and run.
    fn at(dir: &Path, libraries: Option<OsString>, account: Option<&Account>) -> Option<Self> {
        if !NEEDED.iter().all(|program| dir.join(program).is_file()) {
            return None;
        }
        let mut programs = Self { dir: dir.to_path_buf(), major: 0, libraries, account: account.cloned() };
        let version = programs.command("postgres").arg("--version").output().ok()?;
        programs.major = major_version(&String::from_utf8_lossy(&version.stdout))?;
        Some(programs)
    }
}

/// What a search brought.
pub(super) enum Found {
    Programs(Programs),
    /// Usable, but the data was made by another major version than any of these.
    OtherVersions(Vec<u32>),
    Nothing,
}

/// Look for programs of any supported version, or of exactly the one that made the data.
///
/// A folder named by the operator is the only one looked at; otherwise the system's own folders come first,
/// newest version first, then the search path, then packages unpacked earlier below `dist`.
pub(super) fn find(
    account: Option<&Account>,
    named: Option<&Path>,
    dist: &Path,
    made_by: Option<u32>,
) -> Found {
    let mut others = Vec::new();
    let dirs = named
        .map_or_else(|| system_dirs().into_iter().chain(on_path()).collect(), |dir| vec![dir.to_path_buf()]);
    let unpacked = if named.is_none() { unpacked_dirs(dist) } else { Vec::new() };
    let libraries = library_path(dist);
    let candidates = dirs.into_iter().map(|dir| (dir, None));
    for (dir, libraries) in candidates.chain(unpacked.into_iter().map(|dir| (dir, libraries.clone()))) {
        let Some(programs) = Programs::at(&dir, libraries, account) else {
            continue;
        };
        if fits(programs.major, made_by) {
            return Found::Programs(programs);
        }
        if !others.contains(&programs.major) {
            others.push(programs.major);
        }
    }
    if made_by.is_some() && !others.is_empty() { Found::OtherVersions(others) } else { Found::Nothing }
}

/// Run a command to its end and give what it printed.
pub(super) async fn run(command: Command, limit: Duration) -> Result<String, EmbeddedError> {
    let program = command.get_program().to_string_lossy().into_owned();
    let mut command = tokio::process::Command::from(command);
    command.stdin(Stdio::null()).kill_on_drop(true);
    let Ok(output) = tokio::time::timeout(limit, command.output()).await else {
        return Err(EmbeddedError::TimedOut { program, seconds: limit.as_secs() });
    };
    let output = output.map_err(|e| EmbeddedError::io(format!("run {program}"), e))?;
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    if output.status.success() {
        return Ok(printed);
    }
    let errors = String::from_utf8_lossy(&output.stderr);
    let said = if errors.trim().is_empty() { printed.trim() } else { errors.trim() };
    Err(EmbeddedError::Program { program, output: last_lines(said, 15) })
}

/// The last lines of a text.
pub(super) fn last_lines(text: &str, count: usize) -> String {
    let lines: Vec<&str> = text.lines().collect();
    lines.get(lines.len().saturating_sub(count)..).unwrap_or_default().join("\n")
}

fn fits(major: u32, made_by: Option<u32>) -> bool {
    made_by.map_or(major >= OLDEST, |made_by| major == made_by)
}

fn system_dirs() -> Vec<PathBuf> {
    VERSIONED.iter().flat_map(|(parent, prefix, below)| versioned(Path::new(parent), prefix, below)).collect()
}

fn unpacked_dirs(dist: &Path) -> Vec<PathBuf> {
    versioned(&dist.join("usr/lib/postgresql"), "", "bin")
}

fn versioned(parent: &Path, prefix: &str, below: &str) -> Vec<PathBuf> {
    let names = children(parent).into_iter().filter(|name| name.starts_with(prefix)).collect();
    newest_first(names).iter().map(|name| parent.join(name).join(below)).collect()
}

fn children(dir: &Path) -> Vec<String> {
    let entries = fs::read_dir(dir).into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.file_name().into_string().ok()).collect()
}

/// Order folder names by the number in them: `9.6` and `postgresql` after `18` and `postgresql@16`.
fn newest_first(mut names: Vec<String>) -> Vec<String> {
    names.sort_by_cached_key(|name| {
        let digits: String =
            name.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
        (std::cmp::Reverse(digits.parse().unwrap_or(0_u32)), name.clone())
    });
    names
}

/// The folder of the `pg_ctl` that a shell would start, symbolic links followed.
fn on_path() -> Option<PathBuf> {
    let shell = Command::new("sh").args(["-c", "command -v pg_ctl"]).stdin(Stdio::null()).output().ok()?;
    let program = fs::canonicalize(String::from_utf8_lossy(&shell.stdout).trim()).ok()?;
    program.parent().map(Path::to_path_buf)
}

/// The library folders of unpacked packages, as `LD_LIBRARY_PATH` wants them.
fn library_path(dist: &Path) -> Option<OsString> {
    let mut folders = Vec::new();
    for parent in [dist.join("usr/lib"), dist.join("lib")] {
        folders.extend(
            children(&parent)
                .into_iter()
                .filter(|name| name.contains("-linux-"))
                .map(|name| parent.join(name)),
        );
    }
    let mut path = OsString::new();
    for folder in folders {
        if !path.is_empty() {
            path.push(":");
        }
        path.push(folder);
    }
    Some(path).filter(|path| !path.is_empty())
}

/// `postgres (PostgreSQL) 15.18 (Debian …)` → 15.
fn major_version(printed: &str) -> Option<u32> {
    let number = printed.split_once("(PostgreSQL)")?.1.trim_start();
    let digits: String = number.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read() {
        assert_eq!(major_version("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n"), Some(15));
        assert_eq!(major_version("postgres (PostgreSQL) 19beta2"), Some(19));
        assert_eq!(major_version("bash: postgres: not found"), None);
    }

    #[test]
    fn newer_versions_come_first() {
        let names = ["9.6", "15", "18", "16"].map(str::to_owned).to_vec();
        assert_eq!(newest_first(names), ["18", "16", "15", "9.6"]);
        let brew = ["postgresql", "postgresql@16", "postgresql@17"].map(str::to_owned).to_vec();
        assert_eq!(newest_first(brew), ["postgresql@17", "postgresql@16", "postgresql"]);
    }

    #[test]
    fn new_data_takes_any_supported_version_and_old_data_only_its_own() {
        assert!(fits(15, None) && fits(18, None) && !fits(14, None));
        assert!(fits(15, Some(15)) && !fits(17, Some(15)));
    }

    #[test]
    fn the_end_of_a_text_is_kept() {
        assert_eq!(last_lines("a\nb\nc", 2), "b\nc");
        assert_eq!(last_lines("a", 2), "a");
        assert_eq!(last_lines("", 2), "");
    }
}
