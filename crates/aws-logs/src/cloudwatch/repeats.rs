//! Log events of one delivery that have the same time and the same message.
//!
//! Loki considers two entries of a stream with the same time and line to be duplicates, and keeps one. Each
//! such log event after the first is therefore one nanosecond later than the previous one. CloudWatch Logs
//! has millisecond times, so no other log event has the new time. A redelivery has the same log events in the
//! same order, and so gives the same times.

use std::ops::Range;

use super::SubscriptionData;

/// A log event that repeats an earlier one. An inflated delivery is far below 4 GiB, so 32 bits are enough to
/// count its log events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Repeat {
    /// The index of the log event in the delivery.
    pub(super) event: u32,
    /// The number of equal log events before it.
    pub(super) earlier: u32,
}

/// The most log events of one time that are compared pairwise; more are sorted.
const FEW: usize = 16;

/// Returns the log events that repeat earlier ones, in their order. Where the times rise from log event to
/// log event, as they do in most deliveries, it looks only at the times.
pub(super) fn find(data: &SubscriptionData) -> Vec<Repeat> {
    let events = &data.log_events;
    let mut repeats = Vec::new();
    if events.is_sorted_by(|one, next| one.timestamp.ok() < next.timestamp.ok()) {
        return repeats;
    }
    if events.is_sorted_by_key(|event| event.timestamp.ok()) {
        let mut from = 0;
        for run in events.chunk_by(|one, next| one.timestamp == next.timestamp) {
            let places = from..from + run.len() as u32;
            from = places.end;
            match run.len() {
                0 | 1 => {}
                2..=FEW => compare(data, places, &mut repeats),
                _ => sort(data, places, &mut repeats),
            }
        }
    } else {
        sort(data, 0..events.len() as u32, &mut repeats);
    }
    repeats.sort_unstable_by_key(|repeat| repeat.event);
    repeats
}

/// Returns the message of the log event with this index.
fn message(data: &SubscriptionData, at: u32) -> &str {
    let event = data.log_events.get(at as usize);
    event.map_or("", |event| data.text(&event.message))
}

/// Adds the repeats among a few log events of one time, by comparing them pairwise.
fn compare(data: &SubscriptionData, places: Range<u32>, repeats: &mut Vec<Repeat>) {
    for event in places.clone() {
        let text = message(data, event);
        let earlier = (places.start..event).filter(|other| message(data, *other) == text);
        let earlier = earlier.count() as u32;
        if earlier > 0 {
            repeats.push(Repeat { event, earlier });
        }
    }
}

/// Adds the repeats among any number of log events, by sorting their indices. That takes four bytes for each
/// and almost linear time; a hash map would need several times the memory of the log events themselves.
fn sort(data: &SubscriptionData, places: Range<u32>, repeats: &mut Vec<Repeat>) {
    let time = |at: u32| {
        let event = data.log_events.get(at as usize)?;
        event.timestamp.ok()
    };
    let mut sorted: Vec<u32> = places.collect();
    sorted.sort_unstable_by(|one, other| {
        let by_time = time(*one).cmp(&time(*other));
        let by_message = || message(data, *one).cmp(message(data, *other));
        by_time.then_with(by_message).then(one.cmp(other))
    });
    let is_equal =
        |one: &u32, next: &u32| time(*one) == time(*next) && message(data, *one) == message(data, *next);
    for equal in sorted.chunk_by(is_equal) {
        let later = (0..).zip(equal).skip(1);
        repeats.extend(later.map(|(earlier, event)| Repeat {
            event: *event,
            earlier,
        }));
    }
}
