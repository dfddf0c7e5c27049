use super::accounts::Accounts;
use super::catalogue::Catalogue;
use super::ministry::Ministry;
use super::planning::Plans;
use super::positions::Positions;

/// What later steps look up in earlier ones.
pub struct World {
    pub positions: Positions,
    pub ministry: Ministry,
    pub catalogue: Catalogue,
    pub plans: Plans,
    pub accounts: Accounts,
}
