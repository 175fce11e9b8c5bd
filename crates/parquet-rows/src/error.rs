//! The reasons why a file cannot be read.

/// A reason why a Parquet file cannot be read. It is the same at every reading.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParquetError {
    /// The file has no bytes.
    #[error("Parquet is empty: the object has 0 bytes, and even a table without rows has a footer")]
    Empty,
    /// The file does not begin as Parquet does.
    #[error("not Parquet: begins with {}; Parquet begins with PAR1, also if its pages are compressed", first.escape_ascii())]
    NotParquet {
        /// The first bytes.
        first: Vec<u8>,
    },
    /// The file does not end as Parquet does.
    #[error("Parquet is cut short: after {len} bytes the footer is missing; the last bytes must be PAR1")]
    CutShort {
        /// The length of the file, in bytes.
        len: u64,
    },
    /// The footer or columns are encrypted.
    #[error(
        "Parquet is encrypted ({what}), and keys are not supported; encrypt the bucket in place of the file"
    )]
    Encrypted {
        /// The encrypted part.
        what: &'static str,
    },
    /// The footer is not valid.
    #[error("corrupt Parquet footer: {reason}")]
    Footer {
        /// The description of the fault.
        reason: String,
    },
    /// A page is not valid.
    #[error("corrupt Parquet in row group {group}, column {column}, near byte {offset}: {reason}")]
    Column {
        /// The number of the row group, counted from 1.
        group: usize,
        /// The path of the column.
        column: String,
        /// The position of the page after the fault, or of the page itself.
        offset: u64,
        /// The description of the fault.
        reason: String,
    },
    /// The file has a feature that is not supported.
    #[error(
        "Parquet in row group {group}, column {column}, has {what}, which is not supported; supported are {instead}"
    )]
    Unsupported {
        /// The number of the row group, counted from 1.
        group: usize,
        /// The path of the column.
        column: String,
        /// The feature.
        what: String,
        /// The features that are supported.
        instead: &'static str,
    },
    /// The footer takes more memory than there is.
    #[error(
        "the Parquet footer needs more than the {limit} bytes that the function's memory allows: give it more memory"
    )]
    FooterTooLarge {
        /// The limit, in bytes.
        limit: usize,
    },
    /// The pages that are needed at the same time take more memory than there is.
    #[error(
        "Parquet row group {group} needs {needed} MiB or more for the pages that are read at the same time, and {limit} \
         MiB are the most (half of the function's memory): give the function at least {} MB of memory, or write smaller \
         row groups or pages",
        needed.saturating_mul(2)
    )]
    GroupTooLarge {
        /// The number of the row group, counted from 1.
        group: usize,
        /// The size of the pages at which reading stopped, in MiB.
        needed: u64,
        /// The limit, in MiB.
        limit: u64,
    },
    /// A row as JSON is longer than the limit.
    #[error(
        "a row of the Parquet file is longer than {limit} bytes as JSON, the most that is read of one (a sixteenth of the function's memory), in row group {group}"
    )]
    RowTooLong {
        /// The limit, in bytes.
        limit: usize,
        /// The number of the row group, counted from 1.
        group: usize,
    },
}

/// A reason why reading ended: the file's bytes, or their source.
#[derive(Debug, thiserror::Error)]
pub enum RowError<E> {
    /// The bytes are not valid Parquet, or not supported.
    #[error(transparent)]
    Parquet(#[from] ParquetError),
    /// The bytes could not be read.
    #[error("{0}")]
    Source(E),
}
