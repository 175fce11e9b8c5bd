//! Access to the objects of any bucket in any region.

use std::sync::{Arc, Mutex, PoisonError};

use aws_sdk_s3::Client;
use aws_sdk_s3::operation::get_object::GetObjectOutput;
use loki_push::Timestamp;

use crate::get_object::Address;
use crate::recent::Recent;
use crate::{AwsAccess, Download, DownloadError, S3ClientSettings, endpoint, http_client, s3_client};

/// The number of clients that are kept. The sender of an event chooses the regions, and a client takes about
/// 27 KiB.
const MOST_CLIENTS: usize = 8;
/// The longest name of a region, in bytes. The name becomes one label of a host name (RFC 1035, 2.3.4).
const LONGEST_REGION: usize = 63;

/// A source of S3 objects. It holds nothing until it is first used, then a client for each of the regions
/// used last.
#[derive(Debug)]
pub struct S3Objects {
    access: Arc<AwsAccess>,
    settings: S3ClientSettings,
    /// The clients by region; `None` is the SDK's default region.
    clients: Mutex<Recent<Option<String>, Client>>,
}

/// An object whose bytes are being downloaded.
#[derive(Debug)]
pub struct Object {
    /// The time when the object was written.
    pub last_modified: Timestamp,
    /// The size of the object as it is stored, in bytes.
    pub content_length: u64,
    /// The ETag, including the quotes, which identifies this state of the object.
    pub etag: Option<String>,
    /// The bytes of the object as they are stored.
    pub body: Download,
}

impl S3Objects {
    /// Returns a source that makes no client and reads no setting of the SDK until it is used.
    pub fn new(access: Arc<AwsAccess>, settings: S3ClientSettings) -> Self {
        Self {
            access,
            settings,
            clients: Mutex::new(Recent::new(MOST_CLIENTS)),
        }
    }

    /// Requests the current version of an object. `key` is the plain key, without any encoding; `region` is
    /// the bucket's region, or `None` for the SDK's default. If S3 answers that the bucket is in another
    /// region, the request is repeated there.
    ///
    /// # Errors
    /// Returns an error if S3 does not return the object, or if `region` cannot be the name of a region.
    pub async fn get(&self, bucket: &str, key: &str, region: Option<&str>) -> Result<Object, DownloadError> {
        self.get_version(bucket, key, None, region).await
    }

    /// Requests one version of an object, or the current one for `None`, as [`get`](Self::get) does.
    ///
    /// # Errors
    /// Returns an error if S3 does not return the object, or if `region` cannot be the name of a region.
    pub async fn get_version(
        &self,
        bucket: &str,
        key: &str,
        version: Option<&str>,
        region: Option<&str>,
    ) -> Result<Object, DownloadError> {
        let region = region.filter(|region| !region.is_empty());
        if region.is_some_and(|region| !may_be_region(region)) {
            return Err(DownloadError::Region {
                object: format!("s3://{bucket}/{key}"),
            });
        }
        let mut address = Address {
            client: self.client(region).await,
            bucket: bucket.to_owned(),
            key: key.to_owned(),
            version: version.map(str::to_owned),
            name: format!("s3://{bucket}/{key}"),
        };
        let mut answered = address.get(None).await;
        if let Err(failed) = &answered
            && let Some(elsewhere) = failed.region.as_deref()
            && region != Some(elsewhere)
            && may_be_region(elsewhere)
            && is_redirect(&failed.error)
        {
            address.client = self.client(Some(elsewhere)).await;
            answered = address.get(None).await;
        }
        match answered {
            Ok(answer) => self.object(address, answer),
            Err(failed) => Err(failed.error),
        }
    }

    fn object(&self, address: Address, mut answer: GetObjectOutput) -> Result<Object, DownloadError> {
        let last_modified = answer
            .last_modified()
            .and_then(|time| Timestamp::new(time.secs(), time.subsec_nanos()).ok())
            .ok_or_else(|| address.request("the answer has no Last-Modified".to_owned()))?;
        let content_length = answer
            .content_length()
            .and_then(|length| u64::try_from(length).ok())
            .ok_or_else(|| address.request("the answer has no Content-Length".to_owned()))?;
        Ok(Object {
            last_modified,
            content_length,
            etag: answer.e_tag().map(str::to_owned),
            body: Download::new(address, &mut answer, content_length, &self.settings),
        })
    }

    /// Makes the client of the SDK's default region, and reads the root certificates that its connections need. Nothing
    /// is sent.
    pub async fn prepare(&self) {
        let shared = self.access.config().await;
        if let Some(region) = shared.region().map(ToString::to_string) {
            // Events name the region of each bucket, so the client of no region would not be used.
            self.client(Some(&region)).await;
        }
        let url = endpoint::own(shared, "S3");
        if url.is_none_or(|url| !url.starts_with("http://")) {
            http_client::read_root_certificates();
        }
    }

    pub(crate) async fn client(&self, region: Option<&str>) -> Client {
        let shared = self.access.config().await;
        // A panic while a client is made leaves the map unchanged, so a poisoned lock can still be used.
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        clients.get_or_insert_with(region.map(str::to_owned), || {
            s3_client::client(shared, region, &self.settings)
        })
    }
}

/// Returns whether the text can be the name of a region. Nothing else may become part of a host name or be
/// kept as a key.
pub(crate) fn may_be_region(text: &str) -> bool {
    let in_label = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    text.len() <= LONGEST_REGION && text.bytes().all(in_label)
}

/// Returns whether the error can mean that the bucket is in another region: S3 then answers 301, or 400 if
/// the signature is for the wrong region.
fn is_redirect(error: &DownloadError) -> bool {
    matches!(error, DownloadError::Request { .. })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_made_before_the_first_use() {
        let access = Arc::new(AwsAccess::from_environment());
        let objects = S3Objects::new(Arc::clone(&access), S3ClientSettings::default());
        assert!(!access.is_loaded());
        assert_eq!(objects.clients.lock().unwrap().keys().len(), 0);
    }

    #[tokio::test]
    async fn the_clients_of_the_regions_used_last_are_kept() {
        let access = AwsAccess::fixed(crate::FixedEndpoint {
            url: "http://127.0.0.1:9".to_owned(),
            region: "eu-west-1".to_owned(),
            access_key_id: "AKIAIOSFODNN7EXAMPLE".to_owned(),
            secret_access_key: "secret".into(),
        });
        let objects = S3Objects::new(Arc::new(access), S3ClientSettings::default());
        for number in 0..1000 {
            let _client = objects.client(Some(&format!("region-{number}"))).await;
        }
        let clients = objects.clients.lock().unwrap();
        let kept: Vec<&str> = clients.keys().filter_map(Option::as_deref).collect();
        let last: Vec<String> = (992..1000).map(|number| format!("region-{number}")).collect();
        assert_eq!(kept, last);
    }

    #[test]
    fn texts_that_cannot_be_a_region() {
        let long = "a".repeat(64);
        for (text, expected) in [
            ("eu-west-1", true),
            ("us-iso-east-1", true),
            ("RegionOne", true),
            ("eu-west-1.example.com", false),
            ("eu-west-1/", false),
            ("eu west", false),
            ("é", false),
            (long.as_str(), false),
            (&long[..63], true),
        ] {
            assert_eq!(may_be_region(text), expected, "{text}");
        }
    }
}
