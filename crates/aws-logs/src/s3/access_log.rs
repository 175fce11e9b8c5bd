//! Access-log mode, in which a part of an object's bucket or key determines its kind of log.

use super::format::RecordTimes;

/// The status of a line that has none.
const UNKNOWN: &str = "Unknown";

/// A kind of log that access-log mode distinguishes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccessLog {
    /// A log of a load balancer.
    Alb,
    /// A log of CloudFront.
    CloudFront,
    /// Neither of these: lines of any text.
    Unknown,
}

impl AccessLog {
    /// The label that names the kind of log.
    pub const SOURCE_LABEL: &'static str = "source";
    /// The label that contains a line's status.
    pub const STATUS_LABEL: &'static str = "status_code";

    /// Returns the kind of log of an object, by the markers of load balancer and CloudFront logs. A marker
    /// that is not set or empty matches nothing; an object that matches both is a load balancer log.
    pub fn of(bucket: &str, key: &str, alb: Option<&str>, cloudfront: Option<&str>) -> Self {
        let marked = |marker: Option<&str>| {
            marker.is_some_and(|part| !part.is_empty() && (bucket.contains(part) || key.contains(part)))
        };
        if marked(alb) {
            Self::Alb
        } else if marked(cloudfront) {
            Self::CloudFront
        } else {
            Self::Unknown
        }
    }

    /// Returns the value of [`SOURCE_LABEL`](Self::SOURCE_LABEL).
    pub fn source(self) -> &'static str {
        match self {
            Self::Alb => "alb",
            Self::CloudFront => "cloudfront",
            Self::Unknown => UNKNOWN,
        }
    }

    /// Returns the value of [`STATUS_LABEL`](Self::STATUS_LABEL) for a line whose time was read:
    /// three digits or a hyphen, and `Unknown` for anything else, so that lines cannot create more streams
    /// than there are statuses.
    pub(crate) fn status<'a>(self, times: &RecordTimes, line: &'a [u8]) -> &'a str {
        if self == Self::Unknown {
            return UNKNOWN;
        }
        times
            .status(line)
            .filter(|value| match value {
                [b'-'] => true,
                value => value.len() == 3 && value.iter().all(u8::is_ascii_digit),
            })
            .and_then(|value| std::str::from_utf8(value).ok())
            .unwrap_or(UNKNOWN)
    }
}
