//! The fast path: subscription data in the form in which CloudWatch Logs writes it. A reader of any JSON
//! would be almost half of the work on a delivery in memory: 15,800 instructions a line instead of 10,300
//! (tools/bench).
//!
//! Every function returns `None` for a document that has any other form or an error, and
//! [`slow_path`](super::slow_path) then reads it. A document that the fast path accepts gives the same result
//! on both paths.

use std::{iter, mem};

use loki_push::Timestamp;
use serde::de::IgnoredAny;
use serde_json::Deserializer;

use super::log_event::LogEvent;
use super::parts::{self, Origin};
use super::unescape::unescape;
use super::{EventIds, Span, SubscriptionData};
use crate::word_search::find_either;

/// Parses a single document, up to the end of the bytes, and uses the memory of `text` for its text.
pub(super) fn document(json: &[u8], text: Vec<u8>, ids: EventIds) -> Option<SubscriptionData> {
    let mut reader = Reader::new(json, text, ids);
    let mut data = reader.delivery()?;
    if !reader.is_at_end() {
        return None;
    }
    let mut text = reader.text;
    text.truncate(reader.len);
    data.text = String::from_utf8(text).ok()?;
    Some(data)
}

/// Parses consecutive documents, up to the end of the bytes.
pub(super) fn documents(json: &[u8], ids: EventIds) -> impl Iterator<Item = Option<SubscriptionData>> {
    let mut reader = Reader::new(json, Vec::new(), ids);
    iter::from_fn(move || (!reader.is_at_end()).then(|| reader.delivery_with_text()))
}

struct Reader<'a> {
    rest: &'a [u8],
    ids: EventIds,
    /// The text of the delivery. It is as long as all the input once that looks like an object, and is reused
    /// for each delivery.
    text: Vec<u8>,
    /// The length of the delivery's text so far, in bytes.
    len: usize,
    /// The origins of the delivery's log events, where it names them.
    origins: Vec<Origin>,
}

impl<'a> Reader<'a> {
    fn new(json: &'a [u8], text: Vec<u8>, ids: EventIds) -> Self {
        Self {
            rest: json,
            ids,
            text,
            len: 0,
            origins: Vec::new(),
        }
    }

    fn is_at_end(&mut self) -> bool {
        self.skip_space();
        self.rest.is_empty()
    }

    /// Parses one delivery, and copies its text.
    fn delivery_with_text(&mut self) -> Option<SubscriptionData> {
        let mut data = self.delivery()?;
        data.text = str::from_utf8(self.text.get(..self.len)?).ok()?.to_owned();
        Some(data)
    }

