//! Faults of Loki and of the network to it.

use std::fmt;
use std::time::Duration;

use fastrand::Rng;
use testkit::receiver::{Answer, Push};

/// A kind of fault on Loki's side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LokiFault {
    Refused,
    ResetBeforeBody,
    ResetAfterBody,
    /// The push is accepted, but the response is lost.
    AnswerLost,
    Hang,
    Slow,
    /// A response slower than `TIMEOUT`.
    TooSlow,
    TooManyRequests,
    RetryAfter,
    ServerError,
    Unavailable,
    /// 413 for pushes above a size.
    TooLarge,
    /// 500 with gRPC's error text for pushes above a size.
    ResourceExhausted,
    /// 400 once.
    BadRequest,
    Blocked,
    Garbage,
    Found,
    TemporaryRedirect,
    Handshake,
    /// All connections are closed while the process is frozen.
    Frozen,
    /// All connections are closed in the middle of an invocation.
    Closed,
    /// Responses so slow that the deadline comes during a push.
    Deadline,
    /// 400 for certain lines, permanently.
    PoisonLine,
    /// 413 for certain lines, however small the push is, permanently.
    PoisonSize,
    /// 500 for the pushes with certain lines, during the first deliveries.
    Unlucky,
    /// The open connections die without a reset.
    DeadPool,
    /// A link on which full batches take longer than `TIMEOUT`, and single entries do not.
    SlowLink,
}

/// The faults of Loki in a case.
#[derive(Clone, Default)]
pub struct LokiPlan {
    pub faults: Vec<LokiFault>,
    /// The response to each push; `None` stands for a normal one.
    pub answers: Vec<Option<Planned>>,
    pub resets: usize,
    pub handshakes: usize,
    pub rule: Option<Rule>,
    pub disturbance: Option<Disturbance>,
    /// The speed of each connection, in bytes per second.
    pub speed: Option<u64>,
    /// The time that every other response takes until the faults are over, in milliseconds.
    pub delay: u64,
}

/// A planned response to one push.
#[derive(Clone, Copy, Debug)]
pub struct Planned {
    fault: LokiFault,
    /// The time in milliseconds, for faults that depend on it.
    millis: u64,
}

/// A fault that applies to every push.
#[derive(Clone, Copy, Debug)]
pub enum Rule {
    Larger { than: usize, status: u16 },
    Marked,
    Unlucky { deliveries: u32 },
}

/// An effect on connections during an invocation, after a number of pushes.
#[derive(Clone, Copy, Debug)]
pub enum Disturbance {
    Refuse { after: usize, millis: u64 },
    Close { after: usize },
    Kill { after: usize },
}

/// The bytes that a slow link carries in the time of one attempt.
const SLOW: u64 = 1_500;
/// The most responses that a plan prints.
const SHOWN: usize = 20;
/// The mark of a line that Loki never accepts.
pub const POISON: &str = "POISON";
/// The mark of a line that Loki does not accept at first.
pub const UNLUCKY: &str = "UNLUCKY";
/// The size in bytes above which `PoisonSize` rejects an entry; all other entries are smaller.
pub const ENTRY_LIMIT: usize = 1000;

impl LokiFault {
    pub const ALL: [Self; 27] = [
        Self::Refused,
        Self::ResetBeforeBody,
        Self::ResetAfterBody,
        Self::AnswerLost,
        Self::Hang,
        Self::Slow,
        Self::TooSlow,
        Self::TooManyRequests,
        Self::RetryAfter,
        Self::ServerError,
        Self::Unavailable,
        Self::TooLarge,
        Self::ResourceExhausted,
        Self::BadRequest,
        Self::Blocked,
        Self::Garbage,
        Self::Found,
        Self::TemporaryRedirect,
        Self::Handshake,
        Self::Frozen,
        Self::Closed,
        Self::Deadline,
        Self::PoisonLine,
        Self::PoisonSize,
        Self::Unlucky,
        Self::DeadPool,
        Self::SlowLink,
    ];

    /// Returns whether some lines are rejected permanently.
    pub fn is_poison(self) -> bool {
        matches!(self, Self::PoisonLine | Self::PoisonSize)
    }

    /// Returns whether the fault affects only certain lines.
    pub fn is_of_lines(self) -> bool {
        self.is_poison() || self == Self::Unlucky
    }

    /// Returns whether the fault depends on the size of pushes.
    pub fn is_of_size(self) -> bool {
        matches!(
            self,
            Self::TooLarge | Self::ResourceExhausted | Self::PoisonLine | Self::PoisonSize | Self::SlowLink
        )
    }
}

impl LokiPlan {
    /// Draws a plan with these faults. `timeout` is the time of one attempt, in milliseconds.
    pub fn draw(rng: &mut Rng, faults: &[LokiFault], timeout: u64) -> Self {
        let mut plan = Self {
            faults: faults.to_vec(),
            ..Self::default()
        };
        for fault in faults {
            plan.add(rng, *fault, timeout);
        }
        rng.shuffle(&mut plan.answers);
        plan.answers.splice(..0, vec![None; rng.usize(..3)]);
        plan
    }

