//! What was acknowledged, against what the function said.

use std::collections::BTreeSet;
use std::fmt;
use std::time::Duration;

use testkit::receiver::Accepted;

use super::loki_faults::POISON;
use super::sources::Feed;
use super::starvation::Starvation;

/// Half of the least that is kept for the answer.
const STARVED: Duration = Duration::from_millis(100);

/// What must never happen.
#[derive(Debug)]
pub enum Violation {
    /// The deadline came before an answer.
    Killed,
    /// The process ended, or its answer is not one for this event.
    Protocol(String),
    /// These entries were reported delivered and not acknowledged.
    Lied(Vec<Accepted>),
    /// These entries were acknowledged and are in no event.
    Invented(Vec<Accepted>),
    /// These entries never arrived, though nothing is to be delivered again.
    Lost(Vec<Accepted>),
    /// Parts are reported failed though every fault is over.
    NeverDelivered(Vec<usize>),
}

/// All that was acknowledged of a case so far.
#[derive(Debug)]
pub struct Ledger<'a> {
    feed: &'a Feed,
    expected: BTreeSet<&'a Accepted>,
    acknowledged: BTreeSet<Accepted>,
}

impl<'a> Ledger<'a> {
    pub fn new(feed: &'a Feed) -> Self {
        let all = feed.all();
        Self {
            expected: feed.entries(&all).collect(),
            acknowledged: BTreeSet::new(),
            feed,
        }
    }

    /// Takes what one invocation pushed and was acknowledged, and checks what it said of the parts it was
    /// given: all but those to be delivered again must be among that, whatever came before.
    pub fn check(
        &mut self,
        acknowledged: Vec<Accepted>,
        delivered: &[usize],
        again: &[usize],
    ) -> Result<(), Violation> {
        let now: BTreeSet<Accepted> = acknowledged.into_iter().collect();
        let invented = now.iter().filter(|entry| !self.expected.contains(entry));
        let invented: Vec<Accepted> = invented.cloned().collect();
        if !invented.is_empty() {
            return Err(Violation::Invented(invented));
        }
        let done: Vec<usize> = delivered
            .iter()
            .filter(|part| !again.contains(part))
            .copied()
            .collect();
        let lied = self.feed.entries(&done).filter(|entry| !now.contains(entry));
        let lied: Vec<Accepted> = lied.cloned().collect();
        self.acknowledged.extend(now);
        match lied.is_empty() {
            true => Ok(()),
            false => Err(Violation::Lied(lied)),
        }
    }

    /// Checks that nothing is missing of what AWS does not deliver again.
    pub fn check_settled(&self, again: &[usize]) -> Result<(), Violation> {
        let mut settled = self.feed.all();
        settled.retain(|part| !again.contains(part));
        let entries = self.feed.entries(&settled);
        let lost: Vec<Accepted> = entries
            .filter(|entry| !self.acknowledged.contains(entry))
            .cloned()
            .collect();
        match lost.is_empty() {
            true => Ok(()),
            false => Err(Violation::Lost(lost)),
        }
    }

    /// Whether all was acknowledged that can be.
    pub fn misses_only_poison(&self) -> bool {
        let mut missing = self
            .expected
            .iter()
            .filter(|entry| !self.acknowledged.contains(entry));
        missing.all(|entry| entry.line.contains(POISON))
    }
}

impl Violation {
    /// Whether a slow machine could be the reason. It never is for what was said.
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
            Self::Lied(entries) => ("reported delivered, but not acknowledged", entries),
            Self::Invented(entries) => ("acknowledged, but in no event", entries),
            Self::Lost(entries) => ("never acknowledged, and not to be delivered again", entries),
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
