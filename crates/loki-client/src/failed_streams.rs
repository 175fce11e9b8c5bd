//! The streams of which a push failed, and what must not overtake it.

use std::sync::Arc;

use loki_push::{Batch, ItemId, LabelSet, LabelSetMap, Timestamp};

use crate::in_flight_window::leads_too_far;
use crate::{PartOutcome, PushError, rejection};

/// The streams of which a push failed during an event, with the oldest entry that failed.
///
/// AWS delivers the failed entries again, hours later perhaps. Were newer entries of the stream acknowledged meanwhile,
/// Loki would refuse the redelivered ones as "too far behind", on every redelivery.
#[derive(Clone, Debug, Default)]
pub(crate) struct FailedStreams {
    /// A label set names its tenant, so streams of two tenants differ.
    oldest: LabelSetMap<Failed>,
}

#[derive(Clone, Debug)]
struct Failed {
    oldest: Timestamp,
    reason: Arc<str>,
}

impl FailedStreams {
    /// Notes a part that was not delivered. One that Loki refused for what its entries are holds nothing back: no
    /// redelivery brings it in. After all other refusals one does: a tenant is blocked for a time, credentials are
    /// changed, a gateway is replaced.
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

    /// Takes the streams out of the batch that would overtake entries that failed. The result is a failed part for
    /// each cause.
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
