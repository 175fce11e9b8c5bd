//! The progress of one event.

use std::collections::BTreeMap;
use std::fmt;

use aws_events::ItemError;
use loki_push::ItemId;

use crate::error_lines::{ErrorLines, cut};
use crate::{Dropped, ItemProgress, ReadError};

/// The items and counts of one event while it is read and shipped.
#[derive(Debug, Default)]
pub struct EventProgress {
    /// The event's items, each at the index of its [`ItemId`].
    pub items: Vec<ItemProgress>,
    /// The numbers of lines that were dropped on purpose.
    pub dropped: Dropped,
    /// The number of labels to which rules gave names that Loki cannot parse.
    pub labels_renamed: u64,
    /// The number of lines of S3 objects that have no readable time and took another one.
    pub times_guessed: u64,
    /// The number of deliveries without the labels of tags, which could not be read.
    pub tags_unread: u64,
    /// The number of lines that were cut because they are longer than the limit.
    pub lines_cut: u64,
    /// The values of `metrics` stages.
    pub metrics: BTreeMap<String, f64>,
    /// The number of items that have nothing to ship.
    pub skipped: u64,
    errors: ErrorLines,
    /// The number of items whose error is kept.
    kept_errors: usize,
}

impl EventProgress {
    pub(crate) fn add(&mut self, item: ItemProgress) -> ItemId {
        // An event has at most 6 MB, so its items can be counted in 32 bits.
        let id = ItemId(self.items.len() as u32);
        self.items.push(item);
        id
    }

    /// Marks an item as read to its end, or to an error.
    pub(crate) fn set_read(&mut self, item: ItemId) {
        self.items[item.0 as usize].set_read();
    }

    /// Marks the items whose reading has not ended as failed by the deadline. With `may_continue`, the errors of items
    /// whose rest can be handed over are not logged.
    pub fn cut_off(&mut self, may_continue: bool) {
        for item in 0..self.items.len() {
            if !self.items[item].is_read() {
                self.items[item].set_retry_may_help();
                let id = ItemId(item as u32);
                self.run_out_of_time(id, 1, ReadError::Deadline);
                if !may_continue || self.items[item].rest().is_none() {
                    self.log(id, ReadError::Deadline.cause(), &ReadError::Deadline);
                }
            }
        }
    }

    /// Writes how many errors were left out of the log, and resets the counts.
    pub fn close_errors(&mut self) {
        self.errors.close();
    }

    /// Logs and counts that a line, or the rest of an item, could not be read.
    pub(crate) fn fail(&mut self, item: ItemId, cause: &'static str, error: impl fmt::Display) {
        self.log(item, cause, &error);
        self.fail_lines(item, 1, error);
    }

    fn log(&mut self, item: ItemId, cause: &'static str, error: &impl fmt::Display) {
        if self.errors.count(cause) {
            let name = cut(self.items[item.0 as usize].name());
            tracing::error!(item = name, "{}", cut(error));
        }
    }

    /// Counts this many lines of an item as not delivered. Only the first errors of an event are kept: a
    /// message of 1 MB may hold thousands of objects, each with an error of a kilobyte.
    pub fn fail_lines(&mut self, item: ItemId, lines: u64, error: impl fmt::Display) {
        let error = self.kept(item, error);
        self.items[item.0 as usize].fail(lines, error);
    }

    /// Counts this many lines of an item as not delivered before the deadline, as [`fail_lines`](Self::fail_lines) does.
    pub fn run_out_of_time(&mut self, item: ItemId, lines: u64, error: impl fmt::Display) {
        let error = self.kept(item, error);
        self.items[item.0 as usize].run_out_of_time(lines, error);
    }

    /// Returns the text that is kept of an item's error.
    fn kept(&mut self, item: ItemId, error: impl fmt::Display) -> String {
        if self.items[item.0 as usize].error().is_some() {
            String::new()
        } else if self.kept_errors < KEPT_ERRORS {
            self.kept_errors += 1;
            cut(error)
        } else {
            "failed like other items of the event; their errors are in the log".to_owned()
        }
    }
}

/// The most items of one event whose error is kept.
const KEPT_ERRORS: usize = 100;

/// Returns the cause under which an item's error is counted.
pub(crate) fn cause_of_item(error: &ItemError) -> &'static str {
    match error {
        ItemError::NotAnObject => "a record is not a JSON object",
        ItemError::UnknownRecord { .. } => "unknown kind of record",
        ItemError::Field(_) => "a field that its kind always has cannot be read",
        ItemError::Message(_) | ItemError::TextWithoutTime { .. } => "what a message holds cannot be read",
        ItemError::NotAList => "the records of a partition are not a list",
    }
}
