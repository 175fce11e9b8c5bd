//! An SQS queue in memory, with visibility timeouts.
//!
//! ```no_run
//! # async fn example() {
//! use testkit::sqs::{Message, Sqs};
//!
//! let sqs = Sqs::start().await;
//! let id = sqs.send(Message::new("a body").attribute("ErrorCode", "200"));
//! let (endpoint, queue_url) = (sqs.url(), sqs.queue_url());
//! // ... a client receives the message, and has not deleted it yet:
//! assert_eq!((sqs.ids(), sqs.visible()), (vec![id.clone()], 0));
//! assert_eq!(sqs.receptions(&id), 1);
//! # let _ = (endpoint, queue_url);
//! # }
//! ```

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use serde_json::{Value, json};

use crate::loopback::{Cut, Server, answer};

/// The interval at which a waiting call looks for messages.
const POLL: Duration = Duration::from_millis(20);
/// The type of all responses.
const JSON: &str = "application/x-amz-json-1.0";

/// A server with one queue on a free port of the loopback. It does not check signatures.
#[derive(Debug)]
pub struct Sqs {
    server: Server,
    queue: Arc<Mutex<Queue>>,
}

/// A message to send.
#[derive(Clone, Debug, Default)]
pub struct Message {
    body: String,
    system_attributes: BTreeMap<String, String>,
    attributes: BTreeMap<String, String>,
}

#[derive(Debug, Default)]
struct Queue {
    messages: Vec<Stored>,
    /// The messages that were ever sent, by number: how often each was received.
    receptions: Vec<usize>,
    /// The operation that is refused, and the error code.
    refused: Option<(String, String)>,
    /// The values of the `Authorization` header.
    authorizations: Vec<String>,
}

#[derive(Debug)]
struct Stored {
    number: usize,
    message: Message,
    hidden_until: Option<Instant>,
}

impl Stored {
    fn group(&self) -> Option<&str> {
        let group = self.message.system_attributes.get("MessageGroupId");
        group.map(String::as_str)
    }
}

impl Message {
    /// Returns a message with this body.
    pub fn new(body: impl ToString) -> Self {
        Self {
            body: body.to_string(),
            ..Self::default()
        }
        .system_attribute("SentTimestamp", "1795500428123")
    }

    /// Returns the message with an attribute that SQS sets.
    #[must_use]
    pub fn system_attribute(mut self, name: &str, value: &str) -> Self {
        self.system_attributes.insert(name.to_owned(), value.to_owned());
        self
    }

    /// Returns the message in a group of a FIFO queue: it is not received while an earlier one of its group is hidden.
    #[must_use]
    pub fn group(self, name: &str) -> Self {
        self.system_attribute("MessageGroupId", name)
    }

    /// Returns the message with an attribute that the sender sets.
    #[must_use]
    pub fn attribute(mut self, name: &str, value: &str) -> Self {
        self.attributes.insert(name.to_owned(), value.to_owned());
        self
    }
}

impl Sqs {
    /// The queue's ARN.
    pub const ARN: &str = "arn:aws:sqs:eu-west-1:123456789012:failed";

    /// Starts a server with an empty queue.
    pub async fn start() -> Self {
        let queue = Arc::new(Mutex::new(Queue::default()));
        let shared = Arc::clone(&queue);
        let server = Server::start(move |request| handle(Arc::clone(&shared), request)).await;
        Self { server, queue }
    }

    /// Returns the URL of the server, for `AWS_ENDPOINT_URL_SQS`.
    pub fn url(&self) -> String {
        format!("http://{}", self.server.address())
    }

    /// Returns the URL of the queue.
    pub fn queue_url(&self) -> String {
        format!("{}/123456789012/failed", self.url())
    }

    /// Returns the URL of the queue under a name of a FIFO queue.
    pub fn fifo_url(&self) -> String {
        format!("{}.fifo", self.queue_url())
    }

    /// Puts a message into the queue, and returns its id.
    pub fn send(&self, message: Message) -> String {
        let mut queue = self.lock();
        let number = queue.receptions.len();
        queue.receptions.push(0);
        queue.messages.push(Stored {
            number,
            message,
            hidden_until: None,
        });
        id(number)
    }

    /// Returns the ids of the messages in the queue, whether they are visible or not.
    pub fn ids(&self) -> Vec<String> {
        let queue = self.lock();
        queue.messages.iter().map(|stored| id(stored.number)).collect()
    }

    /// Returns the number of messages that can be received now.
    pub fn visible(&self) -> usize {
        self.lock().visible().count()
    }

    /// Returns how often a message was received, also if it is deleted.
    pub fn receptions(&self, id: &str) -> usize {
        self.lock().receptions[number(id)]
    }

    /// Refuses an operation from now on, with 403 and this error code.
    pub fn refuse(&self, operation: &str, code: &str) {
        self.lock().refused = Some((operation.to_owned(), code.to_owned()));
    }

    /// Returns the values of the `Authorization` header of all requests.
    pub fn authorizations(&self) -> Vec<String> {
        self.lock().authorizations.clone()
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap()
    }
}

fn id(number: usize) -> String {
    format!("message-{number}")
}

fn number(id: &str) -> usize {
    id.rsplit('-').next().unwrap().parse().unwrap()
}

