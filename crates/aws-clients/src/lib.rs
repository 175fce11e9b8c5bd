//! S3 objects, from the request to decompressed blocks, and secrets by their ARN. This is the only crate that uses
//! the AWS SDK.
//!
//! - [`AwsAccess`] is the configuration that all clients share, loaded when it is first needed.
//! - [`S3Objects`] requests an object, in any region, and lists buckets ([`Listing`]). It is the `ObjectStore` of the
//!   crate `ingest`.
//! - [`Download`] reads the object's bytes, and continues a broken download.
//! - [`Decompressed`] makes decompressed blocks of them.
//! - [`LogGroupTags`] reads the tags of log groups.
//! - [`Queue`] sends messages to an SQS queue, and receives them.
//! - [`Stream`] reads records of a Kinesis data stream.
//! - [`Secrets`] reads the secret or parameter that a [`SecretArn`] names, from Secrets Manager or SSM.
//!
//! ```no_run
//! # async fn example() -> Result<(), aws_clients::DownloadError> {
//! use std::sync::Arc;
//! use aws_clients::{AwsAccess, Decompressed, S3ClientSettings, S3Objects};
//!
//! let objects = S3Objects::new(Arc::new(AwsAccess::from_environment()), S3ClientSettings::default());
//! let object = objects.get("bucket", "AWSLogs/key.gz", Some("eu-west-1")).await?;
//! let mut blocks = Decompressed::new(object.body);
//! while let Some(block) = blocks.next_block().await? {
//!     // At most 64 KiB of text.
//! #   let _ = block;
//! }
//! # Ok(())
//! # }
//! ```
//!
//! ```no_run
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use std::sync::Arc;
//! use aws_clients::{AwsAccess, SecretArn, Secrets};
//!
//! let arn = SecretArn::parse("arn:aws:ssm:eu-west-1:123456789012:parameter/loki/password")?;
//! let password = Secrets::new(Arc::new(AwsAccess::from_environment())).get(&arn).await?;
//! # let _ = password;
//! # Ok(())
//! # }
//! ```

mod access;
mod causes;
mod download;
mod endpoint;
mod get_object;
mod http_client;
mod json_call;
mod listing;
mod log_group_tags;
mod object_store;
mod queue;
mod queue_messages;
mod queue_url;
mod recent;
mod resumed;
mod s3_client;
mod s3_objects;
mod secret_arn;
mod secret_error;
mod secret_value;
mod secrets;
mod settings;
mod stream;
mod tries;

pub use access::{AwsAccess, FixedEndpoint};
pub use download::Download;
// The types that objects are read with.
pub use ingest::{BLOCK_SIZE, ByteSource, Compression, Decompressed, DownloadError};
pub use listing::{ListError, ListedObject, Listing};
pub use log_group_tags::{LogGroupTags, TagKeyError, TagKeys};
pub use queue::{Queue, QueueError};
pub use queue_messages::{MAX_MESSAGES, NotHidden, QueueMessage, QueueState};
pub use queue_url::{QueueUrl, QueueUrlError};
pub use s3_objects::{Object, S3Objects};
pub use secret_arn::{SecretArn, SecretArnError};
pub use secret_error::SecretError;
pub use secrets::Secrets;
pub use settings::S3ClientSettings;
pub use stream::{ShardPage, ShardPosition, Stream, StreamError, StreamRecord};
