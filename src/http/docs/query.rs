//! What is asked of the document.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

/// Language of the texts of this document: `vi` (Vietnamese) or `en` (English).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(title = "DocumentLanguage")]
pub enum Language {
    /// Vietnamese.
    Vi,
    /// English.
    En,
}

/// Which document.
#[derive(Debug, Clone, Serialize, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DocumentQuery {
    /// Language of the texts: `vi` or `en`; that of `Accept-Language` if absent. Names and codes are the same
    /// in both.
    #[param(inline)]
    pub lang: Option<Language>,
}
