//! Cases, which are drawn from a seed and a number.

use std::fmt;

use fastrand::Rng;
use testkit::lambda::LambdaBuilder;

use super::lines::{Content, Lines};
use super::loki_faults::{LokiFault, LokiPlan};
use super::s3_faults::{S3Fault, S3Plan};
use super::shapes::Shape;
use super::sources::{Feed, Source};

/// The function's timeout in milliseconds for a bomb, which an unoptimised build inflates slowly.
const BOMB_TIMEOUT: u64 = 8_000;

/// One event, the function's settings, and the faults.
#[derive(Debug)]
pub struct Case {
    pub seed: u64,
    pub number: u64,
    pub feed: Feed,
    pub settings: Settings,
    pub loki: LokiPlan,
    pub s3: Option<S3Plan>,
    /// Whether AWS delivers the whole event once more after it was delivered completely.
    pub twice: bool,
    /// Whether a new process handles the first redelivery.
    pub restarts: bool,
}

/// The function's settings; times are in milliseconds.
#[derive(Debug)]
pub struct Settings {
    pub tenant: Option<&'static str>,
    pub shape: Shape,
    report_items: bool,
    encoding: &'static str,
    batch_size: usize,
    push_concurrency: usize,
    read_ahead: usize,
    timeout: u64,
    min_backoff: u64,
    max_backoff: u64,
    max_retries: u32,
    deadline_margin: u64,
    pub function_timeout: u64,
    /// The number of messages that the queue for continuations refuses at first.
    pub queue_refuses: usize,
}

/// A fault that a case tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    Loki(LokiFault),
    S3(S3Fault),
    /// A part that inflates to more than the function accepts.
    Bomb,
}

impl Case {
    /// Draws a case. Consecutive numbers go through all pairs of a source and a fault; everything else is random.
    pub fn draw(seed: u64, number: u64) -> Self {
        let pairs = Self::pairs();
        let (source, fault) = pairs[(number % pairs.len() as u64) as usize];
        let mut rng = Rng::with_seed(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(number));
        let rng = &mut rng;

        let (first, s3) = match fault {
            Fault::Loki(fault) => (Some(fault), None),
            Fault::S3(fault) => (None, Some(S3Plan::draw(rng, fault))),
            Fault::Bomb => (None, None),
        };
        let has_bomb = fault == Fault::Bomb;
        let mut faults: Vec<LokiFault> = first.into_iter().collect();
        let second = LokiFault::ALL[rng.usize(..LokiFault::ALL.len())];
        // A fault of certain lines is not combined with others, or the test could not tell when the others are over.
        if rng.u8(..3) == 0
            && !has_bomb
            && !faults.contains(&second)
            && !faults.iter().chain([&second]).any(|it| it.is_of_lines())
        {
            faults.push(second);
        }
        let mut settings = Settings::draw(rng, source, &faults);
        if has_bomb {
            settings.shape = Shape::Plain;
            settings.function_timeout = BOMB_TIMEOUT;
        }
        let mut loki = LokiPlan::draw(rng, &faults, settings.timeout);
        if source == Source::SqsContinued {
            // One after the other, the pushes of most events take longer than the function may.
            loki.delay = rng.u64(40..120);
        }
        let poison = faults.iter().copied().find(|fault| fault.is_poison());
        let content = Content {
            name: format!("{seed}/{number}"),
            tenant: settings.tenant,
            shape: settings.shape,
            marked: faults.iter().copied().find(|fault| fault.is_of_lines()),
            has_bomb,
            reads_fail: s3.is_some(),
        };
        let feed = Lines::new(rng, content).feed(source);
        Self {
            seed,
            number,
            feed,
            settings,
            twice: poison.is_none() && !has_bomb && (loki.freezes() || loki.kills() || rng.u8(..5) == 0),
            restarts: !faults.contains(&LokiFault::Deadline) && rng.u8(..8) == 0,
            loki,
            s3,
        }
    }

    /// Returns every source with every fault that can affect it.
    pub fn pairs() -> Vec<(Source, Fault)> {
        let loki = LokiFault::ALL.map(Fault::Loki);
        let s3 = S3Fault::ALL.map(Fault::S3);
        let faults = loki.into_iter().chain(s3).chain([Fault::Bomb]);
        let pairs = faults.flat_map(|fault| Source::ALL.map(|source| (source, fault)));
        pairs
            .filter(|(source, fault)| match fault {
                Fault::Loki(_) => true,
                Fault::S3(_) => source.reads_objects(),
                Fault::Bomb => source.inflates(),
            })
            .collect()
    }

    /// Returns all faults of the case.
    pub fn faults(&self) -> impl Iterator<Item = Fault> {
        let loki = self.loki.faults.iter().copied().map(Fault::Loki);
        let s3 = self.s3.iter().map(|plan| Fault::S3(plan.fault));
        let has_bomb = self.feed.parts.iter().any(|part| part.is_bomb);
        loki.chain(s3).chain(has_bomb.then_some(Fault::Bomb))
    }

