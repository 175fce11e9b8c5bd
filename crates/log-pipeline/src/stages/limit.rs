//! `limit`: so many entries a second.

use std::sync::Arc;
use std::time::Duration;

use loki_push::Timestamp;

use super::bounded_map::BoundedMap;
use super::clock::Clock;
use super::config::{Fields, Reported, StageConfig, StageErrorKind};
use super::pipeline_entry::{Decision, PipelineEntry};

/// How many values of `by_label_name` have a bucket at the same time, at least.
const MIN_DISTINCT_LABELS: i64 = 10_000;

#[derive(Debug)]
pub(crate) struct LimitStage {
    /// Tokens a second.
    rate: f64,
    burst: f64,
    /// Whether an entry without a token goes; otherwise it stays, and a pause is asked for.
    drop: bool,
    by_label_name: Option<Arc<str>>,
    max_distinct_labels: usize,
    clock: Clock,
    reason: Arc<str>,
}

/// The tokens of one event or object.
#[derive(Debug)]
pub(crate) enum Buckets {
    One(Option<Bucket>),
    ByLabel(BoundedMap<String, Bucket>),
}

#[derive(Debug)]
pub(crate) struct Bucket {
    tokens: f64,
    filled: Timestamp,
}

impl LimitStage {
    /// The fields of its configuration.
    pub(crate) const FIELDS: &[&str] = &["rate", "burst", "drop", "by_label_name", "max_distinct_labels"];

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

    pub(crate) fn buckets(&self) -> Buckets {
        match self.by_label_name {
            None => Buckets::One(None),
            Some(_) => Buckets::ByLabel(BoundedMap::new(self.max_distinct_labels)),
        }
    }

    /// Takes a token. Without `drop`, an entry that has to wait for its token adds the wait to `pause`.
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
    fn fill(&mut self, now: Timestamp, rate: f64, burst: f64) {
        let nanos = now.unix_nanos() - self.filled.unix_nanos();
        // A clock that was set back fills nothing.
        if nanos > 0 {
            self.tokens = (self.tokens + nanos as f64 / 1e9 * rate).min(burst);
        }
        self.filled = now;
    }
}

fn to_float(number: Option<i64>) -> Option<f64> {
    number.map(|number| number as f64)
}

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
