//! Every setting: by flag, environment or `.env`, typed, with its default in `--help`. The only reader of the
//! environment.

use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::Context;
use clap::Args;

use crate::access::Role;
use crate::db::embedded;
use crate::http::defences::{self, Defences};
use crate::http::limits::{CONNECTIONS, CONNECTIONS_PER_CORE};
use crate::i18n::Locale;
use crate::telemetry::LogFormat;
use crate::tokens::provider::Trust;

/// Where data is and how to log: what every command needs. No `Debug`: the database's address holds a password.
#[derive(Clone, Args)]
pub struct Settings {
    /// Address of a Postgres (15 or newer); without it the service manages a private one of its own
    #[arg(long, env = "DATABASE_URL", global = true, hide_env_values = true)]
    pub database_url: Option<String>,

    /// File with the password of the database's user, where DATABASE_URL names none: a secret that stands in no
    /// environment
    #[arg(long, env = "DATABASE_PASSWORD_FILE", global = true, requires = "database_url")]
    pub database_password_file: Option<PathBuf>,

    /// Folder of the private Postgres [default: /var/lib/thuocdo for root, ~/.local/share/thuocdo otherwise]
    #[arg(long, env = "THUOCDO_DATA_DIR", global = true)]
    pub data_dir: Option<PathBuf>,

    /// Folder of the Postgres programs (initdb, pg_ctl, postgres); searched for otherwise
    #[arg(long, env = "THUOCDO_PG_BIN_DIR", global = true)]
    pub pg_bin_dir: Option<PathBuf>,

    /// Database connections [default: four for each core]
    #[arg(long, env = "THUOCDO_POOL_SIZE", global = true)]
    pub pool_size: Option<usize>,

    /// PKCS#8 file (PEM or DER) of the Ed25519 keys of the tokens: the first signs, all verify, read anew every few
    /// seconds; otherwise keys are made and kept in the database
    #[arg(long, env = "THUOCDO_SIGNING_KEY_FILE", global = true)]
    pub signing_key_file: Option<PathBuf>,

    /// File with secrets that seal anonymous answers until their form is over, one a line (32 characters or more): the
    /// first seals, all open; otherwise a secret does that is kept in the database
    #[arg(long, env = "THUOCDO_ANSWER_SECRETS_FILE", global = true)]
    pub answer_secrets_file: Option<PathBuf>,

    /// Which log lines: error, warn, info, debug, or per module
    #[arg(long, env = "THUOCDO_LOG", default_value = "info,actix_server=warn", global = true)]
    pub log: String,

    /// How log lines look; auto is text on a terminal and JSON otherwise
    #[arg(long, env = "THUOCDO_LOG_FORMAT", default_value = "auto", value_enum, global = true)]
    pub log_format: LogFormat,
}

/// How the service answers.
#[derive(Debug, Clone, Args)]
pub struct ServeSettings {
    /// Address to listen on
    #[arg(long, env = "THUOCDO_LISTEN", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,

    /// Address under which clients reach the service; issuer and audience of its tokens [default: http://LISTEN]
    #[arg(long, env = "THUOCDO_PUBLIC_URL")]
    pub public_url: Option<String>,

    /// Threads that answer requests [default: one for each core]
    #[arg(long, env = "THUOCDO_WORKERS")]
    pub workers: Option<usize>,

    /// Issuer of the ministry's OpenID provider, whose ID tokens sign people in; an https address
    #[arg(long, env = "THUOCDO_OIDC_ISSUER", requires = "oidc_audience")]
    pub oidc_issuer: Option<String>,

    /// For whom its ID tokens must be made: this system's client id there
    #[arg(long, env = "THUOCDO_OIDC_AUDIENCE", requires = "oidc_issuer")]
    pub oidc_audience: Option<String>,

    /// The claim that holds the user name of the account
    #[arg(long, env = "THUOCDO_OIDC_ACCOUNT_CLAIM", default_value = "preferred_username")]
    pub oidc_account_claim: String,

    /// The claim that holds a person's groups, if roles come from there
    #[arg(long, env = "THUOCDO_OIDC_ROLES_CLAIM", requires = "oidc_roles")]
    pub oidc_roles_claim: Option<String>,

    /// Which group gives which role: group=role, separated by commas
    #[arg(long, env = "THUOCDO_OIDC_ROLES", value_delimiter = ',', value_parser = group_role)]
    pub oidc_roles: Vec<(String, Role)>,

    /// Language of those who ask for none
    #[arg(long, env = "THUOCDO_DEFAULT_LANGUAGE", default_value = "vi", value_enum)]
    pub default_language: Locale,

    /// Reverse proxies in front of the service: so many addresses from the right of X-Forwarded-For are believed
    #[arg(long, env = "THUOCDO_TRUSTED_PROXIES", default_value = "0")]
    pub trusted_proxies: usize,

    /// Web origins whose pages may call the API, exact and separated by commas [default: none]
    #[arg(long, env = "THUOCDO_CORS_ORIGINS", value_delimiter = ',', value_parser = defences::origin)]
    pub cors_origins: Vec<String>,

    /// Multiplies every rate limit: above 1 for large portals and load tests, below 1 for small machines
    #[arg(long, env = "THUOCDO_RATE_LIMIT_FACTOR", default_value = "1", value_parser = defences::rate_factor)]
    pub rate_limit_factor: f64,

