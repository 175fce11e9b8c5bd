//! A listing of what a queue holds, for a dry run.

use std::collections::BTreeMap;
use std::io::{self, Write};

use aws_clients::{QueueMessage, QueueUrl};
use lambda_promtail::logging::Escaped;
use serde::{Serialize, Serializer};

use super::contents::Contents;
use super::reason;
use super::reception::Reception;
use super::report::{ELSEWHERE, messages};
use crate::Outcome;
use crate::output::Output;

/// The longest reason that is printed, in bytes.
const LONGEST_REASON: usize = 500;

/// A listing of the messages of a queue, grouped by what they hold and why they failed.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Listing {
    messages: u64,
    groups: Vec<Group>,
    /// The approximate number of messages that could not be received.
    elsewhere: usize,
    /// The reason why the listing ended before all messages were received.
    #[serde(skip_serializing_if = "Option::is_none")]
    stopped: Option<String>,
}

/// The messages that hold the same kind of event and failed for the same reason, apart from names and numbers in it.
#[derive(Debug, Serialize)]
struct Group {
    messages: u64,
    /// The kind of event.
    source: &'static str,
    /// The reason of the first message.
    reason: String,
    /// Why the first message cannot be shipped, if it cannot be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    /// The id of the first message.
    first_message_id: String,
    /// The times at which the messages were sent, if SQS says so.
    sent: Option<Sent>,
}

/// The times at which the first and the last message of a group were sent.
#[derive(Clone, Copy, Debug, Serialize)]
struct Sent {
    #[serde(serialize_with = "written")]
    first: jiff::Timestamp,
    #[serde(serialize_with = "written")]
    last: jiff::Timestamp,
}

/// Writes a time as RFC 3339.
fn written<S: Serializer>(time: &jiff::Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(time)
}

/// Receives all messages, each of which stays hidden meanwhile and is counted once.
pub(crate) async fn list(mut reception: Reception<'_>) -> Listing {
    let mut listing = Listing::default();
    let mut groups = BTreeMap::new();
    loop {
        match reception.next().await {
            Ok(Some(messages)) => {
                for message in &messages {
                    listing.messages += 1;
                    add(&mut groups, message);
                }
            }
            Ok(None) => break,
            Err(error) => {
                listing.stopped = Some(match error.is_over_limit() {
                    true => "SQS does not let more messages be in flight".to_owned(),
                    false => error.to_string(),
                });
                break;
            }
        }
    }
    listing.elsewhere = reception.elsewhere();
    listing.groups = groups.into_values().collect();
    listing
        .groups
        .sort_by_key(|group| std::cmp::Reverse(group.messages));
    listing
}

/// Adds a message to its group.
fn add(groups: &mut BTreeMap<(&'static str, String, String), Group>, message: &QueueMessage) {
    // The labels depend on the queue's ARN, and nothing that is listed.
    let (source, error) = match Contents::read(message, "") {
        Ok(contents) => (contents.kind(), contents.error()),
        Err(error) => ("unreadable", Some(error.to_string())),
    };
    let reason = reason::of(message);
    let error_kind = error.as_deref().map(reason::kind).unwrap_or_default();
    let group = groups
        .entry((source, reason::kind(&reason), error_kind))
        .or_insert_with(|| Group {
            messages: 0,
            source,
            reason,
            error,
            first_message_id: message.id.clone(),
            sent: None,
        });
    group.messages += 1;
    if let Some(sent) = sent(message) {
        group.sent = Some(match group.sent {
            Some(Sent { first, last }) => Sent {
                first: first.min(sent),
                last: last.max(sent),
            },
            None => Sent {
                first: sent,
                last: sent,
            },
        });
    }
}

/// Returns the time at which a message was sent.
fn sent(message: &QueueMessage) -> Option<jiff::Timestamp> {
    let millis = message.system_attributes.get("SentTimestamp")?.parse().ok()?;
    jiff::Timestamp::from_millisecond(millis).ok()
}

impl Listing {
    /// Prints the listing.
    ///
    /// # Errors
    /// Returns an error if not all messages were received.
    pub(crate) fn print(&self, queue: &QueueUrl, output: Output) -> Outcome {
        let mut out = io::stdout().lock();
        match output {
            Output::Json => writeln!(out, "{}", serde_json::to_string(self)?)?,
            Output::Text => write!(out, "{}", self.text())?,
        }
        let others = format!(
            "about {} could not be received: {ELSEWHERE}",
            messages(self.elsewhere as u64)
        );
        let problem = match (&self.stopped, self.elsewhere) {
            (Some(reason), _) => reason.as_str(),
            (None, 0) => return Ok(()),
            (None, _) => others.as_str(),
        };
        Err(format!("{queue}: the listing is not complete: {problem}").into())
    }

    fn text(&self) -> String {
        let mut text = format!("{}\n", messages(self.messages));
        for group in &self.groups {
            text += &format!("\n{} {}", group.messages, group.source);
            match &group.sent {
                Some(Sent { first, last }) if first == last => text += &format!(", sent at {first}"),
                Some(Sent { first, last }) => text += &format!(", sent from {first} to {last}"),
                None => {}
            }
            text += &format!("\n  failed: {}", shown(&group.reason));
            if let Some(error) = &group.error {
                text += &format!("\n  cannot be shipped: {}", shown(error));
            }
            text += &format!("\n  first message: {}\n", shown(&group.first_message_id));
        }
        text
    }
}

fn shown(text: &str) -> Escaped<'_> {
    Escaped(&text[..text.floor_char_boundary(LONGEST_REASON)])
}
