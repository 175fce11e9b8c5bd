//! The progress of one item of an event.

use aws_events::Continuation;

/// The progress of an item of an event: a message, record or object, and its result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemProgress {
    name: String,
    batch_item: Option<String>,
    /// Whether reading has ended, with or without an error.
    read: bool,
    failed: u64,
    error: Option<String>,
    /// Whether the item failed for a reason that may be gone when it is delivered again.
    retry_may_help: bool,
    /// The message with which a later invocation continues the item's object.
    rest: Option<Continuation>,
}

impl ItemProgress {
    /// Returns the progress of an item of which nothing has been read. `batch_item` is AWS's id of the message or record
    /// that the item came in, if that can be reported as failed by itself.
    pub fn new(name: String, batch_item: Option<String>) -> Self {
        Self {
            name,
            batch_item,
            read: false,
            failed: 0,
            error: None,
            retry_may_help: false,
            rest: None,
        }
    }

    /// Sets the item's name, once a better one is known.
    pub(crate) fn rename(&mut self, name: String) {
        self.name = name;
    }

    /// Counts this many of its lines as not delivered. Only the first error is kept, because later ones are often its
    /// consequence.
    pub fn fail(&mut self, lines: u64, error: impl ToString) {
        self.rest = None;
        self.run_out_of_time(lines, error);
    }

    /// Counts this many of its lines as not delivered before the deadline, as [`fail`](Self::fail) does. The rest of the
    /// item can still be handed over to a later invocation, if nothing else failed.
    pub fn run_out_of_time(&mut self, lines: u64, error: impl ToString) {
        self.failed += lines;
        self.error.get_or_insert_with(|| error.to_string());
    }

    /// Stores what is needed to hand the rest of the item over to a later invocation.
    pub(crate) fn set_rest(&mut self, rest: Continuation) {
        self.rest = Some(rest);
    }

    /// Returns what is needed to hand the rest of the item over to a later invocation, with the entries that were
    /// acknowledged before this one. Returns `None` if the item cannot be continued, or has not failed.
    pub fn rest(&self) -> Option<&Continuation> {
        self.error.as_ref().and(self.rest.as_ref())
    }

    /// Marks the item as one whose rest was handed over, so that it has not failed in this invocation.
    pub fn set_continued(&mut self) {
        self.failed = 0;
        self.error = None;
        self.retry_may_help = false;
        self.rest = None;
    }

    /// Marks the item as failed for a reason that may be gone when it is delivered again.
    pub fn set_retry_may_help(&mut self) {
        self.retry_may_help = true;
    }

    /// Returns whether the item failed for a reason that may be gone when it is delivered again.
    pub fn retry_may_help(&self) -> bool {
        self.retry_may_help
    }

    /// Marks the item as read to its end, or to an error.
    pub(crate) fn set_read(&mut self) {
        self.read = true;
    }

    /// Returns whether reading has ended, with or without an error.
    pub(crate) fn is_read(&self) -> bool {
        self.read
    }

    /// Returns the item's name in errors.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns AWS's id of the message or record that the item came in, if that can be reported as failed by itself.
    pub fn batch_item(&self) -> Option<&str> {
        self.batch_item.as_deref()
    }

    /// Returns the number of lines that are known to be undelivered. An item that cannot be read counts as one line.
    pub fn failed(&self) -> u64 {
        self.failed
    }

    /// Returns the item's first error, if it failed.
    pub fn error(&self) -> Option<&str> {
        self.error.as_deref()
    }

    /// Returns the item's name and error as one text, if it failed.
    pub fn reason(&self) -> Option<String> {
        let error = self.error()?;
        // Errors of objects begin with the object's name already.
        let reason = match error.starts_with(&self.name) {
            true => error.to_owned(),
            false => format!("{}: {error}", self.name),
        };
        // The id of the message is added for items that are named after its content.
        Some(match self.batch_item() {
            Some(message) if !self.name.contains(message) => format!("{reason} (in {message})"),
            _ => reason,
        })
    }
}
