//! The results of many cases, as a table.

use std::collections::BTreeMap;
use std::fmt;

use super::case::{Case, Fault};
use super::check::Violation;
use super::run::{End, Failure, Report};
use super::sources::Source;

/// The results of many cases.
#[derive(Debug, Default)]
pub struct Tally {
    by_source: BTreeMap<Source, Row>,
    by_fault: BTreeMap<Fault, Row>,
    by_shape: BTreeMap<&'static str, Row>,
    all: Row,
    lost: usize,
    falsely_reported: usize,
    falsely_failed: usize,
    new_lines: usize,
    killed: usize,
    never_delivered: usize,
    /// The number of items that stay failed because stored entries are too far behind.
    behind: usize,
    /// The number of objects whose rest was handed over to a later invocation.
    continuations: usize,
    other: usize,
}

/// The number of cases of a fault of which at least one should meet it.
const MANY: u64 = 8;

#[derive(Clone, Copy, Debug, Default)]
struct Row {
    cases: u64,
    met: u64,
    deliveries: u64,
    lines: u64,
    at_once: u64,
    after_redelivery: u64,
    poisoned: u64,
    failed: u64,
}

impl Tally {
    /// Adds the result of a case.
    pub fn add(&mut self, case: &Case, result: &Result<Report, Box<Failure>>) {
        self.all.add(result, true);
        self.by_source
            .entry(case.feed.source)
            .or_default()
            .add(result, true);
        let is_alone = case.faults().count() == 1;
        for fault in case.faults() {
            self.by_fault.entry(fault).or_default().add(result, is_alone);
        }
        self.by_shape
            .entry(case.settings.shape.name())
            .or_default()
            .add(result, true);
        let failure = match result {
            Ok(report) => {
                self.behind += report.behind;
                self.continuations += report.continuations;
                return;
            }
            Err(failure) => failure,
        };
        match &failure.violation {
            Violation::Lost(entries) => self.lost += entries.len(),
            Violation::Lied(entries) => self.falsely_reported += entries.len(),
            Violation::Invented(entries) => self.new_lines += entries.len(),
            Violation::New(entries) => self.new_lines += entries,
            Violation::Killed => self.killed += 1,
            Violation::FalselyFailed(parts) => self.falsely_failed += parts.len(),
            Violation::NeverDelivered(parts) => self.never_delivered += parts.len(),
            Violation::Protocol(_) => self.other += 1,
        }
    }

    /// Returns whether there were many cases of objects that may be continued, and none was.
    pub fn never_continued(&self) -> bool {
        let row = self.by_source.get(&Source::SqsContinued);
        row.is_some_and(|row| row.cases >= MANY) && self.continuations == 0
    }

    /// Returns the faults that never occurred although there were many cases of them.
    pub fn never_met(&self) -> Vec<Fault> {
        let never = self
            .by_fault
            .iter()
            .filter(|(_, row)| row.cases >= MANY && row.met == 0);
        never.map(|(fault, _)| *fault).collect()
    }
}

impl Row {
    /// Adds the result of a case. `knows_whose` says whether all faults of the case are of one kind, so that those that
    /// occurred can be counted.
    fn add(&mut self, result: &Result<Report, Box<Failure>>, knows_whose: bool) {
        self.cases += 1;
        let Ok(report) = result else {
            self.failed += 1;
            return;
        };
        self.deliveries += u64::from(report.deliveries);
        self.lines += report.lines as u64;
        if knows_whose {
            self.met += report.met;
        }
        *match report.end {
            End::AtOnce => &mut self.at_once,
            End::AfterRedelivery => &mut self.after_redelivery,
            End::Poisoned => &mut self.poisoned,
        } += 1;
    }

    fn write(&self, f: &mut fmt::Formatter<'_>, name: impl fmt::Display) -> fmt::Result {
        writeln!(
            f,
            "{name:<20} {:>6} {:>7} {:>10} {:>8} {:>8} {:>12} {:>8} {:>6}",
            self.cases,
            self.met,
            self.deliveries,
            self.lines,
            self.at_once,
            self.after_redelivery,
            self.poisoned,
            self.failed
        )
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{:<20} {:>6} {:>7} {:>10} {:>8} {:>8} {:>12} {:>8} {:>6}",
            "", "cases", "faults", "deliveries", "lines", "at once", "redelivered", "poison", "wrong"
        )?;
        for (source, row) in &self.by_source {
            row.write(f, format!("{source:?}"))?;
        }
        writeln!(f)?;
        for (fault, row) in &self.by_fault {
            row.write(f, fault)?;
        }
        writeln!(f)?;
        for (shape, row) in &self.by_shape {
            row.write(f, shape)?;
        }
        writeln!(f)?;
        self.all.write(f, "all")?;
        writeln!(
            f,
            "lines lost: {}, falsely reported delivered: {}, new on redelivery: {}",
            self.lost, self.falsely_reported, self.new_lines
        )?;
        writeln!(
            f,
            "items falsely reported failed: {}, never delivered: {}; stored, but refused as too far behind: {}",
            self.falsely_failed, self.never_delivered, self.behind
        )?;
        write!(
            f,
            "invocations killed: {}, other: {}; rests of objects handed over: {}",
            self.killed, self.other, self.continuations
        )
    }
}