    fn add(&mut self, rng: &mut Rng, fault: LokiFault, timeout: u64) {
        // The last number is larger than the number of pushes until the fault is over.
        let mut count = [1, 1, 2, 3, 5, 8, 12, 500][rng.usize(..8)];
        let after = rng.usize(..4);
        let mut millis = 0..1;
        match fault {
            LokiFault::Refused => {
                let millis = [20, 80, 300, 5000][rng.usize(..4)];
                self.disturbance = Some(Disturbance::Refuse { after, millis });
            }
            LokiFault::Closed => self.disturbance = Some(Disturbance::Close { after: after + 1 }),
            LokiFault::ResetBeforeBody => self.resets += count,
            LokiFault::Handshake => self.handshakes += count,
            LokiFault::TooLarge | LokiFault::PoisonSize => {
                let than = ENTRY_LIMIT + rng.usize(..500);
                self.rule = Some(Rule::Larger { than, status: 413 });
            }
            LokiFault::ResourceExhausted => {
                let than = ENTRY_LIMIT + rng.usize(..500);
                self.rule = Some(Rule::Larger { than, status: 500 });
            }
            LokiFault::PoisonLine => self.rule = Some(Rule::Marked),
            LokiFault::Unlucky => {
                let deliveries = rng.u32(1..3);
                self.rule = Some(Rule::Unlucky { deliveries });
            }
            LokiFault::DeadPool => self.disturbance = Some(Disturbance::Kill { after: after + 1 }),
            // With its headers a single entry takes less than half of the timeout, and a full batch twice the timeout.
            LokiFault::SlowLink => self.speed = Some(SLOW * 1_000 / timeout),
            LokiFault::Frozen => {}
            LokiFault::Slow => millis = 5..timeout / 2,
            LokiFault::TooSlow => millis = timeout + 20..timeout + 200,
            LokiFault::RetryAfter => millis = 0..2000,
            LokiFault::BadRequest => count = 1,
            LokiFault::Deadline => (millis, count) = (30..timeout / 2, 500),
            _ => {}
        }
        let is_answer = Planned { fault, millis: 0 }.answer("").is_some();
        if is_answer {
            let planned = (0..count).map(|_| Planned {
                fault,
                millis: rng.u64(millis.clone()),
            });
            self.answers.extend(planned.map(Some).collect::<Vec<_>>());
        }
    }

    pub fn needs_tls(&self) -> bool {
        self.handshakes > 0
    }

    pub fn freezes(&self) -> bool {
        self.faults.contains(&LokiFault::Frozen)
    }

    /// Returns whether connections die between two deliveries.
    pub fn kills(&self) -> bool {
        self.faults.contains(&LokiFault::DeadPool)
    }

    /// Returns whether the case needs a link between the function and Loki.
    pub fn needs_link(&self) -> bool {
        self.kills() || self.speed.is_some()
    }

    /// Returns whether the receiver's responses reach the function.
    pub fn answers_arrive(&self) -> bool {
        self.disturbance.is_none() && !self.needs_link()
    }
}

impl fmt::Debug for LokiPlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut answers = Vec::new();
        for answer in self.answers.iter().take(SHOWN) {
            answers.push(answer.map_or("as usual".to_owned(), |it| {
                format!("{:?} {}", it.fault, it.millis)
            }));
        }
        f.debug_struct("LokiPlan")
            .field("faults", &self.faults)
            .field("answers", &answers.join(", "))
            .field("more", &self.answers.len().saturating_sub(SHOWN))
            .field("resets", &self.resets)
            .field("handshakes", &self.handshakes)
            .field("rule", &self.rule)
            .field("disturbance", &self.disturbance)
            .field("speed", &self.speed)
            .field("delay", &self.delay)
            .finish()
    }
}

impl Rule {
    pub fn refusal(self, push: &Push, delivery: u32) -> Option<Answer> {
        match self {
            Self::Larger { than, status } if push.decoded_bytes > than => {
                let sizes = format!("larger than max ({} vs. {than})", push.decoded_bytes);
                let words =
                    format!("rpc error: code = ResourceExhausted desc = grpc: received message {sizes}");
                Some(Answer::status(status).body(words))
            }
            Self::Marked if push.entries().any(|entry| entry.line.contains(POISON)) => {
                Some(Answer::status(400).body("max entry size '7' bytes exceeded for stream '{a=\"b\"}'"))
            }
            Self::Unlucky { deliveries }
                if delivery <= deliveries && push.entries().any(|entry| entry.line.contains(UNLUCKY)) =>
            {
                Some(Answer::status(500).body("empty ring"))
            }
            _ => None,
        }
    }
}

impl Planned {
    /// Returns the response, or `None` if the fault is not a response.
    pub fn answer(self, url: &str) -> Option<Answer> {
        let delay = Duration::from_millis(self.millis);
        Some(match self.fault {
            LokiFault::ResetAfterBody => Answer::reset_after_body(),
            LokiFault::AnswerLost => Answer::lost(),
            LokiFault::Hang => Answer::hang(),
            LokiFault::Slow | LokiFault::TooSlow | LokiFault::Deadline => Answer::status(204).delay(delay),
            LokiFault::TooManyRequests => {
                Answer::status(429).body("Ingestion rate limit exceeded for user blue")
            }
            LokiFault::RetryAfter => {
                let status = if self.millis.is_multiple_of(2) { 429 } else { 503 };
                // The date has passed, so it asks for no wait.
                let after = ["0", "1", "Wed, 04 Mar 2026 05:06:07 GMT"][self.millis as usize % 3];
                Answer::status(status).header("Retry-After", after)
            }
            LokiFault::ServerError => Answer::status(500).body("empty ring"),
            LokiFault::Unavailable => Answer::status(503),
            LokiFault::BadRequest => Answer::status(400).body("no"),
            LokiFault::Blocked => Answer::status(260).body("ingestion blocked for user blue"),
            LokiFault::Garbage => Answer::garbage(),
            LokiFault::Found => Answer::status(302).header("Location", "https://sso.example.com/login"),
            LokiFault::TemporaryRedirect if url.is_empty() => Answer::status(307),
            LokiFault::TemporaryRedirect => Answer::status(307).header("Location", url),
            _ => return None,
        })
    }
}
