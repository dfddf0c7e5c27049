//! What a form asks, item by item, as it is stored and shown.

use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::pg::{Pg, PgValue};
use diesel::serialize::{self, Output, ToSql};
use diesel::sql_types::Jsonb;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use validator::Validate;

/// Steps of a scale whose author says nothing else.
pub const USUAL_STEPS: u8 = 5;
/// Steps of the scales of statutory forms (Circular 10/2017/TT-BNV: 1 to 10 for each indicator).
pub const STATUTORY_STEPS: u8 = 10;

/// Kind of answer that an item asks for: a step of a scale (`scale`), a number (`number`), one of several
/// options (`choice`) or free text (`text`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ItemKind {
    /// One of the steps of a scale, counted from 1.
    Scale,
    /// A number.
    Number,
    /// One of the options.
    Choice,
    /// Free text.
    Text,
}

/// A text in Vietnamese, and in English when there is a translation.
#[derive(
    Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema, FromSqlRow, AsExpression,
)]
#[diesel(sql_type = Jsonb)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// The text in Vietnamese, 1 to 1,000 characters.
    #[validate(length(min = 1, max = 1000))]
    #[schema(min_length = 1, max_length = 1000, example = "Dùng đúng mẫu văn bản của Bộ.")]
    pub vi: String,
    /// The text in English, 1 to 1,000 characters; absent when there is no translation.
    #[validate(length(min = 1, max = 1000))]
    #[schema(min_length = 1, max_length = 1000, example = "Uses the ministry's templates.")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub en: Option<String>,
}

/// An option of an item that asks for a choice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// Code of the option, which an answer gives as its value, 1 to 50 characters.
    #[validate(length(min = 1, max = 50))]
    #[schema(min_length = 1, max_length = 50, example = "yes")]
    pub code: String,
    /// Wording of the option.
    #[validate(nested)]
    pub text: Words,
}

/// Criterion to which several items of a questionnaire belong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Section {
    /// Code of the criterion, the same in all its items, 1 to 50 characters.
    #[validate(length(min = 1, max = 50))]
    #[schema(min_length = 1, max_length = 50, example = "programme")]
    pub code: String,
    /// Wording of the criterion, shown above its items.
    #[validate(nested)]
    pub text: Words,
}

/// An item of a published questionnaire.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(from = "Stored")]
pub struct Item {
    /// Code of the item, to which an answer refers; unique in the questionnaire.
    #[schema(example = "b1")]
    pub code: String,
    /// Kind of answer that the item asks for: `scale`, `number`, `choice` or `text`.
    pub kind: ItemKind,
    /// Wording of the item.
    pub text: Words,
    /// Criterion that the item belongs to; absent when there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub section: Option<Section>,
    /// Only for a scale: number of its steps, 5 or 10; answers are 1 to this number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub steps: Option<u8>,
    /// Whether a high step of the scale is unfavourable. The answer x is stored as given and counts as
    /// `steps` + 1 - x.
    pub reverse: bool,
    /// Whether the answer `null` means "not observed", which counts neither as a middle step nor as zero;
    /// when false, it means that the item is left blank.
    pub not_observed: bool,
    /// Only for a scale: names of all its steps from the lowest on, or of the two ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub anchors: Option<Vec<Words>>,
    /// Only for a choice: its options.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub options: Option<Vec<Choice>>,
    /// Only for a choice in a knowledge test: code of the right option. Shown only to callers who may publish
    /// questionnaires.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub correct: Option<String>,
}

/// An item in the database. Forms published before scales said how many steps they have have five, and "not observed"
/// could always be answered.
#[derive(Debug, Deserialize)]
struct Stored {
    code: String,
    kind: ItemKind,
    text: Words,
    section: Option<Section>,
    steps: Option<u8>,
    #[serde(default)]
    reverse: bool,
    not_observed: Option<bool>,
    anchors: Option<Vec<Words>>,
    options: Option<Vec<Choice>>,
    correct: Option<String>,
}

impl From<Stored> for Item {
    fn from(item: Stored) -> Self {
        let is_scale = item.kind == ItemKind::Scale;
        Self {
            steps: item.steps.or(is_scale.then_some(USUAL_STEPS)),
            not_observed: item.not_observed.unwrap_or(is_scale),
            code: item.code,
            kind: item.kind,
            text: item.text,
            section: item.section,
            reverse: item.reverse,
            anchors: item.anchors,
            options: item.options,
            correct: item.correct,
        }
    }
}

impl Item {
    /// The highest step of a scale.
    pub fn highest(&self) -> u8 {
        self.steps.unwrap_or(USUAL_STEPS)
    }
}

/// The items of a form, in the order they are asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromSqlRow, AsExpression)]
#[diesel(sql_type = Jsonb)]
#[serde(transparent)]
pub struct Items(pub Vec<Item>);

macro_rules! stored_as_json {
    ($($type:ty),+) => {$(
        impl FromSql<Jsonb, Pg> for $type {
            fn from_sql(bytes: PgValue<'_>) -> deserialize::Result<Self> {
                let value = <Value as FromSql<Jsonb, Pg>>::from_sql(bytes)?;
                Ok(serde_json::from_value(value)?)
            }
        }

        impl ToSql<Jsonb, Pg> for $type {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
                let value = serde_json::to_value(self)?;
                <Value as ToSql<Jsonb, Pg>>::to_sql(&value, &mut out.reborrow())
            }
        }
    )+};
}

stored_as_json!(Items, Words);

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_item_of_an_older_form_has_five_steps_and_may_be_not_observed() {
        let read = |value| serde_json::from_value::<Item>(value).unwrap();
        let old = json!({"code": "b1", "kind": "scale", "text": {"vi": "?"}, "reverse": false});
        let item = read(old);
        assert_eq!((item.steps, item.not_observed, item.highest()), (Some(5), true, 5));
        assert_eq!(read(serde_json::to_value(&item).unwrap()), item);
        let text = read(json!({"code": "t", "kind": "text", "text": {"vi": "?"}}));
        assert_eq!((text.steps, text.not_observed), (None, false));
    }
}
