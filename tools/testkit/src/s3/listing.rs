//! The listing of a bucket's objects (ListObjectsV2).

use std::collections::HashMap;
use std::fmt::Write;

use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use super::Object;

/// The most objects of a page, as in S3.
const PAGE: usize = 1000;

/// A request for a page of a listing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListRequest {
    /// The prefix of the keys.
    pub prefix: String,
    /// The last key of the page before this one.
    pub after: Option<String>,
}

impl ListRequest {
    /// Returns the request that a query asks for, if it is one for a listing. Only `prefix` and `continuation-token` are
    /// supported; keys are URL-encoded whether that is asked for or not.
    pub(super) fn of(query: &str) -> Option<Self> {
        let parameter = |name: &str| {
            let mut parameters = query.split('&').filter_map(|parameter| parameter.split_once('='));
            let (_, value) = parameters.find(|(known, _)| *known == name)?;
            Some(percent_decode_str(value).decode_utf8_lossy().into_owned())
        };
        (parameter("list-type").as_deref() == Some("2")).then(|| Self {
            prefix: parameter("prefix").unwrap_or_default(),
            after: parameter("continuation-token"),
        })
    }

    /// Returns the page as S3's XML.
    pub(super) fn page(&self, bucket: &str, objects: &HashMap<(String, String), Object>) -> String {
        let mut listed: Vec<(&str, &Object)> = objects
            .iter()
            .filter(|((of, key), _)| of == bucket && key.starts_with(&self.prefix))
            .map(|((_, key), object)| (key.as_str(), object))
            .filter(|(key, _)| self.after.as_deref().is_none_or(|after| *key > after))
            .collect();
        listed.sort_unstable_by_key(|(key, _)| *key);
        let is_truncated = listed.len() > PAGE;
        listed.truncate(PAGE);
        let mut xml = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
             <ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Name>{bucket}</Name>\
             <Prefix>{}</Prefix><EncodingType>url</EncodingType><KeyCount>{}</KeyCount><MaxKeys>{PAGE}</MaxKeys>\
             <IsTruncated>{is_truncated}</IsTruncated>",
            encoded(&self.prefix),
            listed.len(),
        );
        if let Some((last, _)) = listed.last().filter(|_| is_truncated) {
            let _ = write!(
                xml,
                "<NextContinuationToken>{}</NextContinuationToken>",
                escaped(last)
            );
        }
        for (key, object) in listed {
            let written = jiff::Timestamp::from_second(object.last_modified).unwrap();
            let _ = write!(
                xml,
                "<Contents><Key>{}</Key><LastModified>{written}</LastModified><ETag>{}</ETag><Size>{}</Size>\
                 <StorageClass>STANDARD</StorageClass></Contents>",
                encoded(key),
                escaped(&object.etag),
                object.content.len(),
            );
        }
        xml + "</ListBucketResult>"
    }
}

/// Encodes a key as S3 does: a space becomes `+`.
fn encoded(key: &str) -> String {
    utf8_percent_encode(key, NON_ALPHANUMERIC)
        .to_string()
        .replace("%2F", "/")
        .replace("%20", "+")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('"', "&quot;")
}
