//! Employees. Lists follow the Vietnamese order of names; search ignores case and accents. The HR portal is the master
//! of these data; institutes never see them here.

mod batch;
mod dto;
mod model;
mod queries;
pub(crate) mod routes;
mod service;

pub use super::employee_competencies::{CompetencySource, NewCompetency, add_competencies, add_competency};
pub use super::gaps::{Gap, gaps, gaps_of};
pub use model::{Employee, EmployeeCategory, EmployeeStatus};
pub(super) use queries::visible;
pub use queries::{ids_by_code, visible_ids};
pub use service::get as find_visible;
