//! Log events of one delivery that have the same time and the same message.
//!
//! Loki takes two entries of a stream with one time and one line for copies, and keeps one. Each such log event after
//! the first is therefore one nanosecond later than the one before it. CloudWatch Logs counts in milliseconds, so
//! no other log event is there. A redelivery has the same log events in the same order, and gives the same times.

use std::ops::Range;

use super::SubscriptionData;

/// A log event that repeats an earlier one. An inflated delivery is far below 4 GiB, so 32 bits count its log events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Repeat {
    /// Its place in the delivery.
    pub(super) event: u32,
    /// How many equal ones there are before it.
    pub(super) earlier: u32,
}

/// Log events of one time that are compared each with each; more of them are sorted.
const FEW: usize = 16;

/// Finds the log events that repeat earlier ones, in their order. Nothing but the times is looked at where they rise
/// from log event to log event, as they do in most deliveries.
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

/// The message of the log event with this place.
fn message(data: &SubscriptionData, at: u32) -> &str {
    let event = data.log_events.get(at as usize);
    event.map_or("", |event| data.text(&event.message))
}

/// Adds the repeats among a few log events of one time.
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

/// Adds the repeats among any log events. Sorting their places needs four bytes for each, and its time hardly grows
/// faster than their number; a hash map would need several times as much memory as the log events themselves.
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
