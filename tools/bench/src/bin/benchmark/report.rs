//! The table of results, and the checks of their limits.

use std::io::{Stdout, Write};
use std::process::ExitCode;
use std::time::Duration;

use crate::loki::LokiRow;

/// The cost of shipping one input.
pub(crate) struct Row {
    pub(crate) name: &'static str,
    /// The time that the receiver takes for a push.
    pub(crate) receiver: Duration,
    /// The user and system time of the whole process.
    pub(crate) cpu: Duration,
    pub(crate) floor: Duration,
    /// The median of the ratios of CPU time to floor, each measured in the same round.
    pub(crate) ratio: f64,
    pub(crate) wall: Duration,
    /// The size of the input before compression, in bytes.
    pub(crate) bytes: u64,
    /// The peak of resident memory, in bytes.
    pub(crate) peak: u64,
    pub(crate) pushes: usize,
    pub(crate) lines: usize,
}

/// A figure and its limit.
pub(crate) struct Limit {
    text: String,
    /// The ratio of the figure to its limit if it is above it, else 1.
    excess: f64,
    /// Whether the figure is a time, which depends on other processes of the machine.
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

    /// Returns a limit of a time.
    pub(crate) fn time_at_most(what: &str, figure: f64, limit: f64) -> Self {
        Self {
            timed: true,
            ..Self::at_most(what, figure, limit)
        }
    }

    /// Returns a limit of two times of which one must be kept.
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

/// A writer of the table that writes each row at once.
pub(crate) struct Report {
    out: Stdout,
    leeway: f64,
    missed: usize,
    began: bool,
}

impl Report {
    /// Creates a report in which times may exceed their limits by the factor `leeway`.
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

    /// Writes the number of figures above their limits, and returns the exit code.
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
        // An error means that the reader closed the pipe, which needs no handling.
        let _ = writeln!(self.out, "{line}");
    }
}
