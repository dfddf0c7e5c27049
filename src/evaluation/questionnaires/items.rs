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

/// What an item asks for.
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

/// Words in Vietnamese, and in English where there are any.
#[derive(
    Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema, FromSqlRow, AsExpression,
)]
#[diesel(sql_type = Jsonb)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// Vietnamese.
    #[validate(length(min = 1, max = 1000))]
    #[schema(min_length = 1, max_length = 1000, example = "Dùng đúng mẫu văn bản của Bộ.")]
    pub vi: String,
    /// English.
    #[validate(length(min = 1, max = 1000))]
    #[schema(min_length = 1, max_length = 1000, example = "Uses the ministry's templates.")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub en: Option<String>,
}

/// One option of a choice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// What an answer says.
    #[validate(length(min = 1, max = 50))]
    #[schema(min_length = 1, max_length = 50, example = "yes")]
    pub code: String,
    /// What people read.
    #[validate(nested)]
    pub text: Words,
}

/// The criterion that some items of a form look at together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Section {
    /// What its items have in common.
    #[validate(length(min = 1, max = 50))]
    #[schema(min_length = 1, max_length = 50, example = "programme")]
    pub code: String,
    /// What people read above its items.
    #[validate(nested)]
    pub text: Words,
}

/// One item of a form, as published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(from = "Stored")]
pub struct Item {
    /// What an answer refers to; unique in the form.
    #[schema(example = "b1")]
    pub code: String,
    /// What it asks for.
    pub kind: ItemKind,
    /// The item.
    pub text: Words,
    /// The criterion it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub section: Option<Section>,
    /// The steps of a scale, 5 or 10: answers are 1 to this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub steps: Option<u8>,
    /// Whether a high step is a bad one: stored as answered, counted as `steps` + 1 - x.
    pub reverse: bool,
    /// What `null` says: "not observed", which is an answer, neither a middle step nor a zero; or, where this is
    /// false, nothing, and the item is left blank.
    pub not_observed: bool,
    /// The steps of a scale in words, from the lowest on: all of them, or only the two ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub anchors: Option<Vec<Words>>,
    /// The options of a choice.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub options: Option<Vec<Choice>>,
    /// Code of the right option; for those only who may publish questionnaires.
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
