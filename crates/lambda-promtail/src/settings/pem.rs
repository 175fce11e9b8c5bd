//! Certificates and keys, given as PEM text, as base64 or as the path of a file.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use super::value_issue::ValueIssue;
use crate::Environment;

/// Returns whether the text is PEM.
pub(super) fn is_pem(text: &str) -> bool {
    text.contains("-----BEGIN")
}

/// The most bytes of a value that may be shown as a path. A longer value may be PEM without its first line, or base64.
const LONGEST_PATH: usize = 200;
/// The number of consecutive base64 characters that count as base64. The shortest private keys, those of Ed25519, have
/// 64.
const SHORTEST_BASE64: usize = 40;

/// Returns whether the value may be shown as a path. It must not contain key material: a private key may have been
/// given in place of a certificate.
pub(super) fn may_be_path(value: &str) -> bool {
    let in_base64 = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/=".contains(byte);
    let has_base64 = value
        .as_bytes()
        .split(|byte| !in_base64(byte))
        .any(|run| run.len() >= SHORTEST_BASE64);
    value.len() <= LONGEST_PATH && !value.contains(char::is_whitespace) && !has_base64
}

/// Returns the PEM text: the value itself, the value decoded from base64, or the content of the file at that path.
///
/// # Errors
/// Returns an error if the value is none of these. The error repeats the value only if it may be a path and is not
/// `secret`.
pub(super) fn load(environment: &impl Environment, value: &str, secret: bool) -> Result<String, ValueIssue> {
    if is_pem(value) {
        // Many deployment tools allow only single-line values.
        return Ok(value.replace("\\n", "\n"));
    }
    if let Some(text) = decode(value) {
        return Ok(text);
    }
    environment.file(value).map_err(|error| {
        let shown = match may_be_path(value) && !secret {
            true => format!("{value:?}"),
            false => "the value".to_owned(),
        };
        ValueIssue::Error(format!(
            "{shown} is neither PEM text (-----BEGIN ...), nor its base64, nor the path of a file that can be read: {error}"
        ))
    })
}

/// Decodes PEM text from base64, with or without line breaks.
fn decode(value: &str) -> Option<String> {
    let joined: String = value.split_whitespace().collect();
    let text = String::from_utf8(BASE64_STANDARD.decode(joined).ok()?).ok()?;
    is_pem(&text).then_some(text)
}
