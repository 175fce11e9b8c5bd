//! Objects of unknown type, with `UNKNOWN_S3_TYPE=text`.

use crate::s3::LogType;
use crate::s3::format::{Framing, Time};
use crate::s3::log_type::Docs;

/// Lines of any text. No key leads to this type: it is chosen for objects whose keys lead to no other. With
/// `UNKNOWN_S3_TYPE=text`, [`recognition`](crate::s3::recognition) looks for another format first.
pub(crate) static TEXT: LogType = LogType {
    token: "s3_text",
    matcher: |_| None,
    framing: Framing::Lines,
    time: Time::Untimed,
    docs: Docs {
        title: "anything else, with `UNKNOWN_S3_TYPE=text`",
        src: Some("bucket"),
        owner: None,
        keys: &[],
        example: "apps/checkout/2026-03-04.log",
        time: "[by content](#by-content), otherwise LastModified + the line's index",
        page: None,
    },
};
