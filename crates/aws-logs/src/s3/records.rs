//! Objects that are JSON: one array of records, `{"Records":[{…},{…}]}`, or a document that is a record.

use std::borrow::Cow;
use std::ops::Range;

use super::ObjectError;
use super::buffer::Unread;
use super::json::{ValueScanner, is_space, string};

/// The place of the records in a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// In the array with the scanner's name, which is a member of the top-level object, at any position.
    Array,
    /// As [`Array`](Self::Array), or in a top-level array.
    ArrayOrList,
    /// In a top-level array.
    List,
    /// The document is the record.
    Documents,
}

/// A scanner that cuts out the records, each as the bytes in which it is written.
///
/// Several documents may follow each other.
#[derive(Clone, Debug)]
pub(crate) struct RecordScanner {
    shape: Shape,
    /// The name of the array, which is empty if the documents have none.
    array: Cow<'static, str>,
    state: State,
    value: ValueScanner,
    /// Whether the document's array was found.
    array_found: bool,
    /// The state after the end of the array.
    after: State,
    records: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Before, between or after documents.
    Outside,
    /// Before a member's name, or the end of the document.
    Member,
    Name,
    Colon {
        array: bool,
    },
    /// Before the value of a member.
    Value {
        array: bool,
    },
    /// In the value of another member.
    OtherValue,
    /// Before a record, or the end of the array.
    Element,
    Record,
}

impl RecordScanner {
    pub(crate) const fn new(shape: Shape, array: Cow<'static, str>) -> Self {
        Self {
            shape,
            array,
            state: State::Outside,
            value: ValueScanner::new(),
            array_found: false,
            after: State::Outside,
            records: 0,
        }
    }

    /// Returns the next record, if the buffer contains all of it.
    pub(crate) fn next_record(
        &mut self,
        unread: &mut Unread<'_>,
    ) -> Result<Option<Range<usize>>, ObjectError> {
        loop {
            match self.state {
                State::Name | State::OtherValue | State::Record => match self.value.scan(unread.unseen()) {
                    Some(len) => unread.keep(len),
                    None => {
                        let len = unread.unseen().len();
                        unread.keep(len);
                        if self.state == State::OtherValue {
                            // The value may be long and is not needed.
                            unread.skip(0);
                        }
                        return Ok(None);
                    }
                },
                _ => {
                    // Commas are skipped like white space: only the beginnings and ends of records matter.
                    let blanks = unread
                        .unseen()
                        .iter()
                        .take_while(|byte| is_space(**byte) || **byte == b',')
                        .count();
                    unread.skip(blanks);
                    if unread.unseen().is_empty() {
                        return Ok(None);
                    }
                }
            }
            match self.state {
                State::Name => {
                    let name = unread.take();
                    let array = string(unread.get(name)) == Some(self.array.as_bytes());
                    self.state = State::Colon { array };
                }
                State::OtherValue => {
                    unread.skip(0);
                    self.state = State::Member;
                }
                State::Record => {
                    self.state = match self.shape {
                        Shape::Documents => State::Outside,
                        _ => State::Element,
                    };
                    self.records += 1;
                    return Ok(Some(unread.take()));
                }
                _ => self.step(unread)?,
            }
        }
    }

    /// Selects the next state by the first byte of the next token.
    fn step(&mut self, unread: &mut Unread<'_>) -> Result<(), ObjectError> {
        let Some(&byte) = unread.unseen().first() else {
            return Ok(());
        };
        let unexpected = |expected| {
            Err(ObjectError::Unexpected {
                expected,
                found: byte,
                offset: unread.offset(),
            })
        };
        // The first byte of a value is left to the scanner of the value.
        let (state, skipped) = match (self.state, byte) {
            (State::Outside, b'{') if self.shape == Shape::Documents => (State::Record, 0),
            (State::Outside, b'{') if self.shape != Shape::List => {
                self.array_found = false;
                self.after = State::Member;
                (State::Member, 1)
            }
            (State::Outside, b'[') if matches!(self.shape, Shape::ArrayOrList | Shape::List) => {
                self.after = State::Outside;
                (State::Element, 1)
            }
            (State::Outside, _) if self.shape == Shape::List => return unexpected("a JSON array"),
            (State::Outside, _) => return unexpected("a JSON object"),
            (State::Member, b'"') => (State::Name, 0),
            (State::Member, b'}') if self.array_found => (State::Outside, 1),
            (State::Member, b'}') => {
                return Err(ObjectError::NoArray {
                    array: self.array.clone(),
                });
            }
            (State::Member, _) => return unexpected("a name or the end of the JSON object"),
            (State::Colon { array }, b':') => (State::Value { array }, 1),
            (State::Colon { .. }, _) => return unexpected("a colon"),
            (State::Value { array: true }, b'[') => {
                self.array_found = true;
                (State::Element, 1)
            }
            (State::Value { array: true }, _) => {
                return Err(ObjectError::NoArray {
                    array: self.array.clone(),
                });
            }
            (State::Value { array: false }, byte) if begins_value(byte) => (State::OtherValue, 0),
            (State::Element, b']') => (self.after, 1),
            (State::Element, byte) if begins_value(byte) => (State::Record, 0),
            _ => return unexpected("a JSON value"),
        };
        unread.skip(skipped);
        self.value = ValueScanner::new();
        self.state = state;
        Ok(())
    }

    /// Counts a record that was cut out by other means.
    pub(crate) fn count_record(&mut self) {
        self.records += 1;
    }

    /// Checks that the object may end here.
    pub(crate) fn finish(&self, unread: &Unread<'_>) -> Result<(), ObjectError> {
        match self.state {
            State::Outside => Ok(()),
            _ if self.shape == Shape::Documents => Err(ObjectError::DocumentCutShort {
                records: self.records,
                offset: unread.offset(),
            }),
            _ => Err(ObjectError::CutShort {
                array: self.array.clone(),
                records: self.records,
                offset: unread.offset(),
            }),
        }
    }
}

fn begins_value(byte: u8) -> bool {
    matches!(byte, b'{' | b'[' | b'"' | b'-' | b'0'..=b'9' | b't' | b'f' | b'n')
}
