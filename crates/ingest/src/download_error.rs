//! The reasons why the bytes of an object cannot be read.

use std::io;

use decompression::Compression;

/// A reason why the bytes of an object cannot be read. Each error names the object: `s3://bucket/key`, or the name that
/// its source was given.
#[derive(Debug, thiserror::Error)]
pub enum DownloadError {
    /// The object or its bucket does not exist.
    #[error("{object}: does not exist ({answer})")]
    NotFound {
        /// The name of the object.
        object: String,
        /// S3's error code and message.
        answer: String,
    },
    /// S3 does not allow the caller to read the object.
    #[error("{object}: access denied: the role needs {action}{hint} ({answer})")]
    AccessDenied {
        /// The name of the object.
        object: String,
        /// The IAM action to allow.
        action: &'static str,
        /// Another possible cause, after a semicolon; may be empty.
        hint: &'static str,
        /// S3's error code and message.
        answer: String,
    },
    /// S3 cannot use the KMS key with which the object is encrypted.
    #[error("{object}: cannot be decrypted: the role needs kms:Decrypt on an enabled key ({answer})")]
    Kms {
        /// The name of the object.
        object: String,
        /// S3's error code and message.
        answer: String,
    },
    /// The object must be restored from an archive first.
    #[error("{object}: is archived and must be restored first ({answer})")]
    Archived {
        /// The name of the object.
        object: String,
        /// S3's error code and message.
        answer: String,
    },
    /// The object was overwritten while it was read.
    #[error("{object}: changed while it was read: after {offset} bytes it is no longer the same object")]
    Changed {
        /// The name of the object.
        object: String,
        /// The number of bytes read before.
        offset: u64,
    },
    /// The region that the event names for the bucket is not a valid name.
    #[error(
        "{object}: the event names a region that cannot be one; expected a name of letters, digits and hyphens, \
         such as eu-west-1"
    )]
    Region {
        /// The name of the object.
        object: String,
    },
    /// The request failed in another way, after the SDK's retries.
    #[error("{object}: GetObject failed: {answer}")]
    Request {
        /// The name of the object.
        object: String,
        /// S3's error code and message, or the reason why there was no response.
        answer: String,
    },
    /// The download broke too often.
    #[error("{object}: download broke {breaks} time(s), last after {offset} of {length} bytes: {last}")]
    Broken {
        /// The name of the object.
        object: String,
        /// The number of bytes read before.
        offset: u64,
        /// The size of the object in bytes, as stated by S3.
        length: u64,
        /// The number of interruptions since the download last made progress.
        breaks: u32,
        /// The reason of the last interruption.
        last: String,
    },
    /// A source other than S3 failed.
    #[error("{object}: reading failed after {offset} bytes: {source}")]
    Read {
        /// The name of the source.
        object: String,
        /// The number of bytes read before.
        offset: u64,
        /// The error of the source.
        source: io::Error,
    },
    /// The compressed data are corrupt.
    #[error("{object}: corrupt {compression} near byte {offset}: {reason}")]
    Corrupt {
        /// The name of the object.
        object: String,
        /// The format as which the data were read.
        compression: Compression,
        /// The number of compressed bytes read before.
        offset: u64,
        /// The description of the fault.
        reason: String,
    },
    /// The compressed data end in the middle of a part.
    #[error("{object}: {compression} is cut short: it ends after {offset} bytes")]
    CutShort {
        /// The name of the object.
        object: String,
        /// The format as which the data were read.
        compression: Compression,
        /// The length of the compressed data, in bytes.
        offset: u64,
    },
    /// Other bytes follow the complete compressed data.
    #[error("{object}: not {compression} after {offset} bytes")]
    Trailing {
        /// The name of the object.
        object: String,
        /// The format as which the data were read.
        compression: Compression,
        /// The number of compressed bytes before the other bytes.
        offset: u64,
    },
}

impl DownloadError {
    /// Returns whether the object may be readable when it is delivered again: S3 may answer next time, a missing
    /// permission may have been granted, or an archived object may have been restored.
    pub fn retry_may_help(&self) -> bool {
        match self {
            Self::AccessDenied { .. }
            | Self::Kms { .. }
            | Self::Archived { .. }
            | Self::Changed { .. }
            | Self::Request { .. }
            | Self::Broken { .. }
            | Self::Read { .. } => true,
            Self::NotFound { .. }
            | Self::Region { .. }
            | Self::Corrupt { .. }
            | Self::CutShort { .. }
            | Self::Trailing { .. } => false,
        }
    }

    /// Returns whether the stored bytes themselves are at fault, so that another download would end in the same error.
    pub(crate) fn is_of_content(&self) -> bool {
        matches!(
            self,
            Self::Corrupt { .. } | Self::CutShort { .. } | Self::Trailing { .. }
        )
    }

    /// Returns the cause under which the error is counted.
    pub(crate) fn cause(&self) -> &'static str {
        match self {
            Self::NotFound { .. } => "an object does not exist",
            Self::AccessDenied { .. } => "access to an object is denied",
            Self::Kms { .. } => "an object cannot be decrypted",
            Self::Archived { .. } => "an object is archived",
            Self::Corrupt { .. } | Self::CutShort { .. } | Self::Trailing { .. } => {
                "an object cannot be decompressed"
            }
            Self::Changed { .. }
            | Self::Region { .. }
            | Self::Request { .. }
            | Self::Broken { .. }
            | Self::Read { .. } => "an object cannot be downloaded",
        }
    }
}
