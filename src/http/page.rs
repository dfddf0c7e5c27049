//! Lists on the wire: `?limit=` and `?cursor=`, signed cursors bound to their caller and filters, `Link: rel="next"`.

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use super::{Allow, Reply};
use crate::access::Permit;
use crate::error::{Error, Result};
use crate::page::{DEFAULT_LIMIT, Page, PageRequest, Position};

/// A list's query: its filters, and which page. Made by [`list_query!`](crate::http::list_query).
pub trait ListQuery: Serialize {
    /// Rows wanted.
    fn limit(&self) -> Option<u32>;
    /// Cursor of the page before.
    fn cursor(&self) -> Option<&str>;
}

/// Declare the query of a list: the filters given, `limit` and `cursor`. Unknown parameters are refused.
#[macro_export]
macro_rules! list_query {
    ($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident : $type:ty),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Default, serde::Serialize, serde::Deserialize, validator::Validate, utoipa::IntoParams)]
        #[serde(deny_unknown_fields)]
        #[into_params(parameter_in = Query)]
        pub struct $name {
            $(
                $(#[$field_doc])*
                // Nothing else would put an enum that only queries use into the document.
                #[param(inline)]
                pub $field: Option<$type>,
            )*
            /// Largest number of items on the page, 1 to 200; 50 if absent.
            #[param(minimum = 1, maximum = 200)]
            #[validate(range(min = 1, max = $crate::page::MAXIMUM_LIMIT))]
            pub limit: Option<u32>,
            /// `next_cursor` of the previous page, sent with the same filters; absent for the first page.
            #[param(max_length = 1024)]
            #[validate(length(max = 1024))]
            pub cursor: Option<String>,
        }

        impl $crate::http::ListQuery for $name {
            fn limit(&self) -> Option<u32> {
                self.limit
            }
            fn cursor(&self) -> Option<&str> {
                self.cursor.as_deref()
            }
        }
    };
}
pub use crate::list_query;

/// One page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct PageDto<T> {
    /// Items of the page, in the order of the list; 0 to 200.
    pub items: Vec<T>,
    /// Value to send as `cursor` for the next page; `null` on the last page.
    #[schema(required, example = json!(null))]
    pub next_cursor: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct Cursor {
    #[serde(rename = "f")]
    filters: String,
    #[serde(rename = "p")]
    position: Position,
}

impl<P: Permit> Allow<P> {
    /// Which page a query asks for.
    ///
    /// # Errors
    /// [`Error::BadCursor`] for a cursor that is not ours, or belongs to another caller or other filters.
    pub fn page(&self, query: &impl ListQuery) -> Result<PageRequest> {
        let after = query.cursor().map(|c| open(self.cursor_key(), c, &self.digest(query))).transpose()?;
        Ok(PageRequest { limit: query.limit().unwrap_or(DEFAULT_LIMIT), after })
    }

    /// What a cursor of this caller remembers.
    fn digest(&self, query: &impl ListQuery) -> String {
        let capacity = self.actor().on_behalf_of.as_ref().map(|p| p.delegation_id).unwrap_or_default();
        digest(&format!("{} {} {capacity}", self.operation(), self.actor().id), query)
    }

    /// A page as an answer. `path` is the list's own path.
    ///
    /// # Errors
    /// [`Error::Internal`] when the rows cannot be written as JSON.
    pub fn reply_page<T: Serialize>(
        &self,
        path: &str,
        query: &impl ListQuery,
        page: Page<T>,
    ) -> Result<Reply> {
        let next = page.next.map(|p| seal(self.cursor_key(), p, self.digest(query))).transpose()?;
        let link = next.as_ref().map(|cursor| {
            let filters = serde_urlencoded::to_string(filters(query)).unwrap_or_default();
            let limit = query.limit().map(|l| format!("&limit={l}")).unwrap_or_default();
            let and = if filters.is_empty() { "" } else { "&" };
            format!("<{path}?{filters}{and}cursor={cursor}{limit}>; rel=\"next\"")
        });
        Ok(Reply::ok(&PageDto { items: page.items, next_cursor: next })?.with_link(link))
    }
}

/// The filters of a query: what is set, without the page.
fn filters(query: &impl ListQuery) -> Map<String, Value> {
    let Ok(Value::Object(members)) = serde_json::to_value(query) else {
        return Map::new();
    };
    members
        .into_iter()
        .filter(|(name, v)| !v.is_null() && !matches!(name.as_str(), "limit" | "cursor"))
        .collect()
}

/// What a cursor remembers of its list, its reader and its filters.
fn digest(whose: &str, query: &impl ListQuery) -> String {
    let json = format!("{whose} {}", Value::Object(filters(query)));
    URL_SAFE_NO_PAD.encode(Sha256::digest(json).get(..9).unwrap_or_default())
}

fn seal(key: &hmac::Key, position: Position, filters: String) -> Result<String> {
    let json = serde_json::to_vec(&Cursor { filters, position }).map_err(Error::internal)?;
    let body = URL_SAFE_NO_PAD.encode(json);
    let tag = hmac::sign(key, body.as_bytes());
    Ok(format!("{body}.{}", URL_SAFE_NO_PAD.encode(tag)))
}

fn open(key: &hmac::Key, cursor: &str, filters: &str) -> Result<Position> {
    let refuse = || Error::BadCursor;
    let (body, tag) = cursor.split_once('.').ok_or_else(refuse)?;
    let tag = URL_SAFE_NO_PAD.decode(tag).map_err(|_| refuse())?;
    hmac::verify(key, body.as_bytes(), &tag).map_err(|_| refuse())?;
    let json = URL_SAFE_NO_PAD.decode(body).map_err(|_| refuse())?;
    let cursor: Cursor = serde_json::from_slice(&json).map_err(|_| refuse())?;
    if cursor.filters == filters { Ok(cursor.position) } else { Err(refuse()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn key(seed: &[u8]) -> hmac::Key {
        hmac::Key::new(hmac::HMAC_SHA256, seed)
    }

    proptest! {
        #[test]
        fn a_cursor_comes_back_as_it_was(n in any::<u128>(), text in ".*") {
            let position = Position::key(&text, Uuid::from_u128(n));
            let sealed = seal(&key(b"k"), position.clone(), "f".to_owned()).unwrap();
            prop_assert_eq!(open(&key(b"k"), &sealed, "f").unwrap(), position);
            prop_assert!(open(&key(b"k"), &sealed, "g").is_err());
            prop_assert!(open(&key(b"other"), &sealed, "f").is_err());
        }
    }
}
