//! What an answer means.

use http::StatusCode;

/// What is to be done after an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Loki has every entry of the push.
    Delivered,
    /// Another try may succeed.
    TryAgain,
    /// No try of the same push will succeed.
    Refused,
}

/// Loki's default for "ingestion is blocked for this tenant": a 2xx that stores nothing.
const INGESTION_BLOCKED: u16 = 260;

/// The verdict on an answer with this status.
///
/// As upstream: 429 and everything from 500 is tried again, all else that is no success is final, 408
/// too. Unlike upstream: 260 is a refusal, and so is a redirect. A transport follows 307 and 308 itself;
/// 301, 302 and 303 would turn the push into a GET whose success says nothing.
pub fn verdict(status: StatusCode) -> Verdict {
    match status.as_u16() {
        INGESTION_BLOCKED => Verdict::Refused,
        200..=299 => Verdict::Delivered,
        429 | 500..=999 => Verdict::TryAgain,
        _ => Verdict::Refused,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_has_its_verdict() {
        let rows: [(&[u16], Verdict); 3] = [
            (&[200, 202, 204, 299], Verdict::Delivered),
            (&[429, 500, 502, 503, 504, 599], Verdict::TryAgain),
            (
                &[
                    260, 301, 302, 303, 304, 307, 308, 400, 401, 403, 404, 408, 413, 422, 499,
                ],
                Verdict::Refused,
            ),
        ];
        for (statuses, expected) in rows {
            for status in statuses {
                assert_eq!(
                    verdict(StatusCode::from_u16(*status).unwrap()),
                    expected,
                    "{status}"
                );
            }
        }
    }
}
