//! Objects of any bucket in any region.

use std::sync::{Arc, Mutex, PoisonError};

use aws_sdk_s3::Client;
use aws_sdk_s3::operation::get_object::GetObjectOutput;
use loki_push::Timestamp;

use crate::get_object::Address;
use crate::recent::Recent;
use crate::{AwsAccess, Download, DownloadError, S3ClientSettings, s3_client};

/// Clients that are kept. Who sends an event chooses the regions, and a client takes about 27 KiB.
const MOST_CLIENTS: usize = 8;
/// Bytes in the name of a region, which becomes one label of a host name (RFC 1035, 2.3.4).
const LONGEST_REGION: usize = 63;

/// Gets objects. It holds nothing until it is first used, then a client for each of the regions used last.
#[derive(Debug)]
pub struct S3Objects {
    access: Arc<AwsAccess>,
    settings: S3ClientSettings,
    /// By region; none for the SDK's default one.
    clients: Mutex<Recent<Option<String>, Client>>,
}

/// An object whose bytes are on their way.
#[derive(Debug)]
pub struct Object {
    /// When it was written.
    pub last_modified: Timestamp,
    /// Bytes, as they are stored.
    pub content_length: u64,
    /// Names this state of the object, quotes included.
    pub etag: Option<String>,
    /// Its bytes, as they are stored.
    pub body: Download,
}

impl S3Objects {
    /// Does nothing yet: no client is made and no setting of the SDK is read.
    pub fn new(access: Arc<AwsAccess>, settings: S3ClientSettings) -> Self {
        Self {
            access,
            settings,
            clients: Mutex::new(Recent::new(MOST_CLIENTS)),
        }
    }

    /// Asks for the object. `key` is the key itself, not encoded in any way; `region` is the bucket's, or
    /// the SDK's default if there is none. If S3 answers that the bucket is elsewhere, it is asked there.
    ///
    /// # Errors
    /// When S3 does not give it, or `region` cannot be the name of a region.
    pub async fn get(&self, bucket: &str, key: &str, region: Option<&str>) -> Result<Object, DownloadError> {
        self.get_version(bucket, key, None, region).await
    }

    /// Asks for one version of the object, or for the current one if there is none, as [`get`](Self::get) does.
    ///
    /// # Errors
    /// When S3 does not give it, or `region` cannot be the name of a region.
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

    async fn client(&self, region: Option<&str>) -> Client {
        let shared = self.access.config().await;
        // Making a client does not leave the map half changed, whoever panics.
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        clients.get_or_insert_with(region.map(str::to_owned), || {
            s3_client::client(shared, region, &self.settings)
        })
    }
}

/// Whether the text can be the name of a region, so that nothing else becomes a part of a host name or is kept.
fn may_be_region(text: &str) -> bool {
    let in_label = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    text.len() <= LONGEST_REGION && text.bytes().all(in_label)
}

/// What is no verdict on the object may be said because the bucket is in another region: 301, or 400 for
/// a signature made for the wrong one.
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
    fn what_cannot_be_a_region() {
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
