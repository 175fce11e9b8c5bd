//! What an response means.

use crate::PushResponse;

/// What is to be done after an response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResponseClass {
    /// Loki has every entry of the push.
    Delivered,
    /// Another try may succeed.
    Retry,
    /// The same entries may be taken in smaller pushes.
    TooLarge,
    /// No try of the same push will succeed.
    Refused,
}

/// Loki's default for "ingestion is blocked for this tenant": a 2xx that stores nothing.
const INGESTION_BLOCKED: u16 = 260;

/// Words of gRPC and of Loki for a message above a limit. Between Loki's own parts the limit is gRPC's
/// 4 MiB, and shows as a 500.
const TOO_LARGE: [&str; 3] = ["ResourceExhausted", "larger than max", "too large than max"];

/// The verdict on an response.
///
/// As upstream: 429 and everything from 500 is tried again. Unlike upstream: 408 and 425 are tried again, 260 is a
/// refusal, and so is a redirect. A transport follows 307 and 308 itself;
/// 301, 302 and 303 would turn the push into a GET whose success says nothing. A push that is too large,
/// which 413 says, and 400 and 500 say in words, is for splitting.
pub fn classify(response: &PushResponse) -> ResponseClass {
    if response.is_too_large() {
        return ResponseClass::TooLarge;
    }
    match response.status.as_u16() {
        INGESTION_BLOCKED => ResponseClass::Refused,
        200..=299 => ResponseClass::Delivered,
        408 | 425 | 429 | 500..=999 => ResponseClass::Retry,
        _ => ResponseClass::Refused,
    }
}

impl PushResponse {
    /// Whether the push was too large.
    pub(crate) fn is_too_large(&self) -> bool {
        match self.status.as_u16() {
            413 => true,
            400 | 500 => TOO_LARGE.iter().any(|text| self.message.contains(text)),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use http::StatusCode;

    use super::*;

    fn response(status: u16, message: &str) -> PushResponse {
        PushResponse {
            message: message.to_owned(),
            ..PushResponse::new(StatusCode::from_u16(status).unwrap())
        }
    }

    #[test]
    fn every_status_has_its_verdict() {
        let rows: [(&[u16], ResponseClass); 4] = [
            (&[200, 202, 204, 299], ResponseClass::Delivered),
            (&[408, 425, 429, 500, 502, 503, 504, 599], ResponseClass::Retry),
            (&[413], ResponseClass::TooLarge),
            (
                &[260, 301, 302, 303, 304, 307, 308, 400, 401, 403, 404, 422, 499],
                ResponseClass::Refused,
            ),
        ];
        for (statuses, expected) in rows {
            for status in statuses {
                assert_eq!(classify(&response(*status, "")), expected, "{status}");
            }
        }
    }

    #[test]
    fn words_say_too_large_where_the_status_does_not() {
        let grpc =
            "rpc error: code = ResourceExhausted desc = grpc: received message larger than max (5 vs. 4)";
        let decompressed = "decompressed message size too large than max (5 vs 4)";
        let line = "max entry size '262144' bytes exceeded for stream '{a=\"b\"}'";
        for (status, message, expected) in [
            (500, grpc, ResponseClass::TooLarge),
            (400, grpc, ResponseClass::TooLarge),
            (400, decompressed, ResponseClass::TooLarge),
            (400, line, ResponseClass::Refused),
            (503, grpc, ResponseClass::Retry),
            (429, grpc, ResponseClass::Retry),
            (204, grpc, ResponseClass::Delivered),
        ] {
            assert_eq!(
                classify(&response(status, message)),
                expected,
                "{status} {message}"
            );
        }
    }
}
