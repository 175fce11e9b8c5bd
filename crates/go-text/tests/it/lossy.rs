//! Tests of text that is not valid UTF-8.

use std::borrow::Cow;
use std::collections::BTreeMap;

use go_text::{JsonText, lossy};
use proptest::prelude::*;

fn read(json: &str) -> String {
    let JsonText(text) = serde_json::from_str(json).expect("a string");
    text.into_owned()
}

#[test]
fn a_lone_surrogate_is_one_replacement() {
    for (json, expected) in [
        (r#""a\ud800b""#, "a\u{fffd}b"),
        (r#""\udfff\udbff""#, "\u{fffd}\u{fffd}"),
        (r#""\ud83d\ude00""#, "\u{1f600}"),
        (r#""\u0000\"\\\/""#, "\0\"\\/"),
        (r#""""#, ""),
    ] {
        assert_eq!(read(json), expected, "{json}");
        assert_eq!(read(&format!(" {json} ")), expected, "{json}");
    }
}

#[test]
fn text_without_escapes_is_borrowed_and_keys_are_text_too() {
    let JsonText(text) = serde_json::from_str("\"plain\"").unwrap();
    assert!(matches!(text, Cow::Borrowed("plain")));
    let members: BTreeMap<String, u8> = serde_json::from_str::<Members<'_>>(r#"{"a\ud800":1,"b":2}"#)
        .unwrap()
        .0;
    assert_eq!(
        members,
        BTreeMap::from([("a\u{fffd}".into(), 1), ("b".into(), 2)])
    );
}

#[test]
fn values_other_than_strings_are_refused() {
    for json in ["7", "null", "true", "[104, 105]", "{}", "\"", r#""\ud8""#] {
        assert!(serde_json::from_str::<JsonText<'_>>(json).is_err(), "{json}");
    }
}

/// An object whose keys are read as [`JsonText`].
struct Members<'a>(BTreeMap<String, u8>, std::marker::PhantomData<&'a ()>);

impl<'de> serde::Deserialize<'de> for Members<'de> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;

        impl<'de> serde::de::Visitor<'de> for Visitor {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<M: serde::de::MapAccess<'de>>(self, mut map: M) -> Result<Self::Value, M::Error> {
                let mut members = BTreeMap::new();
                while let Some((JsonText(key), value)) = map.next_entry()? {
                    members.insert(key.into_owned(), value);
                }
                Ok(Members(members, std::marker::PhantomData))
            }
        }

        deserializer.deserialize_map(Visitor)
    }
}

proptest! {
    #[test]
    fn text_that_is_utf_8_stays_as_it_is(text in any::<String>(), bytes in proptest::collection::vec(any::<u8>(), 0..100)) {
        prop_assert_eq!(lossy(text.as_bytes()), text.as_str());
        prop_assert_eq!(read(&serde_json::to_string(&text).unwrap()), text);
        // Surrogates are left out: they become one replacement here, and three in the standard library.
        if !bytes.contains(&0xed) {
            prop_assert_eq!(lossy(&bytes), String::from_utf8_lossy(&bytes));
        }
    }
}
