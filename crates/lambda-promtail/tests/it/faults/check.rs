//! Compares the entries that Loki stored with the function's results.

use std::collections::{BTreeSet, HashSet};
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use testkit::receiver::{Accepted, Push};

use super::loki_faults::POISON;
use super::sources::Feed;
use super::starvation::{STARVED, Starvation};

/// The time before the end of the invocation at which a response must have been sent, so that the function certainly
/// received it.
const SEEN: Duration = Duration::from_millis(150);
/// The longest delay with which a response certainly arrives within an attempt.
const PROMPT: Duration = Duration::from_millis(75);

/// A violation of the rules that every case checks.
#[derive(Debug)]
pub enum Violation {
    /// The deadline came before the response.
    Killed,
    /// The process exited, or its response does not fit the event.
    Protocol(String),
    /// Entries that were reported as delivered but not acknowledged.
    Lied(Vec<Accepted>),
    /// Parts that were reported as failed although all of their entries were acknowledged.
    FalselyFailed(Vec<usize>),
    /// Acknowledged entries that are not in any event.
    Invented(Vec<Accepted>),
    /// The number of entries that a redelivery stored although all were stored before.
    New(usize),
    /// Entries that are not stored although nothing will be delivered again.
    Lost(Vec<Accepted>),
    /// Parts that are reported as failed although every fault is over.
    NeverDelivered(Vec<usize>),
}

/// The effects of one invocation, as the receiver saw them.
#[derive(Debug)]
pub struct Seen {
    pub pushes: Vec<Arc<Push>>,
    /// All entries that Loki stored in this and earlier invocations.
    pub stored: Vec<Accepted>,
    pub ended: Instant,
    /// Whether the function received every response, and had no other reason to fail.
    pub is_plain: bool,
}

/// The results of a case so far.
#[derive(Debug)]
pub struct Ledger<'a> {
    feed: &'a Feed,
    expected: HashSet<&'a Accepted>,
    stored: HashSet<Accepted>,
    /// The entries of the last invocation that Loki stored or rejected as too far behind, and the rejected ones that
    /// were in a push which failed for that reason.
    settled: HashSet<Accepted>,
    behind: HashSet<Accepted>,
    /// The entries of continued objects that were acknowledged by the invocations before.
    continued: HashSet<Accepted>,
}

impl<'a> Ledger<'a> {
    pub fn new(feed: &'a Feed) -> Self {
        Self {
            expected: feed.entries(&feed.all()).collect(),
            stored: HashSet::new(),
            settled: HashSet::new(),
            behind: HashSet::new(),
            continued: HashSet::new(),
            feed,
        }
    }

    /// Forgets which objects are continued, since all of them are delivered from their beginning.
    pub fn begin_anew(&mut self) {
        self.continued.clear();
    }

    /// Adds one invocation, and checks its result: the parts that are not delivered again must have been acknowledged
    /// during it, whatever happened before. Those of `continued` must have been acknowledged since they were delivered
    /// from their beginning.
    pub fn check(
        &mut self,
        seen: Seen,
        delivered: &[usize],
        failed: &[usize],
        again: &[usize],
        continued: &[usize],
    ) -> Result<(), Violation> {
        let was_complete = self.is_complete();
        let taken = seen.pushes.iter().flat_map(|push| push.accepted());
        let invented: BTreeSet<Accepted> = taken.filter(|entry| !self.expected.contains(entry)).collect();
        if !invented.is_empty() {
            return Err(Violation::Invented(invented.into_iter().collect()));
        }
        let now: HashSet<Accepted> = entries(&seen.pushes, |push| push.is_accepted());
        let told: HashSet<Accepted> = now.union(&self.continued).cloned().collect();
        let of_continued = self.feed.entries(continued).filter(|entry| now.contains(*entry));
        self.continued.extend(of_continued.cloned());
        let done: Vec<usize> = without(delivered, again);
        let lied: Vec<Accepted> = missing(self.feed.entries(&done), &told);
        if !lied.is_empty() {
            return Err(Violation::Lied(lied));
        }
        if seen.is_plain {
            self.check_failed(&seen, failed)?;
        }
        let is_refused = |push: &Push| !push.refused.is_empty() && !push.is_accepted();
        self.behind = entries(&seen.pushes, is_refused);
        self.settled = told.into_iter().chain(self.behind.iter().cloned()).collect();
        let before = self.stored.len();
        self.stored = seen.stored.into_iter().collect();
        match self.stored.len() - before {
            new @ 1.. if was_complete => Err(Violation::New(new)),
            _ => Ok(()),
        }
    }

