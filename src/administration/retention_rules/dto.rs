use serde::Serialize;
use utoipa::ToSchema;

use super::model::{RetentionAction, RetentionRule};
use crate::i18n::{Locale, citation, text};

/// The rules on how long data are kept.
#[derive(Debug, Serialize, ToSchema)]
pub struct RetentionRulesDto {
    /// The rules, one for each kind of data.
    pub items: Vec<RetentionRuleDto>,
}

/// How long one kind of data is kept, and what happens afterwards.
#[derive(Debug, Serialize, ToSchema)]
pub struct RetentionRuleDto {
    /// Code of the kind of data, which never changes.
    #[schema(example = "absences")]
    pub code: &'static str,
    /// Kind of data and the moment from which the time counts, in the language of `Accept-Language`.
    #[schema(example = "Vắng mặt của nhân sự, tính từ ngày kết thúc.")]
    pub what: String,
    /// Days for which the data are kept, 1 or more; `null` where there is no fixed end.
    #[schema(required, minimum = 1, example = 730)]
    pub days: Option<u64>,
    /// Law, decree or circular with its article, in the language of `Accept-Language`.
    #[schema(example = "Luật 91/2025/QH15, Điều 14")]
    pub legal_basis: String,
    /// What happens when the time has ended, or at a decision: `deleted` or `needs_decision`.
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