async fn handle(queue: Arc<Mutex<Queue>>, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Cut> {
    let (head, body) = request.into_parts();
    let header = |name: &str| head.headers[name].to_str().unwrap().to_owned();
    let operation = header("x-amz-target").replace("AmazonSQS.", "");
    let body = body.collect().await.map_err(|_| Cut::Close)?.to_bytes();
    let call: Value = serde_json::from_slice(&body).unwrap();
    {
        let mut queue = queue.lock().unwrap();
        queue.authorizations.push(header("authorization"));
        if let Some((refused, code)) = &queue.refused
            && *refused == operation
        {
            let error = json!({"__type": format!("com.amazonaws.sqs#{code}"), "message": "refused"});
            return Ok(answer(StatusCode::FORBIDDEN, JSON, error.to_string()));
        }
    }
    let result = match &*operation {
        "ReceiveMessage" => receive(&queue, &call).await,
        "GetQueueAttributes" => queue.lock().unwrap().attributes(),
        "DeleteMessage" => queue.lock().unwrap().delete(&call),
        "ChangeMessageVisibilityBatch" => queue.lock().unwrap().hide(&call),
        other => panic!("testkit's SQS does not know {other}"),
    };
    Ok(answer(StatusCode::OK, JSON, result.to_string()))
}

/// Receives messages, and waits for the first as long as the call says.
async fn receive(queue: &Mutex<Queue>, call: &Value) -> Value {
    let wait = Duration::from_secs(call["WaitTimeSeconds"].as_u64().unwrap_or(0));
    let end = Instant::now() + wait;
    loop {
        let messages = queue.lock().unwrap().receive(call);
        if !messages.is_empty() {
            return json!({ "Messages": messages });
        }
        if Instant::now() >= end {
            return json!({});
        }
        tokio::time::sleep(POLL).await;
    }
}

impl Queue {
    fn visible(&self) -> impl Iterator<Item = &Stored> {
        let now = Instant::now();
        let is_visible = move |stored: &&Stored| stored.hidden_until.is_none_or(|until| until <= now);
        self.messages.iter().filter(is_visible)
    }

    fn attributes(&self) -> Value {
        let visible = self.visible().count();
        json!({"Attributes": {
            "QueueArn": Sqs::ARN,
            "ApproximateNumberOfMessages": visible.to_string(),
            "ApproximateNumberOfMessagesNotVisible": (self.messages.len() - visible).to_string(),
            "ApproximateNumberOfMessagesDelayed": "0",
        }})
    }

    fn receive(&mut self, call: &Value) -> Vec<Value> {
        let most = usize::try_from(call["MaxNumberOfMessages"].as_u64().unwrap_or(1)).unwrap();
        let hidden_until = hidden_until(call);
        let now = Instant::now();
        let is_visible = |stored: &Stored| stored.hidden_until.is_none_or(|until| until <= now);
        let hidden = self.messages.iter().filter(|stored| !is_visible(stored));
        let waiting: BTreeSet<String> = hidden.filter_map(Stored::group).map(str::to_owned).collect();
        let visible = self.messages.iter_mut().filter(|stored| {
            let waits = stored.group().is_some_and(|group| waiting.contains(group));
            is_visible(stored) && !waits
        });
        let mut received = Vec::new();
        for stored in visible.take(most) {
            stored.hidden_until = hidden_until;
            let receptions = &mut self.receptions[stored.number];
            *receptions += 1;
            let attributes = stored.message.attributes.iter();
            let attributes: Value = attributes
                .map(|(name, value)| (name.clone(), json!({"DataType": "String", "StringValue": value})))
                .collect::<serde_json::Map<_, _>>()
                .into();
            received.push(json!({
                "MessageId": id(stored.number),
                "ReceiptHandle": format!("receipt-{receptions}-{}", stored.number),
                "Body": stored.message.body,
                "Attributes": stored.message.system_attributes,
                "MessageAttributes": attributes,
            }));
        }
        received
    }

    fn delete(&mut self, call: &Value) -> Value {
        let deleted = number(call["ReceiptHandle"].as_str().unwrap());
        self.messages.retain(|stored| stored.number != deleted);
        json!({})
    }

    fn hide(&mut self, call: &Value) -> Value {
        let (mut successful, mut failed) = (Vec::new(), Vec::new());
        for entry in call["Entries"].as_array().unwrap() {
            let number = number(entry["ReceiptHandle"].as_str().unwrap());
            match self.messages.iter_mut().find(|stored| stored.number == number) {
                Some(stored) => {
                    stored.hidden_until = hidden_until(entry);
                    successful.push(json!({"Id": entry["Id"]}));
                }
                None => failed.push(json!({
                    "Id": entry["Id"], "SenderFault": true, "Code": "ReceiptHandleIsInvalid",
                    "Message": "the message is deleted",
                })),
            }
        }
        json!({"Successful": successful, "Failed": failed})
    }
}

/// Returns the end of the visibility timeout in a call.
fn hidden_until(call: &Value) -> Option<Instant> {
    let seconds = call["VisibilityTimeout"].as_u64().unwrap();
    (seconds > 0).then(|| Instant::now() + Duration::from_secs(seconds))
}
