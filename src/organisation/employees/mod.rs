//! Employees. Lists follow the Vietnamese order of names; search ignores case and accents. The HR portal is the master
//! of these data; institutes never see them here. Telephone and personal numbers are masked in every answer but one
//! (`/v1/employees/{id}/identity`), whose readings are accounted for.
//!
//! Who *restricted* the processing of the own data (Law 91/2025/QH15, Art. 4) is no longer suggested courses and no
//! longer chosen as somebody's comparison; what the law assigns to a state body goes on (Art. 19): nomination, training
//! record, ratings. Who was *erased* keeps the row without a name, so that certificates and figures stand.

mod batch;
mod dto;
mod model;
mod queries;
pub(crate) mod routes;
mod service;

pub use super::reach::{ids_by_code, visible_ids};
pub use model::{
    Corrections, ERASED, Employee, EmployeeCategory, EmployeeStatus, IdentityPurpose, is_personal_number,
    mask_personal_number, mask_phone, phone_e164,
};
pub use service::{correct, get as find_visible, restrict};
