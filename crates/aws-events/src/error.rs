//! Why an event cannot be read.

/// Why an event cannot be read. An event's contents are never part of the text.
#[derive(Debug, thiserror::Error)]
pub enum EventError {
    /// It is not JSON, or a field of its kind has another type than AWS gives it.
    #[error("the event cannot be read: {0}")]
    Json(#[source] serde_json::Error),
    /// It is JSON, but no object.
    #[error("the event is not a JSON object")]
    NotAnObject,
    /// It is of no kind that is known here.
    #[error("unknown kind of event, with the top-level keys {}; known: awslogs (CloudWatch Logs subscription)", quoted(.keys))]
    Unknown {
        /// Its top-level keys, in the order they come.
        keys: Vec<String>,
    },
    /// Its payload is not base64.
    #[error("awslogs.data is not base64: {0}")]
    Base64(#[source] base64::DecodeError),
}

fn quoted(keys: &[String]) -> String {
    match keys {
        [] => "none".to_owned(),
        keys => {
            let keys: Vec<String> = keys.iter().map(|key| format!("{key:?}")).collect();
            keys.join(", ")
        }
    }
}
