//! What the deployments can check of a setting's value before anything is deployed.
//!
//! A check refuses only values with which the function does not start, so that it never gets in the way of a
//! deployment that works.

use lambda_promtail::settings::Setting;

/// A check of a setting's value. Each lets the empty text pass, which leaves the setting at its default.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Check {
    /// The value matches a regular expression.
    Pattern {
        /// The expression, in the syntax that RE2 and Java have in common.
        pattern: &'static str,
        /// What the value must be, as the end of the sentence "... must be".
        expected: &'static str,
        /// Values that the function accepts; the first is one to try a deployment with.
        good: &'static [&'static str],
        /// Values that the function refuses.
        bad: &'static [&'static str],
    },
    /// The value is one of these words, in any case.
    Words(&'static [&'static str]),
    /// The value is a JSON array.
    JsonArray {
        /// A value that the function accepts.
        good: &'static str,
    },
    /// The value has an even number of comma-separated parts.
    Pairs,
}

const DURATION: &str = r"\+?(0|(([0-9]+\.?[0-9]*|\.[0-9]+)(ns|[uµμ]s|ms|[smh]))+)|-0";
const DURATION_MEANING: &str = "a duration such as 5s or 1m30s";
const GOOD_DURATIONS: &[&str] = &["5s", "1m30s", "1.5h", ".5s", "1.s", "+5s", "10µs"];
const BAD_DURATIONS: &[&str] = &["5", "five", "1d", "-5s", "5 s"];

/// The check of each setting that has one. A boolean has none: the function takes any text, as upstream's does.
const CHECKS: &[(&str, Check)] = &[
    (
        "WRITE_ADDRESS",
        Check::Pattern {
            pattern: r"[hH][tT][tT][pP][sS]?://.+",
            expected: "a push URL such as https://loki.example.com/loki/api/v1/push",
            good: &[
                "https://loki.example.com/loki/api/v1/push",
                "http://10.0.0.1:3100/loki/api/v1/push",
            ],
            bad: &["loki.example.com", "ftp://loki.example.com/", "https://"],
        },
    ),
    (
        "TENANT_ID",
        Check::Pattern {
            pattern: r"[^\x00-\x08\x0a-\x1f\x7f]*",
            expected: "without control characters, because a header carries it",
            good: &["platform"],
            bad: &["a\nb"],
        },
    ),
    ("EXTRA_LABELS", Check::Pairs),
    (
        "RELABEL_CONFIGS",
        Check::JsonArray {
            good: r#"[{"action":"labeldrop","regex":"team"}]"#,
        },
    ),
    (
        "LOKI_STAGE_CONFIGS",
        Check::JsonArray {
            good: r#"[{"limit":{"rate":10,"burst":10,"drop":true}}]"#,
        },
    ),
    (
        "STRUCTURED_METADATA",
        Check::Pattern {
            pattern: r"[\s,]*((log_stream|event_id|s3_bucket|s3_key|account|region|kinesis_sequence)[\s,]*)*",
            expected: "a list of log_stream, event_id, s3_bucket, s3_key, account, region and kinesis_sequence, separated by commas",
            good: &["log_stream,s3_key", "account"],
            bad: &["stream", "log_stream;s3_key"],
        },
    ),
    (
        "MAX_LINE_SIZE",
        Check::Pattern {
            pattern: r"\+?0*(0|[4-9]|[1-9][0-9]+)",
            expected: "a number of bytes, 4 or more, or 0 for no limit",
            good: &["262144", "0", "4"],
            bad: &["256KB", "-1", "3"],
        },
    ),
    ("PIPELINE_TIMEOUT", DURATION_CHECK),
    (
        "BATCH_SIZE",
        Check::Pattern {
            pattern: r"\+?[0-9]+",
            expected: "a number of bytes",
            good: &["131072", "0"],
            bad: &["128KB", "-1", "1.5"],
        },
    ),
    ("USERNAME", SECRET_CHECK),
    ("PASSWORD", SECRET_CHECK),
    ("BEARER_TOKEN", SECRET_CHECK),
    ("LOG_LEVEL", Check::Words(&["debug", "info", "warn", "error"])),
    ("METRICS", Check::Words(&["none", "emf"])),
    (
        "METRICS_NAMESPACE",
        Check::Pattern {
            pattern: r"[A-Za-z0-9._/#:-]([A-Za-z0-9._/#: -]{0,253}[A-Za-z0-9._/#:-])?",
            expected: "at most 255 letters, digits, spaces and characters of .-_/#:, without a space at an end",
            good: &["lambda-promtail", "shippers/eu 1"],
            bad: &["a*b", " a", "a "],
        },
    ),
    ("PUSH_ENCODING", Check::Words(&["protobuf", "json"])),
    ("TIMEOUT", DURATION_CHECK),
    ("MIN_BACKOFF", DURATION_CHECK),
    ("MAX_BACKOFF", DURATION_CHECK),
    (
        "MAX_RETRIES",
        Check::Pattern {
            pattern: r"\+?[0-9]+",
            expected: "a number of attempts, or 0 for as many as the function's timeout allows",
            good: &["10", "0"],
            bad: &["-1", "many"],
        },
    ),
    ("DEADLINE_MARGIN", DURATION_CHECK),
    (
        "PUSH_CONCURRENCY",
        Check::Pattern {
            pattern: r"\+?0*[1-9][0-9]*",
            expected: "a number of pushes, 1 or more",
            good: &["12", "1"],
            bad: &["0", "-1", "few"],
        },
    ),
    ("ON_REJECT", Check::Words(&["fail", "drop"])),
    (
        "S3_LOG_TYPES",
        Check::JsonArray {
            good: r#"[{"name":"s3_app","key":"^apps/","format":"lines"}]"#,
        },
    ),
    (
        "READ_AHEAD",
        Check::Pattern {
            pattern: r"\+?[0-9]+",
            expected: "a number of objects, or 0 for none",
            good: &["16", "0"],
            bad: &["-1", "all"],
        },
    ),
    ("UNKNOWN_S3_TYPE", Check::Words(&["fail", "skip", "text"])),
];

