//! Migrations are embedded in the program: when their folder changes, the program is compiled anew.

use std::io::Write;

fn main() -> std::io::Result<()> {
    writeln!(std::io::stdout(), "cargo:rerun-if-changed=migrations")
}
