//! Queries of Loki and their results.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde::Deserialize;

/// A stream of a query's result.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct QueriedStream {
    /// The labels.
    pub labels: BTreeMap<String, String>,
    /// The entries, sorted by time.
    pub entries: Vec<QueriedEntry>,
}

/// An entry of a query's result.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct QueriedEntry {
    /// The time, in nanoseconds since the epoch.
    pub timestamp_ns: i128,
    /// The line.
    pub line: String,
    /// The structured metadata.
    pub metadata: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct Answer {
    data: Data,
}

#[derive(Deserialize)]
struct Data {
    result: Vec<JsonStream>,
}

#[derive(Deserialize)]
struct JsonStream {
    stream: BTreeMap<String, String>,
    values: Vec<(String, String, Categories)>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Categories {
    #[serde(default)]
    structured_metadata: BTreeMap<String, String>,
}

/// Returns the streams or series of a response to `query_range`.
pub(super) fn result(body: &str) -> Vec<serde_json::Value> {
    let answer: serde_json::Value = serde_json::from_str(body)
        .unwrap_or_else(|error| panic!("this is no result of a query ({error}): {body}"));
    answer["data"]["result"]
        .as_array()
        .unwrap_or_else(|| panic!("this is no result of a query: {body}"))
        .clone()
}

/// Returns the streams of a response to `query_range`.
pub(super) fn streams(body: &str) -> Vec<QueriedStream> {
    let answer: Answer = serde_json::from_str(body)
        .unwrap_or_else(|error| panic!("this is no result of a log query ({error}): {body}"));
    let mut streams: Vec<QueriedStream> = answer.data.result.into_iter().map(stream).collect();
    streams.sort();
    streams
}

#[derive(Deserialize)]
struct VectorAnswer {
    data: Vector,
}

#[derive(Deserialize)]
struct Vector {
    result: Vec<Sample>,
}

#[derive(Deserialize)]
struct Sample {
    /// The time and the number.
    value: (f64, String),
}

/// Returns the number in the response to an instant query, or 0 if the result is empty.
pub(super) fn number(body: &str) -> usize {
    let answer: VectorAnswer = serde_json::from_str(body)
        .unwrap_or_else(|error| panic!("this is no result of a metric query ({error}): {body}"));
    let first = answer.data.result.first();
    first.map_or(0, |sample| sample.value.1.parse().unwrap())
}

fn stream(stream: JsonStream) -> QueriedStream {
    let entries = stream.values.into_iter();
    QueriedStream {
        labels: stream.stream,
        entries: entries
            .map(|(timestamp, line, categories)| QueriedEntry {
                timestamp_ns: timestamp.parse().unwrap(),
                line,
                metadata: categories.structured_metadata,
            })
            .collect(),
    }
}

/// Encodes a query parameter with percent-encoding.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() * 3);
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() {
            escaped.push(char::from(byte));
        } else {
            write!(escaped, "%{byte:02X}").unwrap();
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_result_is_sorted_by_stream_and_keeps_metadata_apart() {
        let streams = streams(
            r#"{"status":"success","data":{"resultType":"streams","encodingFlags":["categorize-labels"],"result":[
                {"stream":{"a":"2"},"values":[["1","x",{}]]},
                {"stream":{"a":"1"},"values":[["2","y",{"structuredMetadata":{"k":"v"}}],["3","z",{}]]}
            ],"stats":{}}}"#,
        );
        assert_eq!(streams[0].labels["a"], "1");
        assert_eq!(streams[0].entries[0].timestamp_ns, 2);
        assert_eq!(streams[0].entries[0].metadata["k"], "v");
        assert_eq!(streams[1].entries[0].line, "x");
    }

    #[test]
    fn a_sum_is_its_number_and_nothing_is_0() {
        let answer = |result: &str| {
            format!(
                r#"{{"status":"success","data":{{"resultType":"vector","result":[{result}],"stats":{{}}}}}}"#
            )
        };
        assert_eq!(
            number(&answer(r#"{"metric":{},"value":[1772600767.5,"162971"]}"#)),
            162_971
        );
        assert_eq!(number(&answer("")), 0);
    }

    #[test]
    fn queries_are_escaped() {
        assert_eq!(escape(r#"{a="é"}"#), "%7Ba%3D%22%C3%A9%22%7D");
    }
}