    /// Returns the command that runs only this case.
    pub fn command(&self) -> String {
        format!(
            "FAULT_SEED={} FAULT_CASE={} cargo test --workspace --test it -- --nocapture faults::",
            self.seed, self.number
        )
    }
}

impl Settings {
    fn draw(rng: &mut Rng, source: Source, faults: &[LokiFault]) -> Self {
        let has = |fault| faults.contains(&fault);
        let shape = match Shape::draw(rng) {
            // With small pushes thousands of lines would become thousands of pushes.
            Shape::ManyStreams { .. } if faults.iter().any(|fault| fault.is_of_size()) => Shape::Plain,
            shape => shape,
        };
        let is_large = matches!(shape, Shape::ManyStreams { .. });
        Self {
            tenant: rng.bool().then_some("blue"),
            shape,
            // The setting must have no effect on other sources than SQS and Kinesis.
            report_items: source.is_partial() || (!source.is_batch() && rng.bool()),
            encoding: ["protobuf", "json"][rng.usize(..2)],
            batch_size: match () {
                // Loki would store the other lines of a push with a rejected line; the receiver does not.
                () if has(LokiFault::PoisonLine) => 1,
                () if has(LokiFault::TooLarge) || has(LokiFault::ResourceExhausted) => rng.usize(1500..3000),
                () if has(LokiFault::SlowLink) => rng.usize(2500..3500),
                () if is_large => rng.usize(10_000..60_000),
                () if source == Source::SqsContinued => rng.usize(150..500),
                () => rng.usize(300..3000),
            },
            push_concurrency: match source {
                Source::SqsContinued => 1,
                _ => rng.usize(1..=6),
            },
            read_ahead: [0, 1, 16][rng.usize(..3)],
            timeout: rng.u64(150..400),
            min_backoff: rng.u64(2..10),
            max_backoff: rng.u64(20..80),
            max_retries: [0, 1, 3, 10][rng.usize(..4)],
            deadline_margin: rng.u64(200..400),
            function_timeout: match has(LokiFault::Deadline) {
                _ if is_large => rng.u64(3_000..5_000),
                true => rng.u64(900..1300),
                false => rng.u64(1200..2500),
            },
            queue_refuses: [0, 0, 1, 3][rng.usize(..4)],
        }
    }

    /// Applies the case's settings to the function.
    pub fn apply(&self, function: LambdaBuilder) -> LambdaBuilder {
        let millis = |millis: u64| format!("{millis}ms");
        let function = match self.tenant {
            Some(tenant) => function.env("TENANT_ID", tenant),
            None => function,
        };
        let function = match self.shape.stages() {
            Some(stages) => function.env("LOKI_STAGE_CONFIGS", stages),
            None => function,
        };
        function
            .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128")
            .env("REPORT_BATCH_ITEM_FAILURES", self.report_items.to_string())
            .env("PUSH_ENCODING", self.encoding)
            .env("BATCH_SIZE", self.batch_size.to_string())
            .env("PUSH_CONCURRENCY", self.push_concurrency.to_string())
            .env("READ_AHEAD", self.read_ahead.to_string())
            .env("TIMEOUT", millis(self.timeout))
            .env("MIN_BACKOFF", millis(self.min_backoff))
            .env("MAX_BACKOFF", millis(self.max_backoff))
            .env("MAX_RETRIES", self.max_retries.to_string())
            .env("DEADLINE_MARGIN", millis(self.deadline_margin))
            .env("UNKNOWN_S3_TYPE", "text")
            .env("ON_REJECT", "fail")
    }
}

impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "seed {}, case {}: {:?}",
            self.seed, self.number, self.feed.source
        )?;
        for part in &self.feed.parts {
            let objects: Vec<String> = part
                .objects
                .iter()
                .map(|object| format!("{} ({} bytes)", object.key, object.bytes.len()))
                .collect();
            writeln!(
                f,
                "  part {:?}: {} lines {}",
                part.id,
                part.entries.len(),
                objects.join(", ")
            )?;
        }
        writeln!(f, "  {:?}", self.settings)?;
        writeln!(f, "  {:?}", self.loki)?;
        if let Some(s3) = &self.s3 {
            writeln!(f, "  {s3:?}")?;
        }
        writeln!(
            f,
            "  delivered twice: {}, new process: {}",
            self.twice, self.restarts
        )?;
        write!(f, "  {}", self.command())
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match self {
            Self::Loki(fault) => format!("{fault:?}"),
            Self::S3(fault) => format!("S3 {fault:?}"),
            Self::Bomb => "Bomb".to_owned(),
        };
        f.pad(&name)
    }
}
