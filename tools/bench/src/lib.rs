//! The function's work per line, in memory and without the network: from gzip bytes to push bodies. `cargo bench -p
//! bench` times its parts, and `.ci/instructions` counts its instructions.
//!
//! [`HotPath`] drives the loop that ships, `ingest::Intake::read`, over objects and deliveries in memory. Its sink does
//! what the delivery to Loki does before a push: it collects batches and packs them. Generic code is compiled where it
//! is used, so this crate must have the same opt-level as `lambda-promtail`.
//!
//! [`Floor`] is the least that the same bytes can cost.
//!
//! Another program of this package, `benchmark`, measures the release binary beside that floor.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a benchmark fails by panicking with a message"
)]

mod floor;
mod hot_path;
mod inflate;
mod input;
mod memory_store;
mod packing_sink;

pub use floor::Floor;
pub use hot_path::{BATCH, HotPath, LAST_MODIFIED};
pub use inflate::{BLOCK, Inflate};
pub use input::{Input, Source};
