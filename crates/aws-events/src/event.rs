//! The kinds of events, and how they are told apart.

use std::borrow::Cow;
use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};

use crate::EventError;

/// What woke the function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A CloudWatch Logs subscription filter delivers: `{"awslogs": {"data": "<base64>"}}`.
    CloudWatchLogs {
        /// The payload: gzip around JSON.
        data: Vec<u8>,
    },
}

impl Event {
    /// The source's name in logs and summaries.
    pub fn source(&self) -> &'static str {
        match self {
            Self::CloudWatchLogs { .. } => "cloudwatch_logs",
        }
    }
}

#[derive(Deserialize)]
struct Fields<'a> {
    #[serde(borrow)]
    awslogs: Option<AwsLogs<'a>>,
}

#[derive(Deserialize)]
struct AwsLogs<'a> {
    #[serde(borrow)]
    data: Cow<'a, str>,
}

/// Reads an event.
///
/// # Errors
/// When it is not JSON, of no known kind, or its payload cannot be decoded.
pub fn parse(json: &[u8]) -> Result<Event, EventError> {
    let first = json.iter().find(|byte| !byte.is_ascii_whitespace());
    let fields: Fields<'_> = match (first, serde_json::from_slice(json)) {
        (Some(b'{'), Ok(fields)) => fields,
        (_, Err(error)) if error.is_syntax() || error.is_eof() => return Err(EventError::Json(error)),
        (Some(b'{'), Err(error)) => return Err(EventError::Json(error)),
        _ => return Err(EventError::NotAnObject),
    };
    if let Some(logs) = fields.awslogs {
        let data = STANDARD
            .decode(logs.data.as_bytes())
            .map_err(EventError::Base64)?;
        return Ok(Event::CloudWatchLogs { data });
    }
    let Keys(keys) = serde_json::from_slice(json).map_err(EventError::Json)?;
    Err(EventError::Unknown { keys })
}

/// The keys of an object, without its values.
struct Keys(Vec<String>);

impl<'de> Deserialize<'de> for Keys {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct KeysVisitor;

        impl<'de> Visitor<'de> for KeysVisitor {
            type Value = Keys;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Keys, M::Error> {
                let mut keys = Vec::new();
                while let Some((key, IgnoredAny)) = map.next_entry()? {
                    keys.push(key);
                }
                Ok(Keys(keys))
            }
        }

        deserializer.deserialize_map(KeysVisitor)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_subscription_event_is_told_by_awslogs() {
        for json in [
            r#"{"awslogs":{"data":"aGVsbG8="}}"#,
            "\n {\"new\":[{}],\"awslogs\":{\"more\":1,\"data\":\"aGVs\\u0062G8=\"}}",
        ] {
            let event = parse(json.as_bytes()).unwrap();
            assert_eq!(
                event,
                Event::CloudWatchLogs {
                    data: b"hello".to_vec()
                }
            );
            assert_eq!(event.source(), "cloudwatch_logs");
        }
    }

    #[test]
    fn an_unknown_event_is_named_by_its_keys_and_not_its_contents() {
        let text = parse(br#"{"password":"hunter2","Recs":[{"inner":1}]}"#)
            .unwrap_err()
            .to_string();
        assert!(text.contains(r#"keys "password", "Recs";"#), "{text}");
        assert!(!text.contains("hunter2") && !text.contains("inner"), "{text}");
        assert!(parse(b"{}").unwrap_err().to_string().contains("keys none"));
    }

    #[test]
    fn what_is_no_event_says_why() {
        for (json, expected) in [
            ("", "EOF while parsing"),
            ("{", "EOF while parsing"),
            ("[]", "not a JSON object"),
            ("[1, 2]", "not a JSON object"),
            ("7", "not a JSON object"),
            ("null", "not a JSON object"),
            (r#"{"awslogs":{}}"#, "missing field `data`"),
            (r#"{"awslogs":{"data":7}}"#, "expected a string"),
            (r#"{"awslogs":{"data":"%"}}"#, "awslogs.data is not base64"),
        ] {
            let text = parse(json.as_bytes()).unwrap_err().to_string();
            assert!(text.contains(expected), "{json}: {text}");
        }
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200), text in any::<String>()) {
            let _ = parse(&bytes);
            let _ = parse(format!("{{\"awslogs\":{{\"data\":\"{text}\"}}}}").as_bytes());
        }
    }
}
