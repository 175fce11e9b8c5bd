//! The events of every source, and the parts of them that AWS delivers again.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use testkit::lambda::Outcome;
use testkit::receiver::Accepted;
use testkit::s3::{Object, S3};

use super::check::Violation;
use super::envelope_sources;
use crate::support::{BUCKET, kafka};

/// The source of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    Subscription,
    S3,
    Sns,
    Sqs,
    /// SQS with `REPORT_BATCH_ITEM_FAILURES`.
    SqsPartial,
    /// The same, with a queue that takes the rest of objects (`CONTINUATION_QUEUE_URL`).
    SqsContinued,
    /// SNS notifications in SQS, with `REPORT_BATCH_ITEM_FAILURES`.
    SnsInSqsPartial,
    ObjectCreated,
    /// A bare list of a pipe, with `REPORT_BATCH_ITEM_FAILURES`.
    KinesisPipePartial,
    /// S3 Batch Operations, whose response has a result for each task.
    S3BatchPartial,
    EventBridge,
    Kinesis,
    /// Kinesis with `REPORT_BATCH_ITEM_FAILURES`.
    KinesisPartial,
    Kafka,
    /// SQS messages that are text, with `REPORT_BATCH_ITEM_FAILURES`.
    SqsTextPartial,
}

/// The parts that AWS delivers again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Redelivery {
    Whole,
    /// The messages that the response names.
    Named,
    /// The record with the lowest sequence number that the response names, and all records after it.
    FromLowest,
}

/// An event, as the parts that AWS can deliver again.
#[derive(Debug)]
pub struct Feed {
    pub source: Source,
    /// The parts; only events of SQS, Kinesis and Kafka have several.
    pub parts: Vec<Part>,
}

/// A part of an event: a message, a record, or the whole event.
#[derive(Debug)]
pub struct Part {
    /// The message's id or the record's sequence number.
    pub id: String,
    pub json: Value,
    pub entries: Vec<Accepted>,
    pub objects: Vec<Stored>,
    /// Whether it inflates to more than the function accepts.
    pub is_bomb: bool,
}

/// An object that a part announces.
#[derive(Debug)]
pub struct Stored {
    pub key: String,
    pub bytes: Vec<u8>,
    pub written: i64,
}

impl Source {
    pub const ALL: [Self; 15] = [
        Self::Subscription,
        Self::S3,
        Self::Sns,
        Self::Sqs,
        Self::SqsPartial,
        Self::SqsContinued,
        Self::SnsInSqsPartial,
        Self::ObjectCreated,
        Self::KinesisPipePartial,
        Self::S3BatchPartial,
        Self::EventBridge,
        Self::Kinesis,
        Self::KinesisPartial,
        Self::Kafka,
        Self::SqsTextPartial,
    ];

    pub fn reads_objects(self) -> bool {
        matches!(
            self,
            Self::S3
                | Self::Sns
                | Self::Sqs
                | Self::SqsPartial
                | Self::SqsContinued
                | Self::SnsInSqsPartial
                | Self::ObjectCreated
                | Self::S3BatchPartial
        )
    }

    /// Returns whether the content of its events may be compressed.
    pub fn inflates(self) -> bool {
        !matches!(self, Self::EventBridge | Self::SqsTextPartial)
    }

    /// Returns whether its events are lists of records that AWS may deliver separately.
    pub fn is_batch(self) -> bool {
        self.is_partial() || matches!(self, Self::Sqs | Self::Kinesis | Self::Kafka)
    }

    /// Returns whether the response names the parts that failed.
    pub fn is_partial(self) -> bool {
        self.redelivery() != Redelivery::Whole
    }

    fn redelivery(self) -> Redelivery {
        match self {
            Self::SqsPartial
            | Self::SqsContinued
            | Self::SnsInSqsPartial
            | Self::SqsTextPartial
            | Self::KinesisPipePartial
            | Self::S3BatchPartial => Redelivery::Named,
            Self::KinesisPartial => Redelivery::FromLowest,
            _ => Redelivery::Whole,
        }
    }
}

impl Feed {
    /// Stores the objects that the event announces.
    pub fn store(&self, s3: &S3) {
        for object in self.parts.iter().flat_map(|part| &part.objects) {
            let stored = Object::new(object.bytes.clone()).last_modified(object.written);
            s3.put(BUCKET, &object.key, stored);
        }
    }

