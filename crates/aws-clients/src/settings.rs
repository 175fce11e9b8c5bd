//! How patient a download is.

use std::time::Duration;

use dskit_backoff::Backoff;

/// The SDK's own default.
pub(crate) const CONNECT_TIMEOUT: Duration = Duration::from_millis(3100);
/// Of silence.
pub(crate) const READ_TIMEOUT: Duration = Duration::from_secs(20);

/// How long to wait for S3, and how often a broken download is taken up again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct S3ClientSettings {
    /// How long S3 may take to accept a connection.
    pub connect_timeout: Duration,
    /// How long S3 may say nothing, before the answer's first byte and between any two reads of the body.
    pub read_timeout: Duration,
    /// When to take a broken download up again. Counting starts anew whenever enough bytes have come
    /// ([`S3ClientSettings::PROGRESS`]), so a large object may break more often than a small one.
    pub backoff: Backoff,
}

impl S3ClientSettings {
    /// So many bytes make up for the breaks on the way.
    pub const PROGRESS: u64 = 1 << 20;
}

impl Default for S3ClientSettings {
    /// 3.1 s (the SDK's own default) to connect, 20 s of silence, five tries with 100 ms to 5 s between.
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
