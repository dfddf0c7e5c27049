//! Keyset pages as plain data: no HTTP, no SQL.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Rows of a page when nobody asks for a number.
pub const DEFAULT_LIMIT: u32 = 50;
/// Most rows of a page.
pub const MAXIMUM_LIMIT: u32 = 200;

/// Where a page ended: the sort key of its last row (where the list is not sorted by id alone) and its id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// Sort key before the id, if the list has one.
    #[serde(rename = "k", skip_serializing_if = "Option::is_none", default)]
    pub key: Option<String>,
    /// Id of the last row.
    #[serde(rename = "i")]
    pub id: Uuid,
}

impl Position {
    /// Position in a list sorted by id alone.
    pub fn id(id: Uuid) -> Self {
        Self { key: None, id }
    }

    /// Position in a list sorted by a key and then by id.
    pub fn key(key: &str, id: Uuid) -> Self {
        Self { key: Some(key.to_owned()), id }
    }

    /// Position in a list whose rows are numbered and have no id.
    pub fn number(number: i64) -> Self {
        Self { key: Some(number.to_string()), id: Uuid::nil() }
    }
}

/// Which page is asked for.
#[derive(Debug, Clone)]
pub struct PageRequest {
    /// Rows wanted, 1 to [`MAXIMUM_LIMIT`].
    pub limit: u32,
    /// Where the page before ended.
    pub after: Option<Position>,
}

impl PageRequest {
    /// Rows to read: one more than wanted tells whether there is a next page.
    pub fn rows_to_read(&self) -> i64 {
        i64::from(self.limit) + 1
    }

    /// Id after which the page starts.
    pub fn after_id(&self) -> Option<Uuid> {
        self.after.as_ref().map(|p| p.id)
    }

    /// Number after which the page starts, in a list of numbered rows.
    pub fn after_number(&self) -> Option<i64> {
        self.after.as_ref()?.key.as_ref()?.parse().ok()
    }

    /// Key and id after which the page starts, in a list sorted by a key.
    pub fn after_key(&self) -> Option<(String, Uuid)> {
        self.after.as_ref().map(|p| (p.key.clone().unwrap_or_default(), p.id))
    }
}

impl Default for PageRequest {
    fn default() -> Self {
        Self { limit: DEFAULT_LIMIT, after: None }
    }
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// The rows, in order.
    pub items: Vec<T>,
    /// Where the next page starts, if there is one.
    pub next: Option<Position>,
}

impl<T> Page<T> {
    /// Cut the rows read by [`PageRequest::rows_to_read`] to a page.
    pub fn cut(mut rows: Vec<T>, request: &PageRequest, position: impl Fn(&T) -> Position) -> Self {
        let limit = usize::try_from(request.limit).unwrap_or(usize::MAX);
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = if more { rows.last().map(position) } else { None };
        Self { items: rows, next }
    }

    /// A page of a list that is in memory: behind the row with the id that the page before ended with, in whatever order the
    /// rows are.
    pub fn of_all(rows: Vec<T>, request: &PageRequest, id: impl Fn(&T) -> Uuid) -> Self {
        let start = match request.after_id() {
            Some(last) => rows.iter().position(|row| id(row) == last).map_or(rows.len(), |at| at + 1),
            None => 0,
        };
        let wanted = usize::try_from(request.rows_to_read()).unwrap_or(usize::MAX);
        let rows = rows.into_iter().skip(start).take(wanted).collect();
        Self::cut(rows, request, |row| Position::id(id(row)))
    }

    /// The same page of something else.
    pub fn map<U>(self, f: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(f).collect(), next: self.next }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn walking_the_pages_gives_the_whole(total in 0u128..300, limit in 1u32..=200) {
            let all: Vec<Uuid> = (0..total).map(Uuid::from_u128).collect();
            let (mut walked, mut after) = (Vec::new(), None::<Position>);
            loop {
                let request = PageRequest { limit, after: after.clone() };
                let rows = all.iter().copied()
                    .filter(|id| request.after_id().is_none_or(|a| *id > a))
                    .take(usize::try_from(request.rows_to_read()).unwrap())
                    .collect();
                let page = Page::cut(rows, &request, |id| Position::id(*id));
                prop_assert_eq!(&page, &Page::of_all(all.clone(), &request, |id| *id));
                walked.extend(page.items);
                after = page.next;
                if after.is_none() { break }
            }
            prop_assert_eq!(walked, all);
        }
    }
}
