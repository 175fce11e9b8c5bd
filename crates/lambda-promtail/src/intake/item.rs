//! One item of an event, and what became of it.

/// One message, record or object of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    name: String,
    failed: u64,
    error: Option<String>,
}

impl Item {
    pub(crate) fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            failed: 0,
            error: None,
        }
    }

    /// What it is called, once it is known better.
    pub(crate) fn rename(&mut self, name: impl Into<String>) {
        self.name = name.into();
    }

    /// Notes that so many of its lines were not delivered. The first error is kept: what follows is often
    /// its consequence.
    pub(crate) fn fail(&mut self, lines: u64, error: impl ToString) {
        self.failed += lines;
        self.error.get_or_insert_with(|| error.to_string());
    }

    /// What it is called in errors.
    pub fn name(&self) -> &str {
        &self.name
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
}
