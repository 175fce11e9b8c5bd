//! The table of settings, which declares every variable once.

use aws_clients::SecretArn;
use http::HeaderValue;
use log_pipeline::{LabelNames, Relabel, Stages};
use loki_client::{ClientIdentity, OnReject, ProxyAddress, RootCertificates, WriteAddress};
use loki_push::Encoding;
use secrecy::SecretString;
use tracing::level_filters::LevelFilter;

use super::duration::parse_duration;
use super::setting::{DefaultValue, Setting, Shown, ValueForm};
use super::value_issue::ValueIssue;
use crate::UnknownS3Type;
use crate::clock::wall_clock;
use crate::secrets::Secret;

/// The variables that the function reads, in the order of the README.
pub const SETTINGS: &[Setting] = &[
    Setting {
        name: "WRITE_ADDRESS",
        default: DefaultValue::Required,
        meaning: "push URL, `http` or `https`, used exactly as given: it must include the path, usually `/loki/api/v1/push`",
        shown: Shown::Url,
        read: |raw, text| set(&mut raw.write_address, WriteAddress::parse(text).map(Some)),
        ..Setting::PLAIN
    },
    Setting {
        name: "TENANT_ID",
        meaning: "tenant, sent in the header `X-Scope-OrgID`",
        read: |raw, text| {
            let tenant = HeaderValue::from_str(text).map(Some);
            let tenant = tenant.map_err(|_| "has characters that are not allowed in a header");
            set(&mut raw.tenant, tenant)
        },
        ..Setting::PLAIN
    },
    Setting {
        name: "EXTRA_LABELS",
        meaning: "labels for every stream, as `name1,value1,name2,value2`; names get the prefix `__extra_`",
        read: |raw, text| {
            text.clone_into(&mut raw.extra_labels);
            Ok(())
        },
        ..Setting::PLAIN
    },
    Setting {
        name: "OMIT_EXTRA_LABELS_PREFIX",
        default: DefaultValue::Text("false"),
        meaning: "do not add the prefix `__extra_` to the names in `EXTRA_LABELS`",
        read: |raw, text| boolean(&mut raw.omit_extra_labels_prefix, text),
        ..Setting::PLAIN
    },
    Setting {
        name: "DROP_LABELS",
        meaning: "comma-separated names of labels to remove from every stream",
        read: |raw, text| set(&mut raw.drop_labels, LabelNames::parse(text)),
        ..Setting::PLAIN
    },
    Setting {
        name: "KEEP_STREAM",
        default: DefaultValue::Text("false"),
        meaning: "add the CloudWatch log stream as the label `__aws_cloudwatch_log_stream`",
        read: |raw, text| boolean(&mut raw.keep_stream, text),
        ..Setting::PLAIN
    },
    Setting {
        name: "RELABEL_CONFIGS",
        meaning: "relabelling rules, as a JSON array in Prometheus's format",
        read: |raw, text| set(&mut raw.rules, Relabel::parse(text)),
        ..Setting::PLAIN
    },
    Setting {
        name: "LOKI_STAGE_CONFIGS",
        meaning: "pipeline stages, as a JSON array in promtail's format",
        read: |raw, text| set(&mut raw.stages, Stages::parse(text, &wall_clock())),
        ..Setting::PLAIN
    },
    Setting {
        name: "PIPELINE_TIMEOUT",
        default: DefaultValue::Text("1s"),
        meaning: "accepted for compatibility and ignored; the processing time of a line is always bounded",
        read: |_, text| set(&mut Default::default(), parse_duration(text)),
        ..Setting::PLAIN
    },
    Setting {
        name: "BATCH_SIZE",
        // An eighth of the pushes, and so of the round trips, that upstream's default of 131072 needs. Promtail's
        // default is the same. It is well below gRPC's limit of 4 MiB and Loki's default burst of 6 MiB per tenant.
        default: DefaultValue::Text("1048576"),
        meaning: "size of a batch in bytes, as the body of a push before compression; a batch only exceeds it if a \
        single entry does",
        read: |raw, text| {
            let bytes = text
                .parse()
                .map_err(|_| format!("{text:?} is not a number of bytes"));
            set(&mut raw.batch_size, bytes)
        },
        ..Setting::PLAIN
    },
    Setting {
        name: "USERNAME",
        meaning: "user name for basic auth, together with `PASSWORD`: the value, or the ARN of a Secrets Manager secret or SSM \
        parameter",
        shown: Shown::Secret,
        read: |raw, text| secret(&mut raw.username, "USERNAME", text),
        ..Setting::PLAIN
    },
    Setting {
        name: "PASSWORD",
        meaning: "password for basic auth, together with `USERNAME`: value or ARN",
        shown: Shown::Secret,
        read: |raw, text| secret(&mut raw.password, "PASSWORD", text),
        ..Setting::PLAIN
    },
    Setting {
        name: "BEARER_TOKEN",
        meaning: "token for `Authorization: Bearer`, not together with `USERNAME`: value or ARN",
        shown: Shown::Secret,
        read: |raw, text| secret(&mut raw.bearer_token, "BEARER_TOKEN", text),
        ..Setting::PLAIN
    },
    Setting {
        name: "SKIP_TLS_VERIFY",
        default: DefaultValue::Text("false"),
        meaning: "accept any server certificate; for development only, with a warning at start",
        read: |raw, text| {
            boolean(&mut raw.skip_tls_verify, text)?;
            match raw.skip_tls_verify {
                true => Err(ValueIssue::Warning(
                    "server certificates are not verified: anyone on the network can intercept the logs"
                        .to_owned(),
                )),
                false => Ok(()),
            }
        },
        ..Setting::PLAIN
    },
    Setting {
        name: "TLS_CA_CERT",
        meaning: "root certificates that verify Loki's certificate, in place of the system's: PEM text, its base64, or the \
        path of a file",
        shown: Shown::Pem,
        form: ValueForm::PemOrPath,
        read: |raw, text| {
            set(
                &mut raw.root_certificates,
                RootCertificates::from_pem(text).map(Some),
            )
        },
        ..Setting::PLAIN
    },
    Setting {
        name: "TLS_CLIENT_CERT",
        meaning: "client certificate for mutual TLS, together with `TLS_CLIENT_KEY`: PEM text, its base64, or the path of a \
        file",
        shown: Shown::Pem,
        form: ValueForm::PemOrPath,
        read: |raw, text| {
            raw.client_certificate = Some(text.to_owned());
            Ok(())
        },
        ..Setting::PLAIN
    },
    Setting {
        name: "TLS_CLIENT_KEY",
        meaning: "private key for mutual TLS, together with `TLS_CLIENT_CERT`: PEM text, its base64, or the path of a file",
        shown: Shown::Secret,
        form: ValueForm::PemOrPath,
        read: |raw, text| {
            let key = SecretString::from(text);
            let checked = ClientIdentity::check_key(&key);
            raw.client_key = Some(key);
            checked.map_err(ValueIssue::error)
        },
        ..Setting::PLAIN
    },
    Setting {
        name: "HTTPS_PROXY",
        meaning: "proxy for an `https` push URL; `https_proxy` is read too",
        shown: Shown::Proxy,
        other_name: Some("https_proxy"),
        read: |raw, text| set(&mut raw.proxy.https, ProxyAddress::parse(text).map(Some)),
        ..Setting::PLAIN
    },
    Setting {
        name: "HTTP_PROXY",
        meaning: "proxy for an `http` push URL; `http_proxy` is read too",
        shown: Shown::Proxy,
        other_name: Some("http_proxy"),
        read: |raw, text| set(&mut raw.proxy.http, ProxyAddress::parse(text).map(Some)),
        ..Setting::PLAIN
    },
    Setting {
        name: "NO_PROXY",
        meaning: "comma-separated hosts, domains and networks that are reached without the proxy; `no_proxy` is read too",
        other_name: Some("no_proxy"),
        read: |raw, text| {
            raw.proxy.direct = Some(text.to_owned());
            Ok(())
        },
        ..Setting::PLAIN
    },
    Setting {
        name: "PRINT_LOG_LINE",
        default: DefaultValue::Text("false"),
        meaning: "also write every line to the function's own log; upstream's default is `true`, which stores every line in \
        CloudWatch a second time",
        read: |raw, text| boolean(&mut raw.print_log_line, text),
        ..Setting::PLAIN
    },
    Setting {
        name: "LOG_LEVEL",
        default: DefaultValue::Text("info"),
        meaning: "level of the function's own log: `debug`, `info`, `warn` or `error`",
        read: |raw, text| {
            let (level, known) = match text.to_ascii_lowercase().as_str() {
                "debug" => (LevelFilter::DEBUG, true),
                "info" => (LevelFilter::INFO, true),
                "warn" => (LevelFilter::WARN, true),
                "error" => (LevelFilter::ERROR, true),
                _ => (LevelFilter::INFO, false),
            };
            raw.log_level = level;
            // A warning, because a wrong log level should not keep the function from starting.
            match known {
                true => Ok(()),
                false => Err(ValueIssue::Warning(format!(
                    "{text:?} is not one of debug, info, warn and error; info is used"
                ))),
            }
        },
        ..Setting::PLAIN
    },
    Setting {
        name: "PUSH_ENCODING",
        default: DefaultValue::Text("protobuf"),
        meaning: "body format of the push API: `protobuf` or `json`",
        read: |raw, text| {
            let encoding = match text.to_ascii_lowercase().as_str() {
                "protobuf" => Ok(Encoding::Protobuf),
                "json" => Ok(Encoding::Json),
                _ => Err(format!("{text:?} is neither protobuf nor json")),
            };
            set(&mut raw.encoding, encoding)
        },
        ..Setting::PLAIN
    },
    Setting {
        name: "TIMEOUT",
        default: DefaultValue::Text("5s"),
        meaning: "longest duration of one attempt at a push",
        read: |raw, text| {
            set(&mut raw.timeout, parse_duration(text))?;
            match raw.timeout.is_zero() {
                true => Err(ValueIssue::error(
                    "0 leaves no time for an attempt; expected a duration like 5s",
                )),
                false => Ok(()),
            }
        },
        ..Setting::PLAIN
    },
    Setting {
        name: "MIN_BACKOFF",
        default: DefaultValue::Text("100ms"),
        meaning: "wait before the second attempt at a push; it doubles with each further attempt",
        read: |raw, text| set(&mut raw.min_backoff, parse_duration(text)),
        ..Setting::PLAIN
    },
    Setting {
        name: "MAX_BACKOFF",
        default: DefaultValue::Text("30s"),
        meaning: "longest wait between two attempts",
        read: |raw, text| set(&mut raw.max_backoff, parse_duration(text)),
        ..Setting::PLAIN
    },
    Setting {
        name: "MAX_RETRIES",
        default: DefaultValue::Text("10"),
        meaning: "most attempts at a push; `0`: as many as the function's timeout allows",
        read: |raw, text| {
            let tries = text
                .parse()
                .map_err(|_| format!("{text:?} is not a number of attempts"));
            set(&mut raw.max_retries, tries)
        },
        ..Setting::PLAIN
    },
    Setting {
        name: "DEADLINE_MARGIN",
        default: DefaultValue::Text("2s"),
        meaning: "time before the invocation's deadline at which the function stops and reports what was not delivered; at \
        most a quarter of the time that the invocation has",
        read: |raw, text| set(&mut raw.deadline_margin, parse_duration(text)),
        ..Setting::PLAIN
    },
    Setting {
        name: "PUSH_CONCURRENCY",
        // With 20 ms for each push of 1 MiB, 100 MiB of ALB logs took 1.5 times as long as without a delay at 8
        // pushes in flight, 1.13 times at 12, and 1.08 times at 24. A GiB of flow logs, which compress least, needed
        // 21 MiB of memory at 12 and 24 MiB at 16. The concurrency limiter in `loki-client` lowers it where Loki
        // limits the rate.
        default: DefaultValue::Text("12"),
        meaning: "most pushes in flight; fewer while Loki responds with 429 or 503, or not within `TIMEOUT`",
        read: |raw, text| {
            let pushes = text
                .parse()
                .map_err(|_| format!("{text:?} is not a number of pushes; expected 1 or more"));
            set(&mut raw.push_concurrency, pushes)
        },
        ..Setting::PLAIN
    },
    Setting {
        name: "REPORT_BATCH_ITEM_FAILURES",
        default: DefaultValue::Text("false"),
        meaning: "SQS and Kinesis: report failed items with `batchItemFailures`. Set it only together with \
        `ReportBatchItemFailures` in the event source mapping: without that AWS ignores the report and deletes \
        the messages",
        read: |raw, text| boolean(&mut raw.report_batch_item_failures, text),
        ..Setting::PLAIN
    },
    Setting {
        name: "ON_REJECT",
        default: DefaultValue::Text("fail"),
        meaning: "handling of entries that Loki rejects as invalid (too old, too long, bad labels ...): `fail` their item \
        after everything else is delivered, or `drop` them with a warning and a count; rejected credentials, wrong \
        addresses and redirects always fail",
        read: |raw, text| {
            let on_reject = match text.to_ascii_lowercase().as_str() {
                "fail" => Ok(OnReject::Fail),
                "drop" => Ok(OnReject::Drop),
                _ => Err(format!("{text:?} is neither fail nor drop")),
            };
            set(&mut raw.on_reject, on_reject)
        },
        ..Setting::PLAIN
    },
    Setting {
        name: "UNKNOWN_S3_TYPE",
        default: DefaultValue::Text("fail"),
        meaning: "handling of an S3 object whose type is not known: `fail`, `skip`, or `text` (ship each line unchanged)",
        read: |raw, text| {
            let unknown = match text.to_ascii_lowercase().as_str() {
                "fail" => Ok(UnknownS3Type::Fail),
                "skip" => Ok(UnknownS3Type::Skip),
                "text" => Ok(UnknownS3Type::Text),
                _ => Err(format!("{text:?} is not one of fail, skip and text")),
            };
            set(&mut raw.s3.unknown, unknown)
        },
        ..Setting::PLAIN
    },
    Setting {
        name: "ALB_LOG_S3",
        meaning: "access-log mode: a part of the bucket or key that identifies load balancer logs; streams then have the \
        labels `source` and `status_code`",
        read: |raw, text| {
            raw.s3.alb = Some(text.to_owned());
            Ok(())
        },
        ..Setting::PLAIN
    },
    Setting {
        name: "CLOUDFRONT_LOG_S3",
        meaning: "access-log mode: a part of the bucket or key that identifies CloudFront logs",
        read: |raw, text| {
            raw.s3.cloudfront = Some(text.to_owned());
            Ok(())
        },
        ..Setting::PLAIN
    },
];

fn set<V, E: ToString>(target: &mut V, value: Result<V, E>) -> Result<(), ValueIssue> {
    *target = value.map_err(ValueIssue::error)?;
    Ok(())
}

/// Parses a boolean as upstream does: `true` in any case is true, and anything else is false, here with a warning.
fn boolean(target: &mut bool, text: &str) -> Result<(), ValueIssue> {
    *target = text.eq_ignore_ascii_case("true");
    if *target || text.eq_ignore_ascii_case("false") {
        return Ok(());
    }
    Err(ValueIssue::Warning(format!(
        "{text:?} is neither true nor false; false is used"
    )))
}

fn secret(target: &mut Option<Secret>, variable: &'static str, text: &str) -> Result<(), ValueIssue> {
    // Also if the value is invalid: the checks of other variables depend on whether it is set.
    *target = Some(Secret::Value(text.into()));
    if text.starts_with("arn:") {
        let arn = SecretArn::parse(text).map_err(ValueIssue::error)?;
        *target = Some(Secret::Kept { variable, arn });
    } else if text.chars().any(char::is_control) {
        return Err(ValueIssue::error(
            "has characters that are not allowed in a header, such as a line break",
        ));
    }
    Ok(())
}