    /// Returns the indices of all parts.
    pub fn all(&self) -> Vec<usize> {
        (0..self.parts.len()).collect()
    }

    /// Returns the event with these parts. Of those in `continued`, the message has that body.
    pub fn event(&self, parts: &[usize], continued: &BTreeMap<usize, String>) -> String {
        let json = |part: &usize| {
            let mut json = self.parts[*part].json.clone();
            if let Some(body) = continued.get(part) {
                json["body"] = json!(body);
            }
            json
        };
        let parts: Vec<Value> = parts.iter().map(json).collect();
        match parts.as_slice() {
            [event] if !self.source.is_batch() => event.to_string(),
            records if self.source == Source::Kafka => kafka::event(&json!({"t-0": records})),
            records if self.source == Source::KinesisPipePartial => json!(records).to_string(),
            tasks if self.source == Source::S3BatchPartial => envelope_sources::invocation(tasks),
            records => json!({"Records": records}).to_string(),
        }
    }

    /// Returns the part that announces the object of this key.
    pub fn part_of_object(&self, key: &str) -> Result<usize, Violation> {
        let has_key = |part: &Part| part.objects.iter().any(|object| object.key == key);
        let part = self.parts.iter().position(has_key);
        part.ok_or_else(|| Violation::Protocol(format!("a continuation of {key}, which is not in the event")))
    }

    /// Returns the entries of these parts.
    pub fn entries(&self, parts: &[usize]) -> impl Iterator<Item = &Accepted> + use<'_> {
        let parts: Vec<&Part> = parts.iter().map(|part| &self.parts[*part]).collect();
        parts.into_iter().flat_map(|part| &part.entries)
    }

    /// Returns the delivered parts that AWS would deliver again if these had failed.
    pub fn redelivered(&self, delivered: &[usize], failed: &[usize]) -> Vec<usize> {
        let lowest = failed.iter().min();
        let again = |part: &&usize| match self.source.redelivery() {
            Redelivery::Whole => lowest.is_some(),
            Redelivery::Named => failed.contains(part),
            Redelivery::FromLowest => lowest.is_some_and(|lowest| *part >= lowest),
        };
        delivered.iter().filter(again).copied().collect()
    }

    /// Returns the delivered parts that the function reported as failed.
    pub fn reported(&self, delivered: &[usize], outcome: &Outcome) -> Result<Vec<usize>, Violation> {
        match outcome {
            Outcome::TimedOut => Err(Violation::Killed),
            Outcome::Exited(_) | Outcome::InitError(..) => Err(Violation::Protocol(format!("{outcome:?}"))),
            Outcome::Error(error) if self.source.is_partial() => Err(Violation::Protocol(format!(
                "an error, not the failed items: {error:?}"
            ))),
            Outcome::Error(_) => Ok(delivered.to_vec()),
            Outcome::Response(reply) if self.source.is_partial() => {
                let failed = match self.source {
                    Source::S3BatchPartial => envelope_sources::as_failures(reply, delivered.len())
                        .and_then(|failures| self.named(delivered, &failures)),
                    _ => self.named(delivered, reply),
                };
                failed.ok_or_else(|| Violation::Protocol(format!("names what it was not given: {reply}")))
            }
            Outcome::Response(reply) => {
                // A summary with fewer entries than the event is wrong, even if Loki stored all of them.
                let entries = self.entries(delivered).count();
                match reply["entries"] == json!(entries) && reply["failed"] == json!(0) {
                    true => Ok(Vec::new()),
                    false => Err(Violation::Protocol(format!(
                        "a summary of other than {entries} entries: {reply}"
                    ))),
                }
            }
        }
    }

    /// Returns the parts that a partial batch response names, or `None` if it is not one or names other parts.
    fn named(&self, delivered: &[usize], reply: &Value) -> Option<Vec<usize>> {
        let failures = reply["batchItemFailures"].as_array()?;
        let mut named: Vec<usize> = Vec::new();
        for failure in failures {
            let id = failure["itemIdentifier"].as_str()?;
            let part = delivered.iter().find(|part| self.parts[**part].id == id)?;
            if named.contains(part) {
                return None;
            }
            named.push(*part);
        }
        Some(named)
    }
}
