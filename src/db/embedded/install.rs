//! Getting server programs where there are none: Debian's packages, installed by root, unpacked by others.

use std::ffi::OsStr;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use super::error::EmbeddedError;
use super::programs::run;

const UPDATE_LIMIT: Duration = Duration::from_secs(300);
const INSTALL_LIMIT: Duration = Duration::from_secs(900);
const CLUSTER_CONF: &str = "/etc/postgresql-common/createcluster.conf";
/// Read beside the file above by the packages, where that file is the distribution's own.
const CLUSTER_CONF_PART: &str = "/etc/postgresql-common/createcluster.d/thuocdo.conf";

/// Whether this is a system with Debian's packages.
pub(super) fn has_packages() -> bool {
    ["/usr/bin/apt-get", "/usr/bin/apt-cache", "/usr/bin/dpkg-deb"]
        .iter()
        .all(|program| Path::new(program).is_file())
}

/// Install the distribution's server, without the cluster that its packages would start on port 5432.
pub(super) async fn for_everyone() -> Result<(), EmbeddedError> {
    tracing::info!(
        "no Postgres server here: installing the packages postgresql and postgresql-contrib with apt-get"
    );
    let conf = Path::new(if Path::new(CLUSTER_CONF).exists() { CLUSTER_CONF_PART } else { CLUSTER_CONF });
    let written = conf.parent().map_or(Ok(()), fs::create_dir_all);
    let written = written.and_then(|()| fs::write(conf, "create_main_cluster = false\n"));
    written.map_err(|e| EmbeddedError::io(format!("write {}", conf.display()), e))?;
    tracing::info!("wrote {}, so that the packages start no server of their own", conf.display());
    update(apt("apt-get", &["update"])).await;
    let install = ["install", "-y", "--no-install-recommends", "postgresql", "postgresql-contrib"];
    run(apt("apt-get", &install), INSTALL_LIMIT).await?;
    Ok(())
}

/// Unpack the distribution's server below `dist`, which needs no rights, for this service alone.
pub(super) async fn for_ourselves(dist: &Path) -> Result<(), EmbeddedError> {
    tracing::info!("no Postgres server here: unpacking the distribution's packages below {}", dist.display());
    let work = dist.with_extension("new");
    let outcome = unpack(&work).await.and_then(|()| {
        let replaced = remove(dist).and_then(|()| fs::rename(work.join("root"), dist));
        replaced.map_err(|e| EmbeddedError::io(format!("put the packages in {}", dist.display()), e))
    });
    let cleared = remove(&work).map_err(|e| EmbeddedError::io(format!("remove {}", work.display()), e));
    outcome.and(cleared)
}

async fn unpack(work: &Path) -> Result<(), EmbeddedError> {
    let prepared = remove(work).and_then(|()| {
        ["lists/partial", "cache/archives/partial", "packages", "root"]
            .iter()
            .try_for_each(|folder| fs::create_dir_all(work.join(folder)))
    });
    prepared.map_err(|e| EmbeddedError::io(format!("make {}", work.display()), e))?;
    // Package lists of our own: the system's may be missing or old, and only root can renew them.
    let lists = format!("Dir::State::lists={}/", work.join("lists").display());
    let cache = format!("Dir::Cache={}/", work.join("cache").display());
    let own = |program: &str, arguments: &[&str]| {
        let mut command = apt(program, &["-o", &lists, "-o", &cache, "-o", "Debug::NoLocking=1"]);
        command.args(arguments);
        command
    };
    update(own("apt-get", &["update"])).await;
    let depends = run(own("apt-cache", &["depends", "postgresql"]), UPDATE_LIMIT).await?;
    let Some(server) = server_package(&depends) else {
        return Err(EmbeddedError::Program {
            program: "apt-cache".to_owned(),
            output: "the package lists have no postgresql".to_owned(),
        });
    };
    let install = ["install", "--simulate", "--no-install-recommends", server];
    let plan = run(own("apt-get", &install), UPDATE_LIMIT).await?;
    let mut packages = packages_to_unpack(&plan);
    if !packages.contains(&server) {
        packages.push(server);
    }
    let mut download = own("apt-get", &["download"]);
    download.args(&packages).current_dir(work.join("packages"));
    run(download, INSTALL_LIMIT).await?;
    let archives = fs::read_dir(work.join("packages"));
    for archive in archives.map_err(|e| EmbeddedError::io("list the packages".to_owned(), e))?.flatten() {
        let mut extract = Command::new("dpkg-deb");
        extract.arg(OsStr::new("-x")).arg(archive.path()).arg(work.join("root"));
        run(extract, UPDATE_LIMIT).await?;
    }
    Ok(())
}

/// Renew the package lists. One source that fails need not matter; if it does, the next step says so.
async fn update(command: Command) {
    if let Err(e) = run(command, UPDATE_LIMIT).await {
        tracing::warn!("renewing the package lists: {e}");
    }
}

fn apt(program: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(program);
    // The rest of the environment stays: it may name a proxy.
    command.env("DEBIAN_FRONTEND", "noninteractive").env("LC_ALL", "C");
    if program == "apt-get" {
        command.args(["-q", "-o", "DPkg::Lock::Timeout=300"]);
    }
    command.args(arguments);
    command
}

fn remove(folder: &Path) -> std::io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(e),
        _ => Ok(()),
    }
}

/// The package `postgresql-NN` that the package `postgresql` stands for.
fn server_package(depends: &str) -> Option<&str> {
    depends.lines().filter_map(|line| line.trim().strip_prefix("Depends: ")).find(|package| {
        package.strip_prefix("postgresql-").is_some_and(|number| number.parse::<u32>().is_ok())
    })
}

/// What an installation would bring and the server needs at run time: itself and shared libraries.
///
/// Not the C library (it must fit the system's loader), nor Perl's, nor the compiler of `jit`, which is off.
fn packages_to_unpack(plan: &str) -> Vec<&str> {
    let brought = plan.lines().filter_map(|line| line.strip_prefix("Inst ")?.split(' ').next());
    let server =
        |package: &str| package.strip_prefix("postgresql-").is_some_and(|n| n.parse::<u32>().is_ok());
    let unneeded = |package: &str| {
        package.ends_with("-perl")
            || ["libc6", "libc-", "libperl", "libllvm", "libz3"]
                .iter()
                .any(|start| package.starts_with(start))
    };
    brought.filter(|package| server(package) || (package.starts_with("lib") && !unneeded(package))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_server_package_is_found_among_the_dependencies() {
        let depends = "postgresql\n  Depends: postgresql-common\n  Depends: postgresql-15\n  Suggests: x\n";
        assert_eq!(server_package(depends), Some("postgresql-15"));
        assert_eq!(server_package("postgresql\n"), None);
    }

    #[test]
    fn only_what_the_server_loads_is_unpacked() {
        let plan = "NOTE: This is only a simulation!\nInst libc6 [2.36] (2.37 Debian [amd64])\n\
                    Inst libjson-perl (4.1 Debian [all])\nInst libllvm14 (1:14 Debian [amd64])\n\
                    Inst postgresql-common (248 Debian [all])\nInst libpq5 (15.18 Debian [amd64])\n\
                    Inst postgresql-15 (15.18 Debian [amd64])\nConf libpq5 (15.18 Debian [amd64])\n";
        assert_eq!(packages_to_unpack(plan), ["libpq5", "postgresql-15"]);
    }
}
