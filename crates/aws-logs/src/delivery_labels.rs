//! The labels of a subscription filter's delivery that arrived through another service.

use loki_push::LabelSet;

use crate::cloudwatch::SubscriptionData;

/// Returns the delivery's own labels and those of the service that it came through, whose type replaces that
/// of CloudWatch.
pub fn through(source: &LabelSet, data: &SubscriptionData, keep_stream: bool) -> LabelSet {
    let mut labels = data.labels(keep_stream);
    for label in source.iter() {
        labels.set(label.name.as_str(), label.value.as_str());
    }
    labels
}
