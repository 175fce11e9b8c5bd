//! The timeouts and retries of downloads.

use std::time::Duration;

use dskit_backoff::Backoff;

/// The time limit for connecting. It is the SDK's default.
pub(crate) const CONNECT_TIMEOUT: Duration = Duration::from_millis(3100);
/// The longest time without data.
pub(crate) const READ_TIMEOUT: Duration = Duration::from_secs(20);

/// Timeouts for S3, and the retries of broken downloads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct S3ClientSettings {
    /// The time in which S3 must accept a connection.
    pub connect_timeout: Duration,
    /// The longest time without data, before the first byte of the response and between any two reads of the
    /// body.
    pub read_timeout: Duration,
    /// The waits before a broken download is continued. Counting starts again after
    /// [`S3ClientSettings::PROGRESS`] bytes, so a large object may break more often than a small one.
    pub backoff: Backoff,
}

impl S3ClientSettings {
    /// The number of bytes after which earlier interruptions no longer count.
    pub const PROGRESS: u64 = 1 << 20;
}

impl Default for S3ClientSettings {
    /// Returns the defaults: 3.1 s (the SDK's default) to connect, 20 s without data, five retries with 100
    /// ms to 5 s between them.
    fn default() -> Self {
        Self {
            connect_timeout: CONNECT_TIMEOUT,
            read_timeout: READ_TIMEOUT,
            backoff: Backoff {
                min: Duration::from_millis(100),
                max: Duration::from_secs(5),
                max_retries: 5,
            },
        }
    }
}
