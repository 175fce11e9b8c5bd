//! Access-log mode: which log an object is, when a part of its bucket or key tells.

use super::format::Layout;

/// The status of a line that has none.
const UNKNOWN: &str = "Unknown";

/// The logs that access-log mode tells apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccessLog {
    /// A load balancer's.
    Alb,
    /// CloudFront's.
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

    /// Returns the value of [`STATUS_LABEL`](Self::STATUS_LABEL) for a line that was read with the layout: three
    /// digits or a hyphen, or else `Unknown`, so that no line can make more streams than there are statuses.
    pub(crate) fn status<'a>(self, layout: &Layout, line: &'a [u8]) -> &'a str {
        if self == Self::Unknown {
            return UNKNOWN;
        }
        layout
            .status(line)
            .filter(|value| match value {
                [b'-'] => true,
                value => value.len() == 3 && value.iter().all(u8::is_ascii_digit),
            })
            .and_then(|value| std::str::from_utf8(value).ok())
            .unwrap_or(UNKNOWN)
    }
}
