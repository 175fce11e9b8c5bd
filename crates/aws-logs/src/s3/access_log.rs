//! Access-log mode: which log an object is, when a part of its bucket or key tells.

use crate::near::nth_field;

/// The field that holds the status: `elb_status_code` of a load balancer's line, `sc-status` of
/// CloudFront's.
const STATUS_FIELD: usize = 9;
const UNKNOWN: &str = "Unknown";

/// The logs that access-log mode tells apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccessLog {
    /// An application load balancer's.
    Alb,
    /// CloudFront's, standard format.
    CloudFront,
    /// Neither: lines of any text.
    Unknown,
}

impl AccessLog {
    /// The label that says which log a line is from.
    pub const SOURCE_LABEL: &'static str = "source";
    /// The label that holds a line's status.
    pub const STATUS_LABEL: &'static str = "status_code";

    /// Which log the object is, by the parts that mark load balancers' and CloudFront's. A marker that
    /// is not set, or empty, marks nothing; an object with both is a load balancer's.
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

    /// The value of [`SOURCE_LABEL`](Self::SOURCE_LABEL).
    pub fn source(self) -> &'static str {
        match self {
            Self::Alb => "alb",
            Self::CloudFront => "cloudfront",
            Self::Unknown => UNKNOWN,
        }
    }

    /// The value of [`STATUS_LABEL`](Self::STATUS_LABEL) for the line.
    pub(crate) fn status(self, line: &[u8]) -> &str {
        let delimiter = match self {
            Self::Alb => b' ',
            Self::CloudFront => b'\t',
            Self::Unknown => return UNKNOWN,
        };
        nth_field(line, delimiter, STATUS_FIELD - 1)
            .filter(|field| !field.is_empty())
            .and_then(|field| std::str::from_utf8(field).ok())
            .unwrap_or(UNKNOWN)
    }
}
