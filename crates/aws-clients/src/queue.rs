//! The sending of messages to an SQS queue.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use aws_types::request_id::RequestId;
use http::Uri;
use http::uri::Scheme;
use serde_json::json;

use crate::AwsAccess;
use crate::causes::{answer, no_answer};
use crate::endpoint::ServiceHost;
use crate::json_call::{Call, CallError, Host, Service};

static SQS: Service = Service {
    id: "SQS",
    signing_name: "sqs",
    target: "AmazonSQS",
    json: "1.0",
    host: ServiceHost {
        name: "sqs",
        dual_stack: false,
        gov_is_fips: false,
    },
};

/// The URL of an SQS queue, such as `https://sqs.eu-west-1.amazonaws.com/123456789012/objects`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueueUrl {
    url: String,
    /// The scheme and the host, to which requests are sent.
    origin: String,
}

/// An error about text that is not the URL of a queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "is not the URL of an SQS queue; an example: https://sqs.eu-west-1.amazonaws.com/123456789012/objects"
)]
pub struct QueueUrlError;

/// An error of sending a message.
#[derive(Debug, thiserror::Error)]
#[error("{url}: SendMessage failed: {answer}")]
pub struct QueueError {
    url: String,
    answer: String,
}

/// A queue in the region that the function runs in.
#[derive(Debug)]
pub struct Queue {
    access: Arc<AwsAccess>,
    url: QueueUrl,
}

impl FromStr for QueueUrl {
    type Err = QueueUrlError;

    fn from_str(text: &str) -> Result<Self, QueueUrlError> {
        let uri: Uri = text.parse().map_err(|_| QueueUrlError)?;
        let scheme = uri
            .scheme()
            .filter(|scheme| [Scheme::HTTP, Scheme::HTTPS].contains(scheme));
        let (Some(scheme), Some(authority)) = (scheme, uri.authority()) else {
            return Err(QueueUrlError);
        };
        let has_queue = uri.path().split('/').filter(|part| !part.is_empty()).count() >= 2;
        if !has_queue || uri.query().is_some() || authority.as_str().contains('@') {
            return Err(QueueUrlError);
        }
        Ok(Self {
            url: text.to_owned(),
            origin: format!("{scheme}://{authority}"),
        })
    }
}

impl fmt::Display for QueueUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.url)
    }
}

impl Queue {
    /// Returns a queue that reads no setting of the SDK until it is used.
    pub fn new(access: Arc<AwsAccess>, url: QueueUrl) -> Self {
        Self { access, url }
    }

    /// Sends a message, with the SDK's retries.
    ///
    /// # Errors
    /// Returns an error if SQS does not take the message, or if its response does not arrive. The message can be in the
    /// queue nevertheless.
    pub async fn send(&self, message: &str) -> Result<(), QueueError> {
        let shared = self.access.config().await;
        let region = shared.region().map(ToString::to_string).unwrap_or_default();
        let call = Call {
            service: &SQS,
            operation: "SendMessage",
            host: Host::Given(&self.url.origin),
            region: &region,
        };
        let request = json!({"QueueUrl": self.url.url, "MessageBody": message});
        let sent = call.send(shared, request.to_string()).await;
        sent.map(drop).map_err(|error| self.failed(&error))
    }

    fn failed(&self, error: &CallError) -> QueueError {
        let answer = match error.as_service_error() {
            Some(refused) => answer(error.raw_response(), refused, refused.meta(), error.request_id()),
            None => no_answer(error),
        };
        QueueError {
            url: self.url.to_string(),
            answer,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_url_of_a_queue_has_a_host_and_two_names() {
        for (url, origin) in [
            (
                "https://sqs.eu-west-1.amazonaws.com/123456789012/objects",
                Some("https://sqs.eu-west-1.amazonaws.com"),
            ),
            (
                "http://127.0.0.1:9324/000000000000/q",
                Some("http://127.0.0.1:9324"),
            ),
            ("arn:aws:sqs:eu-west-1:123456789012:objects", None),
            ("https://sqs.eu-west-1.amazonaws.com/", None),
            ("https://sqs.eu-west-1.amazonaws.com/objects", None),
            ("https://me:hunter2@host/1/q", None),
            ("https://host/1/q?x=1", None),
            ("objects", None),
            ("", None),
        ] {
            let parsed = url.parse::<QueueUrl>().ok();
            assert_eq!(parsed.map(|parsed| parsed.origin).as_deref(), origin, "{url}");
        }
    }
}
