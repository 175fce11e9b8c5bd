//! The faults of an object's bytes.

use std::borrow::Cow;

use crate::text_check::NotText;

/// A reason why an object cannot be read to its end. Everything read before is valid.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ObjectError {
    /// The object ends within a JSON document.
    #[error(
        "JSON array{} cut short after {records} records, at byte {offset}",
        name(array)
    )]
    CutShort {
        /// The name of the array, which is empty if it has none.
        array: Cow<'static, str>,
        /// The number of complete records.
        records: u64,
        /// The length of the object, decompressed, in bytes.
        offset: u64,
    },
    /// The object ends within a JSON document that is a record.
    #[error("JSON document cut short after {records} complete ones, at byte {offset}")]
    DocumentCutShort {
        /// The number of complete documents.
        records: u64,
        /// The length of the object, decompressed, in bytes.
        offset: u64,
    },
    /// The object is JSON, but does not contain the array of records.
    #[error("JSON object has no array {array:?}")]
    NoArray {
        /// The name of the array.
        array: Cow<'static, str>,
    },
    /// The object ends within a quoted field of a CSV record.
    #[error("CSV record cut short within a quoted field, after {records} complete records, at byte {offset}")]
    QuoteNotClosed {
        /// The number of complete records, with the header.
        records: u64,
        /// The length of the object, decompressed, in bytes.
        offset: u64,
    },
    /// The header of an object does not name the column with the time.
    #[error("the header before byte {offset} has no column {column:?}, which the type's time is read from")]
    NoColumn {
        /// The name of the column.
        column: String,
        /// The decompressed offset of the end of the header, in bytes.
        offset: u64,
    },
    /// The object is not valid JSON.
    #[error("expected {expected} at byte {offset}, found '{}'", found.escape_ascii())]
    Unexpected {
        /// The expected token.
        expected: &'static str,
        /// The byte that was found.
        found: u8,
        /// The decompressed offset of that byte.
        offset: u64,
    },
    /// A line or record is longer than the limit.
    #[error(
        "a line or record is longer than {limit} bytes, the most that is read of one (a sixteenth of the function's memory), near byte {offset}"
    )]
    TooLong {
        /// The limit, in bytes.
        limit: usize,
        /// The decompressed offset at which reading stopped, in bytes.
        offset: u64,
    },
    /// The object is binary data, whatever its key looks like.
    #[error("{0}; a filter of the bucket's notification leaves such objects out")]
    NotText(#[from] NotText),
}

/// Returns the name of an array for an error, after a space.
fn name(array: &str) -> String {
    match array {
        "" => String::new(),
        name => format!(" {name:?}"),
    }
}
