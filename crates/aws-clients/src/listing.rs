//! The listing of the objects of a bucket.

use aws_sdk_s3::Client;
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_s3::operation::RequestId;
use aws_sdk_s3::operation::list_objects_v2::{ListObjectsV2Error, ListObjectsV2Output};
use aws_sdk_s3::types::{EncodingType, Object};
use loki_push::Timestamp;

use crate::S3Objects;
use crate::causes::{answer, no_answer};
use crate::s3_objects::may_be_region;

/// An object as a listing names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedObject {
    /// The plain key, without any encoding.
    pub key: String,
    /// The time when the object was written.
    pub last_modified: Timestamp,
    /// The size of the object as it is stored, in bytes.
    pub size: u64,
    /// The ETag, including the quotes, which identifies this state of the object; empty if the server has none.
    pub etag: String,
}

/// An error of listing a bucket. Each names what was listed: `s3://bucket/prefix`.
#[derive(Debug, thiserror::Error)]
pub enum ListError {
    /// The bucket does not exist.
    #[error("{listed}: the bucket does not exist ({answer})")]
    NoBucket {
        /// The name of what was listed.
        listed: String,
        /// S3's error code and message.
        answer: String,
    },
    /// S3 does not allow the caller to list the bucket.
    #[error("{listed}: access denied: listing needs s3:ListBucket on the bucket ({answer})")]
    AccessDenied {
        /// The name of what was listed.
        listed: String,
        /// S3's error code and message.
        answer: String,
    },
    /// The request failed in another way, after the SDK's retries.
    #[error("{listed}: ListObjectsV2 failed: {answer}")]
    Request {
        /// The name of what was listed.
        listed: String,
        /// S3's error code and message, or the reason why there was no response.
        answer: String,
    },
    /// The response names an object without a key or a time.
    #[error("{listed}: the listing has an object without {lacking}")]
    Incomplete {
        /// The name of what was listed.
        listed: String,
        /// The name of the missing member.
        lacking: &'static str,
    },
}

/// A listing of the objects whose keys begin with a prefix, page by page, in the order of their keys' UTF-8 bytes.
#[derive(Debug)]
pub struct Listing<'a> {
    objects: &'a S3Objects,
    bucket: String,
    prefix: String,
    /// The region that S3 says the bucket is in, if it is not the SDK's default one.
    region: Option<String>,
    next: Next,
}

/// The page that comes next.
#[derive(Debug)]
enum Next {
    First,
    After(String),
    None,
}

impl S3Objects {
    /// Returns a listing of the objects of a bucket whose keys begin with `prefix`, which can be empty. Nothing is
    /// requested before its first page.
    pub fn list(&self, bucket: &str, prefix: &str) -> Listing<'_> {
        Listing {
            objects: self,
            bucket: bucket.to_owned(),
            prefix: prefix.to_owned(),
            region: None,
            next: Next::First,
        }
    }
}

impl Listing<'_> {
    /// Returns the bucket's region, if S3 has answered that it is not the SDK's default one.
    pub fn region(&self) -> Option<&str> {
        self.region.as_deref()
    }

    /// Returns the next page, of at most 1,000 objects, or `None` after the last one.
    ///
    /// # Errors
    /// Returns an error if S3 does not list the bucket.
    pub async fn next_page(&mut self) -> Result<Option<Vec<ListedObject>>, ListError> {
        let token = match &self.next {
            Next::First => None,
            Next::After(token) => Some(token.clone()),
            Next::None => return Ok(None),
        };
        let client = self.objects.client(self.region.as_deref()).await;
        let mut answered = self.request(&client, token.clone()).await;
        if let Err(error) = &answered
            && let Some(elsewhere) = region_of(error)
            && self.region.as_deref() != Some(&elsewhere)
        {
            let client = self.objects.client(Some(&elsewhere)).await;
            self.region = Some(elsewhere);
            answered = self.request(&client, token).await;
        }
        let page = answered.map_err(|error| self.failed(&error))?;
        self.next = match page.next_continuation_token() {
            Some(token) if page.is_truncated() == Some(true) => Next::After(token.to_owned()),
            _ => Next::None,
        };
        let is_encoded = page.encoding_type() == Some(&EncodingType::Url);
        let objects = page
            .contents()
            .iter()
            .map(|object| self.listed(object, is_encoded));
        objects.collect::<Result<_, _>>().map(Some)
    }

    async fn request(
        &self,
        client: &Client,
        token: Option<String>,
    ) -> Result<ListObjectsV2Output, SdkError<ListObjectsV2Error>> {
        client
            .list_objects_v2()
            .bucket(&self.bucket)
            .prefix(&self.prefix)
            // Some characters that a key can have cannot be in XML.
            .encoding_type(EncodingType::Url)
            .set_continuation_token(token)
            .send()
            .await
    }

    fn listed(&self, object: &Object, is_encoded: bool) -> Result<ListedObject, ListError> {
        let without = |lacking| ListError::Incomplete {
            listed: self.name(),
            lacking,
        };
        let key = object.key().ok_or_else(|| without("a key"))?;
        let last_modified = object
            .last_modified()
            .and_then(|time| Timestamp::new(time.secs(), time.subsec_nanos()).ok())
            .ok_or_else(|| without("a time"))?;
        Ok(ListedObject {
            key: if is_encoded {
                form_decoded(key)
            } else {
                key.to_owned()
            },
            last_modified,
            size: object
                .size()
                .and_then(|size| u64::try_from(size).ok())
                .unwrap_or_default(),
            etag: object.e_tag().unwrap_or_default().to_owned(),
        })
    }

    fn name(&self) -> String {
        format!("s3://{}/{}", self.bucket, self.prefix)
    }

    fn failed(&self, error: &SdkError<ListObjectsV2Error>) -> ListError {
        let listed = self.name();
        let Some(service) = error.as_service_error() else {
            return ListError::Request {
                listed,
                answer: no_answer(error),
            };
        };
        let response = error.raw_response();
        let status = response.map_or(0, |response| response.status().as_u16());
        let answer = answer(response, service, service.meta(), service.meta().request_id());
        match (status, service.code().unwrap_or_default()) {
            (_, "NoSuchBucket") => ListError::NoBucket { listed, answer },
            (_, "AccessDenied") | (403, "") => ListError::AccessDenied { listed, answer },
            _ => ListError::Request { listed, answer },
        }
    }
}

/// Returns the region that S3 says the bucket is in.
fn region_of(error: &SdkError<ListObjectsV2Error>) -> Option<String> {
    let headers = error.raw_response()?.headers();
    let region = headers.get("x-amz-bucket-region")?;
    may_be_region(region).then(|| region.to_owned())
}

/// Decodes a key of a listing, in which `+` stands for a space. Bytes that are not UTF-8 become U+FFFD; S3 has no such
/// keys.
fn form_decoded(key: &str) -> String {
    let spaced = key.replace('+', " ");
    percent_encoding::percent_decode_str(&spaced)
        .decode_utf8_lossy()
        .into_owned()
}
