//! Objects in the test kit's S3 server, read through the real client.

pub(crate) mod compress;

use std::sync::Arc;
use std::time::Duration;

use aws_clients::{
    AwsAccess, ByteSource, Decompressed, DownloadError, FixedEndpoint, Object, S3ClientSettings, S3Objects,
};
use dskit_backoff::Backoff;
use testkit::s3::{S3, S3Store};

pub(crate) const BUCKET: &str = "logs";

/// Returns settings with short waits, so that tests are quick.
pub(crate) fn settings() -> S3ClientSettings {
    S3ClientSettings {
        read_timeout: Duration::from_millis(500),
        backoff: Backoff {
            min: Duration::from_millis(1),
            max: Duration::from_millis(5),
            max_retries: 4,
        },
        ..S3ClientSettings::default()
    }
}

pub(crate) fn objects_at(url: String) -> S3Objects {
    let access = AwsAccess::fixed(FixedEndpoint {
        url,
        region: "eu-central-1".to_owned(),
        access_key_id: S3Store::ACCESS_KEY_ID.to_owned(),
        secret_access_key: S3Store::SECRET_ACCESS_KEY.into(),
    });
    S3Objects::new(Arc::new(access), settings())
}

pub(crate) async fn get(s3: &S3, key: &str) -> Result<Object, DownloadError> {
    objects_at(s3.url()).get(BUCKET, key, Some("eu-west-1")).await
}

/// Reads all blocks, and the error after them.
pub(crate) async fn read_all<S: ByteSource>(mut blocks: Decompressed<S>) -> (Vec<u8>, Option<DownloadError>) {
    let mut bytes = Vec::new();
    loop {
        match blocks.next_block().await {
            Ok(Some(block)) => {
                assert!(!block.is_empty() && block.len() <= aws_clients::BLOCK_SIZE);
                bytes.extend_from_slice(block);
            }
            Ok(None) => return (bytes, None),
            Err(error) => {
                assert!(
                    matches!(blocks.next_block().await, Ok(None)),
                    "an error comes once"
                );
                return (bytes, Some(error));
            }
        }
    }
}

/// Returns the object's text and the error after it, or the error of the request.
pub(crate) async fn text(s3: &S3, key: &str) -> (String, Option<DownloadError>) {
    match get(s3, key).await {
        Ok(object) => {
            let (bytes, error) = read_all(Decompressed::new(object.body)).await;
            (String::from_utf8(bytes).unwrap(), error)
        }
        Err(error) => (String::new(), Some(error)),
    }
}

/// Returns numbered lines, a text that never repeats.
pub(crate) fn lines(count: usize) -> String {
    (0..count)
        .map(|line| format!("line {line} of {count}\n"))
        .collect()
}
