//! Faults of S3.

use fastrand::Rng;
use testkit::s3::{Answer, S3};

/// A kind of fault on S3's side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum S3Fault {
    SlowDown,
    Reset,
    ShortRead,
    ResetInBody,
    Stall,
    MissingOnce,
}

/// The faults of S3 in a case: one kind, for a number of requests.
#[derive(Clone, Debug)]
pub struct S3Plan {
    pub fault: S3Fault,
    /// The number of bytes after which each request fails; `None` for a request without a fault.
    requests: Vec<Option<u64>>,
}

impl S3Fault {
    pub const ALL: [Self; 6] = [
        Self::SlowDown,
        Self::Reset,
        Self::ShortRead,
        Self::ResetInBody,
        Self::Stall,
        Self::MissingOnce,
    ];

    fn answer(self, bytes: u64) -> Answer {
        match self {
            Self::SlowDown => Answer::slow_down(),
            Self::Reset => Answer::reset(),
            Self::ShortRead => Answer::close_after(bytes),
            Self::ResetInBody => Answer::reset_after(bytes),
            Self::Stall => Answer::stall_after(bytes),
            Self::MissingOnce => Answer::error(404, "NoSuchKey", "The specified key does not exist."),
        }
    }
}

impl S3Plan {
    pub fn draw(rng: &mut Rng, fault: S3Fault) -> Self {
        let faults = match fault {
            S3Fault::MissingOnce => 1,
            // Few, because each one waits for a deadline.
            S3Fault::Stall => rng.usize(1..3),
            _ => [1, 2, 3, 8, 100][rng.usize(..5)],
        };
        let mut requests = vec![None; rng.usize(..2)];
        requests.extend((0..faults).map(|_| Some(rng.u64(..400))));
        Self { fault, requests }
    }

    pub fn apply(&self, s3: &S3) {
        let answers = self.requests.iter();
        s3.answer_next(
            answers.map(|bytes| bytes.map_or_else(Answer::serve, |bytes| self.fault.answer(bytes))),
        );
    }

    /// Returns how many of this many requests had a fault.
    pub fn met(&self, requests: usize) -> u64 {
        self.requests.iter().take(requests).flatten().count() as u64
    }
}
