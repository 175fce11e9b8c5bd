//! Subscription data as CloudWatch Logs writes it. Reading it without knowing what is in it would be nearly half of all
//! that a delivery takes in memory: 15,800 instructions a line instead of 10,300 (crates/hot-path).
//!
//! Nothing is given for a document that has anything else, or anything wrong: then [`any`](super::any) reads it. What is
//! given is what [`any`](super::any) would have given.

use std::iter;

use loki_push::Timestamp;
use serde::de::IgnoredAny;
use serde_json::Deserializer;

use super::unescape::unescape;
use super::{LogEvent, Span, SubscriptionData};
use crate::near::find_either;

/// Reads one document, to the end of the bytes, in the memory of `text`.
pub(super) fn document(json: &[u8], text: Vec<u8>) -> Option<SubscriptionData> {
    let mut reader = Reader::new(json, text);
    let mut data = reader.delivery()?;
    if !reader.is_at_end() {
        return None;
    }
    let mut text = reader.text;
    text.truncate(reader.len);
    data.text = String::from_utf8(text).ok()?;
    Some(data)
}

/// Reads one document after the other, to the end of the bytes.
pub(super) fn documents(json: &[u8]) -> impl Iterator<Item = Option<SubscriptionData>> {
    let mut reader = Reader::new(json, Vec::new());
    iter::from_fn(move || (!reader.is_at_end()).then(|| reader.delivery_with_text()))
}

struct Reader<'a> {
    rest: &'a [u8],
    /// As long as all there is to read, once that looks like an object; used by one delivery after the other.
    text: Vec<u8>,
    /// Bytes of the delivery's text so far.
    len: usize,
}

impl<'a> Reader<'a> {
    fn new(json: &'a [u8], text: Vec<u8>) -> Self {
        Self {
            rest: json,
            text,
            len: 0,
        }
    }

    fn is_at_end(&mut self) -> bool {
        self.skip_space();
        self.rest.is_empty()
    }

    /// Reads one delivery, and copies its text.
    fn delivery_with_text(&mut self) -> Option<SubscriptionData> {
        let mut data = self.delivery()?;
        data.text = str::from_utf8(self.text.get(..self.len)?).ok()?.to_owned();
        Some(data)
    }

    /// One delivery; its text is the first [`len`](Self::len) bytes of [`text`](Self::text).
    fn delivery(&mut self) -> Option<SubscriptionData> {
        self.skip_space();
        if self.rest.first() != Some(&b'{') {
            return None;
        }
        self.text.resize(self.text.len().max(self.rest.len()), 0);
        self.len = 0;
        let (mut message_type, mut owner, mut log_group, mut log_stream) = (None, None, None, None);
        let mut log_events = None;
        self.object(|reader, name| match name {
            b"messageType" => once(&mut message_type, reader.string()?),
            b"owner" => once(&mut owner, reader.string()?),
            b"logGroup" => once(&mut log_group, reader.string()?),
            b"logStream" => once(&mut log_stream, reader.string()?),
            b"logEvents" => once(&mut log_events, reader.log_events()?),
            _ => reader.skip(name),
        })?;
        Some(SubscriptionData {
            has_members: log_group.is_some() && log_events.is_some(),
            text: String::new(),
            message_type: message_type.unwrap_or_default(),
            owner: owner.unwrap_or_default(),
            log_group: log_group.unwrap_or_default(),
            log_stream: log_stream.unwrap_or_default(),
            log_events: log_events.unwrap_or_default(),
        })
    }

    fn log_events(&mut self) -> Option<Vec<LogEvent>> {
        let mut events = Vec::new();
        self.mark(b'[')?;
        if self.mark(b']').is_some() {
            return Some(events);
        }
        loop {
            events.push(self.log_event()?);
            if self.mark(b',').is_none() {
                self.mark(b']')?;
                return Some(events);
            }
        }
    }

    fn log_event(&mut self) -> Option<LogEvent> {
        let (mut id, mut timestamp, mut message) = (None, None, None);
        self.object(|reader, name| match name {
            b"id" => once(&mut id, reader.plain_string()?),
            b"timestamp" => once(&mut timestamp, reader.integer()?),
            b"message" => once(&mut message, reader.string()?),
            _ => reader.skip(name),
        })?;
        // The error of one that cannot be used names the id.
        Timestamp::from_unix_millis(timestamp?).ok()?;
        Some(LogEvent {
            id: Span::default(),
            timestamp,
            message: message.unwrap_or_default(),
        })
    }

