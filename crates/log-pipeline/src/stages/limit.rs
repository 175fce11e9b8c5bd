//! The stage `limit`, which limits the number of entries per second with a token bucket.

use std::sync::Arc;
use std::time::Duration;

use loki_push::Timestamp;

use super::bounded_map::BoundedMap;
use super::clock::Clock;
use super::config::{Fields, Reported, StageConfig, StageErrorKind};
use super::pipeline_entry::{Decision, PipelineEntry};

/// The smallest number of values of `by_label_name` that have buckets at the same time.
const MIN_DISTINCT_LABELS: i64 = 10_000;

/// The compiled stage.
#[derive(Debug)]
pub(crate) struct LimitStage {
    /// The number of tokens per second.
    rate: f64,
    burst: f64,
    /// Whether an entry without a token is dropped. Otherwise it is kept, and the caller is asked to pause.
    drop: bool,
    by_label_name: Option<Arc<str>>,
    max_distinct_labels: usize,
    clock: Clock,
    reason: Arc<str>,
}

/// The buckets of one event or object.
#[derive(Debug)]
pub(crate) enum Buckets {
    One(Option<Bucket>),
    ByLabel(BoundedMap<String, Bucket>),
}

/// A token bucket.
#[derive(Debug)]
pub(crate) struct Bucket {
    tokens: f64,
    filled: Timestamp,
}

impl LimitStage {
    /// The keys of the configuration.
    pub(crate) const FIELDS: &[&str] = &["rate", "burst", "drop", "by_label_name", "max_distinct_labels"];

    /// Builds the stage from its configuration.
    pub(crate) fn new(config: &StageConfig<'_>) -> Result<Self, Reported> {
        let fields = &config.weak_fields(Self::FIELDS)?;
        let rate = fields.number("rate");
        let burst = fields.integer("burst");
        let drop = fields.flag("drop");
        let by_label_name = fields.text("by_label_name");
        let max_distinct_labels = fields.integer("max_distinct_labels");
        let (rate, burst) = (
            positive(fields, "rate", rate),
            positive(fields, "burst", burst.map(to_float)),
        );
        let (drop, by_label_name) = (drop?, by_label_name?.filter(|name| !name.is_empty()));
        if by_label_name.is_some() && !drop {
            let problem = "by_label_name needs drop: true";
            return Err(fields.report_stage(StageErrorKind::Combination(problem)));
        }
        let max_distinct_labels = max_distinct_labels?.unwrap_or(0).max(MIN_DISTINCT_LABELS);
        Ok(Self {
            rate: rate?,
            burst: burst?,
            drop,
            by_label_name: by_label_name.map(Arc::from),
            max_distinct_labels: usize::try_from(max_distinct_labels).unwrap_or(usize::MAX),
            clock: config.clock.clone(),
            reason: "ratelimit_drop_stage".into(),
        })
    }

    /// Returns whether the clock decides if an entry is kept.
    pub(crate) fn depends_on_clock(&self) -> bool {
        self.drop
    }

    /// Returns the buckets before the first entry.
    pub(crate) fn buckets(&self) -> Buckets {
        match self.by_label_name {
            None => Buckets::One(None),
            Some(_) => Buckets::ByLabel(BoundedMap::new(self.max_distinct_labels)),
        }
    }

    /// Takes a token for the entry. Without `drop`, an entry that would have to wait for its token raises `pause` to
    /// that wait.
    pub(crate) fn apply(
        &self,
        entry: &PipelineEntry<'_>,
        buckets: &mut Buckets,
        pause: &mut Duration,
    ) -> Decision {
        let now = self.clock.now();
        let full = || Bucket {
            tokens: self.burst,
            filled: now,
        };
        let bucket = match (buckets, &self.by_label_name) {
            (Buckets::One(bucket), _) => bucket.get_or_insert_with(full),
            (Buckets::ByLabel(_), None) => return Decision::Keep,
            (Buckets::ByLabel(buckets), Some(name)) => {
                let Some(value) = entry.labels.get(name) else {
                    return Decision::Keep;
                };
                let value = value.to_owned();
                if buckets.get_mut(&value).is_none() {
                    buckets.insert(value.clone(), full());
                }
                match buckets.get_mut(&value) {
                    Some(bucket) => bucket,
                    None => return Decision::Keep,
                }
            }
        };
        bucket.fill(now, self.rate, self.burst);
        if bucket.tokens >= 1.0 {
            bucket.tokens -= 1.0;
            Decision::Keep
        } else if self.drop {
            Decision::Drop(Arc::clone(&self.reason))
        } else {
            bucket.tokens -= 1.0;
            let wait = Duration::try_from_secs_f64(-bucket.tokens / self.rate).unwrap_or(Duration::MAX);
            *pause = wait.max(*pause);
            Decision::Keep
        }
    }
}

impl Bucket {
    /// Adds the tokens for the time since the last call.
    fn fill(&mut self, now: Timestamp, rate: f64, burst: f64) {
        let nanos = now.unix_nanos() - self.filled.unix_nanos();
        // A clock that was set back adds nothing.
        if nanos > 0 {
            self.tokens = (self.tokens + nanos as f64 / 1e9 * rate).min(burst);
        }
        self.filled = now;
    }
}

/// Converts an optional integer to a float.
fn to_float(number: Option<i64>) -> Option<f64> {
    number.map(|number| number as f64)
}

/// Reports a number that is missing or not positive.
fn positive(fields: &Fields<'_>, key: &str, number: Result<Option<f64>, Reported>) -> Result<f64, Reported> {
    match number? {
        Some(number) if number > 0.0 => Ok(number),
        Some(number) => Err(fields.report(
            key,
            StageErrorKind::Value {
                value: number.to_string(),
                allowed: "expected a number above 0",
            },
        )),
        None => Err(fields.report(key, StageErrorKind::Missing("expected a number above 0"))),
    }
}
