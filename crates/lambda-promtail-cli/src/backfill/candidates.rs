//! The objects that are to be shipped, oldest first.

use std::collections::BinaryHeap;

use aws_clients::ListedObject;
use jiff::{SignedDuration, Timestamp};

use super::key_date::KeyDate;
use super::object_id::ObjectId;

/// An object that is to be shipped. They are ordered by time, and then by key.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Candidate {
    /// The time by which objects are ordered.
    pub(crate) time: Timestamp,
    pub(crate) key: Box<str>,
    pub(crate) id: ObjectId,
    /// The size of the object as it is stored, in bytes.
    pub(crate) size: u64,
    /// The number of the group of streams that its lines belong to.
    pub(crate) group: u32,
}

/// The time of an object, as its key and the time of writing tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ObjectTime {
    /// The time by which objects are ordered.
    pub(crate) order: Timestamp,
    /// The span of time that the key names, from `start` to `end`.
    pub(crate) start: Timestamp,
    pub(crate) end: Timestamp,
}

impl ObjectTime {
    /// Returns the time of an object: the date in its key, or the time of writing if the key has none.
    ///
    /// Objects of the same day or hour are ordered by the time of writing, if they were written then and not copied later.
    pub(crate) fn of(object: &ListedObject) -> Self {
        let written = Timestamp::new(
            object.last_modified.seconds(),
            i32::try_from(object.last_modified.subsec_nanos()).unwrap_or_default(),
        )
        .unwrap_or_default();
        let Some(KeyDate { start, span }) = KeyDate::find(&object.key) else {
            return Self {
                order: written,
                start: written,
                end: written,
            };
        };
        // The sum is in range for all years that keys can have.
        let end = start.checked_add(span).unwrap_or(start);
        let latest = end.checked_add(SignedDuration::from_hours(24)).unwrap_or(end);
        let is_exact = span < SignedDuration::from_hours(1);
        let order = match !is_exact && (start..latest).contains(&written) {
            true => written.min(end),
            false => start,
        };
        Self { order, start, end }
    }
}

/// The oldest objects of a listing, at most a given number of them.
///
/// A bucket can have more objects than fit into memory. After these are shipped, the bucket is listed again for those
/// that come after them.
#[derive(Debug)]
pub(crate) struct Oldest {
    limit: usize,
    /// The object after which the others come.
    after: Option<(Timestamp, Box<str>)>,
    /// The newest of them is at the top.
    kept: BinaryHeap<Candidate>,
    /// Whether objects were left out because of the limit.
    has_more: bool,
}

impl Oldest {
    /// Creates it without objects. Only those are taken that come after the given time and key.
    pub(crate) fn new(limit: usize, after: Option<(Timestamp, Box<str>)>) -> Self {
        Self {
            limit,
            after,
            kept: BinaryHeap::new(),
            has_more: false,
        }
    }

    /// Takes an object, unless it is at or before the point to begin after, or newer than those that fill the limit.
    pub(crate) fn offer(&mut self, candidate: Candidate) {
        let is_before = self
            .after
            .as_ref()
            .is_some_and(|(time, key)| (candidate.time, &candidate.key) <= (*time, key));
        if is_before {
            return;
        }
        self.kept.push(candidate);
        if self.kept.len() > self.limit {
            self.kept.pop();
            self.has_more = true;
        }
    }

    /// Returns the objects, oldest first, and the time and key after which more objects come, if there are any.
    pub(crate) fn finish(self) -> (Vec<Candidate>, Option<(Timestamp, Box<str>)>) {
        let sorted = self.kept.into_sorted_vec();
        let last = sorted.last().filter(|_| self.has_more);
        let last = last.map(|last| (last.time, last.key.clone()));
        (sorted, last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidate(seconds: i64, key: &str) -> Candidate {
        Candidate {
            time: Timestamp::from_second(seconds).unwrap(),
            key: key.into(),
            id: ObjectId::of(key, ""),
            size: 1,
            group: 0,
        }
    }

    fn listed(key: &str, written: &str) -> ListedObject {
        let written: Timestamp = written.parse().unwrap();
        ListedObject {
            key: key.to_owned(),
            last_modified: loki_push::Timestamp::new(written.as_second(), 0).unwrap(),
            size: 1,
            etag: String::new(),
        }
    }

    #[test]
    fn all_objects_come_in_order_whatever_the_limit() {
        let times = [5, 3, 9, 1, 3, 7, 3];
        let all: Vec<Candidate> = times
            .iter()
            .enumerate()
            .map(|(number, time)| candidate(*time, &number.to_string()))
            .collect();
        for limit in 1..=8 {
            let mut shipped = Vec::new();
            let mut after = None;
            loop {
                let mut oldest = Oldest::new(limit, after);
                for candidate in &all {
                    oldest.offer(candidate.clone());
                }
                let (batch, more) = oldest.finish();
                assert!(batch.len() <= limit);
                shipped.extend(batch);
                match more {
                    Some(_) => after = more,
                    None => break,
                }
            }
            let keys: Vec<&str> = shipped.iter().map(|candidate| &*candidate.key).collect();
            assert_eq!(keys, ["3", "1", "4", "6", "0", "5", "2"], "{limit}");
        }
    }

    #[test]
    fn objects_of_a_day_are_ordered_by_the_time_of_writing() {
        for (key, written, order) in [
            ("2026/03/04/a", "2026-03-04T05:06:07Z", "2026-03-04T05:06:07Z"),
            // Lines of the end of the day.
            ("2026/03/04/a", "2026-03-05T00:10:00Z", "2026-03-05T00:00:00Z"),
            // A copy, or a date that is not one of the lines.
            ("2026/03/04/a", "2026-06-01T00:00:00Z", "2026-03-04T00:00:00Z"),
            ("2026/03/04/a", "2025-06-01T00:00:00Z", "2026-03-04T00:00:00Z"),
            ("20260304T0506Z", "2026-03-04T05:06:07Z", "2026-03-04T05:06:00Z"),
            ("a", "2026-06-01T00:00:00Z", "2026-06-01T00:00:00Z"),
        ] {
            let time = ObjectTime::of(&listed(key, written));
            assert_eq!(time.order.to_string(), order, "{key} {written}");
        }
    }
}
