//! The receiving of messages from an SQS queue.

use std::collections::BTreeMap;
use std::time::Duration;

use secrecy::ExposeSecret;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::{Queue, QueueError};

/// The most messages that one call receives, or changes.
pub const MAX_MESSAGES: usize = 10;

/// A message that was received from a queue. It is hidden from other receivers until its visibility timeout ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueueMessage {
    /// The id of the message, which stays the same when SQS moves it to a dead-letter queue.
    pub id: String,
    /// The handle of this reception, by which the message is deleted.
    pub receipt: String,
    /// The body.
    pub body: String,
    /// The attributes that SQS sets, such as `SentTimestamp`.
    pub system_attributes: BTreeMap<String, String>,
    /// The attributes that the sender set and that are text, such as the `ErrorCode` of Lambda.
    pub attributes: BTreeMap<String, String>,
}

/// A queue's ARN and its approximate numbers of messages. They may lag behind by a minute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueueState {
    /// The ARN of the queue.
    pub arn: String,
    /// The number of messages that can be received.
    pub visible: usize,
    /// The number of messages that were received, and neither deleted nor made visible again.
    pub in_flight: usize,
    /// The number of messages that cannot be received yet.
    pub delayed: usize,
}

/// A message whose visibility could not be changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotHidden {
    /// The handle of the message.
    pub receipt: String,
    /// The error code and message of SQS.
    pub reason: String,
}

impl Queue {
    /// Returns the queue's ARN and its numbers of messages (`sqs:GetQueueAttributes`).
    ///
    /// # Errors
    /// Returns an error if SQS does not return them.
    pub async fn state(&self) -> Result<QueueState, QueueError> {
        const OPERATION: &str = "GetQueueAttributes";
        const ARN: &str = "QueueArn";
        const VISIBLE: &str = "ApproximateNumberOfMessages";
        const IN_FLIGHT: &str = "ApproximateNumberOfMessagesNotVisible";
        const DELAYED: &str = "ApproximateNumberOfMessagesDelayed";

        #[derive(Deserialize)]
        #[serde(rename_all = "PascalCase")]
        struct Answer {
            #[serde(default)]
            attributes: BTreeMap<String, String>,
        }

        let request = json!({"AttributeNames": [ARN, VISIBLE, IN_FLIGHT, DELAYED]});
        let mut attributes = self.ask::<Answer>(OPERATION, request).await?.attributes;
        let number = |name: &str| {
            let number = attributes.get(name).and_then(|number| number.parse().ok());
            number.ok_or_else(|| self.failed(OPERATION, format!("the answer lacks {name}")))
        };
        let (visible, in_flight, delayed) = (number(VISIBLE)?, number(IN_FLIGHT)?, number(DELAYED)?);
        let arn = attributes.remove(ARN);
        Ok(QueueState {
            arn: arn.ok_or_else(|| self.failed(OPERATION, format!("the answer lacks {ARN}")))?,
            visible,
            in_flight,
            delayed,
        })
    }

    /// Receives up to [`MAX_MESSAGES`] messages, and hides them from other receivers for `hidden_for`. Waits for the
    /// first one up to `wait`, at most 20 seconds; both are cut to whole seconds. (`sqs:ReceiveMessage`)
    ///
    /// # Errors
    /// Returns an error if SQS does not answer, or refuses.
    pub async fn receive(
        &self,
        hidden_for: Duration,
        wait: Duration,
    ) -> Result<Vec<QueueMessage>, QueueError> {
        let request = json!({
            "MaxNumberOfMessages": MAX_MESSAGES,
            "VisibilityTimeout": hidden_for.as_secs(),
            "WaitTimeSeconds": wait.as_secs(),
            // The older name of the next one, which other implementations of SQS know.
            "AttributeNames": ["All"],
            "MessageSystemAttributeNames": ["All"],
            "MessageAttributeNames": ["All"],
        });
        let answer: Received = self.ask("ReceiveMessage", request).await?;
        let messages = answer.messages.unwrap_or_default();
        Ok(messages.into_iter().map(QueueMessage::from).collect())
    }

    /// Deletes the message with this handle, which must be that of its latest reception. (`sqs:DeleteMessage`)
    ///
    /// # Errors
    /// Returns an error if SQS does not answer, or refuses. The message may be deleted nevertheless.
    pub async fn delete(&self, receipt: &str) -> Result<(), QueueError> {
        let request = json!({"ReceiptHandle": receipt});
        self.call("DeleteMessage", request).await.map(drop)
    }

    /// Hides messages from other receivers for `hidden_for` from now on, cut to whole seconds; zero makes them visible.
    /// Takes the handles of at most [`MAX_MESSAGES`] messages, and returns those that could not be changed.
    /// (`sqs:ChangeMessageVisibility`)
    ///
    /// # Errors
    /// Returns an error if SQS does not answer, or refuses.
    pub async fn hide(
        &self,
        receipts: &[String],
        hidden_for: Duration,
    ) -> Result<Vec<NotHidden>, QueueError> {
        #[derive(Deserialize)]
        #[serde(rename_all = "PascalCase")]
        struct Answer {
            failed: Option<Vec<Failed>>,
        }

        #[derive(Deserialize)]
        #[serde(rename_all = "PascalCase")]
        struct Failed {
            id: String,
            code: String,
            message: Option<String>,
        }

        let entries: Vec<Value> = receipts
            .iter()
            .enumerate()
            .map(|(number, receipt)| {
                json!({
                    "Id": number.to_string(),
                    "ReceiptHandle": receipt,
                    "VisibilityTimeout": hidden_for.as_secs(),
                })
            })
            .collect();
        let request = json!({ "Entries": entries });
        let answer: Answer = self.ask("ChangeMessageVisibilityBatch", request).await?;
        let failed = answer.failed.unwrap_or_default().into_iter();
        Ok(failed
            .filter_map(|failed| {
                let number: usize = failed.id.parse().ok()?;
                Some(NotHidden {
                    receipt: receipts.get(number)?.clone(),
                    reason: match failed.message {
                        Some(message) => format!("{}: {message}", failed.code),
                        None => failed.code,
                    },
                })
            })
            .collect())
    }

    /// Calls an operation and parses its response.
    async fn ask<T: DeserializeOwned>(
        &self,
        operation: &'static str,
        request: Value,
    ) -> Result<T, QueueError> {
        let answer = self.call(operation, request).await?;
        // The text of serde's errors has values of the response in it, which may be parts of a message.
        serde_json::from_str(answer.expose_secret())
            .map_err(|_| self.failed(operation, "the answer cannot be read".to_owned()))
    }
}

/// The response to `ReceiveMessage`.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Received {
    messages: Option<Vec<ReceivedMessage>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ReceivedMessage {
    message_id: String,
    receipt_handle: String,
    body: String,
    attributes: Option<BTreeMap<String, String>>,
    message_attributes: Option<BTreeMap<String, Attribute>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Attribute {
    string_value: Option<String>,
}

impl From<ReceivedMessage> for QueueMessage {
    fn from(message: ReceivedMessage) -> Self {
        let attributes = message.message_attributes.unwrap_or_default().into_iter();
        Self {
            id: message.message_id,
            receipt: message.receipt_handle,
            body: message.body,
            system_attributes: message.attributes.unwrap_or_default(),
            attributes: attributes
                .filter_map(|(name, attribute)| Some((name, attribute.string_value?)))
                .collect(),
        }
    }
}
