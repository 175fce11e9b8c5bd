//! The setting `EXTRA_HEADERS`: further headers of each push.

use std::collections::BTreeMap;

use aws_clients::{SecretArn, SecretArnError};
use http::{HeaderName, HeaderValue};
use secrecy::SecretString;

use crate::secrets::Secret;

/// The headers that the connection or the body of a push decides about.
const RESERVED: [&str; 8] = [
    "host",
    "connection",
    "transfer-encoding",
    "te",
    "trailer",
    "upgrade",
    "expect",
    "keep-alive",
];
/// The beginnings of the names of such headers.
const RESERVED_PREFIXES: [&str; 2] = ["content-", "proxy-"];

/// An error in the list of headers. It names headers by their number, because a value may stand in the place of a name.
#[derive(Debug, thiserror::Error)]
pub(super) enum ExtraHeadersError {
    #[error("not a JSON object of strings; expected {{\"name1\":\"value1\",\"name2\":\"value2\"}}")]
    Json,
    #[error(
        "{parts} comma-separated parts; expected name1,value1,name2,value2: an even number, or a JSON object if a value has \
         a comma"
    )]
    Odd { parts: usize },
    #[error("the name of header {number} is not one that HTTP allows; expected letters, digits and hyphens")]
    Name { number: usize },
    #[error("header {number} is {name}, which the function sets itself; expected another header")]
    Reserved { number: usize, name: &'static str },
    #[error("header {number} has the name of an earlier one; expected each name once")]
    Twice { number: usize },
    #[error(
        "the value of header {number} has characters that are not allowed in a header, such as a line break"
    )]
    Value { number: usize },
    #[error("the value of header {number}: {source}")]
    Arn { number: usize, source: SecretArnError },
}

/// Parses the headers.
pub(super) fn parse(text: &str) -> Result<Vec<(HeaderName, Secret)>, ExtraHeadersError> {
    let mut headers: Vec<(HeaderName, Secret)> = Vec::new();
    for (index, (name, value)) in pairs(text)?.into_iter().enumerate() {
        let number = index + 1;
        let name = HeaderName::try_from(name.trim()).map_err(|_| ExtraHeadersError::Name { number })?;
        if let Some(name) = reserved(&name) {
            return Err(ExtraHeadersError::Reserved { number, name });
        }
        if headers.iter().any(|(other, _)| *other == name) {
            return Err(ExtraHeadersError::Twice { number });
        }
        headers.push((name, secret(value.trim(), number)?));
    }
    Ok(headers)
}

/// Returns names and values. The texts of parse errors are left out, since they could repeat a value.
fn pairs(text: &str) -> Result<Vec<(String, String)>, ExtraHeadersError> {
    if text.trim_start().starts_with(['{', '[']) {
        let members: BTreeMap<String, String> =
            serde_json::from_str(text).map_err(|_| ExtraHeadersError::Json)?;
        return Ok(members.into_iter().collect());
    }
    let parts: Vec<&str> = text.split(',').collect();
    let (pairs, rest) = parts.as_chunks::<2>();
    match rest {
        [] => Ok(pairs.iter().map(|pair| pair.map(str::to_owned).into()).collect()),
        _ => Err(ExtraHeadersError::Odd { parts: parts.len() }),
    }
}

/// Returns the reserved name or beginning of a name that the header has.
fn reserved(name: &HeaderName) -> Option<&'static str> {
    let prefix = RESERVED_PREFIXES
        .into_iter()
        .find(|prefix| name.as_str().starts_with(prefix));
    RESERVED.into_iter().find(|reserved| name == reserved).or(prefix)
}

fn secret(value: &str, number: usize) -> Result<Secret, ExtraHeadersError> {
    if value.starts_with("arn:") {
        let arn = SecretArn::parse(value).map_err(|source| ExtraHeadersError::Arn { number, source })?;
        return Ok(Secret::Kept {
            variable: "EXTRA_HEADERS",
            arn,
        });
    }
    match HeaderValue::from_str(value) {
        Ok(_) => Ok(Secret::Value(SecretString::from(value))),
        Err(_) => Err(ExtraHeadersError::Value { number }),
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    fn parsed(text: &str) -> Result<Vec<String>, String> {
        let headers = parse(text).map_err(|error| error.to_string())?;
        let texts = headers.into_iter().map(|(name, value)| match value {
            Secret::Value(value) => format!("{name}: {}", value.expose_secret()),
            Secret::Kept { .. } => format!("{name}: (kept)"),
        });
        Ok(texts.collect())
    }

    #[test]
    fn lists_and_objects_are_read() {
        const ARN: &str = "arn:aws:ssm:eu-west-1:123456789012:parameter/loki";
        for (text, headers) in [
            ("X-Key,a", vec!["x-key: a"]),
            ("x-key, a b ,X-Other,", vec!["x-key: a b", "x-other: "]),
            (&format!("x-key,{ARN}"), vec!["x-key: (kept)"]),
            (r#"{"x-key":"a,b"}"#, vec!["x-key: a,b"]),
            (r#" {"B":"2","a":"1"}"#, vec!["b: 2", "a: 1"]),
            ("{}", vec![]),
            (
                "Authorization,ApiKey x,X-Scope-OrgID,blue",
                vec!["authorization: ApiKey x", "x-scope-orgid: blue"],
            ),
        ] {
            assert_eq!(parsed(text).unwrap(), headers, "{text}");
        }
    }

    #[test]
    fn errors_name_no_value() {
        for (text, error) in [
            ("hunter2", "1 comma-separated parts"),
            ("a,hunter2,c", "3 comma-separated parts"),
            ("a,x,hunter 2,c", "the name of header 2 is not one"),
            (",hunter2", "the name of header 1 is not one"),
            ("Host,hunter2", "header 1 is host, which the function sets itself"),
            ("a,b,Content-Type,hunter2", "header 2 is content-, which"),
            ("proxy-authorization,hunter2", "header 1 is proxy-, which"),
            (
                "Transfer-Encoding,hunter2",
                "header 1 is transfer-encoding, which",
            ),
            ("a,b,A,hunter2", "header 2 has the name of an earlier one"),
            ("a,hunter2\nx", "the value of header 1 has characters"),
            ("a,arn:aws:iam::1:hunter2", "the value of header 1: "),
            (r#"{"a":"hunter2""#, "not a JSON object of strings"),
            (r#"{"a":["hunter2"]}"#, "not a JSON object of strings"),
            (r#"["a","hunter2"]"#, "not a JSON object of strings"),
        ] {
            let problem = parsed(text).unwrap_err();
            assert!(problem.contains(error), "{text}: {problem}");
            assert!(!problem.contains("hunt"), "{problem}");
        }
    }
}
