//! The header `Retry-After`.

use std::time::{Duration, SystemTime};

use http::HeaderMap;
use http::header::{DATE, HeaderName, RETRY_AFTER};

/// Returns the time that the server asks to wait (RFC 9110, 10.2.3), which is given in seconds or as a date.
///
/// A date is compared with the response's own `Date`, so that only the server's clock is used. Without a `Date` it is
/// ignored.
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let asked = text(headers, RETRY_AFTER)?;
    if let Ok(seconds) = asked.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let then = date(asked)?;
    let now = date(text(headers, DATE)?)?;
    // A date in the past asks for no wait.
    Some(then.duration_since(now).unwrap_or_default())
}

/// Returns the value of a header as text.
fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok().map(str::trim)
}

/// Parses an HTTP date.
fn date(text: &str) -> Option<SystemTime> {
    httpdate::parse_http_date(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_seconds_and_dates_are_accepted() {
        let now = Some("Sun, 06 Nov 1994 08:49:37 GMT");
        for (asked, date, expected) in [
            ("2", None, Some(2)),
            (" 120 ", None, Some(120)),
            ("0", None, Some(0)),
            ("Sun, 06 Nov 1994 08:50:07 GMT", now, Some(30)),
            ("Sunday, 06-Nov-94 08:50:07 GMT", now, Some(30)),
            ("Sun Nov  6 08:50:07 1994", now, Some(30)),
            ("Sun, 06 Nov 1994 08:49:07 GMT", now, Some(0)),
            ("Sun, 06 Nov 1994 08:50:07 GMT", None, None),
            ("-1", now, None),
            ("1.5", now, None),
            ("soon", now, None),
            ("", now, None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(RETRY_AFTER, asked.parse().unwrap());
            if let Some(date) = date {
                headers.insert(DATE, date.parse().unwrap());
            }
            assert_eq!(
                retry_after(&headers),
                expected.map(Duration::from_secs),
                "{asked:?}"
            );
        }
    }
}
