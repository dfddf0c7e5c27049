use serde::Serialize;
use utoipa::ToSchema;

use super::model::{RetentionAction, RetentionRule};
use crate::i18n::{Locale, citation, text};

/// How long data are kept.
#[derive(Debug, Serialize, ToSchema)]
pub struct RetentionRulesDto {
    /// One rule for each kind of data.
    pub items: Vec<RetentionRuleDto>,
}

/// How long something is kept, and what happens then.
#[derive(Debug, Serialize, ToSchema)]
pub struct RetentionRuleDto {
    /// Code of what is kept.
    #[schema(example = "absences")]
    pub code: &'static str,
    /// What it is and from when on it is kept, by `Accept-Language`.
    #[schema(example = "Vắng mặt của nhân sự, tính từ ngày kết thúc.")]
    pub what: String,
    /// Days; `null` where there is no fixed end.
    #[schema(required, minimum = 1, example = 730)]
    pub days: Option<u64>,
    /// Law or decree, and article, by `Accept-Language`.
    #[schema(example = "Luật 91/2025/QH15, Điều 14")]
    pub legal_basis: String,
    /// What happens then.
    #[schema(example = "deleted")]
    pub action: RetentionAction,
}

impl RetentionRuleDto {
    /// A rule in a language.
    pub fn new(rule: &RetentionRule, locale: Locale) -> Self {
        let key = format!("retention-{}", rule.code()).replace('_', "-");
        Self {
            code: rule.code(),
            what: text(locale, &key, &[]),
            days: rule.days,
            legal_basis: citation(locale, rule.legal_basis),
            action: rule.action,
        }
    }
}
