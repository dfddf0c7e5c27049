use chrono::{DateTime, Utc};
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::pg::{Pg, PgValue};
use diesel::prelude::*;
use diesel::serialize::{self, Output, ToSql};
use diesel::sql_types::Jsonb;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use super::shipped;
use crate::db::schema::questionnaires;
use crate::db::text_enum;
use crate::error::FieldError;

/// Who answers a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// Who attended.
    Learner,
    /// Who leads the person whose work is rated.
    Supervisor,
    /// The unit that is served by those who attended.
    BeneficiaryUnit,
}

text_enum!(Audience {
    Learner = "learner",
    Supervisor = "supervisor",
    BeneficiaryUnit = "beneficiary_unit",
});

/// What an item asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ItemKind {
    /// One of five steps, 1 to 5.
    Scale,
    /// A number.
    Number,
    /// One of the options.
    Choice,
    /// Free text.
    Text,
}

/// Words in Vietnamese, and in English where there are any.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
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

/// One item of a form, as published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Item {
    /// What an answer refers to; unique in the form.
    #[schema(example = "b1")]
    pub code: String,
    /// What it asks for.
    pub kind: ItemKind,
    /// The item.
    pub text: Words,
    /// Whether a high step is a bad one: stored as answered, counted as 6 - x.
    pub reverse: bool,
    /// The five steps of a scale in words, from 1 to 5.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub anchors: Option<Vec<Words>>,
    /// The options of a choice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub options: Option<Vec<Choice>>,
}

/// The items of a form, in the order they are asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromSqlRow, AsExpression)]
#[diesel(sql_type = Jsonb)]
#[serde(transparent)]
pub struct Items(pub Vec<Item>);

impl FromSql<Jsonb, Pg> for Items {
    fn from_sql(bytes: PgValue<'_>) -> deserialize::Result<Self> {
        let value = <Value as FromSql<Jsonb, Pg>>::from_sql(bytes)?;
        Ok(serde_json::from_value(value)?)
    }
}

impl ToSql<Jsonb, Pg> for Items {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        let value = serde_json::to_value(self)?;
        <Value as ToSql<Jsonb, Pg>>::to_sql(&value, &mut out.reborrow())
    }
}

/// A published form.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = questionnaires, check_for_backend(Pg))]
pub struct Questionnaire {
    /// Its id.
    pub id: Uuid,
    /// What its revisions have in common.
    pub code: String,
    /// 1, 2, ...
    pub revision: i32,
    /// Its title.
    pub title: String,
    /// Kirkpatrick's level, 1 to 4.
    pub level: i16,
    /// Who answers it.
    pub audience: Audience,
    /// The course it belongs to; none where it serves every course.
    pub course_id: Option<Uuid>,
    /// Whether answers are stored without the person and the time.
    pub is_anonymous: bool,
    /// What it asks.
    pub items: Items,
    /// When it was published.
    pub created_at: DateTime<Utc>,
}

/// What is needed to publish a form.
#[derive(Debug, Clone)]
pub struct Draft {
    pub code: String,
    pub revision: i32,
    pub title: String,
    pub level: i16,
    pub audience: Audience,
    pub course_id: Option<Uuid>,
    pub is_anonymous: bool,
    pub items: Vec<Item>,
}

impl Draft {
    /// What speaks against publishing it: every fault at once.
    pub fn faults(&self) -> Vec<FieldError> {
        let mut faults = self.reserved();
        for (i, item) in self.items.iter().enumerate() {
            let at = |member: &str| format!("/items/{i}{member}");
            if self.items.iter().take(i).any(|before| before.code == item.code) {
                faults.push(FieldError::new(at("/code"), "duplicate"));
            }
            let is_scale = item.kind == ItemKind::Scale;
            let is_choice = item.kind == ItemKind::Choice;
            if item.reverse && !is_scale {
                faults.push(FieldError::new(at("/reverse"), "not_applicable"));
            }
            if item.anchors.is_some() && !is_scale {
                faults.push(FieldError::new(at("/anchors"), "not_applicable"));
            }
            match &item.options {
                None if is_choice => faults.push(FieldError::new(at("/options"), "required")),
                Some(_) if !is_choice => faults.push(FieldError::new(at("/options"), "not_applicable")),
                Some(options) => {
                    for (n, option) in options.iter().enumerate() {
                        if options.iter().take(n).any(|before| before.code == option.code) {
                            faults.push(FieldError::new(at(&format!("/options/{n}/code")), "duplicate"));
                        }
                    }
                }
                None => {}
            }
        }
        faults
    }

    /// The codes of shipped forms are bound to what these forms are for.
    fn reserved(&self) -> Vec<FieldError> {
        if self.code.starts_with(shipped::BEHAVIOUR_PREFIX) {
            // It is made of the course: change the course's behaviours.
            return vec![FieldError::new("/code", "reserved_code")];
        }
        if self.code != shipped::REACTION {
            return Vec::new();
        }
        let must = |holds: bool, pointer: &str, allowed: &str| {
            (!holds).then(|| FieldError::new(pointer, "not_allowed").with("allowed", allowed))
        };
        [
            must(self.level == 1, "/level", "1"),
            must(self.audience == Audience::Learner, "/audience", "learner"),
            must(self.is_anonymous, "/is_anonymous", "true"),
            must(self.course_id.is_none(), "/course_id", "null"),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(code: &str, kind: ItemKind) -> Item {
        Item {
            code: code.to_owned(),
            kind,
            text: Words { vi: "?".to_owned(), en: None },
            reverse: false,
            anchors: None,
            options: None,
        }
    }

    fn draft(code: &str, items: Vec<Item>) -> Draft {
        Draft {
            code: code.to_owned(),
            revision: 1,
            title: "Phiếu".to_owned(),
            level: 2,
            audience: Audience::Supervisor,
            course_id: None,
            is_anonymous: false,
            items,
        }
    }

    fn faults(draft: &Draft) -> Vec<String> {
        draft.faults().iter().map(|f| format!("{} {}", f.pointer, f.code)).collect()
    }

    #[test]
    fn items_fit_their_kind() {
        let mut text = item("a", ItemKind::Text);
        text.reverse = true;
        text.options = Some(Vec::new());
        let form = draft("own", vec![item("a", ItemKind::Scale), text, item("c", ItemKind::Choice)]);
        assert_eq!(
            faults(&form),
            [
                "/items/1/code duplicate",
                "/items/1/reverse not_applicable",
                "/items/1/options not_applicable",
                "/items/2/options required"
            ]
        );
    }

    #[test]
    fn codes_of_shipped_forms_keep_their_meaning() {
        assert_eq!(faults(&draft("behaviour-KH01", vec![])), ["/code reserved_code"]);
        assert_eq!(
            faults(&draft("reaction", vec![])),
            ["/level not_allowed", "/audience not_allowed", "/is_anonymous not_allowed"]
        );
        assert_eq!(faults(&draft("own", vec![])), [""; 0]);
    }
}
