//! Why an item could not be read to its end.

use aws_logs::cloudwatch::SubscriptionDataError;
use aws_logs::s3::{ObjectError, UnknownType};

/// Why an item could not be read to its end. What was read before is delivered.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// CloudWatch Logs' payload is broken.
    #[error(transparent)]
    SubscriptionData(#[from] SubscriptionDataError),
    /// An object could not be downloaded or decompressed; the error names it.
    #[error(transparent)]
    Download(#[from] aws_clients::ObjectError),
    /// An object is not what its type says.
    #[error("{object}: {source}")]
    Object {
        /// Which object.
        object: String,
        /// What is wrong with it.
        source: ObjectError,
    },
    /// An object's type is not known.
    #[error("{object}: {source}; UNKNOWN_S3_TYPE=skip leaves such objects alone, =text ships their lines")]
    UnknownType {
        /// Which object.
        object: String,
        /// Why not.
        source: UnknownType,
    },
    /// There was no time.
    #[error("the deadline came before it was read to its end")]
    Deadline,
    /// There is no time to give to lines that have none.
    #[error("{0} cannot be read as a time, and its line has no other")]
    NoTime(&'static str),
}
