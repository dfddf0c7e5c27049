use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use uuid::Uuid;

use super::instrument::{Audience, Instrument};
use super::items::{Item, Items, Words};
use super::scoring::Scoring;
use crate::db::schema::questionnaires;

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
    /// What it is for.
    pub instrument: Instrument,
    /// Decree or circular, and article, that prescribes it.
    pub legal_basis: Option<String>,
    /// More blank indicators than this, percent, make a filled-in form invalid.
    pub max_blank_percent: Option<i16>,
    /// Its title in English.
    pub title_en: Option<String>,
    /// What respondents are shown before the first item.
    pub introduction: Option<Words>,
}

impl Questionnaire {
    /// What a score needs to know of it.
    pub fn scoring(&self) -> Scoring<'_> {
        Scoring {
            instrument: self.instrument,
            max_blank_percent: self.max_blank_percent,
            items: &self.items.0,
        }
    }
}

/// What is needed to publish a form.
#[derive(Debug, Clone)]
pub struct Draft {
    pub code: String,
    pub revision: i32,
    pub title: String,
    pub title_en: Option<String>,
    pub introduction: Option<Words>,
    pub level: i16,
    pub audience: Audience,
    pub course_id: Option<Uuid>,
    pub is_anonymous: bool,
    pub legal_basis: Option<String>,
    pub max_blank_percent: Option<i16>,
    pub items: Vec<Item>,
}

impl Draft {
    /// What it is for.
    pub fn instrument(&self) -> Instrument {
        Instrument::of(&self.code)
    }
}
