//! The result of a replay.

use std::collections::HashMap;
use std::io::{self, Write};

use aws_clients::QueueUrl;
use lambda_promtail::logging::Escaped;
use serde::Serialize;

use super::error::ReplayError;
use crate::Outcome;
use crate::output::Output;

/// Why messages could not be received.
pub(crate) const ELSEWHERE: &str =
    "other receivers hold them, or they wait for earlier messages of their FIFO group";

/// The result of a replay.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Report {
    /// The number of messages that were delivered and deleted.
    delivered: u64,
    /// The number of entries that Loki acknowledged.
    entries: u64,
    /// The messages that were not, in the order in which they were received.
    failed: Vec<Failure>,
    /// The approximate number of messages that could not be received, because other receivers hold them.
    pub(crate) elsewhere: usize,
    /// The reason why the replay ended before the queue was empty.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) stopped: Option<String>,
}

/// A message that stays in the queue.
#[derive(Debug, Serialize)]
struct Failure {
    message_id: String,
    reason: String,
}

impl Report {
    /// Adds the result of a message.
    pub(crate) fn add(&mut self, message_id: &str, shipped: Result<u64, ReplayError>) {
        match shipped {
            Ok(entries) => {
                self.delivered += 1;
                self.entries += entries;
            }
            Err(error) => {
                self.entries += error.entries();
                self.failed.push(Failure {
                    message_id: message_id.to_owned(),
                    reason: error.to_string(),
                });
            }
        }
    }

    /// Prints the result.
    ///
    /// # Errors
    /// Returns an error that names each message which was not delivered, and one if others are left.
    pub(crate) fn print(&self, queue: &QueueUrl, output: Output) -> Outcome {
        let mut out = io::stdout().lock();
        match output {
            Output::Json => writeln!(out, "{}", serde_json::to_string(self)?)?,
            Output::Text => writeln!(
                out,
                "delivered and deleted {}, with {} entries",
                messages(self.delivered),
                self.entries
            )?,
        }
        match self.problem() {
            None => Ok(()),
            Some(problem) => Err(format!("{queue}: {problem}").into()),
        }
    }

    /// Returns the ids of the messages with equal reasons, in the order in which these came up.
    fn failed_by_reason(&self) -> Vec<(&str, Vec<&str>)> {
        let mut places = HashMap::new();
        let mut by_reason: Vec<(&str, Vec<&str>)> = Vec::new();
        for Failure { message_id, reason } in &self.failed {
            let place = *places.entry(reason.as_str()).or_insert(by_reason.len());
            match by_reason.get_mut(place) {
                Some((_, ids)) => ids.push(message_id),
                None => by_reason.push((reason, vec![message_id])),
            }
        }
        by_reason
    }

    /// Returns why the queue is not empty.
    fn problem(&self) -> Option<String> {
        let mut problems = Vec::new();
        if let Some(reason) = &self.stopped {
            problems.push(format!("ended before the queue was empty: {}", Escaped(reason)));
        }
        if self.elsewhere > 0 {
            problems.push(format!(
                "about {} could not be received: {ELSEWHERE}",
                messages(self.elsewhere as u64)
            ));
        }
        if !self.failed.is_empty() {
            let mut problem = format!(
                "{} not delivered and still in the queue",
                messages(self.failed.len() as u64)
            );
            for (reason, ids) in self.failed_by_reason() {
                problem += &format!("\n  {}: {}", Escaped(&ids.join(", ")), Escaped(reason));
            }
            problems.push(problem);
        }
        (!problems.is_empty()).then(|| problems.join("; "))
    }
}

/// Returns a number of messages in words.
pub(crate) fn messages(count: u64) -> String {
    match count {
        1 => "1 message".to_owned(),
        _ => format!("{count} messages"),
    }
}
