//! The classification of objects by their keys.

use Meaning::{Digest, Log};

use super::ObjectType;
use super::format::Format;
use super::key::{
    Key, Matcher, cloudfront, cloudtrail, config, flow_log, guardduty, kafka, load_balancer, s3_access, waf,
};

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
    /// No row of the table matches the key.
    #[error("no known type of AWS log has such a key")]
    Key,
    /// The log is a table in the Parquet format.
    #[error("the object is Parquet, which is not read: let AWS deliver the log as text or JSON")]
    Parquet,
}

/// The result of a matching row of the table.
enum Meaning {
    /// A log: the token in the names of upstream's labels, and the format.
    Log(&'static str, Format),
    Digest,
}

/// The matchers from specific to general; the first that matches decides. (Upstream tries its patterns in
/// random order.)
const TABLE: [(Matcher, Meaning); 11] = [
    (cloudtrail::digest, Digest),
    (cloudtrail::events, Log("s3_cloudtrail", Format::CLOUDTRAIL)),
    (load_balancer::log, Log("s3_lb", Format::LOAD_BALANCER)),
    (flow_log::records, Log("s3_vpc_flow", Format::FLOW_LOG)),
    (waf::log, Log("s3_waf", Format::WAF)),
    (guardduty::findings, Log("s3_guardduty", Format::GUARDDUTY)),
    (kafka::broker_log, Log("s3_msk", Format::KAFKA_BROKER)),
    (config::items, Log("s3_config", Format::CONFIG)),
    (s3_access::partitioned, Log("s3_access", Format::S3_ACCESS)),
    (s3_access::simple, Log("s3_access", Format::S3_ACCESS)),
    (cloudfront::standard, Log("s3_cloudfront", Format::CLOUDFRONT)),
];

/// Returns whether a service wrote the object to test whether it may write: Config, exports of CloudWatch
/// Logs, and Elastic Load Balancing, which has one such object for each kind of log (`ELBAccessLogTestFile`,
/// ...).
fn is_test(file: &str) -> bool {
    matches!(file, "ConfigWritabilityCheckFile" | "aws-logs-write-test")
        || (file.starts_with("ELB") && file.ends_with("TestFile"))
}

/// Classifies the object with this key, which must be decoded.
///
/// Access-log mode goes by other markers ([`AccessLog::of`](super::AccessLog::of)), but objects that are
/// skipped here are skipped there too.
pub fn classify(key: &str) -> Classified {
    let key = Key::new(key);
    if key.file().is_empty() || is_test(key.file()) {
        return Classified::Skipped(Skipped::Marker);
    }
    if key.file().ends_with(".parquet") {
        return Classified::Unknown(UnknownType::Parquet);
    }
    for (matcher, meaning) in &TABLE {
        let Some(source) = matcher(&key) else { continue };
        return match meaning {
            Log(token, format) => {
                Classified::Log(ObjectType::aws(token, source.src, source.owner, format.clone()))
            }
            Digest => Classified::Skipped(Skipped::Digest),
        };
    }
    Classified::Unknown(UnknownType::Key)
}
