//! Why a batch was not delivered.

use std::time::Duration;

use http::header::InvalidHeaderValue;
use loki_push::BodyError;

use crate::{AuthError, PushResponse, TransportError};

/// How one attempt failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AttemptError {
    /// The server answered with something else than success.
    #[error("{0}")]
    Status(PushResponse),
    /// There was no answer.
    #[error("no answer: {0}")]
    Broken(#[from] TransportError),
    /// There was no answer in time.
    #[error("no answer within {0:?}")]
    TimedOut(Duration),
    /// There were no credentials to push with.
    #[error("no credentials: {0}")]
    Auth(#[from] AuthError),
}

/// Why a batch was not delivered.
#[derive(Debug, thiserror::Error)]
pub enum PushError {
    /// The server refused it for good.
    #[error("push{} refused by Loki after {attempts} attempt(s): {response}{}", of_entry(.entry), may_be_stored(.response))]
    Refused {
        /// The entry, if there was only one.
        entry: Option<String>,
        /// What it said.
        response: PushResponse,
        /// How often the push was sent.
        attempts: u32,
    },
    /// The server refused entries of it for good, and stored the others.
    #[error(
        "{refused} of {of} entries of a push refused by Loki, which stored the others: {response}{}",
        may_be_stored(.response)
    )]
    RefusedInPart {
        /// How many it refused.
        refused: u64,
        /// How many there were.
        of: u64,
        /// What it said.
        response: PushResponse,
        /// How often the push was sent.
        attempts: u32,
    },
    /// It failed as often as it may.
    #[error("{}", exhausted(.last, *.attempts))]
    Exhausted {
        /// How the last attempt failed.
        last: AttemptError,
        /// How often the push was sent.
        attempts: u32,
    },
    /// The deadline came first.
    #[error("push not delivered before the deadline: {attempts} attempt(s) in {spent:.1?}{}", last_attempt(.last, *.attempts))]
    Deadline {
        /// How the last attempt that ended did so.
        last: Option<AttemptError>,
        /// How often the push was sent, an attempt that did not end included.
        attempts: u32,
        /// Time between the first attempt and giving up.
        spent: Duration,
    },
    /// Its tenant cannot be said in a header.
    #[error("tenant {tenant:?} cannot be sent as X-Scope-OrgID: {source}")]
    Tenant {
        /// The tenant that entries asked for.
        tenant: String,
        /// What is wrong with it.
        source: InvalidHeaderValue,
    },
    /// It was not sent, since an earlier push of the same stream failed.
    #[error(
        "not sent, or Loki would later refuse older entries of the same stream as too far behind, whose push failed: {reason}"
    )]
    HeldBack {
        /// Why the earlier push failed.
        reason: String,
    },
    /// An entry has a time that the JSON body format cannot hold.
    #[error(
        "an entry of {labels} has a time of {seconds} s since 1970, which JSON pushes cannot hold: Loki takes 64-bit nanoseconds, up to the year 2262"
    )]
    Time {
        /// The entry's stream.
        labels: String,
        /// Its time, in seconds since the epoch.
        seconds: i64,
    },
    /// It cannot be put into the body format.
    #[error(transparent)]
    Body(#[from] BodyError),
}

fn of_entry(entry: &Option<String>) -> String {
    entry
        .as_ref()
        .map(|entry| format!(" of one entry ({entry})"))
        .unwrap_or_default()
}

fn exhausted(last: &AttemptError, attempts: u32) -> String {
    match last {
        AttemptError::Auth(error) if error.is_final() => format!("push not sent: {last}"),
        _ => format!("push not delivered after {attempts} attempt(s), the last: {last}"),
    }
}

/// Nobody can know whether a redelivered entry that is too far behind was stored by an earlier delivery.
fn may_be_stored(response: &PushResponse) -> &'static str {
    match response.message.contains("too far behind") {
        true => " (from an earlier delivery of the event, the lines may be there already)",
        false => "",
    }
}

fn last_attempt(last: &Option<AttemptError>, attempts: u32) -> String {
    match last {
        Some(last) => format!(", the last: {last}"),
        None if attempts > 0 => ", and no answer".to_owned(),
        None => String::new(),
    }
}

impl PushError {
    /// How often the push was sent.
    pub fn attempts(&self) -> u32 {
        match self {
            Self::Refused { attempts, .. }
            | Self::RefusedInPart { attempts, .. }
            | Self::Exhausted { attempts, .. }
            | Self::Deadline { attempts, .. } => *attempts,
            Self::Tenant { .. } | Self::HeldBack { .. } | Self::Time { .. } | Self::Body(_) => 0,
        }
    }

    /// Whether no try of the same push will ever succeed.
    pub fn is_final(&self) -> bool {
        !matches!(
            self,
            Self::Exhausted { .. } | Self::Deadline { .. } | Self::HeldBack { .. }
        )
    }
}
