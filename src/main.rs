//! The command line of Thước Đo.

use std::io::{IsTerminal, Read, Write};
use std::process::ExitCode;

use anyhow::Context;
use clap::{Args, Parser, Subcommand};
use thuocdo::access::Role;
use thuocdo::administration::audit_log;
use thuocdo::clock::Clock;
use thuocdo::config::{ServeSettings, Settings};
use thuocdo::db::grants;
use thuocdo::identity::{accounts, passwords, secrets, signing_keys};
use thuocdo::startup::{self, Database};
use thuocdo::{app, demo, doctor, telemetry, text};
use uuid::Uuid;

/// Memory of the whole program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Database of the service on the private server.
const DATABASE: &str = "thuocdo";
/// Database of the demo on the private server: the two never share data.
const DEMO_DATABASE: &str = "thuocdo_demo";

/// Thước Đo: work effectiveness as the yardstick of training quality
#[derive(Parser)]
#[command(name = "thuocdo", version)]
struct Cli {
    #[command(flatten)]
    settings: Settings,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run the service
    Serve(ServeSettings),
    /// Run the service on an invented ministry, in a database of its own
    Demo(DemoCommand),
    /// Bring the database to the newest version
    Migrate(MigrateCommand),
    /// Print the OpenAPI document
    Openapi,
    /// The audit log
    #[command(subcommand)]
    Audit(AuditCommand),
    /// Say what is wrong with settings, database, clock and keys
    Doctor {
        /// Only ask a running service whether it is ready, for example http://127.0.0.1:8080/health/ready
        #[arg(long, value_name = "URL")]
        health: Option<String>,
    },
    /// People's accounts
    #[command(subcommand)]
    Account(AccountCommand),
    /// Machine clients
    #[command(subcommand)]
    Client(ClientCommand),
    /// Keys that sign access tokens
    #[command(subcommand)]
    Keys(KeysCommand),
}

#[derive(Args)]
struct DemoCommand {
    /// Make the ministry anew: what was changed in it is lost
    #[arg(long)]
    fresh: bool,
    /// Seed of a ministry that is made: the same seed and day make the same ministry
    #[arg(long, default_value_t = demo::SEED)]
    seed: u64,
    #[command(flatten)]
    serve: ServeSettings,
}

#[derive(Args)]
struct MigrateCommand {
    /// An existing role for the service to run under: gets what the service needs, and of the audit log only reading and
    /// adding. Migrate as the owner of the tables, and name the role each time: new tables need grants, too
    #[arg(long, value_name = "ROLE")]
    service_role: Option<String>,
}

#[derive(Subcommand)]
enum AuditCommand {
    /// Compute the chain of the audit log anew, and name the first broken link
    Verify {
        /// A head that was noted earlier: must be part of the chain
        #[arg(long, value_name = "DIGEST")]
        head: Option<audit_log::Digest>,
    },
}

#[derive(Subcommand)]
enum AccountCommand {
    /// Open an account; the password is asked for, or read from standard input
    Create(NewAccount),
}

#[derive(Subcommand)]
enum ClientCommand {
    /// Register a machine client; its secret is printed once
    Create(NewAccount),
}

#[derive(Subcommand)]
enum KeysCommand {
    /// Make a new key: published at once, signing after a minute, on all running replicas; the old one verifies for an
    /// hour more. Nobody is logged out
    Rotate,
}

#[derive(Args)]
struct NewAccount {
    /// Name to sign in with
    name: String,
    /// Role: system_admin, training_officer, leader, unit_head, employee, institute, hr_portal, auditor; repeatable
    #[arg(long = "role", required = true)]
    roles: Vec<Role>,
    /// Name to show
    #[arg(long)]
    display_name: Option<String>,
    /// For unit_head, as a note: the unit for which it is given. The role reaches the units whose head the employee is
    #[arg(long)]
    unit: Option<Uuid>,
    /// The employee whose account it is
    #[arg(long)]
    employee: Option<Uuid>,
    /// The institute it belongs to
    #[arg(long)]
    institute: Option<Uuid>,
}

