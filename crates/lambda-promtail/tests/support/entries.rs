//! What arrived, to be compared.

use testkit::receiver::Receiver;

/// Labels, time in nanoseconds and line of each entry that was accepted, sorted: pushes that are in flight together
/// arrive in any order.
pub fn arrived(receiver: &Receiver) -> Vec<(String, i128, String)> {
    let entries = receiver.accepted().into_iter();
    let mut entries: Vec<_> = entries
        .map(|entry| (entry.labels, entry.timestamp_ns, entry.line))
        .collect();
    entries.sort();
    entries
}
