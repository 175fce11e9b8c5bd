//! Faults of a column, before the place is known.

use crate::thrift;

/// A reason why a column cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The bytes are not valid.
    Corrupt(String),
    /// The bytes may be valid, but are not supported.
    Unsupported { what: String, instead: &'static str },
    /// There is not enough memory. The number of bytes is sufficient for this page.
    Memory { needed: u64 },
    /// The row is longer than the limit.
    RowTooLong,
}

/// Returns a fault of invalid bytes.
pub(crate) fn corrupt(reason: impl Into<String>) -> Fault {
    Fault::Corrupt(reason.into())
}

/// Returns the fault of bytes that end too early.
pub(crate) fn cut_short(what: &str) -> Fault {
    Fault::Corrupt(format!("{what} end too early"))
}

impl From<thrift::Fault> for Fault {
    fn from(fault: thrift::Fault) -> Self {
        match fault {
            thrift::Fault::End => cut_short("the bytes of a header"),
            thrift::Fault::Invalid(reason) => corrupt(reason),
        }
    }
}
