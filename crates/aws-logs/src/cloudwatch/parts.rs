//! The parts of a delivery: its log events, grouped by the account and Region that they came from.
//!
//! A log group that collects the logs of several accounts and Regions ("Cross-account cross-Region log
//! centralization", CloudWatch Logs user guide) is delivered with its own name and owner. A subscription
//! filter with `emitSystemFields` adds the origin of each log event to its `extractedFields`.

use std::ops::Range;
use std::sync::Arc;

use loki_push::{Entry, LabelSet};

use super::{LogEventError, Span, SubscriptionData};

/// The name of the account in a log event's `extractedFields`.
pub(super) const ACCOUNT: &str = "@aws.account";
/// The name of the Region in a log event's `extractedFields`.
pub(super) const REGION: &str = "@aws.region";

/// The origin of the log events from a given one on.
#[derive(Clone, Debug, Default)]
pub(super) struct Origin {
    /// The index of the first of these log events.
    pub(super) from: usize,
    /// The account, and then the Region; each is empty if the delivery does not name it.
    pub(super) account: Span,
    pub(super) region: Span,
}

/// Consecutive log events of a delivery that came from one account and Region.
#[derive(Clone, Debug)]
pub struct Part<'a> {
    data: &'a SubscriptionData,
    account: &'a str,
    region: &'a str,
    events: Range<usize>,
}

impl SubscriptionData {
    /// Returns the log events grouped by their origin, in their order. A delivery without system fields is
    /// one part.
    pub fn parts(&self) -> impl Iterator<Item = Part<'_>> {
        let part = |account, region, events| Part {
            data: self,
            account,
            region,
            events,
        };
        let first = self.origins.first().map_or(self.len(), |origin| origin.from);
        let without = (first > 0 || self.origins.is_empty()).then(|| part("", "", 0..first));
        let ends = self.origins.iter().skip(1).map(|origin| origin.from);
        let ends = ends.chain([self.len()]);
        let others = self.origins.iter().zip(ends).map(move |(origin, end)| {
            let (account, region) = (self.text(&origin.account), self.text(&origin.region));
            part(account, region, origin.from..end)
        });
        without.into_iter().chain(others)
    }
}

impl<'a> Part<'a> {
    /// Returns the account that the log events came from (`@aws.account`), if the delivery names it.
    pub fn account(&self) -> Option<&'a str> {
        (!self.account.is_empty()).then_some(self.account)
    }

    /// Returns the Region that the log events came from (`@aws.region`), if the delivery names it.
    pub fn region(&self) -> Option<&'a str> {
        (!self.region.is_empty()).then_some(self.region)
    }

    /// Returns the labels of the part: those of its delivery, and those of its origin.
    pub fn labels(&self, delivery: &LabelSet) -> LabelSet {
        let mut labels = delivery.clone();
        for (name, value) in [
            ("__aws_cloudwatch_account", self.account),
            ("__aws_cloudwatch_region", self.region),
        ] {
            if !value.is_empty() {
                labels.set(name, value);
            }
        }
        labels
    }

    /// Returns the id of the log event with this index in the part, which is empty unless ids are
    /// [kept](super::EventIds::Kept).
    pub fn event_id(&self, index: usize) -> &'a str {
        let event = self.data.log_events.get(self.events.start + index);
        event.map_or("", |event| self.data.text(&event.id))
    }

    /// Returns the number of log events.
    pub fn len(&self) -> usize {
        self.events.len()
    }

    /// Returns whether the part has no log events.
    pub fn is_empty(&self) -> bool {
        self.events.is_empty()
    }

    /// Returns the log events as entries of the stream `labels`.
    pub fn entries<'l: 'a>(
        &self,
        labels: &'l Arc<LabelSet>,
    ) -> impl Iterator<Item = Result<Entry<'a>, LogEventError>> + use<'a, 'l> {
        self.data.entries_of(self.events.clone(), labels)
    }
}
