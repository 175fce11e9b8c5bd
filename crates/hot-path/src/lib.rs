//! The function's work per line, in memory and without the network: from gzip bytes to push bodies. `cargo bench -p
//! hot-path` times its parts, and `.ci/instructions` counts its instructions.
//!
//! The loops are copies of those in `intake/object.rs` and `intake/cloudwatch.rs` of `lambda-promtail`, which wait for
//! bytes and pushes and need the AWS SDK. They call the same functions, except for the choice of a decoder and the
//! labels of access-log mode. Generic code is compiled where it is used, so this crate must have the same opt-level as
//! `lambda-promtail`.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a benchmark fails by panicking with a message"
)]

mod floor;
mod inflate;
mod input;
mod path;

pub use floor::Floor;
pub use inflate::{BLOCK, Inflate};
pub use input::{Input, Source};
pub use path::{BATCH, HotPath, LAST_MODIFIED, source_type};
