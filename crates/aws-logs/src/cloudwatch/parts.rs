//! The parts of a delivery: its log events by the account and Region that they came from.
//!
//! A log group that collects the logs of several accounts and Regions ("Cross-account cross-Region log centralization",
//! CloudWatch Logs user guide) is delivered with its own name and owner. A subscription filter with `emitSystemFields`
//! adds where each log event came from, to the `extractedFields` of that log event.

use std::ops::Range;
use std::sync::Arc;

use loki_push::{Entry, LabelSet};

use super::{LogEventError, Span, SubscriptionData};

/// The field of a log event's `extractedFields` that names the account.
pub(super) const ACCOUNT: &str = "@aws.account";
/// The one that names the Region.
pub(super) const REGION: &str = "@aws.region";

/// Where log events came from, from one of them on.
#[derive(Clone, Debug, Default)]
pub(super) struct Origin {
    /// The place of the first one.
    pub(super) from: usize,
    /// Empty where the delivery does not say it, as is the Region.
    pub(super) account: Span,
    pub(super) region: Span,
}

/// Log events of a delivery that follow each other and came from one account and Region.
#[derive(Clone, Debug)]
pub struct Part<'a> {
    data: &'a SubscriptionData,
    account: &'a str,
    region: &'a str,
    events: Range<usize>,
}

impl SubscriptionData {
    /// Returns the log events by their origin, in their order. A delivery without system fields is one part.
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
    /// The account that the log events came from (`@aws.account`), if the delivery says it.
    pub fn account(&self) -> Option<&'a str> {
        (!self.account.is_empty()).then_some(self.account)
    }

    /// The Region that the log events came from (`@aws.region`), if the delivery says it.
    pub fn region(&self) -> Option<&'a str> {
        (!self.region.is_empty()).then_some(self.region)
    }

    /// Returns the labels of the part: those of its delivery, and its origin.
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

    /// How many log events there are.
    pub fn len(&self) -> usize {
        self.events.len()
    }

    /// Whether there are none.
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
