//! The classification of objects by their keys.

use super::key::{Found, Key};
use super::{ObjectType, log_types};

/// The classification of an object by its key.
#[derive(Clone, Debug)]
pub enum Classified {
    /// A log.
    Log(ObjectType),
    /// An object without anything to ship.
    Skipped(Skipped),
    /// An object that may be a log, but cannot be read as one.
    Unknown(UnknownType),
}

/// A reason why an object has nothing to ship.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Skipped {
    /// A folder, or an object by which a service tests whether it may write.
    Marker,
    /// A CloudTrail digest: checksums of logs.
    Digest,
}

impl Skipped {
    /// Returns the reason as text.
    pub fn reason(self) -> &'static str {
        match self {
            Self::Marker => "a marker object, no log",
            Self::Digest => "a CloudTrail digest, no log",
        }
    }
}

/// A reason why an object's type is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnknownType {
    /// No type has such a key.
    #[error("no known type of AWS log has such a key")]
    Key,
}

/// Returns whether a service wrote the object to test whether it may write: Config, exports of CloudWatch
/// Logs, Bedrock, and Elastic Load Balancing, which has one such object for each kind of log
/// (`ELBAccessLogTestFile`, ...).
fn is_test(file: &str) -> bool {
    matches!(
        file,
        "ConfigWritabilityCheckFile" | "aws-logs-write-test" | "amazon-bedrock-logs-permission-check"
    ) || (file.starts_with("ELB") && file.ends_with("TestFile"))
}

/// Returns whether the key is that of a folder, or of an object by which a service tests whether it may write.
pub fn is_marker(key: &str) -> bool {
    let file = key.rsplit_once('/').map_or(key, |(_, file)| file);
    file.is_empty() || is_test(file)
}

/// Classifies the object with this key, which must be decoded.
///
/// Access-log mode goes by other markers ([`AccessLog::of`](super::AccessLog::of)), but objects that are
/// skipped here are skipped there too.
pub fn classify(key: &str) -> Classified {
    if is_marker(key) {
        return Classified::Skipped(Skipped::Marker);
    }
    let key = Key::new(key);
    for log_type in log_types() {
        match (log_type.matcher)(&key) {
            Some(Found::Log { src, owner }) => {
                return Classified::Log(ObjectType::aws(log_type, src, owner));
            }
            Some(Found::Variant { src, owner, variant }) => {
                return Classified::Log(ObjectType::aws(log_type, src, owner).with_format(variant));
            }
            Some(Found::Skipped(reason)) => return Classified::Skipped(reason),
            None => {}
        }
    }
    Classified::Unknown(UnknownType::Key)
}
