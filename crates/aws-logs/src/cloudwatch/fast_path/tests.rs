//! Tests that the fast path reads a document as serde_json does, or leaves it to the slow path.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fmt::Write;

use loki_push::LabelSet;
use proptest::prelude::*;

use super::super::log_event::Fault;
use super::super::slow_path;
use super::*;

const DELIVERY: &str = r#"{"messageType":"DATA_MESSAGE","owner":"123456789012","logGroup":"/aws/lambda/checkout","logStream":"2026/03/04/[$LATEST]6f1d","subscriptionFilters":["loki"],"logEvents":[{"id":"000014","timestamp":1772600768400,"message":"{\"level\":\"warn\",\"msg\":\"\\\"cart\\\" \u00e9\ud83d\ude42\/\b\f\n\r\t\"}"},{"id":"000015","timestamp":1772600768401,"message":"plain","extractedFields":{"a":[1,-2.5e3,null,true]}}],"policyLevel":"LOG_GROUP_LEVEL"}"#;

/// The time, message and origin of a log event.
type Content = (Result<i64, Fault>, String, String);

/// Returns the content of a delivery, independent of where its text is stored.
fn content(data: &SubscriptionData) -> (String, String, Vec<Content>) {
    let mut events = data.log_events.iter();
    let mut contents = Vec::new();
    for part in data.parts() {
        let origin = part.labels(&LabelSet::new()).to_string();
        contents.extend(events.by_ref().take(part.len()).map(|event| {
            let message = data.text(&event.message).to_owned();
            (event.timestamp, message, origin.clone())
        }));
    }
    assert_eq!(contents.len(), data.len());
    let kind = data.text(&data.message_type).to_owned();
    let kind = format!("{kind} {}", data.has_members);
    (kind, data.labels(true).to_string(), contents)
}

/// Returns the ids of the log events.
fn ids(data: &SubscriptionData) -> Vec<&str> {
    let ids = data
        .parts()
        .flat_map(|part| (0..part.len()).map(move |index| part.event_id(index)));
    ids.collect()
}

/// Returns whether the fast path accepts the document, and asserts that the slow path then gives the same
/// result.
fn takes_fast_path(json: &[u8]) -> bool {
    // The previous contents of the buffer must not matter.
    let fast = document(json, vec![b'!'; 50], EventIds::Skipped);
    let with_ids = document(json, Vec::new(), EventIds::Kept);
    // An id with characters that AWS does not use is left to the slow path.
    if let Some(with_ids) = &with_ids {
        let slow = slow_path::document(json).expect("the slow path reads what the fast path reads");
        assert_eq!(
            (content(with_ids), ids(with_ids)),
            (content(&slow), ids(&slow)),
            "{}",
            String::from_utf8_lossy(json)
        );
    }
    if let Some(fast) = &fast {
        let slow = slow_path::document(json).expect("the slow path reads what the fast path reads");
        assert_eq!(content(fast), content(&slow), "{}", String::from_utf8_lossy(json));
    }
    if !json.is_empty() {
        let twice: Option<Vec<_>> = documents(&[json, json].concat(), EventIds::Skipped).collect();
        assert_eq!(twice.map(|twice| twice.len()), fast.is_some().then_some(2));
    }
    fast.is_some()
}

#[test]
fn deliveries_of_cloudwatch_take_the_fast_path() {
    assert!(takes_fast_path(DELIVERY.as_bytes()));
    let data = document(DELIVERY.as_bytes(), Vec::new(), EventIds::Kept).unwrap();
    assert_eq!(ids(&data), ["000014", "000015"]);
    let data = document(DELIVERY.as_bytes(), Vec::new(), EventIds::Skipped).unwrap();
    assert_eq!(ids(&data), ["", ""]);
    let (kind, labels, events) = content(&data);
    assert_eq!(kind, "DATA_MESSAGE true");
    assert!(labels.contains("checkout") && labels.contains("6f1d"), "{labels}");
    assert_eq!(
        events,
        [
            (
                Ok(1_772_600_768_400),
                "{\"level\":\"warn\",\"msg\":\"\\\"cart\\\" é🙂/\u{8}\u{c}\n\r\t\"}".to_owned(),
                "{}".to_owned()
            ),
            (Ok(1_772_600_768_401), "plain".to_owned(), "{}".to_owned())
        ]
    );
    assert!(takes_fast_path(b" { \"logEvents\" : [ ] } "));
    assert!(takes_fast_path(b"{}"));
}

