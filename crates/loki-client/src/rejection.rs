//! Why Loki refuses entries for good.

use std::borrow::Cow;

use crate::{Answer, PushError};

/// Loki's words, and what it calls the reason in its metric `loki_discarded_samples_total`: names that
/// its operators know already.
const REASONS: [(&str, &str); 14] = [
    ("timestamp too old", "greater_than_max_sample_age"),
    ("timestamp too new", "too_far_in_future"),
    ("too far behind", "too_far_behind"),
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

/// Loki's text for a tenant that may not push at the moment.
const BLOCKED: &str = "ingestion blocked";

/// The reason's name in logs and counts.
pub(crate) fn reason(error: &PushError) -> Cow<'static, str> {
    match error {
        PushError::Refused { answer, .. } => of_answer(answer),
        PushError::Tenant { .. } => Cow::Borrowed("invalid_tenant"),
        PushError::Time { .. } => Cow::Borrowed("time_out_of_range"),
        PushError::Body(_) => Cow::Borrowed("not_encodable"),
        PushError::Exhausted { .. } | PushError::Deadline { .. } | PushError::HeldBack { .. } => {
            Cow::Borrowed("not_delivered")
        }
    }
}

/// Whether Loki refused the entries for what they are, so that they may be dropped. Credentials, addresses, proxies
/// and redirects say nothing about entries.
pub(crate) fn is_of_entries(error: &PushError) -> bool {
    match error {
        PushError::Refused { answer, entry, .. } => {
            is_about_entries(answer) || (answer.is_too_large() && entry.is_some())
        }
        PushError::Time { .. } => true,
        _ => false,
    }
}

fn is_about_entries(answer: &Answer) -> bool {
    let message = answer.message.as_str();
    let is_refusal = matches!(answer.status.as_u16(), 400 | 422);
    let known = REASONS.iter().any(|(words, _)| message.contains(words));
    is_refusal && (known || is_about_labels(message)) && !message.contains(BLOCKED)
}

fn is_about_labels(message: &str) -> bool {
    message.contains("pars") && message.contains("labels")
}

fn of_answer(answer: &Answer) -> Cow<'static, str> {
    if answer.is_too_large() {
        return Cow::Borrowed("request_body_too_large");
    }
    let message = answer.message.as_str();
    if is_about_labels(message) {
        return Cow::Borrowed("invalid_labels");
    }
    let known = REASONS.iter().find(|(words, _)| message.contains(words));
    match known {
        Some((_, name)) => Cow::Borrowed(name),
        None => Cow::Owned(format!("status_{}", answer.status.as_u16())),
    }
}

#[cfg(test)]
mod tests {
    use http::StatusCode;

    use super::*;

    #[test]
    fn only_what_entries_are_refused_for_may_be_dropped() {
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
                answer: Answer {
                    message: message.to_owned(),
                    ..Answer::new(StatusCode::from_u16(status).unwrap())
                },
                attempts: 1,
            };
            assert_eq!(is_of_entries(&error), expected, "{status} {message}");
        }
    }

    #[test]
    fn lokis_words_lead_to_its_own_names() {
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
            let answer = Answer {
                message: message.to_owned(),
                ..Answer::new(StatusCode::from_u16(status).unwrap())
            };
            assert_eq!(of_answer(&answer), expected, "{message}");
        }
    }
}
