//! Why an item could not be read to its end.

use aws_logs::cloudwatch::SubscriptionDataError;
use aws_logs::kpl::KplError;
use aws_logs::record_content::RecordError;
use aws_logs::s3::{ObjectError, UnknownType};

/// Why an item could not be read to its end. What was read before is delivered.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// CloudWatch Logs' payload is broken.
    #[error(transparent)]
    SubscriptionData(#[from] SubscriptionDataError),
    /// A record of a stream is broken or not text.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// A KPL aggregate, or a user record of it, is broken.
    #[error(transparent)]
    Kpl(#[from] KplError),
    /// One user record of a KPL aggregate cannot be read. The others are not affected.
    #[error("user record {number} of the KPL aggregate: {source}")]
    UserRecord {
        /// Which one, counted from 1.
        number: usize,
        /// What is wrong with it.
        source: Box<ReadError>,
    },
    /// The user records of a KPL aggregate inflate to more than is taken of one payload.
    #[error("inflates to more than is left of the {limit} bytes that are read of one KPL aggregate")]
    AggregateTooLarge {
        /// The most bytes that are taken of all of them.
        limit: usize,
    },
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
    #[error("{object}: {source}; UNKNOWN_S3_TYPE=skip leaves such objects alone{}", text_advice(*.source))]
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

impl ReadError {
    /// Returns whether the item may be read when it is delivered again: after S3 failed on the way, or when a role was
    /// given a permission or an object was restored.
    pub(crate) fn retry_may_help(&self) -> bool {
        use aws_clients::ObjectError as Download;
        match self {
            Self::Deadline => true,
            Self::Download(error) => matches!(
                error,
                Download::AccessDenied { .. }
                    | Download::Kms { .. }
                    | Download::Archived { .. }
                    | Download::Changed { .. }
                    | Download::Request { .. }
                    | Download::Broken { .. }
                    | Download::Read { .. }
            ),
            _ => false,
        }
    }

    /// What the error is counted as.
    pub(crate) fn cause(&self) -> &'static str {
        use aws_clients::ObjectError as Download;
        match self {
            Self::Record(RecordError::NotText(_)) | Self::Kpl(KplError::Checksum) => "a record is not text",
            Self::SubscriptionData(_) | Self::Record(_) | Self::Kpl(_) | Self::AggregateTooLarge { .. } => {
                "a payload cannot be read"
            }
            Self::UserRecord { source, .. } => source.cause(),
            Self::Download(Download::NotFound { .. }) => "an object does not exist",
            Self::Download(Download::AccessDenied { .. }) => "access to an object is denied",
            Self::Download(Download::Kms { .. }) => "an object cannot be decrypted",
            Self::Download(Download::Archived { .. }) => "an object is archived",
            Self::Download(
                Download::Corrupt { .. } | Download::CutShort { .. } | Download::Trailing { .. },
            ) => "an object cannot be decompressed",
            Self::Download(_) => "an object cannot be downloaded",
            Self::Object {
                source: ObjectError::NotText(_),
                ..
            } => "an object is not text",
            Self::Object { .. } => "an object is not what its type says",
            Self::UnknownType { .. } => "an object's type is not known",
            Self::Deadline => "the deadline came",
            Self::NoTime(_) => "a time cannot be read",
        }
    }
}

/// Returns what else can be done with an object of unknown type. Parquet is not text, so nobody is sent there.
fn text_advice(unknown: UnknownType) -> &'static str {
    match unknown {
        UnknownType::Key => ", =text ships the lines of those that are text",
        UnknownType::Parquet => "",
    }
}
