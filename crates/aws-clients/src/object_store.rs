//! S3 as the store that the intake reads from.

use ingest::{DownloadError, ObjectAddress, ObjectStore, StoredObject};

use crate::{Download, S3Objects};

impl ObjectStore for S3Objects {
    type Body = Download;

    async fn open(&self, address: ObjectAddress<'_>) -> Result<StoredObject<Download>, DownloadError> {
        let ObjectAddress {
            bucket,
            key,
            version,
            region,
        } = address;
        let object = self.get_version(bucket, key, version, region).await?;
        Ok(StoredObject {
            last_modified: object.last_modified,
            etag: object.etag,
            body: object.body,
        })
    }

    /// Makes the client of the SDK's default region, and reads the root certificates that its connections need.
    async fn prepare(&self) {
        S3Objects::prepare(self).await;
    }
}
