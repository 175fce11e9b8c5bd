//! The data of Loki's push API (`POST /loki/api/v1/push`), without the network: label sets and their text, entries,
//! batches of an exactly known size, and the two body formats.
//!
//! ```
//! use std::borrow::Cow;
//! use std::sync::Arc;
//!
//! use loki_push::{Batches, Buffers, Encoding, Entry, ItemId, LabelSet, Timestamp};
//!
//! let labels = Arc::new(LabelSet::from_iter([("job", "demo")]));
//! let entry = Entry {
//!     labels,
//!     timestamp: Timestamp::from_unix_millis(1_700_000_000_123)?,
//!     line: Cow::Borrowed("hello"),
//!     metadata: Vec::new(),
//! };
//!
//! let mut batches = Batches::new(Encoding::Json, 131_072, &Buffers::new(131_072));
//! assert!(batches.add(&entry, ItemId(0)).is_none(), "the batch is far from full");
//! let batch = batches.take().next().unwrap();
//! assert_eq!(
//!     batch.pack()?.body().bytes,
//!     r#"{"streams":[{"stream":{"job":"demo"},"values":[["1700000000123000000","hello"]]}]}"#
//! );
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod batch;
mod batches;
mod body;
mod buffers;
mod encoding;
mod entry;
mod entry_span;
mod items;
mod json;
mod label_set_map;
mod labels;
mod packed_batch;
mod protobuf;
mod snappy;
mod stream;
mod timestamp;

pub use batch::Batch;
pub use batches::Batches;
pub use body::{Body, BodyError};
pub use buffers::Buffers;
pub use encoding::Encoding;
pub use entry::{Entry, ItemId};
pub use items::count_items;
pub use label_set_map::{LabelSetMap, PrecomputedHash};
pub use labels::{Label, LabelSet, TENANT_LABEL, is_label_name};
pub use packed_batch::PackedBatch;
pub use timestamp::{Timestamp, TimestampOutOfRange};

/// Loki's push messages as prost generates them. The tests compare this crate's own encoder with them, and a receiver
/// decodes pushes with them.
pub mod proto {
    #![allow(
        missing_docs,
        clippy::all,
        reason = "generated; the documentation is in proto/push.proto"
    )]
    include!(concat!(env!("OUT_DIR"), "/logproto.rs"));
}
