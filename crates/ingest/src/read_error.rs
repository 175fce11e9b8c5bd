//! Errors of reading an item.

use aws_logs::cloudwatch::SubscriptionDataError;
use aws_logs::kpl::KplError;
use aws_logs::record_content::RecordError;
use aws_logs::s3::{ObjectError, UnknownType};

use crate::DownloadError;

/// An error that ends the reading of an item. The lines that were read before it are delivered.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// A CloudWatch Logs payload is malformed.
    #[error(transparent)]
    SubscriptionData(#[from] SubscriptionDataError),
    /// A Kinesis or Kafka record is malformed or not text.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// A KPL aggregate, or one of its user records, is malformed.
    #[error(transparent)]
    Kpl(#[from] KplError),
    /// One user record of a KPL aggregate cannot be read. The others are not affected.
    #[error("user record {number} of the KPL aggregate: {source}")]
    UserRecord {
        /// The number of the user record, counted from 1.
        number: usize,
        /// The error of that user record.
        source: Box<ReadError>,
    },
    /// The user records of a KPL aggregate inflate to more than one payload may.
    #[error("inflates to more than the rest of the {limit} bytes that one KPL aggregate may inflate to")]
    AggregateTooLarge {
        /// The most bytes that all of them may inflate to.
        limit: usize,
    },
    /// An object could not be downloaded or decompressed; the error names it.
    #[error(transparent)]
    Download(#[from] DownloadError),
    /// An object does not have the format of its type.
    #[error("{object}: {source}")]
    Object {
        /// The object's URI or the file's name.
        object: String,
        /// The error of its content.
        source: ObjectError,
    },
    /// A JSON document of an object is not a delivery of CloudWatch Logs.
    #[error("{object}: JSON document {number}: {source}")]
    Delivery {
        /// The object's URI or the file's name.
        object: String,
        /// The number of the document in the object, counted from 1.
        number: u64,
        /// The error of the document.
        source: SubscriptionDataError,
    },
    /// A Parquet object is not valid, or not supported.
    #[cfg(feature = "parquet")]
    #[error("{object}: {source}")]
    Parquet {
        /// The object's URI or the file's name.
        object: String,
        /// The error of its content.
        source: parquet_rows::ParquetError,
    },
    /// An object was overwritten after an earlier invocation had read a part of it.
    #[error(
        "{object}: was overwritten after an earlier invocation had shipped a part of it; the new object has an event of its own"
    )]
    NotTheSame {
        /// The object's URI.
        object: String,
    },
    /// An object's type is not known.
    #[error(
        "{object}: {source}; UNKNOWN_S3_TYPE=skip skips such objects, and UNKNOWN_S3_TYPE=text ships their lines if they \
         are text"
    )]
    UnknownType {
        /// The object's URI or the file's name.
        object: String,
        /// The reason why its type is not known.
        source: UnknownType,
    },
    /// The deadline came before the item was read.
    #[error("the deadline came before it was read to its end")]
    Deadline,
    /// The field that should give lines their time cannot be read.
    #[error("{0} cannot be read as a time, and the line has no other time")]
    NoTime(&'static str),
}

impl ReadError {
    /// Returns whether the item may be readable when it is delivered again.
    pub(crate) fn retry_may_help(&self) -> bool {
        match self {
            Self::Deadline => true,
            Self::Download(error) => error.retry_may_help(),
            _ => false,
        }
    }

    /// Returns the cause under which the error is counted.
    pub(crate) fn cause(&self) -> &'static str {
        match self {
            Self::Record(RecordError::NotText(_)) | Self::Kpl(KplError::Checksum) => "a record is not text",
            Self::SubscriptionData(_) | Self::Record(_) | Self::Kpl(_) | Self::AggregateTooLarge { .. } => {
                "a payload cannot be read"
            }
            Self::UserRecord { source, .. } => source.cause(),
            Self::Download(error) => error.cause(),
            Self::Object {
                source: ObjectError::NotText(_),
                ..
            } => "an object is not text",
            Self::Object { .. } | Self::Delivery { .. } => "an object is not what its type says",
            #[cfg(feature = "parquet")]
            Self::Parquet { .. } => "a Parquet object cannot be read",
            Self::NotTheSame { .. } => "an object changed before it was continued",
            Self::UnknownType { .. } => "an object's type is not known",
            Self::Deadline => "the deadline came",
            Self::NoTime(_) => "a time cannot be read",
        }
    }
}
