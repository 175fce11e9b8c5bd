//! A test kit for the function. It provides the services around it, so that the real binary runs in a test or
//! benchmark as it does in AWS Lambda.
//!
//! - [`lambda`] starts the binary as Lambda does and gives it events.
//! - [`receiver`] accepts its pushes as Loki does, with responses that the test chooses.
//! - [`tls`] makes certificates for `https`, [`proxy`] is an HTTP proxy, and [`link`] is a slow or failing network.
//! - [`s3`] serves objects over HTTP, with failures that the test chooses.
//! - [`s3_samples`] has an object of each type of log that AWS writes to S3.
//! - [`sqs`] is a queue of SQS in memory.
//! - [`loki`] runs a real Loki and queries what it has stored.
//! - [`moto`] runs moto, which simulates AWS services.
//! - [`json_server`] gives prepared responses, in place of an AWS service that speaks JSON.
//! - [`marked_secrets`] are settings with a secret that a test can find in any output.
//! - [`compress`] compresses objects and records in each format that the function reads.
//! - [`events`] builds Lambda events, and [`corpora`] builds objects as AWS writes them to S3.
//!
//! ```no_run
//! # async fn example() {
//! use testkit::{events, lambda::Lambda, receiver::Receiver};
//!
//! let receiver = Receiver::start().await;
//! let mut lambda = Lambda::builder("target/release/lambda-promtail")
//!     .env("WRITE_ADDRESS", receiver.url())
//!     .start()
//!     .await;
//! let event = events::cloudwatch_event("group", "stream", "123456789012", &[(1_700_000_000_123, "hello")]);
//! let invocation = lambda.invoke(event).await;
//! invocation.response();
//! assert_eq!(receiver.accepted()[0].line, "hello");
//! # }
//! ```

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "testkit fails a test by panicking, with words that say what was expected"
)]

pub mod compress;
pub mod corpora;
pub mod events;
pub mod json_server;
pub mod lambda;
pub mod link;
pub mod loki;
pub mod loopback;
pub mod marked_secrets;
pub mod moto;
pub mod parquet;
pub mod proxy;
pub mod receiver;
pub mod s3;
pub mod s3_samples;
pub mod sqs;
pub mod tls;
