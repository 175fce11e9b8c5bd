//! The function as a library: the settings, read from the environment into checked types, and the handling of events.
//!
//! The binary `lambda-promtail` runs it inside Lambda's runtime; `lambda-promtail-cli` runs it on a laptop.

mod batch_item_failures;
mod clock;
mod continuations;
mod delivery_sink;
mod environment;
mod function;
mod intake;
pub mod logging;
mod metrics;
mod s3_batch_reply;
mod secrets;
pub mod settings;
mod start;
mod summary;

pub use batch_item_failures::BatchItemFailures;
pub use delivery_sink::DeliverySink;
pub use environment::{Environment, ProcessEnvironment};
pub use function::{Function, InvocationError, InvocationSettings, Reply};
pub use ingest::{
    Bounds, Dropped, EntrySink, EventProgress, IntakeSettings, ItemProgress, LocalFile, ObjectPlan,
    ReadError, S3TypeSettings, SkipReason, UnknownS3Type,
};
pub use intake::{Intake, intake_from_environment};
pub use metrics::{MetricsSettings, metrics_markdown};
pub use s3_batch_reply::S3BatchReply;
pub use settings::{DryRunSettings, Settings};
pub use start::StartError;
pub use summary::Summary;

/// The value of the `User-Agent` header.
pub const USER_AGENT: &str = concat!("lambda-promtail/", env!("CARGO_PKG_VERSION"));
