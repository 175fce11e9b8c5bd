//! Certificates and keys, as text or in a file.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use super::fault::Fault;
use crate::Environment;

/// Whether the text is PEM.
pub(super) fn is_pem(text: &str) -> bool {
    text.contains("-----BEGIN")
}

/// Longer values are taken for PEM that lacks its first line, or its base64, and are not shown.
const LONGEST_PATH: usize = 200;
/// So many characters that base64 may have are taken for base64. The shortest private key there is, of Ed25519, has 64.
const SHORTEST_BASE64: usize = 40;

/// Whether the value may be shown as a path. A private key may be given where a certificate should be.
pub(super) fn may_be_path(value: &str) -> bool {
    let in_base64 = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/=".contains(byte);
    let has_base64 = value
        .as_bytes()
        .split(|byte| !in_base64(byte))
        .any(|run| run.len() >= SHORTEST_BASE64);
    value.len() <= LONGEST_PATH && !value.contains(char::is_whitespace) && !has_base64
}

/// Returns the PEM text: the value itself, what its base64 holds, or the text of the file that it names.
///
/// # Errors
/// When it is none of these. The error repeats the value only where it may be a path and is not `secret`.
pub(super) fn load(environment: &impl Environment, value: &str, secret: bool) -> Result<String, Fault> {
    if is_pem(value) {
        // Many tools that set variables allow a single line.
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
        Fault::Problem(format!(
            "{shown} is neither PEM text (-----BEGIN ...), nor its base64, nor the path of a file that can be read: {error}"
        ))
    })
}

/// Returns the PEM text that the value is the base64 of, with or without line breaks.
fn decode(value: &str) -> Option<String> {
    let joined: String = value.split_whitespace().collect();
    let text = String::from_utf8(BASE64_STANDARD.decode(joined).ok()?).ok()?;
    is_pem(&text).then_some(text)
}
