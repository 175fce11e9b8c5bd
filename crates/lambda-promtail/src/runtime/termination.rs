//! The handling of SIGTERM.

use std::io;

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

/// Returns a flag that becomes true on SIGTERM. Without a handler the first process of a container ignores the signal.
///
/// # Errors
/// Returns an error if the signal handler cannot be installed.
pub(crate) fn termination() -> io::Result<watch::Receiver<bool>> {
    let mut asked = signal(SignalKind::terminate())?;
    let (stop, stopped) = watch::channel(false);
    tokio::spawn(async move {
        if asked.recv().await.is_some() {
            stop.send_replace(true);
        }
        // The sender is kept alive, so that receivers keep waiting instead of seeing it closed.
        stop.closed().await;
    });
    Ok(stopped)
}