    /// Reads an object; `member` is given each name and reads the value.
    fn object(&mut self, mut member: impl FnMut(&mut Self, &'a [u8]) -> Option<()>) -> Option<()> {
        self.mark(b'{')?;
        if self.mark(b'}').is_some() {
            return Some(());
        }
        loop {
            let name = self.plain_string()?;
            self.mark(b':')?;
            member(self, name)?;
            if self.mark(b',').is_none() {
                return self.mark(b'}');
            }
        }
    }

    /// A string without escapes, as it is written.
    fn plain_string(&mut self) -> Option<&'a [u8]> {
        self.mark(b'"')?;
        let end = find_either(b'"', b'\\', self.rest)?;
        let (string, rest) = self.rest.split_at(end);
        self.rest = rest.strip_prefix(b"\"")?;
        Some(string)
    }

    fn string(&mut self) -> Option<Span> {
        self.mark(b'"')?;
        let start = self.len;
        let unescaped = unescape(self.rest, self.text.get_mut(start..)?)?;
        self.rest = self.rest.get(unescaped.json..)?;
        self.len += unescaped.text;
        // Half a character at the end of the string before and the other half here would pass for a whole one when
        // all text is checked together, and neither string could be had.
        let is_continued = matches!(self.text.get(start..self.len)?, [0x80..0xc0, ..]);
        (!is_continued).then_some(start..self.len)
    }

    /// Digits only, and so few that they fit.
    fn integer(&mut self) -> Option<i64> {
        const MOST: usize = 18;
        self.skip_space();
        let len = self.rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (digits, rest) = self.rest.split_at(len);
        let is_whole = !matches!(rest.first(), Some(b'.' | b'e' | b'E'));
        let is_usual = (1..=MOST).contains(&len) && (digits[0] != b'0' || len == 1);
        self.rest = rest;
        (is_whole && is_usual).then(|| {
            let digits = digits.iter().map(|digit| i64::from(digit - b'0'));
            digits.fold(0, |number, digit| number * 10 + digit)
        })
    }

    /// The value of a member that is of no use.
    fn skip(&mut self, name: &[u8]) -> Option<()> {
        // Others are either wrong or need a closer look.
        if !name.iter().all(|byte| matches!(byte, b' '..=b'~')) {
            return None;
        }
        let mut values = Deserializer::from_slice(self.rest).into_iter::<IgnoredAny>();
        values.next()?.ok()?;
        self.rest = self.rest.get(values.byte_offset()..)?;
        Some(())
    }

    fn mark(&mut self, mark: u8) -> Option<()> {
        self.skip_space();
        self.rest = self.rest.strip_prefix(&[mark])?;
        Some(())
    }

    fn skip_space(&mut self) {
        while let Some((b' ' | b'\n' | b'\r' | b'\t', rest)) = self.rest.split_first() {
            self.rest = rest;
        }
    }
}

