//! Objects that are JSON documents, one after the other, and mostly each on a line of its own.

use std::borrow::Cow;
use std::ops::Range;

use memchr::memchr2;

use super::ObjectError;
use super::buffer::Unread;
use super::json::is_space;
use super::line::End;
use super::records::{RecordScanner, Shape};

/// A scanner that cuts out the documents, each as the bytes in which it is written.
///
/// It recognises a document that is a whole line by a few bytes: the search for the end of a document through all of
/// its strings and brackets takes twice the instructions. JSON has no line breaks within strings. So a line break
/// lies between two documents if `}` precedes it and `{` or the end of the object follows it, because within a
/// document a comma, colon or closing bracket stands between `}` and the next `{`. For the same reason a line that
/// begins with a document and in which no `{` follows a `}` contains no other document. Everything else is left to
/// [`RecordScanner`]: documents over several lines, and several on one line.
///
/// The decision depends on the bytes of the object alone, not on the blocks in which they arrive.
#[derive(Debug)]
pub(crate) struct DocumentScanner {
    state: State,
    scanner: RecordScanner,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Before, between or after documents.
    Between,
    /// In a document that may be a whole line.
    Line,
    /// In anything else.
    Scanned,
}

/// The state of a line that begins with a document.
enum Verdict {
    /// The document is the line.
    Document(Range<usize>),
    /// It is not.
    Other,
    /// More bytes are needed.
    Open,
}

impl DocumentScanner {
    pub(crate) const fn new() -> Self {
        Self {
            state: State::Between,
            scanner: RecordScanner::new(Shape::Documents, Cow::Borrowed("")),
        }
    }

    /// Returns the next document, if the buffer contains all of it.
    pub(crate) fn next_record(
        &mut self,
        unread: &mut Unread<'_>,
        end: End,
    ) -> Result<Option<Range<usize>>, ObjectError> {
        loop {
            match self.state {
                State::Between => {
                    let unseen = unread.unseen();
                    let blanks = unseen.iter().take_while(|byte| is_space(**byte)).count();
                    unread.skip(blanks);
                    self.state = match unread.unseen().first() {
                        None => return Ok(None),
                        Some(b'{') => State::Line,
                        Some(_) => State::Scanned,
                    };
                }
                State::Line => match whole_line(unread, end) {
                    Verdict::Document(document) => {
                        self.scanner.count_record();
                        self.state = State::Between;
                        return Ok(Some(document));
                    }
                    Verdict::Other => {
                        unread.put_back(None);
                        self.state = State::Scanned;
                    }
                    Verdict::Open => return Ok(None),
                },
                State::Scanned => {
                    let document = self.scanner.next_record(unread)?;
                    match document {
                        Some(_) => self.state = State::Between,
                        None if end == End::Clean => self.scanner.finish(unread)?,
                        None => {}
                    }
                    return Ok(document);
                }
            }
        }
    }
}

/// Decides whether the line, whose first byte begins a document, is that document.
fn whole_line(unread: &mut Unread<'_>, end: End) -> Verdict {
    loop {
        let unseen = unread.unseen();
        let Some(at) = memchr2(b'{', b'\n', unseen) else {
            unread.keep(unseen.len());
            return match end {
                End::Ahead | End::Interrupted => Verdict::Open,
                End::Clean => document(unread),
                End::Aborted => Verdict::Other,
            };
        };
        unread.keep(at);
        if unseen[at] == b'{' {
            if unread.kept().trim_ascii_end().last() == Some(&b'}') {
                return Verdict::Other;
            }
            unread.keep(1);
            continue;
        }
        return match (unseen.get(at + 1), end) {
            (Some(b'{'), _) | (None, End::Clean) => document(unread),
            (None, End::Ahead | End::Interrupted) => Verdict::Open,
            _ => Verdict::Other,
        };
    }
}

/// Returns the searched bytes as a document, if they end like one.
fn document(unread: &mut Unread<'_>) -> Verdict {
    let text = unread.kept().trim_ascii_end();
    if text.last() != Some(&b'}') {
        return Verdict::Other;
    }
    let len = text.len();
    let mut line = unread.take();
    line.end = line.start + len;
    Verdict::Document(line)
}

#[cfg(test)]
mod tests {
    use super::super::buffer::Buffer;
    use super::*;

    /// Returns the documents and the error, if the text arrives in two blocks.
    fn documents(text: &str, first: usize, end: End) -> (Vec<String>, Option<String>) {
        let (mut buffer, mut scanner) = (Buffer::default(), DocumentScanner::new());
        let mut found = Vec::new();
        let blocks = [
            (&text[..first], End::Ahead),
            (&text[first..], End::Ahead),
            ("", end),
        ];
        for (block, end) in blocks {
            buffer.space().extend_from_slice(block.as_bytes());
            loop {
                let mut unread = buffer.unread();
                match scanner.next_record(&mut unread, end) {
                    Ok(Some(record)) => {
                        found.push(String::from_utf8(unread.get(record).to_vec()).unwrap());
                    }
                    Ok(None) => break,
                    Err(error) => return (found, Some(error.to_string())),
                }
            }
        }
        (found, None)
    }

    #[test]
    fn documents_are_found_however_they_are_separated() {
        let separators = ["\n", "\r\n", "", " ", "\n\n", " \n", "\n ", "\t\r\n\n "];
        let written = [
            r#"{"a":1}"#,
            r#"{"a":{"b":[{"c":1},{"d":"}{"}]}}"#,
            "{\n  \"a\": [\n    {\"b\": 1},\n    {\"c\": 2}\n  ]\n}",
            "{\"a\":{\n}}",
            "{\"a\":\n{}\n}",
            r#"{"s":"} {","t":"\"}\n{"}"#,
            "{}",
        ];
        for one in written {
            for other in written {
                for separator in separators {
                    for last in ["", separator] {
                        let text = [one, separator, other, separator, one, last].concat();
                        for first in 0..text.len() {
                            let (found, error) = documents(&text, first, End::Clean);
                            assert_eq!(
                                (&found[..], error),
                                (&[one, other, one].map(str::to_owned)[..], None),
                                "{text}"
                            );
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn an_object_that_is_cut_off_gives_its_complete_documents() {
        let text = "{\"a\":1}\n{\"b\":{\"c\":2}}\n{\"d\":";
        for first in 0..text.len() {
            let whole = ["{\"a\":1}", "{\"b\":{\"c\":2}}"].map(str::to_owned);
            let cut_short = "JSON document cut short after 2 complete ones, at byte 27";
            assert_eq!(
                documents(text, first, End::Clean),
                (whole.to_vec(), Some(cut_short.to_owned()))
            );
            assert_eq!(documents(text, first, End::Aborted), (whole.to_vec(), None));
        }
        let (found, error) = documents("{\"a\":1}\nplain\n", 3, End::Clean);
        assert_eq!(found, ["{\"a\":1}"]);
        assert_eq!(
            error.as_deref(),
            Some("expected a JSON object at byte 8, found 'p'")
        );
    }
}
