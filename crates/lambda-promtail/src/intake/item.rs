//! One item of an event, and what became of it.

/// One message, record or object of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    name: String,
    batch_item: Option<String>,
    /// Whether it was read to its end, or to an error.
    read: bool,
    failed: u64,
    error: Option<String>,
    /// Whether it failed for a reason that may be gone when it is delivered again.
    retry_may_help: bool,
}

impl Item {
    pub(crate) fn new(name: String, batch_item: Option<String>) -> Self {
        Self {
            name,
            batch_item,
            read: false,
            failed: 0,
            error: None,
            retry_may_help: false,
        }
    }

    /// What it is called, once it is known better.
    pub(crate) fn rename(&mut self, name: String) {
        self.name = name;
    }

    /// Notes that so many of its lines were not delivered. The first error is kept: what follows is often
    /// its consequence.
    pub(crate) fn fail(&mut self, lines: u64, error: impl ToString) {
        self.failed += lines;
        self.error.get_or_insert_with(|| error.to_string());
    }

    /// Notes that it failed for a reason that may be gone when it is delivered again.
    pub(crate) fn set_retry_may_help(&mut self) {
        self.retry_may_help = true;
    }

    /// Returns whether it failed for a reason that may be gone when it is delivered again.
    pub(crate) fn retry_may_help(&self) -> bool {
        self.retry_may_help
    }

    /// Notes that there is no more of it to read.
    pub(crate) fn set_read(&mut self) {
        self.read = true;
    }

    /// Whether it was read to its end, or to an error.
    pub(crate) fn is_read(&self) -> bool {
        self.read
    }

    /// What it is called in errors.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What AWS calls the message or record it came in, if that can be reported as failed by itself.
    pub fn batch_item(&self) -> Option<&str> {
        self.batch_item.as_deref()
    }

    /// How many of its lines were not delivered, as far as is known: an item that cannot be read counts
    /// as one.
    pub fn failed(&self) -> u64 {
        self.failed
    }

    /// Why it failed, if it did.
    pub fn error(&self) -> Option<&str> {
        self.error.as_deref()
    }

    /// Which item failed and why, if it did.
    pub fn reason(&self) -> Option<String> {
        let error = self.error()?;
        // What goes wrong with an object is said with its name already.
        let reason = match error.starts_with(&self.name) {
            true => error.to_owned(),
            false => format!("{}: {error}", self.name),
        };
        // What a message holds has a name of its own.
        Some(match self.batch_item() {
            Some(message) if !self.name.contains(message) => format!("{reason} (in {message})"),
            _ => reason,
        })
    }
}