    /// Checks that no part was reported as failed if the function received the acknowledgement of all of its entries.
    fn check_failed(&self, seen: &Seen, failed: &[usize]) -> Result<(), Violation> {
        let acknowledged = entries(&seen.pushes, |push| {
            let answered = push.answered_after.filter(|after| *after < PROMPT);
            push.is_accepted() && answered.is_some_and(|after| push.at + after + SEEN < seen.ended)
        });
        let is_acknowledged = |parts: &[usize]| {
            let is_bomb = parts.iter().any(|part| self.feed.parts[*part].is_bomb);
            !is_bomb
                && !parts.is_empty()
                && self.feed.entries(parts).all(|entry| acknowledged.contains(entry))
        };
        let falsely: Vec<usize> = if self.feed.source.is_partial() {
            let parts = failed.iter().copied();
            parts.filter(|part| is_acknowledged(&[*part])).collect()
        } else {
            failed
                .iter()
                .copied()
                .filter(|_| is_acknowledged(failed))
                .collect()
        };
        match falsely.is_empty() {
            true => Ok(()),
            false => Err(Violation::FalselyFailed(falsely)),
        }
    }

    /// Checks that all entries are stored of the parts that AWS does not deliver again.
    pub fn check_settled(&self, again: &[usize]) -> Result<(), Violation> {
        let settled = without(&self.feed.all(), again);
        let lost = missing(self.feed.entries(&settled), &self.stored);
        match lost.is_empty() {
            true => Ok(()),
            false => Err(Violation::Lost(lost)),
        }
    }

    /// Returns whether the part can only have failed because Loki rejected entries as too far behind, while all of its
    /// entries are stored.
    pub fn is_behind(&self, part: usize) -> bool {
        let entries: Vec<&Accepted> = self.feed.entries(&[part]).collect();
        let all = |set: &HashSet<Accepted>| entries.iter().all(|entry| set.contains(*entry));
        all(&self.stored) && all(&self.settled) && entries.iter().any(|entry| self.behind.contains(*entry))
    }

    /// Returns whether all entries are stored that can be stored.
    pub fn is_complete(&self) -> bool {
        let mut missing = self
            .expected
            .iter()
            .filter(|entry| !self.stored.contains(**entry));
        missing.all(|entry| entry.line.contains(POISON))
    }
}

fn entries(pushes: &[Arc<Push>], wanted: impl Fn(&Push) -> bool) -> HashSet<Accepted> {
    let wanted = pushes.iter().filter(|push| wanted(push));
    wanted.flat_map(|push| push.entries()).collect()
}

fn missing<'a>(expected: impl Iterator<Item = &'a Accepted>, found: &HashSet<Accepted>) -> Vec<Accepted> {
    expected.filter(|entry| !found.contains(entry)).cloned().collect()
}

fn without(parts: &[usize], others: &[usize]) -> Vec<usize> {
    let mut parts = parts.to_vec();
    parts.retain(|part| !others.contains(part));
    parts
}

impl Violation {
    /// Returns whether a slow machine can be the reason. It cannot be for a wrong result.
    pub fn may_be_of(&self, starvation: &Starvation) -> bool {
        match self {
            Self::Killed => starvation.last() > STARVED,
            Self::NeverDelivered(_) => starvation.total() > STARVED,
            _ => false,
        }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (what, entries) = match self {
            Self::Killed => return f.write_str("killed at the deadline"),
            Self::Protocol(what) => return write!(f, "answered out of order: {what}"),
            Self::NeverDelivered(parts) => {
                return write!(f, "parts {parts:?} are not delivered after all faults are over");
            }
            Self::FalselyFailed(parts) => {
                return write!(f, "parts {parts:?} are reported failed, but all was acknowledged");
            }
            Self::New(count) => return write!(f, "a redelivery stored {count} new lines"),
            Self::Lied(entries) => ("reported delivered, but not acknowledged", entries),
            Self::Invented(entries) => ("acknowledged, but in no event", entries),
            Self::Lost(entries) => ("not stored, and not to be delivered again", entries),
        };
        writeln!(f, "{} lines {what}:", entries.len())?;
        for entry in entries.iter().take(10) {
            let line: String = entry.line.chars().take(120).collect();
            writeln!(
                f,
                "  {:?} {} {} {line}",
                entry.tenant, entry.labels, entry.timestamp_ns
            )?;
        }
        Ok(())
    }
}
