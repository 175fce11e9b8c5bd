//! Exports of CloudWatch Logs to S3.

use loki_push::Timestamp;
use memchr::memchr;

use crate::s3::LogType;
use crate::s3::format::{Framing, Time};
use crate::s3::key::scan::{after_pattern, is_uuid};
use crate::s3::key::{Found, Key};
use crate::s3::log_type::Docs;
use crate::s3::time;

pub(crate) static CLOUDWATCH_EXPORT: LogType = LogType {
    token: "s3_cloudwatch_export",
    matcher: stream,
    framing: Framing::Lines,
    time: Time::Fixed(leading_time),
    docs: Docs {
        title: "exports of CloudWatch Logs",
        src: Some("log stream, with hyphens for slashes"),
        owner: None,
        keys: &["<prefix>/<task>/<log stream>/000000.gz"],
        example: "export/0a1b2c3d-0000-4000-8000-000000000001/app-1/000000.gz",
        time: "the line's",
        page: Some("https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/S3ExportTasksConsole.html"),
    },
};

/// Matches `[prefix/]<UUID of the task>/<log stream>/000000.gz` (CloudWatch Logs user guide, "Export log data
/// to Amazon S3 using the console"). The key contains neither the log group nor the account.
fn stream<'k>(key: &Key<'k>) -> Option<Found<'k>> {
    let &[.., task, stream, file] = key.segments() else {
        return None;
    };
    (is_uuid(task) && !stream.is_empty() && after_pattern(file, "000000") == Some(".gz")).then_some(
        Found::Log {
            src: stream,
            owner: "",
        },
    )
}

/// The length of `yyyy-mm-ddThh:mm:ss.mmmZ`.
const TIME_LEN: usize = 24;

/// Returns the time before the first space, as CloudWatch Logs writes it. The further lines of a message have
/// none, and nothing tells one that imitates it from a real one.
fn leading_time(line: &[u8]) -> Option<Timestamp> {
    let time = &line[..memchr(b' ', line).unwrap_or(line.len())];
    (time.len() == TIME_LEN && time.ends_with(b"Z"))
        .then(|| time::iso(time))
        .flatten()
}
