//! The stage `sampling`, which keeps a share of the entries.

use std::sync::Arc;

use super::config::{Reported, StageConfig, StageErrorKind};
use super::drop::drop_reason;
use super::pipeline_entry::{Decision, PipelineEntry};
use super::stage::StatelessStage;

/// The compiled stage. The decision depends only on the content of an entry, so that an event that is delivered twice
/// leads to the same entries.
#[derive(Debug)]
pub(crate) struct SamplingStage {
    /// The bound below which the hash of an entry must be for it to be kept; `None` keeps all entries.
    below: Option<u64>,
    /// The salt, which makes the decisions of several stages independent of one another.
    salt: u64,
    reason: Arc<str>,
}

impl SamplingStage {
    /// The keys of the configuration.
    pub(crate) const FIELDS: &[&str] = &["rate", "drop_counter_reason"];

    /// Builds the stage from its configuration.
    pub(crate) fn new(config: &StageConfig<'_>) -> Result<Self, Reported> {
        let fields = &config.weak_fields(Self::FIELDS)?;
        let rate = match fields.number("rate") {
            Ok(Some(rate)) if !(0.0..=1.0).contains(&rate) => Err(fields.report(
                "rate",
                StageErrorKind::Value {
                    value: rate.to_string(),
                    allowed: "expected a number from 0 to 1",
                },
            )),
            Ok(rate) => Ok(rate.unwrap_or(0.0)),
            Err(reported) => Err(reported),
        };
        let reason = fields.text("drop_counter_reason");
        let rate = rate?;
        Ok(Self {
            // The cast saturates.
            below: (rate < 1.0).then(|| (rate * 2_f64.powi(64)) as u64),
            salt: config.index as u64,
            reason: drop_reason(reason?, "sampling_stage"),
        })
    }
}

impl StatelessStage for SamplingStage {
    fn apply(&self, entry: &mut PipelineEntry<'_>) -> Decision {
        match self.below {
            Some(below) if hash(entry, self.salt) >= below => Decision::Drop(Arc::clone(&self.reason)),
            _ => Decision::Keep,
        }
    }
}

/// Returns the FNV-1a hash of all that Loki would store, with a final mix that spreads it over all bits. The hashes
/// of the standard library may change between versions; this one is the same for each delivery.
fn hash(entry: &PipelineEntry<'_>, salt: u64) -> u64 {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    let mut add = |bytes: &[u8]| {
        // The lengths make a difference between ("ab", "c") and ("a", "bc").
        for byte in (bytes.len() as u64).to_le_bytes().iter().chain(bytes) {
            hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    };
    add(&salt.to_le_bytes());
    for label in entry.labels.iter() {
        add(label.name.as_bytes());
        add(label.value.as_bytes());
    }
    add(&entry.timestamp.unix_nanos().to_le_bytes());
    add(entry.line.as_bytes());
    for (name, value) in &entry.metadata {
        add(name.as_bytes());
        add(value.as_bytes());
    }
    // The final mix is that of splitmix64.
    hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^ (hash >> 31)
}
