//! Log events of one delivery that have the same time and the same message.
//!
//! Loki takes two entries of a stream with one time and one line for copies, and keeps one. Each such log event after
//! the first is therefore one nanosecond later than the one before it. CloudWatch Logs counts in milliseconds, so
//! no other log event is there. A redelivery has the same log events in the same order, and gives the same times.

use std::collections::HashMap;

use super::{LogEvent, SubscriptionData};

/// A log event that repeats an earlier one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Repeat {
    /// Its place in the delivery.
    pub(super) event: usize,
    /// How many equal ones there are before it.
    pub(super) earlier: u32,
}

/// Log events of one time that are compared with each other. More of them are hashed: comparing takes time that grows with
/// the square of their number, and hashing reads every message whole.
const FEW: usize = 16;

/// Finds the log events that repeat earlier ones, in their order. Nothing but the times is looked at where they rise
/// from log event to log event, as they do in most deliveries.
pub(super) fn find(data: &SubscriptionData) -> Vec<Repeat> {
    let events = &data.log_events;
    let millis = |event: &LogEvent| event.timestamp.ok();
    let mut repeats = Vec::new();
    if events.is_sorted_by(|one, next| millis(one) < millis(next)) {
        return repeats;
    }
    if events.is_sorted_by_key(millis) {
        let mut from = 0;
        for run in events.chunk_by(|one, next| millis(one) == millis(next)) {
            let to = from + run.len();
            add(data, from..to, &mut repeats);
            from = to;
        }
        return repeats;
    }
    // Stable: those of one time stay in their order.
    let mut order: Vec<usize> = (0..events.len()).collect();
    order.sort_by_key(|at| millis(&events[*at]));
    for run in order.chunk_by(|one, next| millis(&events[*one]) == millis(&events[*next])) {
        add(data, run.iter().copied(), &mut repeats);
    }
    repeats.sort_unstable_by_key(|repeat| repeat.event);
    repeats
}

/// Adds the repeats among log events of one time.
fn add(data: &SubscriptionData, run: impl ExactSizeIterator<Item = usize>, repeats: &mut Vec<Repeat>) {
    if run.len() < 2 {
        return;
    }
    let message = |at: usize| data.text(&data.log_events[at].message);
    if run.len() > FEW {
        // Hashed with a random key: who writes the log cannot choose messages whose hashes are alike. The counts do not depend on it.
        let mut counts: HashMap<&str, u32> = HashMap::with_capacity(run.len());
        for event in run {
            let earlier = counts.entry(message(event)).or_default();
            if *earlier > 0 {
                repeats.push(Repeat {
                    event,
                    earlier: *earlier,
                });
            }
            *earlier += 1;
        }
        return;
    }
    let mut seen: [(&str, u32); FEW] = [("", 0); FEW];
    let mut distinct = 0;
    for event in run {
        let text = message(event);
        match seen[..distinct].iter_mut().find(|(message, _)| *message == text) {
            Some((_, count)) => {
                repeats.push(Repeat {
                    event,
                    earlier: *count,
                });
                *count += 1;
            }
            None => {
                seen[distinct] = (text, 1);
                distinct += 1;
            }
        }
    }
}
