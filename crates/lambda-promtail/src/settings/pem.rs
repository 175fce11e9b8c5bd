//! Certificates and keys, as text or in a file.

use super::fault::Fault;
use crate::Environment;

/// Whether the text is PEM, and no path.
pub(super) fn is_pem(text: &str) -> bool {
    text.contains("-----BEGIN")
}

/// The PEM text: the value itself, or what is in the file it names.
pub(super) fn load(environment: &impl Environment, value: &str) -> Result<String, Fault> {
    if is_pem(value) {
        // Many tools that set variables allow a single line.
        return Ok(value.replace("\\n", "\n"));
    }
    environment.file(value).map_err(|error| {
        Fault::Problem(format!(
            "{value:?} is no PEM text, and cannot be read as a file either: {error}"
        ))
    })
}
