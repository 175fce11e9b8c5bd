//! Why a batch was not delivered.

use std::time::Duration;

use http::header::InvalidHeaderValue;
use loki_push::BodyError;

use crate::{Answer, AuthError, TransportError};

/// How one attempt failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Attempt {
    /// The server answered with something else than success.
    #[error("{0}")]
    Answered(Answer),
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
    #[error("push{} refused by Loki after {attempts} attempt(s): {answer}{}", of_entry(.entry), may_be_stored(.answer))]
    Refused {
        /// The entry, if there was only one.
        entry: Option<String>,
        /// What it said.
        answer: Answer,
        /// How often the push was sent.
        attempts: u32,
    },
    /// The server refused entries of it for good, and stored the others.
    #[error(
        "{refused} of {of} entries of a push refused by Loki, which stored the others: {answer}{}",
        may_be_stored(.answer)
    )]
    RefusedInPart {
        /// How many it refused.
        refused: u64,
        /// How many there were.
        of: u64,
        /// What it said.
        answer: Answer,
        /// How often the push was sent.
        attempts: u32,
    },
    /// It failed as often as it may.
    #[error("{}", exhausted(.last, *.attempts))]
    Exhausted {
        /// How the last attempt failed.
        last: Attempt,
        /// How often the push was sent.
        attempts: u32,
    },
    /// The deadline came first.
    #[error("push not delivered before the deadline: {attempts} attempt(s) in {spent:.1?}{}", last_words(.last, *.attempts))]
    Deadline {
        /// How the last attempt that ended did so.
        last: Option<Attempt>,
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

fn exhausted(last: &Attempt, attempts: u32) -> String {
    match last {
        Attempt::Auth(error) if error.is_final() => format!("push not sent: {last}"),
        _ => format!("push not delivered after {attempts} attempt(s), the last: {last}"),
    }
}

/// Nobody can know whether a redelivered entry that is too far behind was stored by an earlier delivery.
fn may_be_stored(answer: &Answer) -> &'static str {
    match answer.message.contains("too far behind") {
        true => " (from an earlier delivery of the event, the lines may be there already)",
        false => "",
    }
}

fn last_words(last: &Option<Attempt>, attempts: u32) -> String {
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

    /// Returns whether Loki will refuse the same entries in any later event, too. Credentials, addresses and proxies can
    /// be put right, and what failed on the way may pass.
    pub fn is_of_entries(&self) -> bool {
        match self {
            Self::Refused { answer, .. } => {
                matches!(answer.status.as_u16(), 400 | 422) || answer.is_too_large()
            }
            Self::RefusedInPart { .. } | Self::Tenant { .. } | Self::Time { .. } | Self::Body(_) => true,
            Self::Exhausted { .. } | Self::Deadline { .. } | Self::HeldBack { .. } => false,
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