const DURATION_CHECK: Check = Check::Pattern {
    pattern: DURATION,
    expected: DURATION_MEANING,
    good: GOOD_DURATIONS,
    bad: BAD_DURATIONS,
};

const SECRET_CHECK: Check = Check::Pattern {
    // A value that begins with the letters of an ARN but for the last, or an ARN of one of the two services.
    pattern: r"([^a\x00-\x1f\x7f]|a[^r\x00-\x1f\x7f]|ar[^n\x00-\x1f\x7f]|arn[^:\x00-\x1f\x7f])[^\x00-\x1f\x7f]*|ar?n?|arn:[^:]+:(secretsmanager|ssm):[^:]+:[^:]+:\S+",
    expected: "a text without control characters, or the ARN of a Secrets Manager secret or SSM parameter",
    good: &[
        "42",
        "arnold",
        "arn",
        "a",
        "arn:aws:ssm:eu-west-1:123456789012:parameter/loki/user",
        "arn:aws:secretsmanager:eu-west-1:123456789012:secret:loki-AbCdEf:password::",
    ],
    bad: &["a\nb", "arn:aws:s3:::bucket", "arn:aws:iam::123456789012:role/x"],
};

/// Returns the check of the setting's value, if it has one.
pub(crate) fn of(setting: &Setting) -> Option<Check> {
    let found = CHECKS.iter().find(|(name, _)| *name == setting.name)?;
    Some(found.1)
}

impl Check {
    /// Returns what the value must be, as the end of the sentence "... must be".
    pub(crate) fn expected(self) -> String {
        match self {
            Self::Pattern { expected, .. } => expected.to_owned(),
            Self::Words(words) => match words {
                [one, other] => format!("{one} or {other}"),
                [others @ .., last] => format!("{} or {last}", others.join(", ")),
                [] => String::new(),
            },
            Self::JsonArray { .. } => "a JSON array".to_owned(),
            Self::Pairs => "a list such as name1,value1,name2,value2: an even number of parts".to_owned(),
        }
    }

    /// Returns a value that passes.
    pub(crate) fn example(self) -> &'static str {
        match self {
            Self::Pattern { good, .. } => good.first().copied().unwrap_or_default(),
            Self::Words(words) => words.last().copied().unwrap_or_default(),
            Self::JsonArray { good } => good,
            Self::Pairs => "team,platform",
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use lambda_promtail::settings::{self, Settings};

    use super::*;

    /// Settings whose text the deployments cannot check: any text, or what only the function can read.
    const FREE: &[&str] = &[
        "ALB_LOG_S3",
        "CLOUDFRONT_LOG_S3",
        "CONTINUATION_QUEUE_URL",
        "DROP_LABELS",
        "EXTRA_HEADERS",
        "HTTPS_PROXY",
        "HTTP_PROXY",
        "LOG_GROUP_TAGS",
        "NO_PROXY",
        "REDACT_KEY",
        "TLS_CA_CERT",
        "TLS_CLIENT_CERT",
        "TLS_CLIENT_KEY",
    ];

    /// Returns whether the function starts with this value.
    fn starts(name: &str, value: &str) -> bool {
        let mut environment = HashMap::from([
            ("WRITE_ADDRESS", "https://loki.example.com/loki/api/v1/push"),
            ("USERNAME", "42"),
            ("PASSWORD", "example"),
        ]);
        if name == "BEARER_TOKEN" {
            environment = HashMap::from([("WRITE_ADDRESS", "https://loki.example.com/loki/api/v1/push")]);
        }
        environment.insert(name, value);
        Settings::read(&environment).is_ok()
    }

    #[test]
    fn every_setting_is_checked_or_cannot_be() {
        for setting in settings::all() {
            let is_free = FREE.contains(&setting.name) || setting.is_boolean();
            assert_ne!(of(setting).is_some(), is_free, "{}", setting.name);
        }
        for (name, _) in CHECKS {
            assert!(settings::all().any(|setting| setting.name == *name), "{name}");
        }
    }

    #[test]
    fn the_function_takes_and_refuses_what_the_checks_say() {
        for (name, check) in CHECKS {
            let (good, bad): (Vec<&str>, Vec<&str>) = match *check {
                Check::Pattern { good, bad, .. } => (good.to_vec(), bad.to_vec()),
                // A wrong log level is a warning.
                Check::Words(words) if *name == "LOG_LEVEL" => (words.to_vec(), vec![]),
                Check::Words(words) => (words.to_vec(), vec!["other"]),
                Check::JsonArray { good } => (vec![good, "[]", " [ ]"], vec!["{}", "[", "text"]),
                Check::Pairs => (vec![check.example()], vec!["team", "a,b,c"]),
            };
            for value in good {
                assert!(starts(name, value), "{name}={value:?}");
            }
            for value in bad {
                assert!(!starts(name, value), "{name}={value:?}");
            }
        }
    }
}
