//! Text with times that are filled in.

use jiff::fmt::strtime;
use jiff::{SignedDuration, Timestamp};

/// An error of a place for a time in a template.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum TemplateError {
    #[error("`@{{{0}`: expected a `}}` after it")]
    Open(String),
    #[error("`@{{{place}}}`: {reason}; expected @{{FORMAT}} or @{{SECONDS FORMAT}}")]
    Place { place: String, reason: String },
}

/// Returns the template with each `@{FORMAT}` replaced by the time, formatted as `strftime` does in UTC, and each
/// `@{SECONDS FORMAT}` by the time so many seconds later, or earlier if the number is negative.
///
/// # Errors
/// Returns an error if a place is not closed, or cannot be formatted.
pub(crate) fn fill(template: &str, time: Timestamp) -> Result<String, TemplateError> {
    let mut filled = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("@{") {
        let (place, after) = after
            .split_once('}')
            .ok_or_else(|| TemplateError::Open(after.chars().take(40).collect()))?;
        filled += before;
        filled += &formatted(place, time).map_err(|error| TemplateError::Place {
            place: place.to_owned(),
            reason: error.to_string(),
        })?;
        rest = after;
    }
    filled += rest;
    Ok(filled)
}

fn formatted(place: &str, time: Timestamp) -> Result<String, jiff::Error> {
    let (seconds, format) = match place.split_once(' ') {
        Some((seconds, format)) if !seconds.starts_with('%') => (seconds, format),
        _ => ("0", place),
    };
    let seconds: i64 = seconds
        .parse()
        .map_err(|error| jiff::Error::from_args(format_args!("{error}")))?;
    let time = time.checked_add(SignedDuration::from_secs(seconds))?;
    strtime::format(format, time)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_formatted_and_shifted() {
        let time = "2026-03-04T05:10:00.123456Z".parse().unwrap();
        let filled = |template| fill(template, time);
        assert_eq!(
            filled("[@{%d/%b/%Y:%H:%M:%S} +0000] @{-60 %s%3f} @{5 %Y-%m-%dT%H:%M:%S.%6fZ} @ }"),
            Ok("[04/Mar/2026:05:10:00 +0000] 1772600940123 2026-03-04T05:10:05.123456Z @ }".to_owned())
        );
        assert_eq!(filled("a @{%Y"), Err(TemplateError::Open("%Y".to_owned())));
        for wrong in ["@{soon %Y}", "@{%!}"] {
            assert!(filled(wrong).is_err(), "{wrong}");
        }
    }
}
