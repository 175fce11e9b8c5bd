//! The store that S3 objects are read from.

use std::fmt;
use std::future::{self, Future};

use aws_events::S3Object;
use loki_push::Timestamp;

use crate::{ByteSource, DownloadError};

/// A store of objects: S3, or anything that stands for it.
///
/// The trait keeps the AWS SDK out of this crate. `aws-clients` implements it for S3; tests and benchmarks implement it
/// for objects in memory.
///
/// ```
/// use ingest::{DownloadError, ObjectAddress, ObjectStore, ReaderSource, StoredObject};
/// use loki_push::Timestamp;
///
/// /// A store that holds one object, whatever is asked for.
/// struct OneObject(&'static [u8]);
///
/// impl ObjectStore for OneObject {
///     type Body = ReaderSource<&'static [u8]>;
///
///     async fn open(&self, address: ObjectAddress<'_>) -> Result<StoredObject<Self::Body>, DownloadError> {
///         Ok(StoredObject {
///             last_modified: Timestamp::EPOCH,
///             etag: None,
///             body: ReaderSource::new(address.to_string(), self.0),
///         })
///     }
/// }
/// ```
pub trait ObjectStore: Send + Sync + 'static {
    /// The bytes of an object.
    type Body: ByteSource + 'static;

    /// Requests an object, and returns it as soon as its first bytes can be read.
    ///
    /// # Errors
    /// Returns an error if the store does not return the object.
    fn open(
        &self,
        address: ObjectAddress<'_>,
    ) -> impl Future<Output = Result<StoredObject<Self::Body>, DownloadError>> + Send;

    /// Prepares for the first request, without sending anything to the store.
    fn prepare(&self) -> impl Future<Output = ()> + Send {
        future::ready(())
    }
}

/// The address of one version of an object. Its `Display` is the object's URI, without the version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ObjectAddress<'a> {
    /// The name of the bucket.
    pub bucket: &'a str,
    /// The key of the object, without any encoding.
    pub key: &'a str,
    /// The version of the object, or `None` for the current one.
    pub version: Option<&'a str>,
    /// The Region of the bucket, or `None` if it is not known.
    pub region: Option<&'a str>,
}

impl<'a> From<&'a S3Object> for ObjectAddress<'a> {
    fn from(object: &'a S3Object) -> Self {
        Self {
            bucket: &object.bucket,
            key: &object.key,
            version: object.version.as_deref(),
            region: object.region.as_deref(),
        }
    }
}

/// An object whose bytes have not been read yet.
#[derive(Debug)]
pub struct StoredObject<B> {
    /// The time when the object was written.
    pub last_modified: Timestamp,
    /// The ETag of the object, which identifies this state of it. Without one the object cannot be continued.
    pub etag: Option<String>,
    /// The bytes of the object as they are stored, compressed or not.
    pub body: B,
}

impl fmt::Display for ObjectAddress<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "s3://{}/{}", self.bucket, self.key)
    }
}
