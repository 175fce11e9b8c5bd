//! The queue to which the function hands the rest of objects, and the events by which it delivers them.

use serde_json::{Value, json};
use testkit::json_server::JsonServer;

/// A stand-in for SQS.
#[derive(Debug)]
pub struct ContinuationQueue {
    server: JsonServer,
    /// The number of messages that it refuses at first.
    refuses: usize,
    /// The number of requests that were looked at.
    looked_at: usize,
}

impl ContinuationQueue {
    /// Starts a queue that refuses the first messages.
    pub async fn start(refuses: usize) -> Self {
        let refused = (403, "", json!({"__type": "AccessDenied"}).to_string());
        let taken = (200, "", json!({"MessageId": "m"}).to_string());
        let answers = std::iter::repeat_n(refused, refuses).chain([taken]);
        Self {
            server: JsonServer::start(answers).await,
            refuses,
            looked_at: 0,
        }
    }

    /// Returns the value of `CONTINUATION_QUEUE_URL`.
    pub fn url(&self) -> String {
        format!("{}/123456789012/objects", self.server.url())
    }

    /// Returns the number of messages that it took.
    pub fn count(&self) -> usize {
        self.server.requests().len().saturating_sub(self.refuses)
    }

    /// Returns the messages that it took since the last call, each with the key of its object.
    pub fn take_sent(&mut self) -> Vec<(String, String)> {
        let requests = self.server.requests();
        let first = self.looked_at.max(self.refuses).min(requests.len());
        self.looked_at = requests.len();
        let message = |request: &String| {
            let (_, body) = request.split_once("\r\n\r\n").unwrap();
            let body: Value = serde_json::from_str(body).unwrap();
            let body = body["MessageBody"].as_str().unwrap().to_owned();
            let message: Value = serde_json::from_str(&body).unwrap();
            let key = message["lambdaPromtailContinuation"]["key"].as_str().unwrap();
            (key.to_owned(), body)
        };
        requests[first..].iter().map(message).collect()
    }
}

/// Returns an SQS event with one message.
pub fn sqs_event(body: &str) -> String {
    let record = json!({
        "messageId": "message-1",
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:eu-west-1:123456789012:objects",
        "body": body,
    });
    json!({"Records": [record]}).to_string()
}
