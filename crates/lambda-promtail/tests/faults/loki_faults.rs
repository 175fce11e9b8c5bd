//! What goes wrong on Loki's side.

use std::fmt;
use std::time::Duration;

use fastrand::Rng;
use testkit::receiver::{Answer, Push};

/// A kind of fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LokiFault {
    Refused,
    ResetBeforeBody,
    ResetAfterBody,
    /// The push is accepted, but nobody says so.
    AnswerLost,
    Hang,
    Slow,
    /// Slower than `TIMEOUT`.
    TooSlow,
    TooManyRequests,
    RetryAfter,
    ServerError,
    Unavailable,
    /// 413 above a size.
    TooLarge,
    /// 500 with gRPC's words above a size.
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
    /// Answers so slow that the deadline comes in the middle.
    Deadline,
    /// 400 for certain lines, for ever.
    PoisonLine,
    /// 413 for certain lines, however small the push is, for ever.
    PoisonSize,
    /// 500 for the pushes with certain lines, during the first deliveries.
    Unlucky,
    /// The connections that are open die without a word.
    DeadPool,
    /// Full batches take longer than `TIMEOUT`, single entries do not.
    SlowLink,
}

/// What is to go wrong in a case.
#[derive(Clone, Default)]
pub struct LokiPlan {
    pub faults: Vec<LokiFault>,
    /// One for each push; none where nothing is wrong.
    pub answers: Vec<Option<Planned>>,
    pub resets: usize,
    pub handshakes: usize,
    pub rule: Option<Rule>,
    pub disturbance: Option<Disturbance>,
    /// Bytes a second of each connection.
    pub speed: Option<u64>,
}

/// An answer to one push.
#[derive(Clone, Copy, Debug)]
pub struct Planned {
    fault: LokiFault,
    /// As far as time matters.
    millis: u64,
}

/// What is true of every push.
#[derive(Clone, Copy, Debug)]
pub enum Rule {
    Larger { than: usize, status: u16 },
    Marked,
    Unlucky { deliveries: u32 },
}

/// What happens to connections during an invocation, when so many pushes have come.
#[derive(Clone, Copy, Debug)]
pub enum Disturbance {
    Refuse { after: usize, millis: u64 },
    Close { after: usize },
    Kill { after: usize },
}

/// Bytes that a slow link carries in the time of one attempt.
const SLOW: u64 = 1_500;
/// Answers that a plan shows.
const SHOWN: usize = 20;
/// In a line that Loki never takes.
pub const POISON: &str = "POISON";
/// In a line that Loki does not take at first.
pub const UNLUCKY: &str = "UNLUCKY";
/// Single entries that are no poison stay below this, and such that are above.
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

    /// Whether some lines are refused as long as there are any.
    pub fn is_poison(self) -> bool {
        matches!(self, Self::PoisonLine | Self::PoisonSize)
    }

    /// Whether it is some lines that meet it.
    pub fn is_of_lines(self) -> bool {
        self.is_poison() || self == Self::Unlucky
    }

    /// Whether it depends on the size of pushes.
    pub fn is_of_size(self) -> bool {
        matches!(
            self,
            Self::TooLarge | Self::ResourceExhausted | Self::PoisonLine | Self::PoisonSize | Self::SlowLink
        )
    }
}

impl LokiPlan {
    /// `timeout` is that of one attempt.
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
        // The last is more than there will be until the fault is over.
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
            // With the headers, a single entry takes less than half of the time, and a full batch twice as long.
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

    /// Whether connections die between two deliveries.
    pub fn kills(&self) -> bool {
        self.faults.contains(&LokiFault::DeadPool)
    }

    /// Whether there is a link between the function and Loki.
    pub fn needs_link(&self) -> bool {
        self.kills() || self.speed.is_some()
    }

    /// Whether what the receiver answers comes to the function.
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
    /// None for a fault that is no answer.
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
                // A date has passed by now: that is no wait.
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