fn main() -> ExitCode {
    // A setting in `.env` yields to the same setting in the environment.
    let _ = dotenvy::dotenv();
    let cli = Cli::parse();
    telemetry::start(&cli.settings.log, cli.settings.log_format);
    let done = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(anyhow::Error::from)
        .and_then(|runtime| {
            // Two TLS libraries could be chosen from; ours is aws-lc-rs everywhere.
            let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
            runtime.block_on(run(cli))
        });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "thuocdo: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(cli: Cli) -> anyhow::Result<()> {
    match cli.command {
        Command::Serve(serve) => serve_command(&cli.settings, &serve).await,
        Command::Demo(command) => demo_command(&cli.settings, &command).await,
        Command::Migrate(command) => {
            let database = Database::open(&cli.settings, DATABASE).await?;
            database.migrate().await?;
            if let Some(role) = &command.service_role {
                grants::grant(&database.url, role).await.map_err(|e| anyhow::anyhow!("{}", explain(&e)))?;
            }
            database.close().await;
            Ok(())
        }
        Command::Audit(AuditCommand::Verify { head }) => verify_audit(&cli.settings, head).await,
        Command::Openapi => say(&format!("{:#}", app::document())),
        Command::Doctor { health: Some(url) } => doctor::health(&url).await,
        Command::Doctor { health: None } => doctor_command(&cli.settings).await,
        Command::Account(AccountCommand::Create(new)) => {
            let password = read_password()?;
            create_account(&cli.settings, new, accounts::Kind::Person, password).await
        }
        Command::Keys(KeysCommand::Rotate) => rotate_keys(&cli.settings).await,
        Command::Client(ClientCommand::Create(new)) => {
            let secret = secrets::new()?;
            create_account(&cli.settings, new, accounts::Kind::Machine, secret.clone()).await?;
            say(&format!("client_secret: {secret}"))
        }
    }
}

async fn rotate_keys(settings: &Settings) -> anyhow::Result<()> {
    if let Some(file) = &settings.signing_key_file {
        anyhow::bail!(
            "the keys are in {}: add the new one after the present one, wait until every replica has read the file \
             (a few seconds), then put it first; take the old one out an hour later",
            file.display()
        );
    }
    let database = Database::open(settings, DATABASE).await?;
    database.migrate().await?;
    let gate = startup::gate(settings, &database.url, "cli", Default::default(), &Clock::system()).await?;
    let done = gate.system("keys rotate", async |tx| signing_keys::rotate(tx).await).await;
    database.close().await;
    let (kid, signs_from) = done?;
    say(&format!("{kid} is published and signs from {}", signs_from.format("%Y-%m-%dT%H:%M:%SZ")))
}

async fn serve_command(settings: &Settings, serve: &ServeSettings) -> anyhow::Result<()> {
    let clock = Clock::system();
    let database = Database::open(settings, DATABASE).await?;
    database.migrate().await?;
    let gate =
        startup::gate(settings, &database.url, &serve.public_url(), serve.default_language, &clock).await?;
    let done = startup::serve(gate, clock, settings, serve, None).await;
    database.close().await;
    done
}

async fn doctor_command(settings: &Settings) -> anyhow::Result<()> {
    let findings = doctor::examine(settings, &Clock::system(), DATABASE).await;
    for finding in &findings {
        let (mark, detail) = match &finding.outcome {
            Ok(detail) => ("ok   ", detail),
            Err(detail) => ("WRONG", detail),
        };
        say(&format!("{mark} {:<12} {detail}", finding.name))?;
    }
    let wrong = findings.iter().filter(|f| f.outcome.is_err()).count();
    anyhow::ensure!(wrong == 0, "{wrong} to mend");
    Ok(())
}

async fn verify_audit(settings: &Settings, noted: Option<audit_log::Digest>) -> anyhow::Result<()> {
    let database = Database::open(settings, DATABASE).await?;
    let gate = startup::keyless_gate(settings, &database.url, &Clock::system())?;
    let done = gate.system("audit verify", async |tx| audit_log::verify(tx, noted).await).await;
    database.close().await;
    let done = done.map_err(|e| anyhow::anyhow!("{}", explain(&e)))?;
    let report = done.map_err(|broken| anyhow::anyhow!("the audit log is broken: {broken}"))?;
    say(&format!("{} entries in {} seals, none broken", report.entries, report.seals))?;
    say(&format!("{} entries not sealed yet", report.unsealed))?;
    say(&format!("head: {}", report.head))?;
    if let Some(noted) = noted {
        let seal = report.noted.with_context(|| {
            format!("{noted} is not in the chain: its end was cut off, or it was written anew")
        })?;
        say(&format!("the noted head is that of seal {seal}"))?;
    }
    Ok(())
}

