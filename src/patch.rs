//! Three-state members of a merge patch (RFC 7396): absent, null, or a value.

use serde::{Deserialize, Deserializer};

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

/// For `#[serde(default, deserialize_with = "kept")]` on an `Option<T>`: absent stays `None`, and `null` is refused,
/// because there is nothing that the member could be without. Its schema says so by `value_type = T, required = false`
/// (a test compares all of them).
///
/// # Errors
/// Whatever reading a `T` fails with; `null` is none.
pub fn kept<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    T::deserialize(deserializer).map(Some)
}

/// Whether a change leaves what is stored as it is. All its members are named, so that none is forgotten: first those
/// that a caller can set, then those that other use cases set.
#[macro_export]
macro_rules! unchanged {
    ($change:expr, $stored:expr, $type:ident { $($field:ident),* } $(and no { $($other:ident),* })?) => {{
        let $type { $($field,)* $($($other),*)? } = $change;
        true
            $(&& $field.as_ref().is_none_or(|new| *new == $stored.$field))*
            $($(&& $other.is_none())*)?
    }};
}
pub use crate::unchanged;