/// A member that is there twice is one too many.
fn once<T>(member: &mut Option<T>, value: T) -> Option<()> {
    member.replace(value).is_none().then_some(())
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use proptest::prelude::*;

    use super::super::any;
    use super::*;

    const USUAL: &str = r#"{"messageType":"DATA_MESSAGE","owner":"123456789012","logGroup":"/aws/lambda/checkout","logStream":"2026/03/04/[$LATEST]6f1d","subscriptionFilters":["loki"],"logEvents":[{"id":"000014","timestamp":1772600768400,"message":"{\"level\":\"warn\",\"msg\":\"\\\"cart\\\" \u00e9\ud83d\ude42\/\b\f\n\r\t\"}"},{"id":"000015","timestamp":1772600768401,"message":"plain","extractedFields":{"a":[1,-2.5e3,null,true]}}],"policyLevel":"LOG_GROUP_LEVEL"}"#;

    /// What a delivery says, wherever its text is.
    fn content(data: &SubscriptionData) -> (String, String, Vec<(Option<i64>, &str)>) {
        let events = data.log_events.iter();
        let events = events.map(|event| (event.timestamp, data.text(&event.message)));
        let kind = data.text(&data.message_type).to_owned();
        let kind = format!("{kind} {}", data.has_members);
        (kind, data.labels(true).to_string(), events.collect())
    }

    /// Whether it is a usual document; if so, whoever reads it must find the same.
    fn is_usual(json: &[u8]) -> bool {
        // What is left in the memory must not matter.
        let usual = document(json, vec![b'!'; 50]);
        if let Some(usual) = &usual {
            let any = any::document(json).expect("what is wrong must not be usual");
            assert_eq!(content(usual), content(&any), "{}", String::from_utf8_lossy(json));
        }
        if !json.is_empty() {
            let twice: Option<Vec<_>> = documents(&[json, json].concat()).collect();
            assert_eq!(twice.map(|twice| twice.len()), usual.is_some().then_some(2));
        }
        usual.is_some()
    }

    #[test]
    fn what_cloudwatch_writes_is_usual() {
        assert!(is_usual(USUAL.as_bytes()));
        let data = document(USUAL.as_bytes(), Vec::new()).unwrap();
        let (kind, labels, events) = content(&data);
        assert_eq!(kind, "DATA_MESSAGE true");
        assert!(labels.contains("checkout") && labels.contains("6f1d"), "{labels}");
        assert_eq!(
            events,
            [
                (
                    Some(1_772_600_768_400),
                    "{\"level\":\"warn\",\"msg\":\"\\\"cart\\\" é🙂/\u{8}\u{c}\n\r\t\"}"
                ),
                (Some(1_772_600_768_401), "plain")
            ]
        );
        assert!(is_usual(b" { \"logEvents\" : [ ] } "));
        assert!(is_usual(b"{}"));
    }

    #[test]
    fn what_needs_a_closer_look_is_not_usual() {
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
            "[]",
            "",
        ] {
            assert!(document(json.as_bytes(), Vec::new()).is_none(), "{json}");
        }
        assert!(document(b"{\"owner\":\"\xff\"}", Vec::new()).is_none());
    }

    /// The bytes of both messages together are UTF-8: both came out empty, and were dropped as empty lines.
    #[test]
    fn a_character_cut_in_two_by_messages_is_not_usual() {
        let json = b"{\"logEvents\":[{\"timestamp\":1,\"message\":\"a\xc3\"},{\"timestamp\":2,\"message\":\"\xa9b\"}]}";
        assert!(!is_usual(json));
        let data = SubscriptionData::parse(json).unwrap();
        let (_, _, events) = content(&data);
        assert_eq!(events, [(Some(1), "a\u{fffd}"), (Some(2), "\u{fffd}b")]);
    }

    #[test]
    fn every_beginning_of_a_document_is_not_usual() {
        for len in 0..USUAL.len() {
            assert!(!is_usual(&USUAL.as_bytes()[..len]), "{len} bytes");
        }
    }

    /// A string as it may be written, quotes included.
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

    fn delivery() -> impl Strategy<Value = String> {
        let event = (string(), 0..4_000_000_000_000_u64, string(), any::<bool>());
        let event = event.prop_map(|(id, time, message, reversed)| match reversed {
            false => format!(
                r#"{{"id":"{}","timestamp":{time},"message":{message}}}"#,
                id.len()
            ),
            true => format!(r#"{{ "message" : {message} , "new":{id}, "timestamp":{time} }}"#),
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
            prop_assert!(is_usual(json.as_bytes()), "{}", json);
        }

        #[test]
        fn both_read_bytes_that_are_no_text(
            text in "[abé€🙂]{0,12}",
            lens in prop::collection::vec(1..5_usize, 24),
        ) {
            // Whatever it is cut into, all of it together is text.
            let mut rest = text.as_bytes();
            let messages: Vec<&[u8]> = lens.iter().map(|len| rest.split_off(..rest.len().min(*len)).unwrap()).collect();
            let mut json = br#"{"logEvents":["#.to_vec();
            for (index, message) in messages.iter().enumerate() {
                let comma: &[u8] = if index > 0 { b"," } else { b"" };
                json.extend([comma, br#"{"timestamp":1,"message":""#, message, br#""}"#].concat());
            }
            json.extend(b"]}");
            let are_text = messages.iter().all(|message| str::from_utf8(message).is_ok());
            prop_assert_eq!(is_usual(&json), are_text);
        }

        #[test]
        fn a_changed_byte_is_seen_by_both(json in delivery(), at in any::<prop::sample::Index>(), byte in any::<u8>()) {
            let mut json = json.into_bytes();
            let at = at.index(json.len());
            json[at] = byte;
            is_usual(&json);
            json.remove(at);
            is_usual(&json);
        }
    }
}
