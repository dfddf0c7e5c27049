//! What a newcomer is told: who can sign in, and where to begin.

use super::accounts::{ACCOUNTS, CLIENT, PASSWORD};

/// For the Swagger page, in Markdown.
pub fn note() -> String {
    let mut note = format!(
        "**Demo ministry.** Everybody in it is invented. Press *Authorize* and sign in with one of these names and \
         the password `{PASSWORD}`:\n\n| name | who |\n|---|---|\n"
    );
    for (name, who, _) in ACCOUNTS {
        note.push_str(&format!("| `{name}` | {who} |\n"));
    }
    note.push_str(&format!(
        "\nMachine client: `{CLIENT}`, secret `{PASSWORD}` (client credentials).\n\nWhere to begin: as `unit_head`, look \
         at the gaps of Phòng Hành chính - Văn thư (unit `VP-HCVT`) and nominate three of its people for *Bảo vệ bí \
         mật nhà nước* (course `BMNN-01`): the third cannot go on the dates in person, as the division would fall \
         under its minimum on Tuesday morning. As `leader` or `training_officer`, read the effectiveness of courses."
    ));
    note
}

/// For the terminal.
pub fn welcome(public_url: &str) -> String {
    let width = ACCOUNTS.iter().map(|(name, ..)| name.len()).max().unwrap_or_default();
    let mut text = format!("\nDemo accounts (password: {PASSWORD})\n");
    for (name, who, _) in ACCOUNTS {
        text.push_str(&format!("  {name:<width$}  {who}\n"));
    }
    text.push_str(&format!(
        "Machine client: {CLIENT} (secret: {PASSWORD})\nSwagger UI: {public_url}/docs/\n"
    ));
    text
}
