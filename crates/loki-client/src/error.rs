//! Why a batch was not delivered.

use std::time::Duration;

use http::header::InvalidHeaderValue;
use loki_push::BodyError;

use crate::{Answer, TransportError};

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
}

/// Why a batch was not delivered.
#[derive(Debug, thiserror::Error)]
pub enum PushError {
    /// The server refused it for good.
    #[error("push refused by Loki after {attempts} attempt(s): {answer}")]
    Refused {
        /// What it said.
        answer: Answer,
        /// How often the push was sent.
        attempts: u32,
    },
    /// It failed as often as it may.
    #[error("push not delivered after {attempts} attempt(s), the last: {last}")]
    Exhausted {
        /// How the last attempt failed.
        last: Attempt,
        /// How often the push was sent.
        attempts: u32,
    },
    /// Its tenant cannot be said in a header.
    #[error("tenant {tenant:?} cannot be sent as X-Scope-OrgID: {source}")]
    Tenant {
        /// The tenant that entries asked for.
        tenant: String,
        /// What is wrong with it.
        source: InvalidHeaderValue,
    },
    /// It cannot be put into the body format.
    #[error(transparent)]
    Body(#[from] BodyError),
}

impl PushError {
    /// How often the push was sent.
    pub fn attempts(&self) -> u32 {
        match self {
            Self::Refused { attempts, .. } | Self::Exhausted { attempts, .. } => *attempts,
            Self::Tenant { .. } | Self::Body(_) => 0,
        }
    }

    /// Whether no try of the same push will ever succeed.
    pub fn is_final(&self) -> bool {
        !matches!(self, Self::Exhausted { .. })
    }
}
