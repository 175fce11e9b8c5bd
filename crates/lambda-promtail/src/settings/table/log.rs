//! The function's own log and metrics.

use std::borrow::Cow;

use tracing::level_filters::LevelFilter;

use super::super::raw::Metrics;
use super::super::setting::Setting;
use super::super::value::{Typed, Words, flag};
use super::super::value_issue::ValueIssue;

/// The level, which logging reads before the other settings.
pub(in super::super) const LOG_LEVEL: Setting = Setting {
    name: "LOG_LEVEL",
    meaning: "level of the function's own log: `debug`, `info`, `warn` or `error`",
    value: &Words {
        default: Some(LevelFilter::INFO),
        field: |raw| &mut raw.log_level,
        words: &[
            ("debug", Some(LevelFilter::DEBUG)),
            ("info", Some(LevelFilter::INFO)),
            ("warn", Some(LevelFilter::WARN)),
            ("error", Some(LevelFilter::ERROR)),
        ],
        // A wrong log level should not keep the function from starting.
        is_lenient: true,
    },
    ..Setting::PLAIN
};

pub(super) const SETTINGS: &[Setting] = &[
    Setting {
        name: "PRINT_LOG_LINE",
        meaning: "also write every line to the function's own log; upstream's default is `true`, which stores every line in \
        CloudWatch a second time",
        value: &flag(false, |raw| &mut raw.print_log_line),
        ..Setting::PLAIN
    },
    LOG_LEVEL,
    Setting {
        name: "METRICS",
        meaning: "metrics of each invocation: `none`, or `emf` for a document in CloudWatch's Embedded Metric Format in the \
        function's log",
        value: &Words {
            default: Metrics::None,
            field: |raw| &mut raw.metrics,
            words: &[("none", Metrics::None), ("emf", Metrics::Emf)],
            is_lenient: false,
        },
        ..Setting::PLAIN
    },
    Setting {
        name: "METRICS_NAMESPACE",
        meaning: "CloudWatch's namespace for the metrics",
        value: &Typed {
            default: Cow::Borrowed("lambda-promtail"),
            field: |raw| &mut raw.metrics_namespace,
            read: namespace,
            text: ToString::to_string,
        },
        ..Setting::PLAIN
    },
];

/// The longest namespace that CloudWatch takes, in bytes (`PutMetricData`).
const LONGEST_NAMESPACE: usize = 255;

/// Reads a namespace by the rules of CloudWatch's `PutMetricData`.
fn namespace(target: &mut Cow<'static, str>, text: &str) -> Result<(), ValueIssue> {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b".-_/#: ".contains(&byte);
    if text.starts_with("AWS/") {
        return Err(ValueIssue::error(
            "a namespace that begins with AWS/ is reserved; an example: lambda-promtail",
        ));
    }
    if text.len() > LONGEST_NAMESPACE || !text.bytes().all(is_allowed) || text.trim() != text {
        return Err(ValueIssue::error(format!(
            "expected at most {LONGEST_NAMESPACE} letters, digits, spaces and characters of .-_/#:, without a space at an end"
        )));
    }
    *target = Cow::Owned(text.to_owned());
    Ok(())
}
