//! What was measured, as a table, and whether it is within its limits.

use std::io::{Stdout, Write};
use std::process::ExitCode;
use std::time::Duration;

use crate::loki::LokiRow;

/// What shipping one thing costs.
pub(crate) struct Row {
    pub(crate) name: &'static str,
    /// How long the receiver takes for a push.
    pub(crate) receiver: Duration,
    /// User and system, of the whole process.
    pub(crate) cpu: Duration,
    pub(crate) floor: Duration,
    /// Of the two, measured in pairs.
    pub(crate) ratio: f64,
    pub(crate) wall: Duration,
    /// Uncompressed.
    pub(crate) bytes: u64,
    /// Bytes of resident memory.
    pub(crate) peak: u64,
    pub(crate) pushes: usize,
    pub(crate) lines: usize,
}

/// A figure that must not be too large.
pub(crate) struct Limit {
    text: String,
    /// How many times the limit the figure is, where it is above it.
    excess: f64,
    /// Whether it is of time, and so depends on who else uses the machine.
    timed: bool,
}

impl Limit {
    pub(crate) fn at_most(what: &str, figure: f64, limit: f64) -> Self {
        Self {
            text: format!("{what}: {figure:.2}, limit {limit}"),
            excess: excess(figure, limit),
            timed: false,
        }
    }

    /// A figure of time.
    pub(crate) fn time_at_most(what: &str, figure: f64, limit: f64) -> Self {
        Self {
            timed: true,
            ..Self::at_most(what, figure, limit)
        }
    }

    /// One of the two times must be kept.
    pub(crate) fn either(what: &str, one: (f64, f64), other: (f64, f64)) -> Self {
        Self {
            text: format!(
                "{what}: {:.2}, limit {}, or {:.2}, limit {}",
                one.0, one.1, other.0, other.1
            ),
            excess: excess(one.0, one.1).min(excess(other.0, other.1)),
            timed: true,
        }
    }
}

fn excess(figure: f64, limit: f64) -> f64 {
    if figure <= limit { 1.0 } else { figure / limit }
}

/// Writes the table as it comes.
pub(crate) struct Report {
    out: Stdout,
    leeway: f64,
    missed: usize,
    began: bool,
}

impl Report {
    /// Times may be so many times their limits.
    pub(crate) fn new(out: Stdout, leeway: f64) -> Self {
        Self {
            out,
            leeway,
            missed: 0,
            began: false,
        }
    }

    pub(crate) fn row(&mut self, row: &Row) {
        if !std::mem::replace(&mut self.began, true) {
            self.line(&format!(
                "{:<22}{:>9}{:>11}{:>11}{:>7}{:>11}{:>8}{:>9}{:>8}{:>9}",
                "what", "receiver", "CPU", "floor", "ratio", "wall", "MB/s", "peak MiB", "pushes", "lines"
            ));
        }
        let millis = |time: Duration| format!("{:.2} ms", time.as_secs_f64() * 1e3);
        self.line(&format!(
            "{:<22}{:>9}{:>11}{:>11}{:>7.2}{:>11}{:>8.0}{:>9.1}{:>8}{:>9}",
            row.name,
            format!("{} ms", row.receiver.as_millis()),
            millis(row.cpu),
            millis(row.floor),
            row.ratio,
            millis(row.wall),
            row.bytes as f64 / 1e6 / row.cpu.as_secs_f64(),
            row.peak as f64 / f64::from(1 << 20),
            row.pushes,
            row.lines,
        ));
    }

    pub(crate) fn loki(&mut self, row: &LokiRow) {
        self.line(&format!(
            "batch {:>8} B, {:>2} in flight: wall {:>6.2} s, CPU {:>5.2} s, peak {:>4.1} MiB, pushes {:>4}, retries {:>4}, stored {} of {}",
            row.batch_size,
            row.concurrency,
            row.wall.as_secs_f64(),
            row.cpu.as_secs_f64(),
            row.peak as f64 / f64::from(1 << 20),
            row.pushes,
            row.retries,
            row.stored,
            row.lines,
        ));
    }

    pub(crate) fn heading(&mut self, text: &str) {
        self.line(text);
    }

    pub(crate) fn start(&mut self, own: Duration, hello: Duration, ratio: f64) {
        let millis = |time: Duration| time.as_secs_f64() * 1e3;
        self.line(&format!(
            "cold start            {:.2} ms, {ratio:.2} times a function that does nothing ({:.2} ms)",
            millis(own),
            millis(hello),
        ));
    }

    pub(crate) fn limit(&mut self, limit: Limit) {
        let allowed = if limit.timed { self.leeway } else { 1.0 };
        let missed = limit.excess > allowed;
        let verdict = match (missed, limit.excess > 1.0) {
            (true, _) => "MISSED",
            (false, true) => "above ",
            (false, false) => "ok    ",
        };
        self.missed += usize::from(missed);
        self.line(&format!("  {verdict} {}", limit.text));
    }

    /// Says how it went.
    pub(crate) fn end(mut self, check: bool) -> ExitCode {
        if self.missed > 0 {
            let missed = self.missed;
            self.line(&format!("{missed} figures above their limits"));
        }
        if check && self.missed > 0 {
            ExitCode::FAILURE
        } else {
            ExitCode::SUCCESS
        }
    }

    fn line(&mut self, line: &str) {
        // A reader that went away wants no more.
        let _ = writeln!(self.out, "{line}");
    }
}
