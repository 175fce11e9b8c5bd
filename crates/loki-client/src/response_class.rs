//! Classification of the server's responses.

use crate::PushResponse;

/// The class of a response, which decides what is done with the push.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResponseClass {
    /// Loki has every entry of the push.
    Delivered,
    /// Another attempt may succeed.
    Retry,
    /// The push was too large; the same entries may be taken in smaller ones.
    TooLarge,
    /// The push was refused, and no other attempt at it will succeed.
    Refused,
}

/// Loki's default status for "ingestion is blocked for this tenant". It is a 2xx, but nothing is stored.
const INGESTION_BLOCKED: u16 = 260;

/// The texts of gRPC and of Loki about a message that exceeds a limit. Between Loki's own components gRPC's limit of
/// 4 MiB applies, and exceeding it leads to a 500.
const TOO_LARGE: [&str; 3] = ["ResourceExhausted", "larger than max", "too large than max"];

/// Returns the class of a response.
///
/// As in upstream, 429 and everything from 500 is retried. Unlike in upstream, 408 and 425 are retried, and 260 and
/// redirects are refusals: a transport follows 307 and 308 itself, and 301, 302 and 303 would turn the push into a
/// GET, whose success does not mean that anything was stored. A push is too large where the status is 413, or where
/// it is 400 or 500 and the message says so.
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
    /// Returns whether the push was too large.
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
    fn every_status_has_its_class() {
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
    fn the_message_can_say_that_a_push_is_too_large() {
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
