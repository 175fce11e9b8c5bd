//! The requests to the server.

use http::{HeaderMap, Method, StatusCode};
use percent_encoding::percent_decode_str;

use super::ListRequest;

/// A request that was received.
#[derive(Clone, Debug)]
pub struct Request {
    /// The method, such as `GET` or `HEAD`.
    pub method: Method,
    /// The bucket, which is the first segment of the path, decoded.
    pub bucket: String,
    /// The key, which is the rest of the path, decoded.
    pub key: String,
    /// The version that is asked for, decoded.
    pub version_id: Option<String>,
    /// The page of the listing that is asked for, if it is not an object.
    pub list: Option<ListRequest>,
    /// The value of `Range`.
    pub range: Option<String>,
    /// The value of `If-Match`.
    pub if_match: Option<String>,
    /// All headers.
    pub headers: HeaderMap,
    /// The status of the response, or `None` if the connection was reset at once.
    pub status: Option<StatusCode>,
}

impl Request {
    pub(super) fn new<B>(request: &http::Request<B>) -> Self {
        let path = request.uri().path().trim_start_matches('/');
        let (bucket, key) = path.split_once('/').unwrap_or((path, ""));
        let header = |name| {
            let value: Option<&http::HeaderValue> = request.headers().get(name);
            value.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
        };
        Self {
            method: request.method().clone(),
            bucket: percent_decoded(bucket),
            key: percent_decoded(key),
            version_id: version_id(request.uri().query().unwrap_or_default()),
            list: ListRequest::of(request.uri().query().unwrap_or_default()),
            range: header(http::header::RANGE),
            if_match: header(http::header::IF_MATCH),
            headers: request.headers().clone(),
            status: None,
        }
    }

    /// Returns the part of an object of `len` bytes that `Range` asks for, as the first byte and the byte after the
    /// last. Only `bytes=FIRST-` and `bytes=FIRST-LAST` are supported. Returns `None` for a range that cannot be
    /// satisfied.
    pub(super) fn part_of(&self, len: u64) -> Option<(u64, u64)> {
        let Some(range) = &self.range else {
            return Some((0, len));
        };
        let (first, last) = range.strip_prefix("bytes=")?.split_once('-')?;
        let first: u64 = first.parse().ok()?;
        let end = match last {
            "" => len,
            last => len.min(last.parse::<u64>().ok()? + 1),
        };
        (first < end).then_some((first, end))
    }
}

fn version_id(query: &str) -> Option<String> {
    let mut parameters = query.split('&');
    let id = parameters.find_map(|parameter| parameter.strip_prefix("versionId="))?;
    Some(percent_decoded(id))
}

fn percent_decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}
