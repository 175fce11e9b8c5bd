//! Why an object cannot be read.

use std::io;

use decompression::Compression;

/// Why an object cannot be read. Each says which: `s3://bucket/key`, or the name its source was given.
#[derive(Debug, thiserror::Error)]
pub enum DownloadError {
    /// The object, or its bucket, does not exist.
    #[error("{object}: does not exist ({answer})")]
    NotFound {
        /// Which object.
        object: String,
        /// S3's code and words.
        answer: String,
    },
    /// S3 does not let the caller read it.
    #[error("{object}: access denied: the role needs {action}{hint} ({answer})")]
    AccessDenied {
        /// Which object.
        object: String,
        /// The IAM action to allow.
        action: &'static str,
        /// What else may be the cause, after a semicolon; may be empty.
        hint: &'static str,
        /// S3's code and words.
        answer: String,
    },
    /// S3 cannot use the KMS key that the object is encrypted with.
    #[error("{object}: cannot be decrypted: the role needs kms:Decrypt on an enabled key ({answer})")]
    Kms {
        /// Which object.
        object: String,
        /// S3's code and words.
        answer: String,
    },
    /// It must be restored from an archive first.
    #[error("{object}: is archived and must be restored first ({answer})")]
    Archived {
        /// Which object.
        object: String,
        /// S3's code and words.
        answer: String,
    },
    /// It was written anew while it was read.
    #[error("{object}: changed while it was read: after {offset} bytes it is no longer the same object")]
    Changed {
        /// Which object.
        object: String,
        /// Bytes read before.
        offset: u64,
    },
    /// The event names a region for the bucket that is not a valid name.
    #[error(
        "{object}: the event names a region that cannot be one; expected a name of letters, digits and hyphens, \
         such as eu-west-1"
    )]
    Region {
        /// Which object.
        object: String,
    },
    /// The request failed in another way, the SDK's own retries included.
    #[error("{object}: GetObject failed: {answer}")]
    Request {
        /// Which object.
        object: String,
        /// S3's code and words, or why there was no answer.
        answer: String,
    },
    /// The download broke as often as it may.
    #[error("{object}: download broke {breaks} time(s), last after {offset} of {length} bytes: {last}")]
    Broken {
        /// Which object.
        object: String,
        /// Bytes read before.
        offset: u64,
        /// Bytes of the object, as S3 says.
        length: u64,
        /// How often it broke since it last got on.
        breaks: u32,
        /// How it broke last.
        last: String,
    },
    /// A source other than S3 failed.
    #[error("{object}: reading failed after {offset} bytes: {source}")]
    Read {
        /// Which source.
        object: String,
        /// Bytes read before.
        offset: u64,
        /// What went wrong.
        source: io::Error,
    },
    /// The compressed data contradict themselves.
    #[error("{object}: corrupt {compression} near byte {offset}: {reason}")]
    Corrupt {
        /// Which object.
        object: String,
        /// As what it was read.
        compression: Compression,
        /// Compressed bytes read before.
        offset: u64,
        /// What is wrong.
        reason: String,
    },
    /// The compressed data end in the middle.
    #[error("{object}: {compression} is cut short: it ends after {offset} bytes")]
    CutShort {
        /// Which object.
        object: String,
        /// As what it was read.
        compression: Compression,
        /// Compressed bytes there are.
        offset: u64,
    },
    /// After complete compressed data comes something else.
    #[error("{object}: not {compression} after {offset} bytes")]
    Trailing {
        /// Which object.
        object: String,
        /// As what it was read.
        compression: Compression,
        /// Compressed bytes before it.
        offset: u64,
    },
}
