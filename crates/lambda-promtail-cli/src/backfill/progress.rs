//! The progress of a backfill: a bar on a terminal, a line a minute elsewhere.

use std::time::Duration;

use indicatif::{HumanBytes, HumanCount, HumanDuration, ProgressBar, ProgressDrawTarget, ProgressStyle};
use lambda_promtail::Summary;
use serde::Serialize;
use tokio::time::Instant;

use super::objects;
use crate::terminal::Terminal;

/// The time between two lines if standard error is not a terminal.
const LINE_INTERVAL: Duration = Duration::from_secs(60);

/// The template of the display while the bucket is listed.
const LISTING: &str = "{spinner} listing {prefix}: {human_pos} objects";
/// The template of the bar. Its message has the counts that the bar has no place for, and is cut where the terminal ends.
const BAR: &str = "{bar:24} {human_pos}/{human_len} objects, {eta} left, {wide_msg}";

/// The counts of what is done so far.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Totals {
    /// The number of objects of which Loki has acknowledged all lines.
    pub(crate) shipped: u64,
    /// The number of objects that failed.
    pub(crate) failed: u64,
    /// The number of objects that were not shipped because an older one of the same streams failed.
    pub(crate) held_back: u64,
    /// The number of entries that Loki acknowledged.
    pub(crate) lines: u64,
    /// The size of the finished objects as they are stored, in bytes.
    pub(crate) bytes: u64,
    /// The number of entries that were dropped on purpose.
    pub(crate) dropped: u64,
    /// The number of entries that Loki refused for their own content.
    pub(crate) rejected: u64,
    /// The number of lines that were cut because they are longer than `MAX_LINE_SIZE`.
    pub(crate) lines_cut: u64,
    /// The number of lines without a readable time of their own.
    pub(crate) times_guessed: u64,
    /// The number of attempts at pushes beyond the first.
    pub(crate) retries: u64,
}

impl Totals {
    /// Adds the counts of an object's event.
    pub(crate) fn add(&mut self, summary: &Summary) {
        let dropped = &summary.dropped;
        self.lines += summary.entries;
        self.dropped += dropped.no_labels + dropped.empty_line + dropped.own_log_group + dropped.relabelled;
        self.dropped += dropped.by_stage.values().sum::<u64>();
        self.rejected += summary.rejected;
        self.lines_cut += summary.lines_cut;
        self.times_guessed += summary.times_guessed;
        self.retries += summary.retries;
    }

    /// Returns the number of objects that are done with, in one way or another.
    pub(crate) fn objects(&self) -> u64 {
        self.shipped + self.failed + self.held_back
    }

    fn text(&self) -> String {
        let mut text = format!("{} lines, {}", HumanCount(self.lines), HumanBytes(self.bytes));
        for (count, what) in [
            (self.failed, "failed"),
            (self.held_back, "held back"),
            (self.dropped, "lines dropped"),
            (self.rejected, "lines refused by Loki"),
            (self.lines_cut, "lines cut"),
            (self.times_guessed, "times guessed"),
            (self.retries, "pushes retried"),
        ] {
            if count > 0 {
                text += &format!(", {} {what}", HumanCount(count));
            }
        }
        text
    }
}

/// The display of a backfill's progress.
#[derive(Debug)]
pub(crate) struct Progress {
    pub(crate) totals: Totals,
    /// The number of objects to ship.
    objects: u64,
    started: Instant,
    last_line: Instant,
    /// Whether the first listing has not ended yet.
    is_listing: bool,
    bar: Option<ProgressBar>,
    terminal: Terminal,
}

impl Progress {
    /// Starts the display of a listing, whose length is not known.
    pub(crate) fn listing(terminal: &Terminal, prefix: &str) -> Self {
        let bar = terminal.is_terminal().then(|| {
            let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
            bar.set_style(style(LISTING));
            bar.with_prefix(prefix.to_owned())
        });
        terminal.set_bar(bar.clone());
        Self {
            totals: Totals::default(),
            objects: 0,
            started: Instant::now(),
            last_line: Instant::now(),
            is_listing: true,
            bar,
            terminal: terminal.clone(),
        }
    }

    /// Shows that more objects were listed.
    pub(crate) fn listed(&mut self, objects: u64) {
        match &self.bar {
            Some(bar) if self.is_listing => bar.inc(objects),
            Some(_) => {}
            None => {
                if self.is_time_for_a_line() {
                    self.terminal.say("listing the bucket");
                }
            }
        }
    }

