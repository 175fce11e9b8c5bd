//! The order in which objects of the same streams may be shipped.

use jiff::{SignedDuration, Timestamp};

/// The longest time by which an object may be newer than an unfinished one of the same streams.
///
/// Loki refuses an entry that is older than the newest one of its stream by more than half of `max_chunk_age`, which is
/// an hour by default. Pushes of an event keep the same distance (the in-flight window of the crate `loki-client`).
const MOST_LEAD: SignedDuration = SignedDuration::from_mins(10);

/// The decision about the object that comes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Turn {
    /// It can be shipped.
    Now,
    /// It has to wait until older objects are finished.
    Later,
    /// It must not be shipped in this run, because Loki would then refuse an older object whose push failed.
    HeldBack,
}

/// The groups of streams. Objects whose lines have the same labels of their source are in the same group.
#[derive(Debug, Default)]
pub(crate) struct Streams(Vec<Group>);

#[derive(Clone, Debug, Default)]
struct Group {
    /// The times of the objects that are being shipped. There are at most as many as jobs.
    in_flight: Vec<Timestamp>,
    /// The time of the oldest object whose push failed.
    failed: Option<Timestamp>,
}

impl Streams {
    /// Returns what may be done with an object of the group and time.
    pub(crate) fn turn(&mut self, group: u32, time: Timestamp) -> Turn {
        let leads = |other: Timestamp| time.duration_since(other) > MOST_LEAD;
        let group = self.group(group);
        if group.failed.is_some_and(leads) {
            Turn::HeldBack
        } else if group.in_flight.iter().copied().any(leads) {
            Turn::Later
        } else {
            Turn::Now
        }
    }

    /// Records that an object is being shipped.
    pub(crate) fn start(&mut self, group: u32, time: Timestamp) {
        self.group(group).in_flight.push(time);
    }

    /// Records that an object is finished, and whether a push of it failed for a reason that may pass.
    pub(crate) fn finish(&mut self, group: u32, time: Timestamp, push_failed: bool) {
        let group = self.group(group);
        if let Some(position) = group.in_flight.iter().position(|other| *other == time) {
            group.in_flight.swap_remove(position);
        }
        if push_failed {
            group.failed = Some(group.failed.map_or(time, |failed| failed.min(time)));
        }
    }

    fn group(&mut self, group: u32) -> &mut Group {
        // Groups are numbered from zero.
        let index = group as usize;
        if index >= self.0.len() {
            self.0.resize(index + 1, Group::default());
        }
        &mut self.0[index]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn minute(minute: i64) -> Timestamp {
        Timestamp::from_second(minute * 60).unwrap()
    }

    #[test]
    fn objects_of_a_stream_wait_for_much_older_ones() {
        let mut streams = Streams::default();
        streams.start(0, minute(0));
        streams.start(0, minute(5));
        assert_eq!(streams.turn(0, minute(10)), Turn::Now);
        assert_eq!(streams.turn(0, minute(11)), Turn::Later);
        assert_eq!(streams.turn(7, minute(11)), Turn::Now, "another group");
        streams.finish(0, minute(0), false);
        assert_eq!(streams.turn(0, minute(11)), Turn::Now);
        assert_eq!(streams.turn(0, minute(16)), Turn::Later);
    }

    #[test]
    fn a_failed_push_holds_newer_objects_of_its_streams_back() {
        let mut streams = Streams::default();
        for (time, failed) in [(20, true), (15, true), (30, false)] {
            streams.start(0, minute(time));
            streams.finish(0, minute(time), failed);
        }
        assert_eq!(streams.turn(0, minute(25)), Turn::Now);
        assert_eq!(streams.turn(0, minute(26)), Turn::HeldBack);
        assert_eq!(streams.turn(1, minute(26)), Turn::Now);
    }
}
