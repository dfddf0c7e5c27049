//! One command for everything that is measured; see `benches/README.md`.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, ensure};
use clap::{Args, Parser, Subcommand};
use thuocdo_benches::data::{Size, provide};
use thuocdo_benches::machine::{Built, Postgres};
use thuocdo_benches::rows::{self, Bench, Settings, say};

/// Measures Thước Đo against a bare server, against its own SQL without HTTP, and against peers
#[derive(Parser)]
#[command(name = "thuocdo-benches")]
struct Cli {
    #[command(subcommand)]
    command: Command,
    /// Folder of the private Postgres, of logs and of Python packages; everything in it may be removed
    /// [default: thuocdo-benches in the system's folder for temporary files]
    #[arg(long, global = true)]
    folder: Option<PathBuf>,
}

#[derive(Subcommand)]
enum Command {
    /// Measure, and write the table
    Run(RunCommand),
    /// Make a data set and nothing else
    Generate(GenerateCommand),
}

#[derive(Args)]
struct RunCommand {
    /// Employees of the data set; everything else is in proportion. Gates are meant for 100,000
    #[arg(long, default_value_t = Size::REFERENCE.employees)]
    size: u64,
    /// Rows of the table to measure, separated by commas
    #[arg(long, value_delimiter = ',', default_values_t = [1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15, 17])]
    rows: Vec<u8>,
    /// Profile in which the servers are built: `dist` is what the container image has
    #[arg(long, default_value = "dist")]
    profile: String,
    /// Take the servers as they were built before
    #[arg(long)]
    no_build: bool,
    /// Pairs of rounds that count
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// Length of a round in seconds
    #[arg(long, default_value_t = 5.0)]
    seconds: f64,
    /// Clients at once
    #[arg(long, default_value_t = 16)]
    connections: usize,
    /// Where the table is written
    #[arg(long, default_value = "docs/performance.md")]
    output: PathBuf,
}

#[derive(Args)]
struct GenerateCommand {
    /// Employees of the data set; everything else is in proportion
    #[arg(long, default_value_t = Size::REFERENCE.employees)]
    size: u64,
    /// Ten times the offerings, participations and forms, with the same employees
    #[arg(long, conflicts_with = "people_only")]
    ten_times_the_answers: bool,
    /// Units, employees and accounts only
    #[arg(long)]
    people_only: bool,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let cli = Cli::parse();
    let folder = cli.folder.unwrap_or_else(|| std::env::temp_dir().join("thuocdo-benches"));
    std::fs::create_dir_all(&folder).with_context(|| format!("{}", folder.display()))?;
    match cli.command {
        Command::Run(command) => run(command, folder).await,
        Command::Generate(command) => {
            let postgres = Postgres::start(&folder).await?;
            let size = match command {
                GenerateCommand { people_only: true, size, .. } => Size::people_only(size),
                GenerateCommand { ten_times_the_answers: true, size, .. } => {
                    Size::of(size).with_ten_times_the_answers()
                }
                GenerateCommand { size, .. } => Size::of(size),
            };
            let made = provide(&postgres, size, &mut |line| say(&line)).await;
            postgres.stop().await?;
            made.map(|_| ())
        }
    }
}

async fn run(command: RunCommand, folder: PathBuf) -> anyhow::Result<()> {
    // Tokens live ten minutes, and those of a comparison are made before it.
    let longest = command.seconds * 2.0 * f64::from(u32::try_from(command.rounds + 1)?);
    ensure!(longest < 500.0, "{} rounds of {} s outlast the tokens", command.rounds, command.seconds);
    // Without where its files are, which is nobody else's matter.
    let rows: Vec<String> = command.rows.iter().map(u8::to_string).collect();
    let said = format!(
        "cargo run --release -p thuocdo-benches -- run --size {} --rows {} --rounds {} --seconds {} --connections {} \
         --profile {}",
        command.size,
        rows.join(","),
        command.rounds,
        command.seconds,
        command.connections,
        command.profile
    );
    let built =
        if command.no_build { Built::found(&command.profile)? } else { Built::all(&command.profile).await? };
    let settings = Settings {
        profile: command.profile,
        employees: command.size,
        rows: command.rows,
        rounds: command.rounds,
        time: Duration::from_secs_f64(command.seconds),
        connections: command.connections,
        folder,
    };
    let postgres = Postgres::start(&settings.folder).await?;
    let bench = Bench { settings, postgres, built };
    let found = rows::measure(&bench).await;
    let written = found.and_then(|found| rows::write(&command.output, &bench, &found, &said));
    bench.postgres.stop().await?;
    written
}
