//! The URL of an SQS queue.

use std::fmt;
use std::str::FromStr;

use http::Uri;
use http::uri::Scheme;

/// The URL of an SQS queue, such as `https://sqs.eu-west-1.amazonaws.com/123456789012/objects`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueueUrl {
    url: String,
    /// The scheme and the host, to which requests are sent.
    origin: String,
    /// The region in the host's name, if it has one.
    region: Option<String>,
}

/// An error about text that is not the URL of a queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "is not the URL of an SQS queue; an example: https://sqs.eu-west-1.amazonaws.com/123456789012/objects"
)]
pub struct QueueUrlError;

impl QueueUrl {
    /// Returns the scheme and the host.
    pub(crate) fn origin(&self) -> &str {
        &self.origin
    }

    /// Returns whether it is a FIFO queue, whose name ends in `.fifo`.
    pub fn is_fifo(&self) -> bool {
        self.url.trim_end_matches('/').ends_with(".fifo")
    }

    /// Returns the region that the host names, as the hosts of AWS do.
    pub fn region(&self) -> Option<&str> {
        self.region.as_deref()
    }
}

impl FromStr for QueueUrl {
    type Err = QueueUrlError;

    fn from_str(text: &str) -> Result<Self, QueueUrlError> {
        let uri: Uri = text.parse().map_err(|_| QueueUrlError)?;
        let scheme = uri
            .scheme()
            .filter(|scheme| [Scheme::HTTP, Scheme::HTTPS].contains(scheme));
        let (Some(scheme), Some(authority)) = (scheme, uri.authority()) else {
            return Err(QueueUrlError);
        };
        let has_queue = uri.path().split('/').filter(|part| !part.is_empty()).count() >= 2;
        if !has_queue || uri.query().is_some() || authority.as_str().contains('@') {
            return Err(QueueUrlError);
        }
        Ok(Self {
            url: text.to_owned(),
            origin: format!("{scheme}://{authority}"),
            region: region(authority.host()),
        })
    }
}

impl fmt::Display for QueueUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.url)
    }
}

/// Returns the region in a host of SQS: the label after the service, or before it in the older form (AWS's page "Amazon
/// Simple Queue Service endpoints and quotas").
fn region(host: &str) -> Option<String> {
    let labels: Vec<&str> = host.split('.').collect();
    let pairs = || labels.windows(2);
    let after = pairs().find(|pair| ["sqs", "sqs-fips"].contains(&pair[0]) && is_region(pair[1]));
    let before = pairs().find(|pair| pair[1] == "queue" && is_region(pair[0]));
    let found = after.map(|pair| pair[1]).or(before.map(|pair| pair[0]));
    found.map(str::to_owned)
}

/// Returns whether the text looks like the name of a region, such as `eu-west-1` or `us-iso-east-1`.
fn is_region(text: &str) -> bool {
    let mut parts = text.split('-');
    let number = parts.next_back().unwrap_or_default();
    let words: Vec<&str> = parts.collect();
    words.len() >= 2
        && words
            .iter()
            .all(|word| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase()))
        && !number.is_empty()
        && number.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_url_of_a_queue_has_a_host_and_two_names() {
        for (url, origin) in [
            (
                "https://sqs.eu-west-1.amazonaws.com/123456789012/objects",
                Some("https://sqs.eu-west-1.amazonaws.com"),
            ),
            (
                "http://127.0.0.1:9324/000000000000/q",
                Some("http://127.0.0.1:9324"),
            ),
            ("arn:aws:sqs:eu-west-1:123456789012:objects", None),
            ("https://sqs.eu-west-1.amazonaws.com/", None),
            ("https://sqs.eu-west-1.amazonaws.com/objects", None),
            ("https://me:hunter2@host/1/q", None),
            ("https://host/1/q?x=1", None),
            ("objects", None),
            ("", None),
        ] {
            let parsed = url.parse::<QueueUrl>().ok();
            assert_eq!(parsed.map(|parsed| parsed.origin).as_deref(), origin, "{url}");
        }
    }

    #[test]
    fn the_host_names_the_region() {
        for (host, region) in [
            ("sqs.eu-west-1.amazonaws.com", Some("eu-west-1")),
            ("sqs-fips.us-gov-east-1.amazonaws.com", Some("us-gov-east-1")),
            ("sqs.cn-north-1.amazonaws.com.cn", Some("cn-north-1")),
            ("sqs.ap-southeast-2.api.aws", Some("ap-southeast-2")),
            (
                "vpce-0a1b-2c3d.sqs.eu-west-1.vpce.amazonaws.com",
                Some("eu-west-1"),
            ),
            ("eu-west-1.queue.amazonaws.com", Some("eu-west-1")),
            ("sqs.us-east-1.localhost.localstack.cloud:4566", Some("us-east-1")),
            ("queue.amazonaws.com", None),
            ("sqs.example.com", None),
            ("sqs.eu--1", None),
            ("sqs.eu-west-", None),
            ("127.0.0.1:9324", None),
        ] {
            let url: QueueUrl = format!("https://{host}/123456789012/q").parse().unwrap();
            assert_eq!(url.region(), region, "{host}");
        }
    }
}
