//! A parser of Lambda event JSON that returns a flat list of items, each with its identity. It does no I/O.
//!
//! The kind of an event is recognised by the fields that only this kind has. Optional fields are not required and unknown
//! ones are ignored, because AWS adds fields to its events at any time. Messages (SNS, SQS) and records of failed
//! invocations contain events themselves, and are unwrapped: the items are the objects, records and lines to read.
//!
//! ```
//! use aws_events::{Content, Source};
//!
//! let event = aws_events::parse(
//!     br#"{"Records": [{"eventSource": "aws:sqs", "messageId": "m-1",
//!         "body": "{\"Records\": [{\"eventSource\": \"aws:s3\", \"s3\": {\"bucket\": {\"name\": \"logs\"}, \"object\": {\"key\": \"day%3D1/a+b.gz\"}}}]}"
//!     }]}"#,
//! )?;
//! assert_eq!(event.source, Source::Sqs);
//!
//! let item = &event.items[0];
//! assert_eq!(item.name, "s3://logs/day=1/a b.gz");
//! assert_eq!(item.batch_item.as_deref(), Some("m-1"));
//! assert!(matches!(&item.content, Ok(Content::S3Object(object)) if object.bucket == "logs"));
//! # Ok::<(), aws_events::EventError>(())
//! ```

mod array;
mod aws_shape;
mod content;
mod continuation;
mod delivered;
mod destination;
mod error;
mod event_bridge;
mod kafka;
mod kinesis;
mod kinesis_batch;
mod message;
mod object;
mod read;
mod records;
mod s3;
mod s3_batch;
mod source;
mod text;

pub use content::{
    Channel, Content, EventBridgeEvent, KafkaRecord, KinesisRecord, MessageTime, S3Object, TextMessage,
};
pub use continuation::Continuation;
pub use error::{EventError, FieldError, ItemError};
pub use kinesis_batch::KinesisBatch;
pub use read::{Event, Item, MAX_ITEMS, MAX_NESTING, parse};
pub use s3_batch::S3BatchInvocation;
pub use source::Source;
