//! The function's own log.

use tracing::level_filters::LevelFilter;

use super::super::setting::Setting;
use super::super::value::{Words, flag};

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
];
