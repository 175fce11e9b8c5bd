//! Small payloads that inflate to more than the function accepts.

use std::sync::LazyLock;

use serde_json::json;
use testkit::compress::gzip;
use testkit::events::base64;

use super::envelope_sources::{of_a_pipe, task};
use super::lines::{sequence_number, topic};
use super::sources::{Part, Source, Stored};
use crate::support::kafka;
use crate::support::kinesis::record;
use crate::support::{BUCKET, OWNER, s3_event};

/// The inflated size in bytes: more than the 64 MiB that a payload of CloudWatch or Kinesis may inflate to, and more
/// than a line of an S3 object may have with 128 MB of memory.
const INFLATED: usize = 72 << 20;
const KEY: &str = "app/bomb.log";
/// The time when the object was written, in seconds.
const WRITTEN: i64 = 1_772_600_767;

/// The delivery of a subscription filter with one message.
static DELIVERY: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let payload = json!({
        "messageType": "DATA_MESSAGE", "owner": OWNER, "logGroup": "g", "logStream": "s",
        "subscriptionFilters": ["f"],
        "logEvents": [{"id": "1", "timestamp": WRITTEN * 1_000, "message": "x".repeat(INFLATED)}],
    });
    gzip(payload.to_string().as_bytes())
});

/// Compressed text of one line.
static TEXT: LazyLock<Vec<u8>> = LazyLock::new(|| gzip("x".repeat(INFLATED).as_bytes()));

/// Returns the part of an event that is a bomb.
pub fn part(source: Source, number: usize) -> Part {
    let part = match source {
        Source::Subscription => Part::new(
            json!({"awslogs": {"data": base64(&DELIVERY)}}),
            Vec::new(),
            Vec::new(),
        ),
        Source::Kinesis | Source::KinesisPartial => {
            // Text has the same bound as deliveries.
            let data = if number.is_multiple_of(2) { &DELIVERY } else { &TEXT };
            let id = sequence_number(number);
            Part {
                id: id.clone(),
                ..Part::new(record(&id, data), Vec::new(), Vec::new())
            }
        }
        Source::Kafka => {
            let value = if number.is_multiple_of(2) { &DELIVERY } else { &TEXT };
            Part::new(kafka::record("t", 0, number as u64, value), Vec::new(), Vec::new())
        }
        Source::KinesisPipePartial => {
            return of_a_pipe(part(Source::KinesisPartial, number));
        }
        Source::S3BatchPartial => task(object(), number),
        Source::S3 => notification(),
        Source::Sns => notification().map(|message| {
            json!({"Records": [{"EventSource": "aws:sns", "EventVersion": "1.0", "Sns": topic(&message)}]})
        }),
        Source::Sqs | Source::SqsPartial | Source::SqsContinued => notification().queued(number),
        Source::SnsInSqsPartial => notification().map(|message| topic(&message)).queued(number),
        Source::ObjectCreated => object().map(|_| {
            json!({
                "version": "0", "id": "17793124", "detail-type": "Object Created", "source": "aws.s3",
                "account": OWNER, "time": "2026-03-04T05:10:00Z", "region": "eu-west-1", "resources": [],
                "detail": {"version": "0", "bucket": {"name": BUCKET}, "object": {"key": KEY, "size": 5}},
            })
        }),
        Source::EventBridge | Source::SqsTextPartial => unreachable!("they are not compressed"),
    };
    Part {
        is_bomb: true,
        ..part
    }
}

fn notification() -> Part {
    object().map(|_| serde_json::from_str(&s3_event(&[KEY])).unwrap())
}

fn object() -> Part {
    let object = Stored {
        key: KEY.to_owned(),
        bytes: TEXT.clone(),
        written: WRITTEN,
    };
    Part::new(json!(null), Vec::new(), vec![object])
}
