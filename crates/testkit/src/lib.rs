//! For tests and benchmarks: what stands around the function, so that the real binary runs in a test
//! as it runs at AWS.
//!
//! - [`lambda`] starts the binary as Lambda starts it and hands it events,
//! - [`receiver`] takes its pushes like a Loki and answers as the test says,
//! - [`tls`] makes it speak `https`, [`proxy`] stands in between, and so does [`link`], which is slow or loses connections,
//! - [`s3`] gives objects over HTTP, and fails as the test says,
//! - [`loki`] runs a real Loki and asks it what it stored,
//! - [`moto`] runs moto, which plays AWS's own services,
//! - [`events`] builds what Lambda would be given, and [`corpora`] what AWS would have written to S3.
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

pub mod events;
pub mod lambda;
pub mod link;
pub mod loki;
pub mod loopback;
pub mod moto;
pub mod proxy;
pub mod receiver;
pub mod s3;
pub mod tls;

pub use corpora;