    /// Parses one delivery, whose text is the first [`len`](Self::len) bytes of [`text`](Self::text).
    fn delivery(&mut self) -> Option<SubscriptionData> {
        self.skip_space();
        if self.rest.first() != Some(&b'{') {
            return None;
        }
        self.text.resize(self.text.len().max(self.rest.len()), 0);
        self.len = 0;
        self.origins.clear();
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
            origins: mem::take(&mut self.origins),
            repeats: Vec::new(),
        })
    }

    fn log_events(&mut self) -> Option<Vec<LogEvent>> {
        let mut events = Vec::new();
        self.mark(b'[')?;
        if self.mark(b']').is_some() {
            return Some(events);
        }
        loop {
            events.push(self.log_event(events.len())?);
            if self.mark(b',').is_none() {
                self.mark(b']')?;
                return Some(events);
            }
        }
    }

    /// Parses the log event with this index.
    fn log_event(&mut self, at: usize) -> Option<LogEvent> {
        let (mut id, mut timestamp, mut message, mut origin) = (None, None, None, None);
        self.object(|reader, name| match name {
            b"id" => once(&mut id, reader.id()?),
            b"timestamp" => once(&mut timestamp, reader.integer()?),
            b"message" => once(&mut message, reader.string()?),
            b"extractedFields" => once(&mut origin, reader.extracted_fields()?),
            _ => reader.skip(name),
        })?;
        if origin.is_some() || !self.origins.is_empty() {
            self.add_origin(at, origin.unwrap_or_default());
        }
        // A log event with an invalid time is left to the slow path: its error names the id, which may not be
        // kept here.
        Timestamp::from_unix_millis(timestamp?).ok()?;
        Some(LogEvent {
            id: id.unwrap_or_default(),
            timestamp: Ok(timestamp?),
            message: message.unwrap_or_default(),
        })
    }

    /// Parses the id of a log event, and copies it if ids are kept.
    fn id(&mut self) -> Option<Span> {
        match self.ids {
            EventIds::Skipped => self.plain_string().map(|_| Span::default()),
            EventIds::Kept => self.printable_string(),
        }
    }

    /// Parses the fields that a subscription filter adds to a log event. Those extracted by its pattern are
    /// not used.
    fn extracted_fields(&mut self) -> Option<(Span, Span)> {
        let (mut account, mut region) = (None, None);
        self.object(|reader, name| {
            if name == parts::ACCOUNT.as_bytes() {
                once(&mut account, reader.printable_string()?)
            } else if name == parts::REGION.as_bytes() {
                once(&mut region, reader.printable_string()?)
            } else {
                reader.skip(name)
            }
        })?;
        Some((account.unwrap_or_default(), region.unwrap_or_default()))
    }

    /// Stores the origin of the log event with this index, unless it is that of the previous one.
    fn add_origin(&mut self, from: usize, (account, region): (Span, Span)) {
        let text = |span: &Span| self.text.get(span.clone()).unwrap_or_default();
        let is_same = match self.origins.last() {
            Some(last) => text(&last.account) == text(&account) && text(&last.region) == text(&region),
            None => account.is_empty() && region.is_empty(),
        };
        if !is_same {
            self.origins.push(Origin {
                from,
                account,
                region,
            });
        }
    }

    /// Parses an object, and calls `member` with each name to parse the value.
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

    /// Parses a string without escapes and returns it as written.
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
        // If the previous string ended in a truncated character and this one began with its remaining bytes,
        // the check of all text at once would accept the two as one character, and neither string could be
        // sliced.
        let is_continued = matches!(self.text.get(start..self.len)?, [0x80..0xc0, ..]);
        (!is_continued).then_some(start..self.len)
    }

    /// Parses a string of printable ASCII characters without escapes.
    fn printable_string(&mut self) -> Option<Span> {
        let string = self.plain_string()?;
        if !string.iter().all(|byte| matches!(byte, b' '..=b'~')) {
            return None;
        }
        let start = self.len;
        self.len += string.len();
        self.text.get_mut(start..self.len)?.copy_from_slice(string);
        Some(start..self.len)
    }

    /// Parses an integer of at most 18 digits, without a sign.
    fn integer(&mut self) -> Option<i64> {
        const MOST: usize = 18;
        self.skip_space();
        let len = self.rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (digits, rest) = self.rest.split_at(len);
        let is_whole = !matches!(rest.first(), Some(b'.' | b'e' | b'E'));
        let is_short = (1..=MOST).contains(&len) && (digits[0] != b'0' || len == 1);
        self.rest = rest;
        (is_whole && is_short).then(|| {
            let digits = digits.iter().map(|digit| i64::from(digit - b'0'));
            digits.fold(0, |number, digit| number * 10 + digit)
        })
    }

    /// Skips the value of a member that is not used.
    fn skip(&mut self, name: &[u8]) -> Option<()> {
        // Names with escapes or other characters are left to the slow path, which tells whether they are
        // valid.
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

/// Stores a member's value. Returns `None` if the member occurs twice.
fn once<T>(member: &mut Option<T>, value: T) -> Option<()> {
    member.replace(value).is_none().then_some(())
}

#[cfg(test)]
mod tests;
