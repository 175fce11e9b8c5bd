//! Errors of attempts and of pushes.

use std::time::Duration;

use http::header::InvalidHeaderValue;
use loki_push::BodyError;

use crate::{AuthError, PushResponse, TransportError};

/// An error of a single attempt.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AttemptError {
    /// The response was not a success, but another attempt may be one.
    #[error("{0}")]
    Status(PushResponse),
    /// The attempt ended without a response.
    #[error("no answer: {0}")]
    Broken(#[from] TransportError),
    /// The attempt timed out.
    #[error("no answer within {0:?}")]
    TimedOut(Duration),
    /// The credentials could not be obtained.
    #[error("no credentials: {0}")]
    Auth(#[from] AuthError),
}

/// An error about a batch that was not delivered.
#[derive(Debug, thiserror::Error)]
pub enum PushError {
    /// The server refused the push, and would refuse it again.
    #[error("push{} refused by Loki after {attempts} attempt(s): {response}{}", of_entry(.entry), may_be_stored(.response))]
    Refused {
        /// The description of the entry, if there was only one.
        entry: Option<String>,
        /// The response of the server.
        response: PushResponse,
        /// The number of times that the push was sent.
        attempts: u32,
    },
    /// The server refused some entries of the push, and stored the others.
    #[error(
        "{refused} of {of} entries of a push refused by Loki, which stored the others: {response}{}",
        may_be_stored(.response)
    )]
    RefusedInPart {
        /// The number of entries that it refused.
        refused: u64,
        /// The number of entries in the push.
        of: u64,
        /// The response of the server.
        response: PushResponse,
        /// The number of times that the push was sent.
        attempts: u32,
    },
    /// All attempts that are allowed failed.
    #[error("{}", exhausted(.last, *.attempts))]
    Exhausted {
        /// The error of the last attempt.
        last: AttemptError,
        /// The number of times that the push was sent.
        attempts: u32,
    },
    /// The deadline came before the push was delivered.
    #[error("push not delivered before the deadline: {attempts} attempt(s) in {spent:.1?}{}", last_attempt(.last, *.attempts))]
    Deadline {
        /// The error of the last attempt that ended before the deadline.
        last: Option<AttemptError>,
        /// The number of times that the push was sent, including the attempt that the deadline interrupted.
        attempts: u32,
        /// The time between the start of the push and the deadline.
        spent: Duration,
    },
    /// The tenant has characters that are not allowed in a header.
    #[error("tenant {tenant:?} cannot be sent as X-Scope-OrgID: {source}")]
    Tenant {
        /// The tenant that the entries name.
        tenant: String,
        /// The error about its characters.
        source: InvalidHeaderValue,
    },
    /// The entries were not sent because a push of older entries of the same stream failed.
    #[error(
        "not sent, so that Loki still accepts older entries of the same stream, whose push failed: {reason}"
    )]
    HeldBack {
        /// The error of the earlier push.
        reason: String,
    },
    /// An entry has a time that the JSON body format cannot represent.
    #[error(
        "an entry of {labels} has a time of {seconds} s since 1970, which JSON pushes cannot hold: Loki takes 64-bit nanoseconds, up to the year 2262"
    )]
    Time {
        /// The labels of the entry's stream.
        labels: String,
        /// The time of the entry, in seconds since the epoch.
        seconds: i64,
    },
    /// The batch is too large for the body format.
    #[error(transparent)]
    Body(#[from] BodyError),
}

/// Returns the part of a message that describes the entry, which is empty where there is none.
fn of_entry(entry: &Option<String>) -> String {
    entry
        .as_ref()
        .map(|entry| format!(" of one entry ({entry})"))
        .unwrap_or_default()
}

/// Returns the message of [`PushError::Exhausted`].
fn exhausted(last: &AttemptError, attempts: u32) -> String {
    match last {
        AttemptError::Auth(error) if error.is_final() => format!("push not sent: {last}"),
        _ => format!("push not delivered after {attempts} attempt(s), the last: {last}"),
    }
}

/// Returns the part of a message that says of entries too far behind that they may be stored. It cannot be known
/// whether an earlier delivery of the event has stored them.
fn may_be_stored(response: &PushResponse) -> &'static str {
    match response.message.contains("too far behind") {
        true => " (the lines may be there already, from an earlier delivery of the event)",
        false => "",
    }
}

/// Returns the part of a message that describes the last attempt.
fn last_attempt(last: &Option<AttemptError>, attempts: u32) -> String {
    match last {
        Some(last) => format!(", the last: {last}"),
        None if attempts > 0 => ", and no answer".to_owned(),
        None => String::new(),
    }
}

impl PushError {
    /// Returns the number of times that the push was sent.
    pub fn attempts(&self) -> u32 {
        match self {
            Self::Refused { attempts, .. }
            | Self::RefusedInPart { attempts, .. }
            | Self::Exhausted { attempts, .. }
            | Self::Deadline { attempts, .. } => *attempts,
            Self::Tenant { .. } | Self::HeldBack { .. } | Self::Time { .. } | Self::Body(_) => 0,
        }
    }

    /// Returns whether Loki will refuse the same entries in any later event, too. Credentials, addresses and proxies can
    /// be put right, and what failed on the way may pass.
    pub fn is_of_entries(&self) -> bool {
        match self {
            Self::Refused { response, .. } => {
                matches!(response.status.as_u16(), 400 | 422) || response.is_too_large()
            }
            Self::RefusedInPart { .. } | Self::Tenant { .. } | Self::Time { .. } | Self::Body(_) => true,
            Self::Exhausted { .. } | Self::Deadline { .. } | Self::HeldBack { .. } => false,
        }
    }

    /// Returns whether the same push can never succeed.
    pub fn is_final(&self) -> bool {
        !matches!(
            self,
            Self::Exhausted { .. } | Self::Deadline { .. } | Self::HeldBack { .. }
        )
    }
}
