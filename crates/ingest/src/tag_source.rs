//! The source of labels from the tags of log groups.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

/// Labels, each a name and a value.
pub type TagLabels = Arc<[(String, String)]>;

/// The future returned by [`TagSource::labels`].
pub type TagLabelsFuture<'a> = Pin<Box<dyn Future<Output = Option<TagLabels>> + Send + 'a>>;

/// A source of labels from the tags of log groups.
pub trait TagSource: fmt::Debug + Send + Sync {
    /// Returns the labels of the log group with this ARN, or `None` if its tags could not be read in time. It must not
    /// delay the delivery for long, and cannot fail it.
    fn labels(&self, log_group_arn: String) -> TagLabelsFuture<'_>;
}
