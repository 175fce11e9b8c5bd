//! The entries that arrived, in a form that can be compared.

use testkit::receiver::Receiver;

/// Returns the labels, time in nanoseconds and line of each accepted entry, sorted, because pushes that are in flight
/// together arrive in any order.
pub fn arrived(receiver: &Receiver) -> Vec<(String, i128, String)> {
    let entries = receiver.accepted().into_iter();
    let mut entries: Vec<_> = entries
        .map(|entry| (entry.labels, entry.timestamp_ns, entry.line))
        .collect();
    entries.sort();
    entries
}
