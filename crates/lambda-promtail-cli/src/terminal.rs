//! Standard error, which a progress bar and the log share.

use std::io::{self, IsTerminal, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use indicatif::ProgressBar;

/// The writer to standard error of this process. While a progress bar is shown, lines are written above it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Terminal(Arc<Mutex<Option<ProgressBar>>>);

impl Terminal {
    /// Returns whether standard error is a terminal.
    pub(crate) fn is_terminal(&self) -> bool {
        io::stderr().is_terminal()
    }

    /// Writes a line. An error of writing to standard error cannot be reported anywhere.
    pub(crate) fn say(&self, line: &str) {
        let _ = self.clone().write_all(format!("{line}\n").as_bytes());
    }

    /// Shows the bar, in place of another one, or none.
    pub(crate) fn set_bar(&self, bar: Option<ProgressBar>) {
        *self.bar() = bar;
    }

    /// Locks the bar. A panic while it was locked does not matter, since it is replaced as a whole.
    fn bar(&self) -> MutexGuard<'_, Option<ProgressBar>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Write for Terminal {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &*self.bar() {
            Some(bar) => bar.suspend(|| io::stderr().write(bytes)),
            None => io::stderr().write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
}
