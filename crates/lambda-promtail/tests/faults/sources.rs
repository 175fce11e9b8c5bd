//! The events of every source, and which part of them AWS delivers again.

use serde_json::{Value, json};
use testkit::lambda::Outcome;
use testkit::receiver::Accepted;
use testkit::s3::{Object, S3};

use super::check::Violation;
use super::envelope_sources;
use crate::support::{BUCKET, kafka};

/// Where an event comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    Subscription,
    S3,
    Sns,
    Sqs,
    /// With `REPORT_BATCH_ITEM_FAILURES`.
    SqsPartial,
    /// With `REPORT_BATCH_ITEM_FAILURES`.
    SnsInSqsPartial,
    ObjectCreated,
    /// A bare list, of which each record is answered for.
    KinesisPipePartial,
    /// Each task is answered for.
    S3BatchPartial,
    EventBridge,
    Kinesis,
    /// With `REPORT_BATCH_ITEM_FAILURES`.
    KinesisPartial,
    Kafka,
    /// Messages that are text, with `REPORT_BATCH_ITEM_FAILURES`.
    SqsTextPartial,
}

/// Who delivers again, and what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Redelivery {
    Whole,
    /// The messages that were named.
    Named,
    /// From the lowest sequence number on that was named.
    FromLowest,
}

/// An event, as the parts that AWS can deliver again.
#[derive(Debug)]
pub struct Feed {
    pub source: Source,
    /// One for all but SQS, Kinesis and Kafka.
    pub parts: Vec<Part>,
}

/// A message, a record, or a whole event.
#[derive(Debug)]
pub struct Part {
    /// The message's id or the record's sequence number.
    pub id: String,
    pub json: Value,
    pub entries: Vec<Accepted>,
    pub objects: Vec<Stored>,
    /// Whether it inflates to more than is read.
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
    pub const ALL: [Self; 14] = [
        Self::Subscription,
        Self::S3,
        Self::Sns,
        Self::Sqs,
        Self::SqsPartial,
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
                | Self::SnsInSqsPartial
                | Self::ObjectCreated
                | Self::S3BatchPartial
        )
    }

    /// Whether what its events bring may be compressed.
    pub fn inflates(self) -> bool {
        !matches!(self, Self::EventBridge | Self::SqsTextPartial)
    }

    /// Whether its events are lists of records that AWS may deliver apart.
    pub fn is_batch(self) -> bool {
        self.is_partial() || matches!(self, Self::Sqs | Self::Kinesis | Self::Kafka)
    }

    /// Whether the answer names what failed.
    pub fn is_partial(self) -> bool {
        self.redelivery() != Redelivery::Whole
    }

    fn redelivery(self) -> Redelivery {
        match self {
            Self::SqsPartial | Self::SnsInSqsPartial | Self::SqsTextPartial => Redelivery::Named,
            Self::KinesisPipePartial | Self::S3BatchPartial => Redelivery::Named,
            Self::KinesisPartial => Redelivery::FromLowest,
            _ => Redelivery::Whole,
        }
    }
}

impl Feed {
    /// Puts the objects where the events say they are.
    pub fn store(&self, s3: &S3) {
        for object in self.parts.iter().flat_map(|part| &part.objects) {
            let stored = Object::new(object.bytes.clone()).last_modified(object.written);
            s3.put(BUCKET, &object.key, stored);
        }
    }

    /// Every part.
    pub fn all(&self) -> Vec<usize> {
        (0..self.parts.len()).collect()
    }

    /// The event with these parts.
    pub fn event(&self, parts: &[usize]) -> String {
        let parts: Vec<&Value> = parts.iter().map(|part| &self.parts[*part].json).collect();
        match parts.as_slice() {
            [event] if !self.source.is_batch() => event.to_string(),
            records if self.source == Source::Kafka => kafka::event(&json!({"t-0": records})),
            records if self.source == Source::KinesisPipePartial => json!(records).to_string(),
            tasks if self.source == Source::S3BatchPartial => envelope_sources::invocation(tasks),
            records => json!({"Records": records}).to_string(),
        }
    }

    /// The entries of these parts.
    pub fn entries(&self, parts: &[usize]) -> impl Iterator<Item = &Accepted> + use<'_> {
        let parts: Vec<&Part> = parts.iter().map(|part| &self.parts[*part]).collect();
        parts.into_iter().flat_map(|part| &part.entries)
    }

    /// Which of the delivered parts AWS would deliver again if these had failed.
    pub fn redelivered(&self, delivered: &[usize], failed: &[usize]) -> Vec<usize> {
        let lowest = failed.iter().min();
        let again = |part: &&usize| match self.source.redelivery() {
            Redelivery::Whole => lowest.is_some(),
            Redelivery::Named => failed.contains(part),
            Redelivery::FromLowest => lowest.is_some_and(|lowest| *part >= lowest),
        };
        delivered.iter().filter(again).copied().collect()
    }

    /// Which of the delivered parts are said to have failed.
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
                // A summary of less than the event would be a lie, even where Loki has everything.
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

    /// The parts that a partial batch response names; nothing when it is none, or names others.
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
