//! JSON as it is read: a member that occurs twice in an object is a fault (RFC 8259, section 4, leaves open which of
//! the two counts, so two programs may read different things).

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use super::structure::{Step, within};
use crate::error::{Error, Faults, FieldError, Result};

/// Read a JSON text, and name what occurs twice in it.
///
/// # Errors
/// [`Error::Unreadable`] for what is not JSON.
pub(super) fn read(bytes: &[u8]) -> Result<(Value, Faults)> {
    let mut faults = Faults::default();
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let node = Node { pointer: &mut String::new(), faults: &mut faults };
    let value = node.deserialize(&mut reader).map_err(Error::unreadable)?;
    reader.end().map_err(Error::unreadable)?;
    Ok((value, faults))
}

/// A value at a place.
struct Node<'a> {
    pointer: &'a mut String,
    faults: &'a mut Faults,
}

impl<'de> DeserializeSeed<'de> for Node<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> std::result::Result<Value, D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Node<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> std::result::Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> std::result::Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> std::result::Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> std::result::Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> std::result::Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E>(self, value: &str) -> std::result::Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> std::result::Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> std::result::Result<Value, A::Error> {
        let mut list = Vec::new();
        loop {
            let mut read = Ok(None);
            within(self.pointer, format_args!("/{}", list.len()), |pointer| {
                read = items.next_element_seed(Node { pointer, faults: self.faults });
            });
            match read? {
                Some(item) => list.push(item),
                None => return Ok(Value::Array(list)),
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> std::result::Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            let mut read = Ok(Value::Null);
            within(self.pointer, Step(&name), |pointer| {
                if object.contains_key(&name) {
                    self.faults.push(FieldError::new(&pointer, "duplicate"));
                }
                read = members.next_value_seed(Node { pointer, faults: self.faults });
            });
            object.insert(name, read?);
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn doubled(text: &str) -> Vec<String> {
        let (_, faults) = read(text.as_bytes()).unwrap();
        faults.iter().map(|fault| fault.pointer.to_string()).collect()
    }

    #[test]
    fn what_stands_twice_is_named() {
        assert!(doubled(r#"{"a": 1, "b": {"a": 2}, "c": [{"a": 1}, {"a": 1}]}"#).is_empty());
        assert_eq!(doubled(r#"{"a": 1, "b": [{"c/d": 1, "c/d": 2}], "a": null}"#), ["/b/0/c~1d", "/a"]);
        assert_eq!(doubled(r#"{"a": 1, "\u0061": 2}"#), ["/a"], "written differently");
        assert!(read(b"{\"a\": 1} x").is_err(), "something follows");
        assert!(read("[".repeat(100_000).as_bytes()).is_err());
    }

    fn json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<u64>().prop_map(Value::from),
            (-1e300..1e300).prop_map(Value::from),
            ".*".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 32, 5, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
                prop::collection::hash_map(".*", inner, 0..5)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn everything_else_is_read_as_the_library_reads_it(value in json()) {
            let text = value.to_string();
            let (read, faults) = read(text.as_bytes()).unwrap();
            prop_assert_eq!(read, serde_json::from_str::<Value>(&text).unwrap());
            prop_assert!(faults.is_empty());
        }
    }
}
