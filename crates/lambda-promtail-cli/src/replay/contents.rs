//! What a message holds.

use aws_clients::QueueMessage;
use aws_events::{Channel, Content, Event, EventError, KinesisBatch};
use serde_json::json;

/// The content of a message, as far as it can be read without other services.
#[derive(Debug)]
pub(crate) enum Contents {
    /// An event, or text.
    Event(Event),
    /// The place of records in a Kinesis stream.
    KinesisBatch(KinesisBatch),
}

impl Contents {
    /// Reads a message of the queue with this ARN.
    ///
    /// # Errors
    /// Returns an error if the body must be an event and cannot be read as one. Other bodies that cannot be read are
    /// items with an error, as in the function.
    pub(crate) fn read(message: &QueueMessage, queue_arn: &str) -> Result<Self, EventError> {
        match aws_events::parse(message.body.as_bytes()) {
            Err(EventError::BatchWithoutRecords {
                kinesis: Some(batch), ..
            }) => Ok(Self::KinesisBatch(*batch)),
            event if is_from_a_service(message) => event.map(Self::Event),
            _ => aws_events::parse(sqs_event(message, queue_arn).as_bytes()).map(Self::Event),
        }
    }

    /// Returns the kind of what it holds, in the words of the function's summary. An event is known by its first item.
    pub(crate) fn kind(&self) -> &'static str {
        let event = match self {
            Self::Event(event) => event,
            Self::KinesisBatch(_) => return "kinesis",
        };
        match event.items.first().map(|item| &item.content) {
            Some(Ok(content)) => match content {
                Content::CloudWatchLogs { .. } => "cloudwatch_logs",
                Content::S3Object(_)
                | Content::Continuation(_)
                | Content::S3TestEvent
                | Content::CloudTrailValidation => "s3",
                Content::EventBridge(_) => "eventbridge",
                Content::Kinesis(_) => "kinesis",
                Content::Kafka(_) => "kafka",
                Content::Text(text) => match text.channel {
                    Channel::Sqs => "sqs",
                    Channel::Sns => "sns",
                },
            },
            Some(Err(_)) | None => "unreadable",
        }
    }

    /// Returns why a part of it cannot be read.
    pub(crate) fn error(&self) -> Option<String> {
        let Self::Event(event) = self else {
            return None;
        };
        let mut errors = event.items.iter().filter_map(|item| item.content.as_ref().err());
        errors.next().map(ToString::to_string)
    }
}

/// Returns whether a service sent the message because it could not deliver an event, which is then the body: Lambda
/// (`ErrorCode`; AWS's page "Adding a dead-letter queue") or EventBridge (`ERROR_CODE`; "Using dead-letter queues to
/// process undelivered events in EventBridge").
fn is_from_a_service(message: &QueueMessage) -> bool {
    let has = |name| message.attributes.contains_key(name);
    has("ErrorCode") || has("ERROR_CODE")
}

/// Returns the event by which the function would have received the message. SQS keeps a message's id and the time at
/// which it was sent when it moves the message to a dead-letter queue, and adds the ARN of the queue it comes from.
/// With that ARN the labels are those of the first delivery.
fn sqs_event(message: &QueueMessage, queue_arn: &str) -> String {
    let source = message.system_attributes.get("DeadLetterQueueSourceArn");
    let record = json!({
        "messageId": message.id,
        "body": message.body,
        "attributes": message.system_attributes,
        "eventSource": "aws:sqs",
        "eventSourceARN": source.map_or(queue_arn, String::as_str),
    });
    json!({"Records": [record]}).to_string()
}
