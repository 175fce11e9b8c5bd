//! The reasons for which Loki refuses entries.

use std::borrow::Cow;

use http::StatusCode;

use crate::{MESSAGE_LIMIT, PushError, PushResponse};

/// Parts of Loki's error texts, each with the name of the reason in Loki's metric `loki_discarded_samples_total`, which
/// operators of Loki already know.
const REASONS: [(&str, &str); 14] = [
    ("timestamp too old", "greater_than_max_sample_age"),
    ("timestamp too new", "too_far_in_future"),
    ("too far behind", TOO_FAR_BEHIND),
    ("max entry size", "line_too_long"),
    ("label names; limit", "max_label_names_per_series"),
    ("label name too long", "label_name_too_long"),
    ("label value too long", "label_value_too_long"),
    ("duplicate label name", "duplicate_label_names"),
    ("structured metadata too large", "structured_metadata_too_large"),
    ("too many structured metadata", "structured_metadata_too_many"),
    (
        "includes structured metadata, but",
        "disallowed_structured_metadata",
    ),
    ("missing required labels", "missing_enforced_labels"),
    ("at least one label pair", "missing_labels"),
    (BLOCKED, "blocked_ingestion"),
];

/// The reason of entries that are too much older than the newest entry of their stream, by default more than an hour.
pub(crate) const TOO_FAR_BEHIND: &str = "too_far_behind";

/// A part of Loki's text about a tenant that must not push at the moment.
const BLOCKED: &str = "ingestion blocked";

/// Returns the name of the reason in logs and counts.
pub(crate) fn reason(error: &PushError) -> Cow<'static, str> {
    match error {
        PushError::Refused { response, .. } | PushError::RefusedInPart { response, .. } => {
            of_response(response)
        }
        PushError::Tenant { .. } => Cow::Borrowed("invalid_tenant"),
        PushError::Time { .. } => Cow::Borrowed("time_out_of_range"),
        PushError::Body(_) => Cow::Borrowed("not_encodable"),
        PushError::Exhausted { .. } | PushError::Deadline { .. } | PushError::HeldBack { .. } => {
            Cow::Borrowed("not_delivered")
        }
    }
}

/// Returns whether Loki refused the entries for their content, so that they may be dropped. Errors about credentials,
/// addresses, proxies and redirects have other causes.
pub(crate) fn is_of_entries(error: &PushError) -> bool {
    match error {
        PushError::Refused { response, entry, .. } => {
            is_about_entries(response) || (response.is_too_large() && entry.is_some())
        }
        PushError::Time { .. } | PushError::RefusedInPart { .. } => true,
        _ => false,
    }
}

/// Returns whether Loki refused a whole push because of some of its entries. After its other errors about entries,
/// Loki has stored the rest of the push.
pub(crate) fn is_of_all_for_one(response: &PushResponse) -> bool {
    response.status == StatusCode::BAD_REQUEST && response.message.contains("couldn't parse labels")
}

/// Loki's error texts about a single entry, each given by two parts that only the complete text contains
/// (`pkg/validation/validate.go`).
const OF_ONE_ENTRY: [(&str, &str); 6] = [
    ("has timestamp too old: ", ", oldest acceptable timestamp is: "),
    ("entry for stream '", "' has timestamp too new: "),
    ("max entry size '", "' while adding an entry with length '"),
    ("has structured metadata too large: '", "' bytes, limit: '"),
    ("has too many structured metadata labels: '", "', limit: '"),
    ("includes structured metadata, but", "this feature is disallowed"),
];
/// The text between the number of equal errors and their text. Loki groups them as `<n> errors like: <text>; <m>
/// errors like: ...`.
const ERRORS_LIKE: &str = " errors like: ";

/// Returns the number of entries that Loki refused of a push with `streams` streams, if its text is complete and means
/// that the other entries are stored.
///
/// An ingester only reports the refused entries of the last stream (`instance.Push` in Loki 3.7.8). For a push with
/// several streams it is not known what else was refused.
pub(crate) fn refused_in_part(response: &PushResponse, streams: usize) -> Option<u64> {
    let message = response.message.trim_end();
    if response.status != StatusCode::BAD_REQUEST || response.message.len() >= MESSAGE_LIMIT {
        return None;
    }
    if message.starts_with("entry with timestamp ") {
        // Entries that exceeded a rate limit may be taken later.
        let is_late = message.contains("too far behind") && !message.contains("ate limit");
        let (_, ignored) = message.rsplit_once("total ignored: ")?;
        let (refused, _) = ignored.split_once(" out of ")?;
        return refused.parse().ok().filter(|_| is_late && streams == 1);
    }
    let mut groups = message.split(ERRORS_LIKE);
    let is_of_one = |text: &str| {
        let mut known = OF_ONE_ENTRY.iter();
        known.any(|(first, second)| text.contains(first) && text.contains(second))
    };
    let first = groups.next()?;
    let Ok(mut count) = first.parse::<u64>() else {
        return (is_of_one(first) && groups.next().is_none()).then_some(1);
    };
    let mut refused = 0_u64;
    let mut groups = groups.peekable();
    while let Some(group) = groups.next() {
        let (text, next) = match groups.peek() {
            // The number of the next group follows the last `; `.
            Some(_) => group.rsplit_once("; ")?,
            None => (group, "0"),
        };
        if !is_of_one(text) {
            return None;
        }
        refused = refused.checked_add(count)?;
        count = next.parse().ok()?;
    }
    Some(refused)
}