#[test]
fn unusual_documents_take_the_slow_path() {
    for json in [
        r#"{"owner":null}"#,
        r#"{"owner":1}"#,
        r#"{"owner":"a","owner":"b"}"#,
        r#"{"own\u0065r":"a"}"#,
        r#"{"é":"a"}"#,
        r#"{"owner":"\ud800"}"#,
        r#"{"owner":"\ud800\u0041"}"#,
        r#"{"owner":"\udc00"}"#,
        r#"{"owner":"\u+041"}"#,
        r#"{"owner":"\x41"}"#,
        r#"{"owner":"a}"#,
        r#"{"owner":"a"} {}"#,
        r#"{"owner":"a",}"#,
        r#"{"new":nothing}"#,
        r#"{"new":01}"#,
        r#"{"logEvents":[{"id":"a","message":"m"}]}"#,
        r#"{"logEvents":[{"id":"\n","timestamp":1}]}"#,
        r#"{"logEvents":[{"timestamp":9223372036854775807}]}"#,
        r#"{"logEvents":[{"timestamp":999999999999999999}]}"#,
        r#"{"logEvents":[{"timestamp":-1}]}"#,
        r#"{"logEvents":[{"timestamp":01}]}"#,
        r#"{"logEvents":[{"timestamp":1.5}]}"#,
        r#"{"logEvents":[{"timestamp":1e3}]}"#,
        r#"{"logEvents":[{"timestamp":"1"}]}"#,
        r#"{"logEvents":[{"timestamp":1},]}"#,
        r#"{"logEvents":[1]}"#,
        r#"{"logEvents":[{"timestamp":1,"message":1}]}"#,
        r#"{"logEvents":[{"timestamp":1,"extractedFields":null}]}"#,
        r#"{"logEvents":[{"timestamp":1,"extractedFields":{"@aws.account":1}}]}"#,
        r#"{"logEvents":[{"timestamp":1,"extractedFields":{"@aws.region":"a","@aws.region":"a"}}]}"#,
        r#"{"logEvents":[{"timestamp":1,"extractedFields":{"\u0040aws.region":"a"}}]}"#,
        r#"{"logEvents":[{"timestamp":1,"extractedFields":{"@aws.region":"\u0061"}}]}"#,
        r#"{"logEvents":[{"timestamp":1,"extractedFields":{"@aws.region":"é"}}]}"#,
        "[]",
        "",
    ] {
        assert!(
            document(json.as_bytes(), Vec::new(), EventIds::Skipped).is_none(),
            "{json}"
        );
    }
    assert!(document(b"{\"owner\":\"\xff\"}", Vec::new(), EventIds::Skipped).is_none());
}

/// The bytes of both messages together are UTF-8. If they were checked only together, both messages would be
/// empty, and dropped as empty lines.
#[test]
fn a_character_cut_in_two_by_messages_takes_the_slow_path() {
    let json =
        b"{\"logEvents\":[{\"timestamp\":1,\"message\":\"a\xc3\"},{\"timestamp\":2,\"message\":\"\xa9b\"}]}";
    assert!(!takes_fast_path(json));
    let data = SubscriptionData::parse(json).unwrap();
    let (_, _, events) = content(&data);
    let none = || "{}".to_owned();
    assert_eq!(
        events,
        [
            (Ok(1), "a\u{fffd}".to_owned(), none()),
            (Ok(2), "\u{fffd}b".to_owned(), none())
        ]
    );
}

#[test]
fn every_beginning_of_a_document_takes_the_slow_path() {
    for len in 0..DELIVERY.len() {
        assert!(!takes_fast_path(&DELIVERY.as_bytes()[..len]), "{len} bytes");
    }
}

