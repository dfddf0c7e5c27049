//! Who runs the server: Postgres refuses to run as root, so root hands it to an account without rights.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::Command;

/// An account of this machine, from its `passwd` file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Account {
    pub(super) name: String,
    pub(super) uid: u32,
    pub(super) gid: u32,
}

/// Accounts that may run the server for root, best first.
const SERVER_ACCOUNTS: [&str; 3] = ["postgres", "_postgres", "nobody"];

/// Whether this process has root's rights.
#[must_use]
pub fn is_root() -> bool {
    let uid = fs::read_to_string("/proc/self/status").ok().as_deref().and_then(effective_uid).or_else(|| {
        let id = Command::new("id").arg("-u").output().ok()?;
        String::from_utf8_lossy(&id.stdout).trim().parse().ok()
    });
    uid == Some(0)
}

/// The account that must run the server: the owner of the data where there is some, `None` for ourselves.
pub(super) fn for_server(data: &Path) -> Option<Account> {
    if !is_root() {
        return None;
    }
    let passwd = fs::read_to_string("/etc/passwd").unwrap_or_default();
    let accounts: Vec<Account> = passwd.lines().filter_map(parse_account).collect();
    if let Ok(owner) = fs::metadata(data)
        && owner.uid() != 0
    {
        let named = accounts.iter().find(|account| account.uid == owner.uid());
        let name = named.map_or_else(|| owner.uid().to_string(), |account| account.name.clone());
        return Some(Account { name, uid: owner.uid(), gid: owner.gid() });
    }
    pick(&accounts)
}

/// The first folder on the way to `path` that the account may not pass through.
pub(super) fn closed_folder(path: &Path, account: &Account) -> Option<PathBuf> {
    let mut folders: Vec<&Path> = path.ancestors().skip(1).collect();
    folders.reverse();
    let closed = folders.into_iter().find(|folder| {
        fs::metadata(folder).is_ok_and(|meta| {
            let needed = match account {
                Account { uid, .. } if *uid == meta.uid() => 0o100,
                Account { gid, .. } if *gid == meta.gid() => 0o010,
                Account { .. } => 0o001,
            };
            meta.mode() & needed == 0
        })
    });
    closed.map(Path::to_path_buf)
}

fn pick(accounts: &[Account]) -> Option<Account> {
    let usable = |name: &&str| accounts.iter().find(|a| a.name == *name && a.uid != 0).cloned();
    SERVER_ACCOUNTS.iter().find_map(usable)
}

fn parse_account(line: &str) -> Option<Account> {
    let mut fields = line.split(':');
    let name = fields.next().filter(|name| !name.is_empty())?.to_owned();
    let uid = fields.nth(1)?.parse().ok()?;
    let gid = fields.next()?.parse().ok()?;
    Some(Account { name, uid, gid })
}

/// The second number of the line `Uid:` (real, effective, saved, file system).
fn effective_uid(status: &str) -> Option<u32> {
    let line = status.lines().find_map(|line| line.strip_prefix("Uid:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accounts(passwd: &str) -> Vec<Account> {
        passwd.lines().filter_map(parse_account).collect()
    }

    #[test]
    fn passwd_lines_are_read_and_broken_ones_skipped() {
        let read = accounts(
            "root:x:0:0:root:/root:/bin/bash\n# comment\n+::::\npostgres:x:101:104:Pg,,,:/var:/bin/sh\n",
        );
        let names: Vec<&str> = read.iter().map(|a| a.name.as_str()).collect();
        assert_eq!(names, ["root", "postgres"]);
        let postgres = Account { name: "postgres".to_owned(), uid: 101, gid: 104 };
        assert_eq!(pick(&read), Some(postgres));
    }

    #[test]
    fn nobody_stands_in_and_root_never_does() {
        let read = accounts("nobody:x:65534:65534::/:/bin/false\nroot:x:0:0::/root:/bin/sh");
        assert_eq!(pick(&read).map(|a| a.uid), Some(65534));
        assert_eq!(pick(&accounts("postgres:x:0:0::/:/bin/sh")), None);
    }

    #[test]
    fn the_effective_uid_counts() {
        assert_eq!(effective_uid("Name:\tx\nUid:\t1000\t0\t0\t0\nGid:\t1\t1\t1\t1\n"), Some(0));
        assert_eq!(effective_uid("Name:\tx\n"), None);
    }

    #[test]
    fn a_folder_open_to_all_is_passed() {
        let account = Account { name: "x".to_owned(), uid: 4_000_000, gid: 4_000_000 };
        assert_eq!(closed_folder(Path::new("/usr/lib/x"), &account), None);
    }
}