    /// Connections at once; further ones are closed
    #[arg(long, env = "THUOCDO_CONNECTIONS", default_value_t = CONNECTIONS)]
    pub connections: usize,

    /// Connections at once of one address; further ones are closed [default: 2048; behind reverse proxies no limit but
    /// that of all connections, since all come from there]
    #[arg(long, env = "THUOCDO_CONNECTIONS_PER_ADDRESS")]
    pub connections_per_address: Option<usize>,

    /// Do not run the background loop in this process
    #[arg(long, env = "THUOCDO_NO_WORKER")]
    pub no_worker: bool,
}

impl Settings {
    /// Address of the Postgres to use, with its password; `None` where the service manages one of its own.
    ///
    /// # Errors
    /// In words, when the password cannot be read or has no place in the address.
    pub fn database_address(&self) -> anyhow::Result<Option<String>> {
        let (Some(url), Some(file)) = (&self.database_url, &self.database_password_file) else {
            return Ok(self.database_url.clone());
        };
        let password = std::fs::read_to_string(file)
            .with_context(|| format!("the database's password {} cannot be read", file.display()))?;
        let password = password.trim_end_matches(['\r', '\n']);
        anyhow::ensure!(!password.is_empty(), "{} is empty", file.display());
        let (head, place) = url
            .split_once("://")
            .and_then(|(scheme, rest)| rest.split_once('@').map(|(user, place)| (scheme, user, place)))
            .filter(|(_, user, _)| !user.is_empty() && !user.contains(':'))
            .map(|(scheme, user, place)| (format!("{scheme}://{user}"), place))
            .context("with DATABASE_PASSWORD_FILE, DATABASE_URL names a user and no password: postgres://USER@HOST/NAME")?;
        Ok(Some(format!("{head}:{}@{place}", embedded::percent_encoded(password))))
    }

    /// Database connections.
    pub fn pool_size(&self) -> usize {
        self.pool_size.unwrap_or_else(|| cores() * CONNECTIONS_PER_CORE).max(2)
    }

    /// Folder of the private Postgres.
    #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the environment")]
    pub fn data_dir(&self) -> PathBuf {
        let home = std::env::var("HOME").ok().map(PathBuf::from);
        let xdg = std::env::var("XDG_DATA_HOME").ok().map(PathBuf::from);
        self.data_dir.clone().unwrap_or_else(|| {
            embedded::default_data_dir(embedded::is_root(), home.as_deref(), xdg.as_deref())
        })
    }
}

impl ServeSettings {
    /// Issuer of the tokens.
    pub fn public_url(&self) -> String {
        let url = self.public_url.clone().unwrap_or_else(|| format!("http://{}", self.listen));
        url.trim_end_matches('/').to_owned()
    }

    /// The OpenID provider to trust, if one is named.
    pub fn trust(&self) -> Option<Trust> {
        Some(Trust {
            issuer: self.oidc_issuer.clone()?,
            audience: self.oidc_audience.clone()?,
            account_claim: self.oidc_account_claim.clone(),
            roles_claim: self.oidc_roles_claim.clone(),
            roles: self.oidc_roles.clone(),
        })
    }

    /// What they say about callers.
    pub fn defences(&self) -> Defences {
        Defences {
            rate_factor: self.rate_limit_factor,
            trusted_proxies: self.trusted_proxies,
            cors_origins: self.cors_origins.clone(),
            connections: self.connections,
            connections_per_address: self.connections_per_address,
            ..Defences::default()
        }
    }

    /// Threads that answer requests.
    pub fn workers(&self) -> usize {
        self.workers.unwrap_or_else(cores).max(1)
    }
}

fn group_role(text: &str) -> Result<(String, Role), String> {
    let (group, role) = text.split_once('=').ok_or("write group=role")?;
    let role = role.trim();
    let known = role.parse().map_err(|_| format!("unknown role: {role}"))?;
    Ok((group.trim().to_owned(), known))
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(2, std::num::NonZero::get)
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Cli {
        #[command(flatten)]
        settings: Settings,
    }

    fn address(url: &str, password: &str) -> anyhow::Result<Option<String>> {
        let name = format!("thuocdo-password-{}-{}", std::process::id(), url.len());
        let file = std::env::temp_dir().join(name);
        std::fs::write(&file, password).unwrap();
        let args = ["thuocdo", "--database-url", url, "--database-password-file", file.to_str().unwrap()];
        let done = Cli::try_parse_from(args).unwrap().settings.database_address();
        std::fs::remove_file(&file).unwrap();
        done
    }

    #[test]
    fn a_password_comes_from_a_file() {
        let found = address("postgres://service@db:5432/thuocdo?sslmode=require", "a/b@c:đ\n").unwrap();
        assert_eq!(found.unwrap(), "postgres://service:a%2Fb%40c%3A%C4%91@db:5432/thuocdo?sslmode=require");
        for (url, password) in [
            ("postgres://a:b@db/x", "c"),
            ("postgres://db/x", "c"),
            ("postgres://@db/x", "c"),
            ("postgres://long@db/x", "\n"),
        ] {
            assert!(address(url, password).is_err(), "{url}");
        }
    }
}