/// Generates a JSON string in any valid notation, including the quotes.
fn string() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        8 => "[ -!#-\\[\\]-~]{0,20}",
        2 => any::<char>().prop_map(|char| {
            let quoted = serde_json::Value::from(char.to_string()).to_string();
            quoted[1..quoted.len() - 1].to_owned()
        }),
        4 => prop::sample::select(&[r#"\""#, r"\\", r"\/", r"\b", r"\f", r"\n", r"\r", r"\t"][..]).prop_map(str::to_owned),
        2 => any::<char>().prop_map(|char| {
            char.encode_utf16(&mut [0; 2]).iter().fold(String::new(), |mut text, unit| {
                let _ = write!(text, r"\u{unit:04x}");
                text
            })
        }),
    ];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| format!("\"{}\"", pieces.concat()))
}

/// Generates a log event's extracted fields after a comma, or an empty string. There are few origins, so that
/// some are equal.
fn extracted_fields() -> impl Strategy<Value = String> {
    let account = prop_oneof![
        Just(r#""1""#.to_owned()),
        Just(r#""2""#.to_owned()),
        "\"[ !#-\\[\\]-~]{0,9}\"",
    ];
    let account = account.prop_map(|account| format!(r#""@aws.account":{account}"#));
    let region = prop_oneof![
        Just(r#""@aws.region":"eu""#),
        Just(r#""@aws.region":"""#),
        Just(r#""n":[1]"#)
    ];
    prop_oneof![
        Just(String::new()),
        Just(r#","extractedFields":{}"#.to_owned()),
        (account.clone(), region.clone())
            .prop_map(|(account, region)| format!(r#","extractedFields":{{{account},{region}}}"#)),
        (account, region)
            .prop_map(|(account, region)| format!(r#", "extractedFields" : {{ {region} , {account} }}"#)),
    ]
}

fn delivery() -> impl Strategy<Value = String> {
    let event = (
        string(),
        0..4_000_000_000_000_u64,
        string(),
        any::<bool>(),
        extracted_fields(),
    );
    let event = event.prop_map(|(id, time, message, reversed, fields)| match reversed {
        false => format!(
            r#"{{"id":"{}","timestamp":{time},"message":{message}{fields}}}"#,
            id.len()
        ),
        true => format!(r#"{{ "message" : {message} , "new":{id}{fields}, "timestamp":{time} }}"#),
    });
    let events = prop::collection::vec(event, 0..5);
    (string(), string(), string(), events).prop_map(|(kind, owner, group, events)| {
        let events = events.join(",");
        format!(r#"{{"messageType":{kind},"owner":{owner},"logGroup":{group},"logEvents":[{events}]}}"#)
    })
}

proptest! {
    #[test]
    fn both_readers_find_the_same(json in delivery()) {
        prop_assert!(takes_fast_path(json.as_bytes()), "{}", json);
    }

    #[test]
    fn both_read_bytes_that_are_no_text(
        text in "[abé€🙂]{0,12}",
        lens in prop::collection::vec(1..5_usize, 24),
    ) {
        // All pieces together are valid text, however it is cut.
        let mut rest = text.as_bytes();
        let messages: Vec<&[u8]> = lens.iter().map(|len| rest.split_off(..rest.len().min(*len)).unwrap()).collect();
        let mut json = br#"{"logEvents":["#.to_vec();
        for (index, message) in messages.iter().enumerate() {
            let comma: &[u8] = if index > 0 { b"," } else { b"" };
            json.extend([comma, br#"{"timestamp":1,"message":""#, message, br#""}"#].concat());
        }
        json.extend(b"]}");
        let are_text = messages.iter().all(|message| str::from_utf8(message).is_ok());
        prop_assert_eq!(takes_fast_path(&json), are_text);
    }

    #[test]
    fn a_changed_byte_is_seen_by_both(json in delivery(), at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut json = json.into_bytes();
        let at = at.index(json.len());
        json[at] = byte;
        takes_fast_path(&json);
        json.remove(at);
        takes_fast_path(&json);
    }
}
