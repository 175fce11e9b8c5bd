//! The prefix whose objects are shipped.

use std::fmt;

/// A bucket and a prefix of keys, which is empty or ends in a slash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Prefix {
    pub(crate) bucket: String,
    pub(crate) prefix: String,
}

impl Prefix {
    /// Parses `s3://bucket`, `s3://bucket/` or `s3://bucket/prefix/`. Returns `None` for anything else, such as an object.
    pub(crate) fn parse(uri: &str) -> Option<Self> {
        let name = uri.strip_prefix("s3://")?;
        let (bucket, prefix) = name.split_once('/').unwrap_or((name, ""));
        let is_prefix = prefix.is_empty() || prefix.ends_with('/');
        (is_prefix && !bucket.is_empty()).then(|| Self {
            bucket: bucket.to_owned(),
            prefix: prefix.to_owned(),
        })
    }
}

impl fmt::Display for Prefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "s3://{}/{}", self.bucket, self.prefix)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_is_empty_or_ends_in_a_slash() {
        for (uri, expected) in [
            ("s3://logs", Some("s3://logs/")),
            ("s3://logs/", Some("s3://logs/")),
            ("s3://logs/a/b/", Some("s3://logs/a/b/")),
            ("s3://logs/a/b", None),
            ("s3:///a/", None),
            ("s3://", None),
            ("logs/", None),
        ] {
            let parsed = Prefix::parse(uri).map(|prefix| prefix.to_string());
            assert_eq!(parsed.as_deref(), expected, "{uri}");
        }
    }
}