async fn demo_command(settings: &Settings, command: &DemoCommand) -> anyhow::Result<()> {
    let database = Database::open(settings, DEMO_DATABASE).await?;
    let done = demo_on(&database, settings, command).await;
    database.close().await;
    done
}

async fn demo_on(database: &Database, settings: &Settings, command: &DemoCommand) -> anyhow::Result<()> {
    // Before the migrations: a database of something else must stay as it is.
    demo::inspect(&database.url).await?;
    database.migrate().await?;
    let (serve, clock) = (&command.serve, Clock::system());
    let gate =
        startup::gate(settings, &database.url, &serve.public_url(), serve.default_language, &clock).await?;
    let mut tell = |line: String| {
        let _ = writeln!(std::io::stderr(), "{line}");
    };
    match demo::provide(&gate, command.seed, command.fresh, &mut tell).await? {
        demo::Outcome::Kept(built_on) => {
            tell(format!("the demo ministry of {built_on} is still there (--fresh makes it anew)"));
        }
        demo::Outcome::Built { rows, took } => {
            tell(format!("the demo ministry is ready: {rows} rows in {:.1} s", took.as_secs_f64()));
        }
    }
    say(&demo::welcome(&serve.public_url()))?;
    let note = demo::page_note(&gate).await?;
    startup::serve(gate, clock, settings, serve, Some(&note)).await
}

async fn create_account(
    settings: &Settings,
    new: NewAccount,
    kind: accounts::Kind,
    secret: String,
) -> anyhow::Result<()> {
    let database = Database::open(settings, DATABASE).await?;
    database.migrate().await?;
    let gate = startup::gate(settings, &database.url, "cli", Default::default(), &Clock::system()).await?;
    let draft = accounts::Draft {
        display_name: new.display_name.unwrap_or_else(|| new.name.clone()),
        username: new.name.clone(),
        kind,
        proof: accounts::Proof::Secret(secret),
        employee_id: new.employee,
        employee_code: None,
        institute_id: new.institute,
        roles: new
            .roles
            .iter()
            .map(|role| accounts::RoleDraft {
                role: *role,
                unit_id: new.unit.filter(|_| *role == Role::UnitHead),
            })
            .collect(),
    };
    let done = gate.system("account create", async |tx| accounts::create(tx, draft).await).await;
    database.close().await;
    done.map_err(|e| anyhow::anyhow!("{}", explain(&e)))?;
    say(&format!("created {}", new.name))
}

/// An error in words, with the members that are wrong.
fn explain(error: &thuocdo::error::Error) -> String {
    match error {
        thuocdo::error::Error::Invalid(faults) => {
            faults.iter().map(|f| format!("{}: {}", f.pointer, f.code)).collect::<Vec<_>>().join("; ")
        }
        thuocdo::error::Error::Internal(reason) => reason.to_string(),
        other => other.to_string(),
    }
}

fn read_password() -> anyhow::Result<String> {
    if std::io::stdin().is_terminal() {
        write!(std::io::stderr(), "Password ({} characters or more): ", passwords::MINIMUM_LENGTH)?;
    }
    let mut line = String::new();
    if std::io::stdin().is_terminal() {
        std::io::stdin().read_line(&mut line)?;
    } else {
        std::io::stdin().read_to_string(&mut line)?;
    }
    // The end of the line is not part of it; everything else is, spaces included.
    let password = line.trim_end_matches(['\r', '\n']).to_owned();
    let characters = text::normalise_secret(&password).chars().count() as u64;
    let least = passwords::MINIMUM_LENGTH;
    anyhow::ensure!(characters >= least, "the password needs {least} characters or more");
    Ok(password)
}

fn say(text: &str) -> anyhow::Result<()> {
    writeln!(std::io::stdout(), "{text}").context("standard output is closed")
}
