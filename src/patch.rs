//! Three-state members of a merge patch (RFC 7396): absent, null, or a value.

use serde::{Deserialize, Deserializer, Serialize};

/// For `#[serde(default, deserialize_with = "nullable")]` on an `Option<Option<T>>`: absent stays `None`, `null`
/// becomes `Some(None)`.
///
/// # Errors
/// Whatever reading a `T` fails with.
pub fn nullable<'de, D, T>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Option::<T>::deserialize(deserializer).map(Some)
}

/// Whether a patch changes nothing.
pub fn is_empty<T: Serialize>(patch: &T) -> bool {
    serde_json::to_value(patch).is_ok_and(|v| v.as_object().is_some_and(serde_json::Map::is_empty))
}
