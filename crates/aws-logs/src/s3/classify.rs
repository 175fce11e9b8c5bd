//! An object's key tells its type.

use Meaning::{Digest, Log};

use super::ObjectType;
use super::format::Format;
use super::key::{
    Key, Matcher, cloudfront, cloudtrail, config, flow_log, guardduty, kafka, load_balancer, s3_access, waf,
};

/// What a key says about its object.
#[derive(Clone, Debug)]
pub enum Classified {
    /// A log.
    Log(ObjectType),
    /// Nothing to ship.
    Skipped(Skipped),
    /// It may be a log, but cannot be read as one.
    Unknown(UnknownType),
}

/// Why an object has nothing to ship.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Skipped {
    /// A folder, or what a service writes to see whether it may write.
    Marker,
    /// A CloudTrail digest: checksums of logs.
    Digest,
}

impl Skipped {
    /// The reason in words.
    pub fn reason(self) -> &'static str {
        match self {
            Self::Marker => "a marker object, no log",
            Self::Digest => "a CloudTrail digest, no log",
        }
    }
}

/// Why an object's type is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnknownType {
    /// No row of the table has such keys.
    #[error("no known type of AWS log has such a key")]
    Key,
    /// The log is a table in a format of its own.
    #[error("the object is Parquet, which is not read: let AWS deliver the log as text or JSON")]
    Parquet,
}

/// What a key of the table leads to.
enum Meaning {
    /// A log: the token that upstream names its labels with, and how it is read.
    Log(&'static str, Format),
    Digest,
}

/// From specific to general; the first that matches decides. (Upstream tries its patterns in random
/// order.)
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

/// Whether a service wrote the object to see whether it may: Config, CloudWatch Logs' exports, and Elastic
/// Load Balancing, which has one for each kind of log (`ELBAccessLogTestFile`, ...).
fn is_test(file: &str) -> bool {
    matches!(file, "ConfigWritabilityCheckFile" | "aws-logs-write-test")
        || (file.starts_with("ELB") && file.ends_with("TestFile"))
}

/// Tells what the object of that key is. The key is as S3 knows it, not encoded.
///
/// Access-log mode goes by other signs ([`AccessLog::of`](super::AccessLog::of)), but what is skipped here
/// is nothing to ship there either.
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