/// Returns whether the response is an error about the content of entries.
fn is_about_entries(response: &PushResponse) -> bool {
    let message = response.message.as_str();
    let is_refusal = matches!(response.status.as_u16(), 400 | 422);
    let known = REASONS.iter().any(|(text, _)| message.contains(text));
    is_refusal && (known || is_about_labels(message)) && !message.contains(BLOCKED)
}

/// Returns whether the message is about labels that cannot be parsed.
fn is_about_labels(message: &str) -> bool {
    message.contains("pars") && message.contains("labels")
}

/// Returns the reason of a refusal.
fn of_response(response: &PushResponse) -> Cow<'static, str> {
    if response.is_too_large() {
        return Cow::Borrowed("request_body_too_large");
    }
    let message = response.message.as_str();
    if is_about_labels(message) {
        return Cow::Borrowed("invalid_labels");
    }
    let known = REASONS.iter().find(|(text, _)| message.contains(text));
    match known {
        Some((_, name)) => Cow::Borrowed(name),
        None => Cow::Owned(format!("status_{}", response.status.as_u16())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refused_entries_are_counted_where_the_others_are_stored() {
        let old = "entry for stream '{a=\"b\"}' has timestamp too old: T, oldest acceptable timestamp is: U";
        let long =
            "max entry size '9' bytes exceeded for stream '{}' while adding an entry with length '10' bytes";
        let late = "entry with timestamp T ignored, reason: 'entry too far behind, entry timestamp is: T',\n\
                    user 'blue', total ignored: 12 out of 40 for stream: {a=\"b\"}";
        for (text, expected) in [
            (old.to_owned(), Some(1)),
            (format!("{long}\n"), Some(1)),
            (format!("7 errors like: {old}"), Some(7)),
            (format!("7 errors like: {old}; 2 errors like: {long}\n"), Some(9)),
            (late.to_owned(), Some(12)),
            (
                late.replace("too far behind", "Per stream rate limit exceeded"),
                None,
            ),
            (
                format!("7 errors like: {old}; 2 errors like: something new"),
                None,
            ),
            ("entry too far behind".to_owned(), None),
            ("couldn't parse labels: 1:2: parse error".to_owned(), None),
            (format!("{old}{}", " ".repeat(MESSAGE_LIMIT)), None),
        ] {
            let response = PushResponse {
                message: text.clone(),
                ..PushResponse::new(StatusCode::BAD_REQUEST)
            };
            assert_eq!(refused_in_part(&response, 1), expected, "{text}");
            let of_an_ingester = text.starts_with("entry with timestamp ");
            let of_two = expected.filter(|_| !of_an_ingester);
            assert_eq!(refused_in_part(&response, 2), of_two, "{text}");
        }
    }

    #[test]
    fn only_entries_refused_for_their_content_may_be_dropped() {
        let too_old = "entry for stream '{a=\"b\"}' has timestamp too old: 2023-11-14T22:13:20Z, oldest";
        for (status, message, entry, expected) in [
            (400, too_old, None, true),
            (422, too_old, None, true),
            (
                400,
                "couldn't parse labels: 1:2: parse error: unexpected",
                None,
                true,
            ),
            (413, "", Some("{a=\"b\"} at 1, 5 bytes"), true),
            (401, "no org id", None, false),
            (403, too_old, None, false),
            (404, "404 page not found", None, false),
            (400, "tenant ID is too long: max 150 characters", None, false),
            (400, "Content-Encoding \"br\" not supported", None, false),
            (400, "", None, false),
            (260, "ingestion blocked for user blue until '2030'", None, false),
            (302, "", None, false),
        ] {
            let error = PushError::Refused {
                entry: entry.map(str::to_owned),
                response: PushResponse {
                    message: message.to_owned(),
                    ..PushResponse::new(StatusCode::from_u16(status).unwrap())
                },
                attempts: 1,
            };
            assert_eq!(is_of_entries(&error), expected, "{status} {message}");
        }
    }

    #[test]
    fn lokis_texts_lead_to_its_own_reasons() {
        for (status, message, expected) in [
            (
                400,
                "entry for stream '{a=\"b\"}' has timestamp too old: 2023-11-14T22:13:20Z, oldest",
                "greater_than_max_sample_age",
            ),
            (
                400,
                "max entry size '262144' bytes exceeded for stream '{a=\"b\"}'",
                "line_too_long",
            ),
            (
                400,
                "couldn't parse labels: 1:2: parse error: unexpected",
                "invalid_labels",
            ),
            (
                400,
                "error parsing labels '{a}' with error: 1:3",
                "invalid_labels",
            ),
            (
                260,
                "ingestion blocked for user blue until '2030'",
                "blocked_ingestion",
            ),
            (413, "", "request_body_too_large"),
            (400, "something new", "status_400"),
            (301, "", "status_301"),
        ] {
            let response = PushResponse {
                message: message.to_owned(),
                ..PushResponse::new(StatusCode::from_u16(status).unwrap())
            };
            assert_eq!(of_response(&response), expected, "{message}");
        }
    }
}
