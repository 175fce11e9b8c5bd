//! The table of settings: every variable, once.

use aws_clients::SecretArn;
use http::HeaderValue;
use log_pipeline::{LabelNames, Relabel, Stages};
use loki_client::{ClientIdentity, OnReject, ProxyAddress, RootCertificates, WriteAddress};
use loki_push::Encoding;
use secrecy::SecretString;
use tracing::level_filters::LevelFilter;

use super::duration::parse_duration;
use super::fault::Fault;
use super::setting::{DefaultValue, Given, Setting, Shown};
use crate::UnknownS3Type;
use crate::clock::wall_clock;
use crate::secrets::Secret;

/// Every variable the function reads, in the order of the README.
pub const SETTINGS: &[Setting] = &[
    Setting {
        name: "WRITE_ADDRESS",
        default: DefaultValue::Required,
        meaning: "push URL, `http` or `https`, used as given",
        shown: Shown::Url,
        read: |raw, text| set(&mut raw.write_address, WriteAddress::parse(text).map(Some)),
        ..Setting::PLAIN
    },
    Setting {
        name: "TENANT_ID",
        meaning: "`X-Scope-OrgID`",
        read: |raw, text| {
            let tenant = HeaderValue::from_str(text).map(Some);
            let tenant = tenant.map_err(|_| "has characters that no header can carry");
            set(&mut raw.tenant, tenant)
        },
        ..Setting::PLAIN
    },
    Setting {
        name: "EXTRA_LABELS",
        meaning: "`name1,value1,name2,value2`; names get the prefix `__extra_`",
        read: |raw, text| {
            text.clone_into(&mut raw.extra_labels);
            Ok(())
        },
        ..Setting::PLAIN
    },
    Setting {
        name: "OMIT_EXTRA_LABELS_PREFIX",
        default: DefaultValue::Text("false"),
        meaning: "leave the prefix off",
        read: |raw, text| boolean(&mut raw.omit_extra_labels_prefix, text),
        ..Setting::PLAIN
    },
    Setting {
        name: "DROP_LABELS",
        meaning: "comma-separated label names",
        read: |raw, text| set(&mut raw.drop_labels, LabelNames::parse(text)),
        ..Setting::PLAIN
    },
    Setting {
        name: "KEEP_STREAM",
        default: DefaultValue::Text("false"),
        meaning: "CloudWatch log stream as label `__aws_cloudwatch_log_stream`",
        read: |raw, text| boolean(&mut raw.keep_stream, text),
        ..Setting::PLAIN
    },
    Setting {
        name: "RELABEL_CONFIGS",
        meaning: "JSON array, Prometheus relabelling",
        read: |raw, text| set(&mut raw.rules, Relabel::parse(text)),
        ..Setting::PLAIN
    },
    Setting {
        name: "LOKI_STAGE_CONFIGS",
        meaning: "JSON array, promtail pipeline stages",
        read: |raw, text| set(&mut raw.stages, Stages::parse(text, &wall_clock())),
        ..Setting::PLAIN
    },
    Setting {
        name: "PIPELINE_TIMEOUT",
        default: DefaultValue::Text("1s"),
        meaning: "accepted; a line is processed in bounded time anyway",
        read: |_, text| set(&mut Default::default(), parse_duration(text)),
        ..Setting::PLAIN
    },
    Setting {
        name: "BATCH_SIZE",
        // An eighth of the pushes that upstream's 131072 makes, each with a round trip. Promtail's own is as large, and
        // it is well below gRPC's 4 MiB and the 6 MiB that Loki takes from a tenant at once by default.
        default: DefaultValue::Text("1048576"),
        meaning: "bytes of uncompressed request body at which a batch is sent; a batch never exceeds it unless \
                  a single entry does",
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
        meaning: "basic auth, together with `PASSWORD`: the value, or the ARN of a Secrets Manager secret or SSM parameter",
        shown: Shown::Secret,
        read: |raw, text| secret(&mut raw.username, "USERNAME", text),
        ..Setting::PLAIN
    },
    Setting {
        name: "PASSWORD",
        meaning: "basic auth, together with `USERNAME`: value or ARN",
        shown: Shown::Secret,
        read: |raw, text| secret(&mut raw.password, "PASSWORD", text),
        ..Setting::PLAIN
    },
    Setting {
        name: "BEARER_TOKEN",
        meaning: "`Authorization: Bearer`; not together with `USERNAME`; value or ARN",
        shown: Shown::Secret,
        read: |raw, text| secret(&mut raw.bearer_token, "BEARER_TOKEN", text),
        ..Setting::PLAIN
    },
    Setting {
        name: "SKIP_TLS_VERIFY",
        default: DefaultValue::Text("false"),
        meaning: "take any certificate; development only, a warning at start",
        read: |raw, text| {
            boolean(&mut raw.skip_tls_verify, text)?;
            match raw.skip_tls_verify {
                true => Err(Fault::Warning(
                    "certificates are not verified: anyone in between can read the logs".to_owned(),
                )),
                false => Ok(()),
            }
        },
        ..Setting::PLAIN
    },
    Setting {
        name: "TLS_CA_CERT",
        meaning: "PEM text, its base64, or path: the private authorities that may sign Loki's certificate, in place of the \
                  system's",
        shown: Shown::Pem,
        given: Given::PemOrPath,
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
        meaning: "PEM text, its base64, or path: mutual TLS, together with `TLS_CLIENT_KEY`",
        shown: Shown::Pem,
        given: Given::PemOrPath,
        read: |raw, text| {
            raw.client_certificate = Some(text.to_owned());
            Ok(())
        },
        ..Setting::PLAIN
    },
    Setting {
        name: "TLS_CLIENT_KEY",
        meaning: "PEM text, its base64, or path: mutual TLS, together with `TLS_CLIENT_CERT`",
        shown: Shown::Secret,
        given: Given::PemOrPath,
        read: |raw, text| {
            let key = SecretString::from(text);
            let checked = ClientIdentity::check_key(&key);
            raw.client_key = Some(key);
            checked.map_err(Fault::problem)
        },
        ..Setting::PLAIN
    },
    Setting {
        name: "HTTPS_PROXY",
        meaning: "proxy to an `https` push URL; `https_proxy` is read too",
        shown: Shown::Proxy,
        also: Some("https_proxy"),
        read: |raw, text| set(&mut raw.proxy.https, ProxyAddress::parse(text).map(Some)),
        ..Setting::PLAIN
    },
    Setting {
        name: "HTTP_PROXY",
        meaning: "proxy to an `http` push URL; `http_proxy` is read too",
        shown: Shown::Proxy,
        also: Some("http_proxy"),
        read: |raw, text| set(&mut raw.proxy.http, ProxyAddress::parse(text).map(Some)),
        ..Setting::PLAIN
    },
    Setting {
        name: "NO_PROXY",
        meaning: "comma-separated hosts, domains and networks that need no proxy; `no_proxy` is read too",
        also: Some("no_proxy"),
        read: |raw, text| {
            raw.proxy.direct = Some(text.to_owned());
            Ok(())
        },
        ..Setting::PLAIN
    },
    Setting {
        name: "PRINT_LOG_LINE",
        default: DefaultValue::Text("false"),
        meaning: "log every line; upstream's default is `true`, which writes every line to CloudWatch a second time",
        read: |raw, text| boolean(&mut raw.print_log_line, text),
        ..Setting::PLAIN
    },
    Setting {
        name: "LOG_LEVEL",
        default: DefaultValue::Text("info"),
        meaning: "`debug`, `info`, `warn`, `error`",
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
        ..Setting::PLAIN
    },
    Setting {
        name: "PUSH_ENCODING",
        default: DefaultValue::Text("protobuf"),
        meaning: "or `json`: the two body formats of the push API",
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
        meaning: "one HTTP attempt",
        read: |raw, text| {
            set(&mut raw.timeout, parse_duration(text))?;
            match raw.timeout.is_zero() {
                true => Err(Fault::problem(
                    "no attempt can succeed in no time; expected one like 5s",
                )),
                false => Ok(()),
            }
        },
        ..Setting::PLAIN
    },
    Setting {
        name: "MIN_BACKOFF",
        default: DefaultValue::Text("100ms"),
        meaning: "shortest wait before another attempt; it doubles from one to the next",
        read: |raw, text| set(&mut raw.min_backoff, parse_duration(text)),
        ..Setting::PLAIN
    },
    Setting {
        name: "MAX_BACKOFF",
        default: DefaultValue::Text("30s"),
        meaning: "longest wait before another attempt",
        read: |raw, text| set(&mut raw.max_backoff, parse_duration(text)),
        ..Setting::PLAIN
    },
    Setting {
        name: "MAX_RETRIES",
        default: DefaultValue::Text("10"),
        meaning: "attempts at a push; `0`: no limit but the function's timeout",
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
        meaning: "time kept before the invocation's deadline to report what was not delivered, instead of being \
                  killed; never more than a quarter of the time the invocation got",
        read: |raw, text| set(&mut raw.deadline_margin, parse_duration(text)),
        ..Setting::PLAIN
    },
    Setting {
        name: "PUSH_CONCURRENCY",
        // At 20 ms a push, 100 MiB of ALB logs in pushes of 1 MiB took 1.5 times as long as at none with 8, 1.13 times
        // with 12, and 1.08 times with 24. A gibibyte of flow logs, which compress least, takes 21 MiB of memory with 12
        // and 24 with 16. Where Loki limits the rate, `Pace` in `loki-client` lowers it.
        default: DefaultValue::Text("12"),
        meaning: "most pushes in flight; fewer while Loki answers 429 or 503, or not within `TIMEOUT`",
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
        meaning: "SQS and Kinesis: answer with `batchItemFailures`. Only together with `ReportBatchItemFailures` in \
                  the event source mapping: AWS ignores the answer otherwise and deletes the messages",
        read: |raw, text| boolean(&mut raw.report_batch_item_failures, text),
        ..Setting::PLAIN
    },
    Setting {
        name: "ON_REJECT",
        default: DefaultValue::Text("fail"),
        meaning: "entries that Loki refuses for what they are (too old, too long, bad labels ...): `fail` their item, \
                  after all else is delivered, or `drop` them with a warning and a count; refused credentials, \
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
        meaning: "S3 object whose type is not known: `fail`, `skip`, or `text` (each line as it is)",
        read: |raw, text| {
            let unknown = match text.to_ascii_lowercase().as_str() {
                "fail" => Ok(UnknownS3Type::Fail),
                "skip" => Ok(UnknownS3Type::Skip),
                "text" => Ok(UnknownS3Type::Text),
                _ => Err(format!("{text:?} is none of fail, skip, text")),
            };
            set(&mut raw.s3.unknown, unknown)
        },
        ..Setting::PLAIN
    },
    Setting {
        name: "ALB_LOG_S3",
        meaning: "access-log mode: a part of bucket or key that marks load balancers' logs; streams then carry \
                  `source` and `status_code`",
        read: |raw, text| {
            raw.s3.alb = Some(text.to_owned());
            Ok(())
        },
        ..Setting::PLAIN
    },
    Setting {
        name: "CLOUDFRONT_LOG_S3",
        meaning: "the same for CloudFront's logs",
        read: |raw, text| {
            raw.s3.cloudfront = Some(text.to_owned());
            Ok(())
        },
        ..Setting::PLAIN
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

fn secret(target: &mut Option<Secret>, variable: &'static str, text: &str) -> Result<(), Fault> {
    // Also when it is no good: that it is set counts for its neighbours.
    *target = Some(Secret::Value(text.into()));
    if text.starts_with("arn:") {
        let arn = SecretArn::parse(text).map_err(Fault::problem)?;
        *target = Some(Secret::Kept { variable, arn });
    } else if text.chars().any(char::is_control) {
        return Err(Fault::problem(
            "has characters that no header can carry, such as a line break",
        ));
    }
    Ok(())
}
