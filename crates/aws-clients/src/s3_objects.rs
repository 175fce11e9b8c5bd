//! Objects of any bucket in any region.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use aws_sdk_s3::Client;
use aws_sdk_s3::operation::get_object::GetObjectOutput;
use loki_push::Timestamp;

use crate::get_object::Address;
use crate::{AwsAccess, Download, ObjectError, S3Settings, s3_client};

/// Gets objects. It holds nothing until it is first used, then one client for each region.
#[derive(Debug)]
pub struct S3Objects {
    access: Arc<AwsAccess>,
    settings: S3Settings,
    /// By region; none for the SDK's default one.
    clients: Mutex<HashMap<Option<String>, Client>>,
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
    pub fn new(access: Arc<AwsAccess>, settings: S3Settings) -> Self {
        Self {
            access,
            settings,
            clients: Mutex::default(),
        }
    }

    /// Asks for the object. `key` is the key itself, not encoded in any way; `region` is the bucket's, or
    /// the SDK's default if there is none. If S3 answers that the bucket is elsewhere, it is asked there.
    ///
    /// # Errors
    /// When S3 does not give it.
    pub async fn get(&self, bucket: &str, key: &str, region: Option<&str>) -> Result<Object, ObjectError> {
        let region = region.filter(|region| !region.is_empty());
        let mut address = Address {
            client: self.client(region).await,
            bucket: bucket.to_owned(),
            key: key.to_owned(),
            name: format!("s3://{bucket}/{key}"),
        };
        let mut answered = address.get(None).await;
        if let Err(failed) = &answered
            && let Some(elsewhere) = failed.region.as_deref()
            && region != Some(elsewhere)
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

    fn object(&self, address: Address, mut answer: GetObjectOutput) -> Result<Object, ObjectError> {
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
        // A map is whole whoever panicked.
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        clients
            .entry(region.map(str::to_owned))
            .or_insert_with(|| s3_client::client(shared, region, &self.settings))
            .clone()
    }
}

/// What is no verdict on the object may be said because the bucket is in another region: 301, or 400 for
/// a signature made for the wrong one.
fn is_redirect(error: &ObjectError) -> bool {
    matches!(error, ObjectError::Request { .. })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_made_before_the_first_use() {
        let access = Arc::new(AwsAccess::from_environment());
        let objects = S3Objects::new(Arc::clone(&access), S3Settings::default());
        assert!(!access.is_loaded());
        assert!(objects.clients.lock().unwrap().is_empty());
    }
}
