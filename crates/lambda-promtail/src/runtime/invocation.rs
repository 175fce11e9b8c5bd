//! What Lambda says about an event.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::HeaderMap;
use tokio::time::Instant;

use super::api::RuntimeApiError;

const REQUEST_ID: &str = "lambda-runtime-aws-request-id";
const DEADLINE_MS: &str = "lambda-runtime-deadline-ms";
/// No time of day since Lambda is there, and a longer time than an invocation may take: 1973, or three years.
const NO_TIME_OF_DAY: Duration = Duration::from_secs(100_000_000);

/// One event's identity and end.
#[derive(Debug)]
pub(super) struct Invocation {
    pub(super) request_id: String,
    /// Since the epoch.
    deadline: Duration,
}

impl Invocation {
    pub(super) fn from_headers(headers: &HeaderMap) -> Result<Self, RuntimeApiError> {
        let text = |name: &'static str| {
            let value = headers.get(name).and_then(|value| value.to_str().ok());
            value.ok_or(RuntimeApiError::Header(name))
        };
        let deadline_ms = text(DEADLINE_MS)?
            .parse()
            .map_err(|_| RuntimeApiError::Header(DEADLINE_MS))?;
        Ok(Self {
            request_id: text(REQUEST_ID)?.to_owned(),
            deadline: Duration::from_millis(deadline_ms),
        })
    }

    /// Where an answer to it goes.
    pub(super) fn path(&self, answer: &str) -> String {
        format!("invocation/{}/{answer}", self.request_id)
    }

    /// Lambda gives the deadline as a time of day; the function counts down to it on a clock that nobody
    /// sets. `cargo lambda watch` gives the time that is left.
    #[expect(
        clippy::disallowed_methods,
        reason = "nothing but the time left is made of it"
    )]
    pub(super) fn deadline(&self, now: Instant) -> Instant {
        if self.deadline < NO_TIME_OF_DAY {
            return now + self.deadline;
        }
        let deadline = UNIX_EPOCH + self.deadline;
        now + deadline.duration_since(SystemTime::now()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(rows: &[(&'static str, &'static str)]) -> HeaderMap {
        let rows = rows
            .iter()
            .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()));
        rows.collect()
    }

    #[test]
    fn an_invocation_is_read_from_its_headers() {
        let read = Invocation::from_headers(&headers(&[(REQUEST_ID, "r1"), (DEADLINE_MS, "1700000000123")]));
        let invocation = read.unwrap();
        assert_eq!(invocation.path("response"), "invocation/r1/response");
        let now = Instant::now();
        assert_eq!(invocation.deadline(now), now, "a deadline long gone is now");
    }

    #[test]
    fn a_deadline_that_is_no_time_of_day_is_the_time_left() {
        let read = Invocation::from_headers(&headers(&[(REQUEST_ID, "r1"), (DEADLINE_MS, "600000")]));
        let now = Instant::now();
        assert_eq!(read.unwrap().deadline(now), now + Duration::from_secs(600));
    }

    #[test]
    fn a_missing_header_is_named() {
        for (rows, missing) in [
            (&[(DEADLINE_MS, "1")][..], REQUEST_ID),
            (&[(REQUEST_ID, "r1")], DEADLINE_MS),
            (&[(REQUEST_ID, "r1"), (DEADLINE_MS, "soon")], DEADLINE_MS),
        ] {
            let error = Invocation::from_headers(&headers(rows)).unwrap_err();
            assert!(error.to_string().contains(missing), "{error}");
        }
    }
}
