//! What can be wrong with an object's bytes.

use crate::text_check::NotText;

/// An object that cannot be read to its end. What was read before is good.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ObjectError {
    /// The object ends in the middle of its JSON.
    #[error("JSON array {array:?} cut short after {records} records, at byte {offset}")]
    CutShort {
        /// The array's name.
        array: &'static str,
        /// How many records were complete.
        records: u64,
        /// Where the object ends, decompressed.
        offset: u64,
    },
    /// There is JSON, but the records are not in it.
    #[error("JSON object has no array {array:?}")]
    NoArray {
        /// The array's name.
        array: &'static str,
    },
    /// Not JSON, or broken.
    #[error("expected {expected} at byte {offset}, found '{}'", found.escape_ascii())]
    Unexpected {
        /// What should be there.
        expected: &'static str,
        /// What is there.
        found: u8,
        /// Where, decompressed.
        offset: u64,
    },
    /// A line or record is longer than is taken.
    #[error(
        "a line or record is longer than {limit} bytes, the most that is read of one (a sixteenth of the function's memory), near byte {offset}"
    )]
    TooLong {
        /// The most bytes of a line.
        limit: usize,
        /// The decompressed offset at which reading stopped, in bytes.
        offset: u64,
    },
    /// Binary data, whatever the key says.
    #[error("{0}; a filter of the bucket's notification leaves such objects out")]
    NotText(#[from] NotText),
}
