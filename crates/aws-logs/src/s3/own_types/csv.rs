//! CSV (RFC 4180) with a header.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use memchr::{memchr, memchr2};

use super::time::Timing;
use crate::s3::ObjectError;
use crate::s3::buffer::Unread;
use crate::s3::format::{Layout, Read};

/// A scanner that cuts out the records. A line break in a quoted field belongs to the record.
///
/// As in RFC 4180, a quote opens a quoted field only at the beginning of the field.
#[derive(Debug, Default)]
pub(crate) struct CsvScanner {
    at: At,
    records: u64,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum At {
    /// Outside of quoted fields.
    #[default]
    Plain,
    /// In a quoted field.
    Quoted,
    /// After a quote in a quoted field, which ends the field unless another follows.
    Quote,
}

impl CsvScanner {
    /// Returns the next record without its line break, if the buffer contains all of it. At the end of the object, the
    /// remaining bytes are a record too.
    pub(crate) fn next_record(
        &mut self,
        unread: &mut Unread<'_>,
        end: bool,
    ) -> Result<Option<Range<usize>>, ObjectError> {
        loop {
            let unseen = unread.unseen();
            match self.at {
                At::Plain => {
                    let Some(at) = memchr2(b'\n', b'"', unseen) else {
                        unread.keep(unseen.len());
                        let is_record = end && unread.has_kept();
                        return Ok(is_record.then(|| self.record(unread)));
                    };
                    unread.keep(at);
                    if unseen[at] == b'\n' {
                        let record = self.record(unread);
                        unread.skip(1);
                        return Ok(Some(record));
                    }
                    if matches!(unread.kept().last(), None | Some(b',')) {
                        self.at = At::Quoted;
                    }
                    unread.keep(1);
                }
                At::Quoted => {
                    let Some(at) = memchr(b'"', unseen) else {
                        unread.keep(unseen.len());
                        if end {
                            return Err(ObjectError::QuoteNotClosed {
                                records: self.records,
                                offset: unread.offset(),
                            });
                        }
                        return Ok(None);
                    };
                    unread.keep(at + 1);
                    self.at = At::Quote;
                }
                At::Quote => match unseen.first() {
                    Some(b'"') => {
                        unread.keep(1);
                        self.at = At::Quoted;
                    }
                    None if !end => return Ok(None),
                    _ => self.at = At::Plain,
                },
            }
        }
    }

    /// Ends the current record.
    fn record(&mut self, unread: &mut Unread<'_>) -> Range<usize> {
        self.records += 1;
        let mut record = unread.take();
        if unread.get(record.clone()).last() == Some(&b'\r') {
            record.end -= 1;
        }
        record
    }
}

/// The layout of the records, which the header tells: the first record that is not empty.
#[derive(Debug)]
pub(super) struct Csv {
    time: Option<Arc<Timing>>,
    header: Option<Header>,
}

/// The part of the header that finds the time.
#[derive(Clone, Copy, Debug)]
struct Header {
    columns: usize,
    /// The index of the column with the time.
    time: Option<usize>,
}

impl Csv {
    pub(super) fn new(time: Option<Arc<Timing>>) -> Self {
        Self { time, header: None }
    }

    fn read_header(&mut self, record: &[u8]) -> Read {
        let wanted = self.time.as_ref().and_then(|time| time.column());
        // Some programs begin a file with a byte order mark.
        let record = record.strip_prefix("\u{feff}".as_bytes()).unwrap_or(record);
        let position =
            |wanted: &str| Fields::of(record).position(|field| *content(field) == *wanted.as_bytes());
        let header = Header {
            columns: Fields::of(record).count(),
            time: wanted.and_then(position),
        };
        self.header = Some(header);
        match (wanted, header.time) {
            (Some(_), None) => Read::NoColumn,
            _ => Read::Header,
        }
    }
}

impl Layout for Csv {
    fn read(&mut self, record: &[u8]) -> Read {
        let header = match self.header {
            Some(header) => header,
            None if record.is_empty() => return Read::Line(None),
            None => return self.read_header(record),
        };
        let time = self.time.as_ref();
        Read::Line(time.and_then(|time| match header.time {
            Some(column) => time.format.parse(&content(header.field(record, column)?)),
            None => time.of(record, |_, _| None),
        }))
    }

    fn has_times(&self) -> bool {
        self.time.is_some()
    }

    fn time_column(&self) -> Option<&str> {
        self.time.as_ref()?.column()
    }
}

impl Header {
    /// Returns a field of a record that has as many fields as the header. In another, text of a client with an
    /// unquoted comma may have shifted the fields.
    fn field<'a>(&self, record: &'a [u8], column: usize) -> Option<&'a [u8]> {
        let mut found = None;
        let mut count = 0;
        for field in Fields::of(record) {
            if count == column {
                found = Some(field);
            }
            count += 1;
        }
        found.filter(|_| count == self.columns)
    }
}

/// The fields of a record, as written.
struct Fields<'a>(Option<&'a [u8]>);

impl<'a> Fields<'a> {
    fn of(record: &'a [u8]) -> Self {
        Self(Some(record))
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        let rest = self.0?;
        let quoted = quoted_len(rest).unwrap_or_default();
        let comma = memchr(b',', &rest[quoted..]).map(|at| quoted + at);
        self.0 = comma.map(|at| &rest[at + 1..]);
        Some(&rest[..comma.unwrap_or(rest.len())])
    }
}

/// Returns the length of a quoted text at the beginning, with its quotes; of all, if the closing quote is missing.
fn quoted_len(text: &[u8]) -> Option<usize> {
    let mut at = text.starts_with(b"\"").then_some(1)?;
    loop {
        let Some(quote) = memchr(b'"', &text[at..]) else {
            return Some(text.len());
        };
        at += quote + 1;
        if text.get(at) != Some(&b'"') {
            return Some(at);
        }
        at += 1;
    }
}

/// Returns the content of a field: without its quotes, if it is quoted.
fn content(field: &[u8]) -> Cow<'_, [u8]> {
    let Some(inner) = field
        .strip_prefix(b"\"")
        .and_then(|rest| rest.strip_suffix(b"\""))
    else {
        return Cow::Borrowed(field);
    };
    if !inner.contains(&b'"') {
        return Cow::Borrowed(inner);
    }
    let mut content = Vec::with_capacity(inner.len());
    let mut bytes = inner.iter();
    while let Some(byte) = bytes.next() {
        content.push(*byte);
        if *byte == b'"' {
            // The second of two.
            bytes.next();
        }
    }
    Cow::Owned(content)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_end_at_commas_outside_of_quotes() {
        let fields = |record: &'static str| -> Vec<String> {
            let fields = Fields::of(record.as_bytes());
            fields
                .map(|field| String::from_utf8(content(field).into_owned()).unwrap())
                .collect()
        };
        for (record, expected) in [
            ("", &[""][..]),
            ("a,b", &["a", "b"]),
            (",", &["", ""]),
            (r#""a,b",c"#, &["a,b", "c"]),
            (r#""say ""hi"", you",c"#, &["say \"hi\", you", "c"]),
            ("\"a\nb\",c", &["a\nb", "c"]),
            (r#"5" pipe,c"#, &["5\" pipe", "c"]),
            (r#""open,c"#, &["\"open,c"]),
            (r#""","""#, &["", ""]),
            (r#""a"b,c"#, &["\"a\"b", "c"]),
        ] {
            assert_eq!(fields(record), expected, "{record}");
        }
    }
}
