//! Cases: what is drawn for a seed and a number.

use std::fmt;

use fastrand::Rng;
use testkit::lambda::LambdaBuilder;

use super::lines::Lines;
use super::loki_faults::{LokiFault, LokiPlan};
use super::s3_faults::{S3Fault, S3Plan};
use super::sources::{Feed, Source};

/// One event, the function's settings, and what goes wrong.
#[derive(Debug)]
pub struct Case {
    pub seed: u64,
    pub number: u64,
    pub feed: Feed,
    pub settings: Settings,
    pub loki: LokiPlan,
    pub s3: Option<S3Plan>,
    /// Whether AWS delivers the whole event again after all of it was delivered.
    pub twice: bool,
}

/// Times are in milliseconds.
#[derive(Debug)]
pub struct Settings {
    pub tenant: Option<&'static str>,
    report_items: bool,
    encoding: &'static str,
    batch_size: usize,
    push_concurrency: usize,
    timeout: u64,
    min_backoff: u64,
    max_backoff: u64,
    max_retries: u32,
    deadline_margin: u64,
    pub function_timeout: u64,
}

/// What a case is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    Loki(LokiFault),
    S3(S3Fault),
}

impl Case {
    /// Numbers that follow each other go through all pairs of a source and a fault; all else is drawn.
    pub fn draw(seed: u64, number: u64) -> Self {
        let pairs = Self::pairs();
        let (source, fault) = pairs[(number % pairs.len() as u64) as usize];
        let mut rng = Rng::with_seed(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(number));
        let rng = &mut rng;

        let (first, s3) = match fault {
            Fault::Loki(fault) => (Some(fault), None),
            Fault::S3(fault) => (None, Some(S3Plan::draw(rng, fault))),
        };
        let mut faults: Vec<LokiFault> = first.into_iter().collect();
        let second = LokiFault::ALL[rng.usize(..LokiFault::ALL.len())];
        // What is poison must be all that is wrong, or one could not tell when the rest is over.
        if rng.u8(..3) == 0
            && !faults.contains(&second)
            && !faults.iter().chain([&second]).any(|it| it.is_poison())
        {
            faults.push(second);
        }
        let settings = Settings::draw(rng, source, &faults);
        let loki = LokiPlan::draw(rng, &faults, settings.timeout);
        let poison = faults.iter().copied().find(|fault| fault.is_poison());
        let feed = Lines::new(rng, format!("{seed}/{number}"), settings.tenant, poison).feed(source);
        Self {
            seed,
            number,
            feed,
            settings,
            twice: poison.is_none() && (loki.freezes() || rng.u8(..5) == 0),
            loki,
            s3,
        }
    }

    /// Every source with every fault that it can meet.
    pub fn pairs() -> Vec<(Source, Fault)> {
        let loki = LokiFault::ALL.map(Fault::Loki);
        let s3 = S3Fault::ALL.map(Fault::S3);
        let faults = loki.into_iter().chain(s3);
        let pairs = faults.flat_map(|fault| Source::ALL.map(|source| (source, fault)));
        pairs
            .filter(|(source, fault)| matches!(fault, Fault::Loki(_)) || source.reads_objects())
            .collect()
    }

    /// All that is wrong.
    pub fn faults(&self) -> impl Iterator<Item = Fault> {
        let loki = self.loki.faults.iter().copied().map(Fault::Loki);
        loki.chain(self.s3.iter().map(|plan| Fault::S3(plan.fault)))
    }

    /// Runs only this one.
    pub fn command(&self) -> String {
        format!(
            "FAULT_SEED={} FAULT_CASE={} cargo test --workspace --test faults -- --nocapture",
            self.seed, self.number
        )
    }
}

impl Settings {
    fn draw(rng: &mut Rng, source: Source, faults: &[LokiFault]) -> Self {
        let has = |fault| faults.contains(&fault);
        Self {
            tenant: rng.bool().then_some("blue"),
            // Nothing but SQS and Kinesis must care.
            report_items: source.is_partial() || (!source.is_batch() && rng.bool()),
            encoding: ["protobuf", "json"][rng.usize(..2)],
            batch_size: match () {
                // Loki would take the other lines of a push it refuses one of; the receiver does not.
                () if has(LokiFault::PoisonLine) => 1,
                () if has(LokiFault::TooLarge) || has(LokiFault::ResourceExhausted) => rng.usize(1500..3000),
                () => rng.usize(300..3000),
            },
            push_concurrency: rng.usize(1..=6),
            timeout: rng.u64(150..400),
            min_backoff: rng.u64(2..10),
            max_backoff: rng.u64(20..80),
            max_retries: [0, 1, 3, 10][rng.usize(..4)],
            deadline_margin: rng.u64(200..400),
            function_timeout: match has(LokiFault::Deadline) {
                true => rng.u64(900..1300),
                false => rng.u64(1200..2500),
            },
        }
    }

    /// Sets the function up.
    pub fn apply(&self, function: LambdaBuilder) -> LambdaBuilder {
        let millis = |millis: u64| format!("{millis}ms");
        let function = match self.tenant {
            Some(tenant) => function.env("TENANT_ID", tenant),
            None => function,
        };
        function
            .env("REPORT_BATCH_ITEM_FAILURES", self.report_items.to_string())
            .env("PUSH_ENCODING", self.encoding)
            .env("BATCH_SIZE", self.batch_size.to_string())
            .env("PUSH_CONCURRENCY", self.push_concurrency.to_string())
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
        writeln!(f, "  delivered twice: {}", self.twice)?;
        write!(f, "  {}", self.command())
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match self {
            Self::Loki(fault) => format!("{fault:?}"),
            Self::S3(fault) => format!("S3 {fault:?}"),
        };
        f.pad(&name)
    }
}
