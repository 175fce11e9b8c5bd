//! The request to end.

use std::io;

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

/// Becomes true when the process is asked to end (SIGTERM). Without a handler the first process of a
/// container would not even notice.
///
/// # Errors
/// When the system takes no handler.
pub(crate) fn termination() -> io::Result<watch::Receiver<bool>> {
    let mut asked = signal(SignalKind::terminate())?;
    let (stop, stopped) = watch::channel(false);
    tokio::spawn(async move {
        if asked.recv().await.is_some() {
            stop.send_replace(true);
        }
        // Who waits for it shall wait on.
        stop.closed().await;
    });
    Ok(stopped)
}
