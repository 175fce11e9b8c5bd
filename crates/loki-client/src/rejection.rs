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
    ("ingestion blocked", "blocked_ingestion"),
];

/// The reason's name in logs and counts.
pub(crate) fn reason(error: &PushError) -> Cow<'static, str> {
    match error {
        PushError::Refused { answer, .. } => of_answer(answer),
        PushError::Tenant { .. } => Cow::Borrowed("invalid_tenant"),
        PushError::Body(_) => Cow::Borrowed("not_encodable"),
        PushError::Exhausted { .. } | PushError::Deadline { .. } => Cow::Borrowed("not_delivered"),
    }
}

fn of_answer(answer: &Answer) -> Cow<'static, str> {
    if answer.is_too_large() {
        return Cow::Borrowed("request_body_too_large");
    }
    let message = answer.message.as_str();
    if message.contains("pars") && message.contains("labels") {
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
