//! Objects of another project's implementation of S3, which verifies our signatures.

use aws_clients::{Decompressed, DownloadError};
use testkit::s3::S3Store;

use crate::support::compress::gzip;
use crate::support::{BUCKET, lines, objects_at, read_all};

#[tokio::test]
async fn objects_under_keys_of_any_characters() {
    let s3 = S3Store::start().await;
    let objects = objects_at(s3.url());
    let text = lines(30_000);
    for key in [
        "AWSLogs/1/elasticloadbalancing/eu-west-1/a.log.gz",
        "a key with spaces",
        "plus+and=equals&more",
        "d%20y/Zürich/日志.log",
    ] {
        s3.put(BUCKET, key, gzip(text.as_bytes()));
        let object = objects.get(BUCKET, key, Some("eu-west-1")).await.unwrap();
        assert!(object.last_modified.seconds() > 1_700_000_000);
        let (read, error) = read_all(Decompressed::new(object.body)).await;
        assert!(error.is_none() && read == text.as_bytes(), "{key}: {error:?}");
    }
    let error = objects.get(BUCKET, "gone", None).await.unwrap_err();
    assert!(matches!(error, DownloadError::NotFound { .. }), "{error}");
}
