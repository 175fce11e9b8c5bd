//! A single GetObject request and the classification of its response.

use aws_sdk_s3::Client;
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_s3::operation::RequestId;
use aws_sdk_s3::operation::get_object::{GetObjectError, GetObjectOutput};

use crate::DownloadError;
use crate::causes::{answer, no_answer};

/// The address of an object, and the client that requests it.
#[derive(Clone, Debug)]
pub(crate) struct Address {
    pub(crate) client: Client,
    pub(crate) bucket: String,
    pub(crate) key: String,
    /// The version to request; `None` for the current one.
    pub(crate) version: Option<String>,
    /// `s3://bucket/key`, for errors.
    pub(crate) name: String,
}

/// The position from which to read, and the state of the object to read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct From<'a> {
    pub(crate) offset: u64,
    /// The position to which to read, or `None` for the object's end.
    pub(crate) end: Option<u64>,
    pub(crate) etag: &'a str,
}

/// A request that did not return the object.
#[derive(Debug)]
pub(crate) struct Failed {
    pub(crate) error: DownloadError,
    /// Whether the same request may succeed later.
    pub(crate) transient: bool,
    /// The bucket's region, if S3 states it.
    pub(crate) region: Option<String>,
}

impl Address {
    /// Requests the object, or the rest of it. The SDK retries requests that fail in transit.
    pub(crate) async fn get(&self, from: Option<From<'_>>) -> Result<GetObjectOutput, Box<Failed>> {
        let request = self.client.get_object().bucket(&self.bucket).key(&self.key);
        let mut request = request.set_version_id(self.version.clone());
        if let Some(From { offset, end, etag }) = from {
            request = request.if_match(etag);
            match end {
                // The last byte is part of a range.
                Some(end) => request = request.range(format!("bytes={offset}-{}", end.saturating_sub(1))),
                None if offset > 0 => request = request.range(format!("bytes={offset}-")),
                None => {}
            }
        }
        let offset = from.map_or(0, |from| from.offset);
        let sent = request.send().await;
        sent.map_err(|error| Box::new(self.failed(&error, offset)))
    }

    fn failed(&self, error: &SdkError<GetObjectError>, offset: u64) -> Failed {
        let Some(service) = error.as_service_error() else {
            return Failed {
                error: self.request(no_answer(error)),
                transient: !matches!(error, SdkError::ConstructionFailure(_)),
                region: None,
            };
        };
        let response = error.raw_response();
        let status = response.map_or(0, |response| response.status().as_u16());
        let code = service.code().unwrap_or_default();
        Failed {
            error: self.refused(
                status,
                code,
                answer(response, service, service.meta(), service.meta().request_id()),
                offset,
            ),
            transient: status >= 500 || status == 429 || matches!(code, "SlowDown" | "RequestTimeout"),
            region: response
                .and_then(|response| response.headers().get("x-amz-bucket-region"))
                .map(str::to_owned),
        }
    }

    /// Classifies an error response by its code, as listed in Amazon S3's API reference, "Error responses".
    fn refused(&self, status: u16, code: &str, answer: String, offset: u64) -> DownloadError {
        let object = self.name.clone();
        match (status, code) {
            // S3 answers 405 to a request for a version that is a delete marker.
            (_, "NoSuchKey" | "NoSuchBucket") | (404 | 405, _) => DownloadError::NotFound { object, answer },
            (_, code) if code.starts_with("KMS.") => DownloadError::Kms { object, answer },
            (_, "InvalidObjectState") => DownloadError::Archived { object, answer },
            (412, _) => DownloadError::Changed { object, offset },
            (_, "AccessDenied") | (403, "") if answer.contains("kms:") => DownloadError::AccessDenied {
                object,
                action: "kms:Decrypt on the object's key",
                hint: "",
                answer,
            },
            (_, "AccessDenied") | (403, "") => DownloadError::AccessDenied {
                object,
                action: match self.version {
                    Some(_) => "s3:GetObjectVersion",
                    None => "s3:GetObject",
                },
                // S3 answers 404 only to callers that may list the bucket.
                hint: "; without s3:ListBucket, this is also what S3 says of an object that does not exist",
                answer,
            },
            _ => self.request(answer),
        }
    }

    pub(crate) fn request(&self, answer: String) -> DownloadError {
        DownloadError::Request {
            object: self.name.clone(),
            answer,
        }
    }
}
