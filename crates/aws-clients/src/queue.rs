//! SQS queues: the sending of messages. What receives them is in `queue_messages.rs`.

use std::sync::Arc;

use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use aws_types::request_id::RequestId;
use secrecy::SecretString;
use serde_json::{Value, json};

use crate::causes::{answer, no_answer};
use crate::endpoint::ServiceHost;
use crate::json_call::{Call, CallError, Host, Service};
use crate::{AwsAccess, QueueUrl};

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

/// An error of a call to a queue.
#[derive(Debug, thiserror::Error)]
#[error("{url}: {operation} failed: {answer}")]
pub struct QueueError {
    url: String,
    operation: &'static str,
    answer: String,
    /// The error code of SQS, if it answered.
    code: Option<String>,
}

impl QueueError {
    /// Returns whether SQS refused because too many messages of the queue are in flight: 120,000, or 20,000 of a FIFO
    /// queue (AWS's page "Amazon SQS message quotas").
    pub fn is_over_limit(&self) -> bool {
        self.code.as_deref() == Some("OverLimit")
    }
}

/// A queue, in the region that its URL names; if it names none, in the region of the configuration.
#[derive(Debug)]
pub struct Queue {
    access: Arc<AwsAccess>,
    url: QueueUrl,
}

impl Queue {
    /// Returns a queue that reads no setting of the SDK until it is used.
    pub fn new(access: Arc<AwsAccess>, url: QueueUrl) -> Self {
        Self { access, url }
    }

    /// Returns the URL of the queue.
    pub fn url(&self) -> &QueueUrl {
        &self.url
    }

    /// Sends a message, with the SDK's retries.
    ///
    /// # Errors
    /// Returns an error if SQS does not take the message, or if its response does not arrive. The message can be in the
    /// queue nevertheless.
    pub async fn send(&self, message: &str) -> Result<(), QueueError> {
        let request = json!({"MessageBody": message});
        self.call("SendMessage", request).await.map(drop)
    }

    /// Calls an operation with these parameters and the queue's URL, and returns the JSON of the response.
    pub(crate) async fn call(
        &self,
        operation: &'static str,
        mut request: Value,
    ) -> Result<SecretString, QueueError> {
        let shared = self.access.config().await;
        let region = match self.url.region() {
            Some(region) => region.to_owned(),
            None => shared.region().map(ToString::to_string).unwrap_or_default(),
        };
        let call = Call {
            service: &SQS,
            operation,
            host: Host::Given(self.url.origin()),
            region: &region,
        };
        request["QueueUrl"] = json!(self.url.to_string());
        let sent = call.send(shared, request.to_string()).await;
        sent.map_err(|error| self.refused(operation, &error))
    }

    fn refused(&self, operation: &'static str, error: &CallError) -> QueueError {
        let refused = error.as_service_error();
        let answer = match refused {
            Some(refused) => answer(error.raw_response(), refused, refused.meta(), error.request_id()),
            None => no_answer(error),
        };
        QueueError {
            code: refused.and_then(|refused| refused.code().map(str::to_owned)),
            ..self.failed(operation, answer)
        }
    }

    /// Returns the error of an operation.
    pub(crate) fn failed(&self, operation: &'static str, answer: String) -> QueueError {
        QueueError {
            url: self.url.to_string(),
            operation,
            answer,
            code: None,
        }
    }
}
