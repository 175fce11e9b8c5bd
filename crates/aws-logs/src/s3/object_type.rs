//! The properties of an object that are known before it is read.

use loki_push::{LabelSet, Timestamp};

use super::AccessLog;
use super::ObjectReader;
use super::format::Format;

/// The type of an object: its labels, and its format.
#[derive(Clone, Debug)]
pub struct ObjectType {
    labels: LabelSet,
    format: Format,
    access_log: Option<AccessLog>,
}

impl ObjectType {
    /// Returns a type of AWS log, with the labels that upstream gives it: `__aws_log_type="<token>"`,
    /// `__aws_<token>="<src>"` and `__aws_<token>_owner="<owner>"`.
    pub(crate) fn aws(token: &str, src: &str, owner: &str, format: Format) -> Self {
        Self {
            labels: LabelSet::from_iter([
                ("__aws_log_type".to_owned(), token),
                (format!("__aws_{token}"), src),
                (format!("__aws_{token}_owner"), owner),
            ]),
            format,
            access_log: None,
        }
    }

    /// Returns the type of an object of unknown type, whose lines are shipped unchanged, with fallback times.
    pub fn text(bucket: &str) -> Self {
        Self::aws("s3_text", bucket, "", Format::TEXT)
    }

    /// Returns the type of an object in access-log mode: its lines have a status, and the label `source`.
    pub fn access_log(log: AccessLog) -> Self {
        Self {
            labels: LabelSet::from_iter([(AccessLog::SOURCE_LABEL, log.source())]),
            format: match log {
                AccessLog::Alb => Format::LOAD_BALANCER,
                AccessLog::CloudFront => Format::CLOUDFRONT,
                AccessLog::Unknown => Format::TEXT,
            },
            access_log: Some(log),
        }
    }

    /// Returns the labels of all lines. In access-log mode, each line has its `status_code` in addition.
    pub fn labels(&self) -> &LabelSet {
        &self.labels
    }

    /// Returns a reader of one object, which was written at the time `last_modified`.
    pub fn reader(&self, last_modified: Timestamp) -> ObjectReader {
        ObjectReader::new(self.format.clone(), self.access_log, last_modified)
    }
}
