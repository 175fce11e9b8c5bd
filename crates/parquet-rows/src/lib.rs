//! Rows of a Parquet file as lines of JSON, without I/O of its own: a [`RangeSource`] returns any range of the file, and
//! [`RowReader`] asks for the footer and then, row group by row group, for pages.
//!
//! # Rows
//!
//! A row is a JSON object with the columns in the file's order. Groups become objects, lists arrays, maps with text as
//! keys objects, and absent values `null`.
//!
//! | column | in JSON |
//! | --- | --- |
//! | integer | a number, all 64 bits exactly |
//! | floating-point number | the shortest number that is read as the same one; `"NaN"`, `"Infinity"`, `"-Infinity"` |
//! | decimal | a number with all its digits |
//! | text, enum, JSON | a string, in which invalid UTF-8 is replaced by U+FFFD |
//! | timestamp | a string, `"2026-03-04T05:06:07.123Z"`, with as many digits as the unit has; without `Z` if the column is in local time |
//! | date, time of day | a string, `"2026-03-04"`, `"05:06:07.123"` |
//! | UUID | a string |
//! | other bytes | a string if they are UTF-8, in base64 if not |
//!
//! # Memory, and bytes that cannot be trusted
//!
//! [`Limits`] bounds what is held, and whatever a file claims about itself is checked before memory is reserved for it.
//! Rows are assembled directly from the pages, one value at a time.
//!
//! The footer is decoded by the `parquet` crate, and pages are decoded here. The crate's decoders of pages (version
//! 60.1) are made for files that can be trusted: a page that refers to a dictionary that is not there, or lengths of a
//! DELTA_LENGTH_BYTE_ARRAY page that exceed it, are a panic, and the numbers of values in a dictionary or in
//! differences are reserved as they are claimed. The release build aborts at a panic, which would fail all other items
//! of the event. The footer is checked before the crate sees it, for the same reasons.
//!
//! Supported are the compressions Snappy, gzip and zstd, both versions of pages, and the encodings plain, dictionary,
//! run-length, delta and byte-stream-split. Checksums of pages are verified where there are some. Everything else,
//! encryption too, is an error that names it.

mod bits;
mod civil;
mod column;
mod compression;
mod delta;
mod error;
mod fault;
mod footer;
mod guard;
mod hybrid;
mod json;
mod limits;
mod page_header;
mod physical;
mod reader;
mod render;
mod row;
mod schema;
mod thrift;
mod values;

pub use error::{ParquetError, RowError};
pub use limits::Limits;
pub use reader::{RangeSource, RowReader};
