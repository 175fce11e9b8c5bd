//! Holding back entries that are newer than failed ones of the same stream.

use std::sync::Arc;

use loki_push::{Batch, ItemId, LabelSet, LabelSetMap, Timestamp};

use crate::in_flight_window::leads_too_far;
use crate::{PartOutcome, PushError, rejection};

/// A record of the streams of which a push failed during an event, each with its oldest failed entry.
///
/// AWS delivers the failed entries again, perhaps hours later. If newer entries of the stream were acknowledged before
/// that, Loki would refuse the redelivered ones as "too far behind" each time.
#[derive(Clone, Debug, Default)]
pub(crate) struct FailedStreams {
    /// The oldest failed entry by stream. A label set contains its tenant, so streams of different tenants differ.
    oldest: LabelSetMap<Failed>,
}

/// A record of the failed entries of a stream.
#[derive(Clone, Debug)]
struct Failed {
    /// The time of the oldest failed entry.
    oldest: Timestamp,
    /// The error of the first push that failed.
    reason: Arc<str>,
}

impl FailedStreams {
    /// Records the streams of a part that was not delivered.
    ///
    /// Entries that Loki refused for their content are left out, since a redelivery does not change that. After other
    /// refusals a redelivery can succeed: a tenant is only blocked for a time, credentials or a gateway can be
    /// replaced.
    pub(crate) fn record(&mut self, part: &PartOutcome) {
        let Err(error) = &part.result else { return };
        if rejection::is_of_entries(error) || matches!(error, PushError::HeldBack { .. }) {
            return;
        }
        let reason: Arc<str> = error.to_string().into();
        for (labels, oldest) in &part.streams {
            let failed = self.oldest.entry(Arc::clone(labels)).or_insert_with(|| Failed {
                oldest: *oldest,
                reason: Arc::clone(&reason),
            });
            failed.oldest = failed.oldest.min(*oldest);
        }
    }

    /// Removes the streams from the batch whose entries are too much newer than failed ones, and returns their outcome,
    /// one for each cause.
    pub(crate) fn hold_back(&self, batch: &mut Batch) -> Vec<PartOutcome> {
        if self.oldest.is_empty() {
            return Vec::new();
        }
        let overtakes = |labels: &Arc<LabelSet>, newest: Timestamp| {
            let failed = self.oldest.get(labels)?;
            leads_too_far(newest, failed.oldest).then(|| Arc::clone(&failed.reason))
        };
        let tenant = batch.tenant().map(str::to_owned);
        let mut parts: Vec<(Arc<str>, u64, Vec<ItemId>)> = Vec::new();
        for (reason, items) in batch.remove_streams(overtakes) {
            match parts.iter_mut().find(|(known, ..)| *known == reason) {
                Some((_, entries, all)) => {
                    *entries += items.len() as u64;
                    all.extend(items);
                }
                None => parts.push((reason, items.len() as u64, items)),
            }
        }
        let parts = parts.into_iter().map(|(reason, entries, items)| PartOutcome {
            entries,
            items: loki_push::count_items(items.into_iter()),
            streams: Vec::new(),
            tenant: tenant.clone(),
            result: Err(PushError::HeldBack {
                reason: reason.to_string(),
            }),
        });
        parts.collect()
    }
}
