//! Decoding of JSON bodies, as strictly as in Loki.

use std::collections::BTreeMap;

use loki_push::{LabelSet, TENANT_LABEL, is_label_name};
use serde::Deserialize;
use serde_json::Value;

use super::{Entry, Stream};

#[derive(Deserialize)]
struct Body {
    #[serde(default)]
    streams: Vec<JsonStream>,
}

#[derive(Deserialize)]
struct JsonStream {
    #[serde(default)]
    stream: BTreeMap<String, Value>,
    #[serde(default)]
    values: Vec<Vec<Value>>,
}

/// Parses the streams of a body, or returns an error text.
pub(super) fn streams(body: &[u8]) -> Result<Vec<Stream>, String> {
    if body.is_empty() {
        return Err("EOF".to_owned());
    }
    let body: Body = serde_json::from_slice(body).map_err(|error| error.to_string())?;
    body.streams
        .into_iter()
        .map(|stream| {
            Ok(Stream {
                labels: labels(stream.stream)?,
                entries: stream
                    .values
                    .into_iter()
                    .map(entry)
                    .collect::<Result<_, String>>()?,
            })
        })
        .collect()
}

fn labels(stream: BTreeMap<String, Value>) -> Result<String, String> {
    let mut labels = LabelSet::new();
    for (name, value) in stream {
        if !is_label_name(&name) {
            return Err(format!("couldn't parse labels: unexpected character in {name:?}"));
        }
        // Loki would accept this label, but a client that sends it failed to remove it.
        if name == TENANT_LABEL {
            return Err(format!("{TENANT_LABEL} belongs into the header X-Scope-OrgID"));
        }
        let value = match value {
            Value::String(text) => text,
            Value::Number(number) => number.to_string(),
            other => return Err(format!("Value is not a string: {other}")),
        };
        labels.set(name, value);
    }
    Ok(labels.to_string())
}

fn entry(values: Vec<Value>) -> Result<Entry, String> {
    // Loki ignores the values after the third.
    let mut values = values.into_iter();
    let timestamp_ns = match values.next() {
        Some(Value::String(text)) => text
            .parse::<i64>()
            .map_err(|error| format!("cannot read the time {text:?}: {error}"))?,
        other => {
            return Err(format!(
                "Value looks like Number/Boolean/None, but can't find its end: the time is {other:?}"
            ));
        }
    };
    let line = match values.next() {
        Some(Value::String(line)) => line,
        Some(other) => return Err(format!("Value is not a string: the line is {other}")),
        None => String::new(),
    };
    let metadata = match values.next() {
        Some(Value::Object(pairs)) => pairs
            .into_iter()
            .map(|(name, value)| match value {
                Value::String(value) => Ok((name, value)),
                other => Err(format!("Value is not a string: the metadata {name:?} is {other}")),
            })
            .collect::<Result<_, String>>()?,
        Some(other) => return Err(format!("Value is not an object: the metadata is {other}")),
        None => Vec::new(),
    };
    Ok(Entry {
        timestamp_ns: i128::from(timestamp_ns),
        line,
        metadata,
    })
}
