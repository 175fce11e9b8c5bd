//! The table of settings: every variable, once.

use http::HeaderValue;
use log_pipeline::LabelNames;
use loki_client::WriteAddress;
use loki_push::Encoding;
use secrecy::SecretString;
use tracing::level_filters::LevelFilter;

use super::duration::parse_duration;
use super::fault::Fault;
use super::raw::Raw;
use crate::UnknownS3Type;

/// One variable.
#[derive(Debug)]
pub struct Setting {
    /// Its name.
    pub name: &'static str,
    /// What holds when it is not set, or empty.
    pub default: DefaultValue,
    /// What it does, in the words of the README.
    pub meaning: &'static str,
    /// How its value may be shown.
    pub shown: Shown,
    pub(super) read: fn(&mut Raw, &str) -> Result<(), Fault>,
}

/// What holds when a variable is not set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DefaultValue {
    /// It must be set.
    Required,
    /// Nothing.
    None,
    /// This value, read as if it were set.
    Text(&'static str),
}

/// How a value may be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// As it is.
    AsIs,
    /// A URL, without its password.
    Url,
    /// Never.
    Secret,
}

/// Every variable the function reads, in the order of the README.
pub const SETTINGS: &[Setting] = &[
    Setting {
        name: "WRITE_ADDRESS",
        default: DefaultValue::Required,
        meaning: "push URL, `http` or `https`, used as given",
        shown: Shown::Url,
        read: |raw, text| set(&mut raw.write_address, WriteAddress::parse(text).map(Some)),
    },
    Setting {
        name: "TENANT_ID",
        default: DefaultValue::None,
        meaning: "`X-Scope-OrgID`",
        shown: Shown::AsIs,
        read: |raw, text| {
            let tenant = HeaderValue::from_str(text).map(Some);
            let tenant = tenant.map_err(|_| "has characters that no header can carry");
            set(&mut raw.tenant, tenant)
        },
    },
    Setting {
        name: "EXTRA_LABELS",
        default: DefaultValue::None,
        meaning: "`name1,value1,name2,value2`; names get the prefix `__extra_`",
        shown: Shown::AsIs,
        read: |raw, text| {
            text.clone_into(&mut raw.extra_labels);
            Ok(())
        },
    },
    Setting {
        name: "OMIT_EXTRA_LABELS_PREFIX",
        default: DefaultValue::Text("false"),
        meaning: "leave the prefix off",
        shown: Shown::AsIs,
        read: |raw, text| boolean(&mut raw.omit_extra_labels_prefix, text),
    },
    Setting {
        name: "DROP_LABELS",
        default: DefaultValue::None,
        meaning: "comma-separated label names",
        shown: Shown::AsIs,
        read: |raw, text| set(&mut raw.drop_labels, LabelNames::parse(text)),
    },
    Setting {
        name: "KEEP_STREAM",
        default: DefaultValue::Text("false"),
        meaning: "CloudWatch log stream as label `__aws_cloudwatch_log_stream`",
        shown: Shown::AsIs,
        read: |raw, text| boolean(&mut raw.keep_stream, text),
    },
    Setting {
        name: "RELABEL_CONFIGS",
        default: DefaultValue::None,
        meaning: "JSON array, Prometheus relabelling (not yet: anything but an empty array is an error)",
        shown: Shown::AsIs,
        read: |_, text| not_yet(text, "relabelling"),
    },
    Setting {
        name: "LOKI_STAGE_CONFIGS",
        default: DefaultValue::None,
        meaning: "JSON array, promtail pipeline stages (not yet: anything but an empty array is an error)",
        shown: Shown::AsIs,
        read: |_, text| not_yet(text, "a pipeline of stages"),
    },
    Setting {
        name: "PIPELINE_TIMEOUT",
        default: DefaultValue::Text("1s"),
        meaning: "accepted; a line is processed in bounded time anyway",
        shown: Shown::AsIs,
        read: |_, text| set(&mut Default::default(), parse_duration(text)),
    },
    Setting {
        name: "BATCH_SIZE",
        default: DefaultValue::Text("131072"),
        meaning: "bytes of uncompressed request body at which a batch is sent; a batch never exceeds it unless \
                  a single entry does",
        shown: Shown::AsIs,
        read: |raw, text| {
            let bytes = text
                .parse()
                .map_err(|_| format!("{text:?} is not a number of bytes"));
            set(&mut raw.batch_size, bytes)
        },
    },
    Setting {
        name: "USERNAME",
        default: DefaultValue::None,
        meaning: "basic auth, together with `PASSWORD`",
        shown: Shown::Secret,
        read: |raw, text| secret(&mut raw.username, text),
    },
    Setting {
        name: "PASSWORD",
        default: DefaultValue::None,
        meaning: "basic auth, together with `USERNAME`",
        shown: Shown::Secret,
        read: |raw, text| secret(&mut raw.password, text),
    },
    Setting {
        name: "BEARER_TOKEN",
        default: DefaultValue::None,
        meaning: "`Authorization: Bearer`; not together with `USERNAME`",
        shown: Shown::Secret,
        read: |raw, text| secret(&mut raw.bearer_token, text),
    },
    Setting {
        name: "SKIP_TLS_VERIFY",
        default: DefaultValue::Text("false"),
        meaning: "take any certificate; development only, a warning at start",
        shown: Shown::AsIs,
        read: |raw, text| {
            boolean(&mut raw.skip_tls_verify, text)?;
            match raw.skip_tls_verify {
                true => Err(Fault::Warning(
                    "certificates are not verified: anyone in between can read the logs".to_owned(),
                )),
                false => Ok(()),
            }
        },
    },
    Setting {
        name: "PRINT_LOG_LINE",
        default: DefaultValue::Text("false"),
        meaning: "log every line; upstream's default is `true`, which writes every line to CloudWatch a second time",
        shown: Shown::AsIs,
        read: |raw, text| boolean(&mut raw.print_log_line, text),
    },
    Setting {
        name: "LOG_LEVEL",
        default: DefaultValue::Text("info"),
        meaning: "`debug`, `info`, `warn`, `error`",
        shown: Shown::AsIs,
        read: |raw, text| {
            let (level, known) = match text.to_ascii_lowercase().as_str() {
                "debug" => (LevelFilter::DEBUG, true),
                "info" => (LevelFilter::INFO, true),
                "warn" => (LevelFilter::WARN, true),
                "error" => (LevelFilter::ERROR, true),
                _ => (LevelFilter::INFO, false),
            };
            raw.log_level = level;
            // The one setting that never stops the function.
            match known {
                true => Ok(()),
                false => Err(Fault::Warning(format!(
                    "{text:?} is none of debug, info, warn, error: taken as info"
                ))),
            }
        },
    },
    Setting {
        name: "PUSH_ENCODING",
        default: DefaultValue::Text("protobuf"),
        meaning: "or `json`: the two body formats of the push API",
        shown: Shown::AsIs,
        read: |raw, text| {
            let encoding = match text.to_ascii_lowercase().as_str() {
                "protobuf" => Ok(Encoding::Protobuf),
                "json" => Ok(Encoding::Json),
                _ => Err(format!("{text:?} is neither protobuf nor json")),
            };
            set(&mut raw.encoding, encoding)
        },
    },
    Setting {
        name: "TIMEOUT",
        default: DefaultValue::Text("5s"),
        meaning: "one HTTP attempt",
        shown: Shown::AsIs,
        read: |raw, text| {
            set(&mut raw.timeout, parse_duration(text))?;
            match raw.timeout.is_zero() {
                true => Err(Fault::problem(
                    "no attempt can succeed in no time; expected one like 5s",
                )),
                false => Ok(()),
            }
        },
    },
    Setting {
        name: "MIN_BACKOFF",
        default: DefaultValue::Text("100ms"),
        meaning: "shortest wait before another attempt; it doubles from one to the next",
        shown: Shown::AsIs,
        read: |raw, text| set(&mut raw.min_backoff, parse_duration(text)),
    },
    Setting {
        name: "MAX_BACKOFF",
        default: DefaultValue::Text("30s"),
        meaning: "longest wait before another attempt",
        shown: Shown::AsIs,
        read: |raw, text| set(&mut raw.max_backoff, parse_duration(text)),
    },
    Setting {
        name: "MAX_RETRIES",
        default: DefaultValue::Text("10"),
        meaning: "attempts at a push; `0`: no limit but the function's timeout",
        shown: Shown::AsIs,
        read: |raw, text| {
            let tries = text
                .parse()
                .map_err(|_| format!("{text:?} is not a number of attempts"));
            set(&mut raw.max_retries, tries)
        },
    },
    Setting {
        name: "UNKNOWN_S3_TYPE",
        default: DefaultValue::Text("fail"),
        meaning: "S3 object whose type is not known: `fail`, `skip`, or `text` (each line as it is)",
        shown: Shown::AsIs,
        read: |raw, text| {
            let unknown = match text.to_ascii_lowercase().as_str() {
                "fail" => Ok(UnknownS3Type::Fail),
                "skip" => Ok(UnknownS3Type::Skip),
                "text" => Ok(UnknownS3Type::Text),
                _ => Err(format!("{text:?} is none of fail, skip, text")),
            };
            set(&mut raw.s3.unknown, unknown)
        },
    },
    Setting {
        name: "ALB_LOG_S3",
        default: DefaultValue::None,
        meaning: "access-log mode: a part of bucket or key that marks load balancers' logs; streams then carry \
                  `source` and `status_code`",
        shown: Shown::AsIs,
        read: |raw, text| {
            raw.s3.alb = Some(text.to_owned());
            Ok(())
        },
    },
    Setting {
        name: "CLOUDFRONT_LOG_S3",
        default: DefaultValue::None,
        meaning: "the same for CloudFront's logs",
        shown: Shown::AsIs,
        read: |raw, text| {
            raw.s3.cloudfront = Some(text.to_owned());
            Ok(())
        },
    },
];

fn set<V, E: ToString>(target: &mut V, value: Result<V, E>) -> Result<(), Fault> {
    *target = value.map_err(Fault::problem)?;
    Ok(())
}

/// `true` in any case is true, anything else false, as upstream.
fn boolean(target: &mut bool, text: &str) -> Result<(), Fault> {
    *target = text.eq_ignore_ascii_case("true");
    if *target || text.eq_ignore_ascii_case("false") {
        return Ok(());
    }
    Err(Fault::Warning(format!(
        "{text:?} is neither true nor false: taken as false"
    )))
}

fn secret(target: &mut Option<SecretString>, text: &str) -> Result<(), Fault> {
    if text.starts_with("arn:") {
        return Err(Fault::problem(
            "secrets named by ARN are not read yet; expected the value itself",
        ));
    }
    *target = Some(text.into());
    Ok(())
}

/// What is not built yet must not be ignored in silence.
fn not_yet(text: &str, what: &str) -> Result<(), Fault> {
    match text.trim() {
        "" | "null" | "[]" => Ok(()),
        _ => Err(Fault::Problem(format!(
            "{what} is not supported yet; expected nothing or []"
        ))),
    }
}
