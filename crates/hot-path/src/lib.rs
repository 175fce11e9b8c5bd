//! What the function does with each line, in memory: gzip bytes in, push bodies out, and nothing of the network
//! around it. `cargo bench -p hot-path` times its parts, `.ci/instructions` counts its instructions.
//!
//! The loops are those of `intake/object.rs` and `intake/cloudwatch.rs` in `lambda-promtail`, which wait for bytes
//! and pushes and need the AWS SDK. What they call is called here too, but for the choice of a decoder and the
//! labels of access-log mode. Generic code is compiled where it is used, so this crate has to have the opt-level of
//! `lambda-promtail`.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a benchmark fails by panicking, with words that say what was expected"
)]

mod floor;
mod inflate;
mod input;
mod path;

pub use floor::Floor;
pub use inflate::{BLOCK, Inflate};
pub use input::{Input, Source};
pub use path::{BATCH, HotPath, LAST_MODIFIED, source_type};
