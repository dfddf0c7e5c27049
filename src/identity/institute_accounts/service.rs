use uuid::Uuid;

use crate::access::Role;
use crate::catalogue::institutes;
use crate::db::Tx;
use crate::error::Result;
use crate::identity::accounts::{self, Draft, Kind, Proof, RoleDraft};

/// Open the first account of an institute that was approved.
///
/// # Errors
/// [`crate::error::Error::Invalid`] for a secret that is not good, a name or a password that does not fit (then the
/// secret stays good); [`crate::error::Rule::InstituteNotApproved`]; [`crate::error::Rule::UsernameTaken`].
pub async fn activate(
    tx: &mut Tx<'_>,
    institute_id: Uuid,
    secret: &str,
    username: String,
    password: String,
) -> Result<()> {
    let institute = institutes::use_secret(tx, institute_id, secret).await?;
    let draft = Draft {
        username,
        display_name: institute.name.chars().take(200).collect(),
        kind: Kind::Person,
        proof: Proof::Secret(password),
        employee_id: None,
        employee_code: None,
        institute_id: Some(institute.id),
        roles: vec![RoleDraft { role: Role::Institute, unit_id: None }],
    };
    accounts::create(tx, draft).await.map(|_| ())
}
