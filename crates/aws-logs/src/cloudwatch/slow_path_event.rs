//! A single log event that is read on the slow path.

use std::borrow::Cow;
use std::fmt;

use serde::de::{IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use super::log_event::{Fault, JsonType};
use super::slow_path::or_default;
use super::{millis, parts};
use crate::JsonText;

/// A log event. If it is deserialized directly, only its time can be faulty; if it is made from any JSON
/// value ([`From`]), every part can be.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", expecting = "a log event")]
pub(super) struct Event<'a> {
    #[serde(default, borrow, deserialize_with = "or_default")]
    pub(super) id: JsonText<'a>,
    #[serde(default = "no_timestamp", deserialize_with = "timestamp")]
    pub(super) timestamp: Result<i64, Fault>,
    #[serde(default, borrow, deserialize_with = "or_default")]
    pub(super) message: JsonText<'a>,
    #[serde(default, borrow, rename = "extractedFields")]
    pub(super) system_fields: SystemFields<'a>,
}

/// The origin of a log event, from its `extractedFields`; each part is empty if they do not name it.
#[derive(Default)]
pub(super) struct SystemFields<'a> {
    pub(super) account: Cow<'a, str>,
    pub(super) region: Cow<'a, str>,
}

/// The fields of a log event, with values of any type.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Fields<'a> {
    #[serde(borrow)]
    id: Option<&'a RawValue>,
    #[serde(borrow)]
    timestamp: Option<&'a RawValue>,
    #[serde(borrow)]
    message: Option<&'a RawValue>,
    #[serde(default, borrow, rename = "extractedFields")]
    system_fields: SystemFields<'a>,
}

impl<'a> From<&'a RawValue> for Event<'a> {
    fn from(json: &'a RawValue) -> Self {
        let faulty = |fault| Self {
            id: JsonText::default(),
            timestamp: Err(fault),
            message: JsonText::default(),
            system_fields: SystemFields::default(),
        };
        match JsonType::of(json.get()) {
            JsonType::Object => {}
            other => return faulty(Fault::EventType(other)),
        }
        let Ok(fields) = serde_json::from_str::<Fields<'a>>(json.get()) else {
            return faulty(Fault::Fields);
        };
        let (message, timestamp) = match fields.message {
            None => (JsonText::default(), time(fields.timestamp)),
            Some(message) => match string(message) {
                Some(message) => (message, time(fields.timestamp)),
                None => {
                    let other = JsonType::of(message.get());
                    (JsonText::default(), Err(Fault::MessageType(other)))
                }
            },
        };
        Self {
            id: fields.id.and_then(string).unwrap_or_default(),
            timestamp,
            message,
            system_fields: fields.system_fields,
        }
    }
}

fn no_timestamp() -> Result<i64, Fault> {
    Err(Fault::NoTimestamp)
}

fn timestamp<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Result<i64, Fault>, D::Error> {
    Option::<&RawValue>::deserialize(deserializer).map(time)
}

/// Parses a log event's time in milliseconds: a number, or a number in a string.
fn time(json: Option<&RawValue>) -> Result<i64, Fault> {
    let json = json.ok_or(Fault::NoTimestamp)?.get();
    match JsonType::of(json) {
        JsonType::Number => millis::parse(json),
        JsonType::String => millis::parse(json.trim_matches('"')),
        other => Err(Fault::TimestampType(other)),
    }
}

/// Returns the text of a JSON string, or `None` for another value.
fn string<'a>(json: &'a RawValue) -> Option<JsonText<'a>> {
    serde_json::from_str(json.get()).ok()
}

/// Fields that a filter pattern extracts can have any name and any value. None of them fails a delivery.
impl<'de: 'a, 'a> Deserialize<'de> for SystemFields<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;

        impl<'de> Visitor<'de> for Any {
            type Value = SystemFields<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("extracted fields")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut fields = SystemFields::default();
                while let Some(name) = map.next_key::<JsonText<'de>>()? {
                    let field = match &*name.0 {
                        parts::ACCOUNT => &mut fields.account,
                        parts::REGION => &mut fields.region,
                        _ => {
                            map.next_value::<IgnoredAny>()?;
                            continue;
                        }
                    };
                    *field = string(map.next_value()?).unwrap_or_default().0;
                }
                Ok(fields)
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
                while seq.next_element::<IgnoredAny>()?.is_some() {}
                Ok(SystemFields::default())
            }

            fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
                Ok(SystemFields::default())
            }

            fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
                Ok(SystemFields::default())
            }

            fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
                Ok(SystemFields::default())
            }

            fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
                Ok(SystemFields::default())
            }

            fn visit_str<E>(self, _: &str) -> Result<Self::Value, E> {
                Ok(SystemFields::default())
            }

            fn visit_unit<E>(self) -> Result<Self::Value, E> {
                Ok(SystemFields::default())
            }
        }

        deserializer.deserialize_any(Any)
    }
}