    /// Begins to show how many of the objects are shipped.
    pub(crate) fn start(&mut self, objects: u64) {
        self.objects = objects;
        self.is_listing = false;
        self.started = Instant::now();
        self.last_line = self.started;
        if let Some(listing) = self.bar.take() {
            listing.finish_and_clear();
            let bar = ProgressBar::with_draw_target(Some(objects), ProgressDrawTarget::stderr());
            bar.set_style(style(BAR));
            // The time left is shown anew even while Loki takes nothing.
            bar.enable_steady_tick(Duration::from_secs(1));
            self.terminal.set_bar(Some(bar.clone()));
            self.bar = Some(bar);
            self.show();
        }
    }

    /// Shows the totals, on a terminal at once, elsewhere if a minute has passed.
    pub(crate) fn show(&mut self) {
        let done = self.totals.objects();
        if let Some(bar) = &self.bar {
            bar.set_length(self.objects.max(done));
            bar.set_position(done);
            bar.set_message(format!("{}, {:.0} objects/s", self.totals.text(), self.rate()));
        } else if let Some(line) = self.due_line() {
            self.terminal.say(&line);
        }
    }

    /// Returns the line that is shown without a terminal, if a minute has passed since the last one.
    fn due_line(&mut self) -> Option<String> {
        self.is_time_for_a_line().then(|| {
            let (done, rate) = (self.totals.objects(), self.rate());
            let left = self.objects.saturating_sub(done) as f64 / rate;
            // Nothing is done yet, or next to nothing.
            let left = match left.is_finite() && left < 1e9 {
                true => format!("{} left", HumanDuration(Duration::from_secs_f64(left))),
                false => "time left not known".to_owned(),
            };
            format!(
                "{} of {} objects, {}, {rate:.0} objects/s, {left}",
                HumanCount(done),
                HumanCount(self.objects),
                self.totals.text(),
            )
        })
    }

    /// Waits until the totals are to be shown although nothing has changed.
    pub(crate) async fn next_line(&self) {
        match self.bar {
            Some(_) => std::future::pending().await,
            None => tokio::time::sleep_until(self.last_line + LINE_INTERVAL).await,
        }
    }

    /// Removes the bar.
    pub(crate) fn clear(&mut self) {
        self.terminal.set_bar(None);
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }

    /// Returns a sentence about what was shipped.
    pub(crate) fn summary(&self) -> String {
        format!(
            "shipped {}, {}, in {:.1?} ({:.0} objects/s)",
            objects(self.totals.shipped),
            self.totals.text(),
            self.started.elapsed(),
            self.rate()
        )
    }

    /// Returns the number of finished objects for each second.
    fn rate(&self) -> f64 {
        let seconds = self.started.elapsed().as_secs_f64();
        self.totals.objects() as f64 / seconds.max(0.001)
    }

    fn is_time_for_a_line(&mut self) -> bool {
        let is_time = self.last_line.elapsed() >= LINE_INTERVAL;
        if is_time {
            self.last_line = Instant::now();
        }
        is_time
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.clear();
    }
}

/// Returns a style. A template that cannot be parsed, which a test would notice, becomes the default one.
fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn without_a_terminal_there_is_a_line_a_minute() {
        let mut progress = Progress {
            totals: Totals::default(),
            objects: 1200,
            started: Instant::now(),
            last_line: Instant::now(),
            is_listing: false,
            bar: None,
            terminal: Terminal::default(),
        };
        tokio::time::advance(Duration::from_secs(59)).await;
        assert_eq!(progress.due_line(), None);
        progress.next_line().await;
        let expected = "0 of 1,200 objects, 0 lines, 0 B, 0 objects/s, time left not known";
        assert_eq!(progress.due_line().as_deref(), Some(expected));
        assert_eq!(progress.due_line(), None);
        progress.totals = Totals {
            shipped: 299,
            failed: 1,
            lines: 4000,
            bytes: 3 << 20,
            rejected: 2,
            ..Totals::default()
        };
        progress.next_line().await;
        let expected = "300 of 1,200 objects, 4,000 lines, 3.00 MiB, 1 failed, 2 lines refused by Loki, 2 objects/s, 6 minutes left";
        assert_eq!(progress.due_line().as_deref(), Some(expected));
    }

    #[test]
    fn the_templates_of_the_bars_can_be_parsed() {
        for template in [LISTING, BAR] {
            assert!(ProgressStyle::with_template(template).is_ok(), "{template}");
        }
    }
}
