//! Valid and invalid settings.

use std::collections::HashMap;
use std::time::Duration;

use aws_logs::s3::OwnTypes;
use insta::assert_snapshot;
use lambda_promtail::settings::{Effective, Origin, effective, markdown_table};
use lambda_promtail::{DryRunSettings, S3TypeSettings, Settings, UnknownS3Type};
use loki_client::{Auth, Credentials, OnReject, SecretHeaders};
use loki_push::{Encoding, LabelSet};

const OWN_TYPES: &str = r#"[{"name": "s3_app", "key": "^apps/", "format": "lines"}]"#;
pub(crate) const ADDRESS: (&str, &str) = ("WRITE_ADDRESS", "https://loki.example.com/loki/api/v1/push");

pub(crate) fn read(variables: &[(&'static str, &'static str)]) -> Result<Settings, Vec<String>> {
    let environment: HashMap<&str, &str> = variables.iter().copied().collect();
    Settings::read(&environment).map_err(|problems| problems.errors.iter().map(ToString::to_string).collect())
}

#[test]
fn only_the_write_address_is_required() {
    let settings = read(&[ADDRESS]).unwrap();
    let client = settings.client;
    assert_eq!(client.write_address.url().as_str(), ADDRESS.1);
    assert!(matches!(
        client.credentials,
        Credentials::Fixed(SecretHeaders { auth: Auth::None, .. })
    ));
    assert_eq!(client.tenant, None);
    assert_eq!(client.timeout, Duration::from_secs(5));
    assert_eq!(client.backoff.min, Duration::from_millis(100));
    assert_eq!(client.backoff.max, Duration::from_secs(30));
    assert_eq!(client.backoff.max_retries, 10);
    assert_eq!(
        (client.encoding, client.batch_size),
        (Encoding::Protobuf, 1_048_576)
    );
    assert!(!settings.intake.keep_stream && !settings.intake.print_log_line && !client.tls.skip_verify);
    assert!(client.tls.root_certificates.is_none() && client.tls.identity.is_none());
    assert!(client.proxy.https.is_none() && client.proxy.http.is_none());
    assert_eq!(
        (client.push_concurrency.get(), client.on_reject),
        (12, OnReject::Fail)
    );
    assert_eq!(settings.invocation.deadline_margin, Duration::from_secs(2));
    assert!(!settings.invocation.report_batch_item_failures);
    assert_eq!(settings.intake.read_ahead, 16);
    assert_eq!(settings.warnings, []);
    assert!(client.user_agent.starts_with("lambda-promtail/"));
}

#[test]
fn every_setting_is_read() {
    let settings = read(&[
        ("WRITE_ADDRESS", "http://localhost:3100/x"),
        ("TENANT_ID", "blue"),
        ("EXTRA_LABELS", "team,shop,1a,x"),
        ("DROP_LABELS", "b"),
        ("KEEP_STREAM", "TRUE"),
        ("BATCH_SIZE", "7"),
        ("BEARER_TOKEN", "t0ken"),
        ("PRINT_LOG_LINE", "true"),
        ("PUSH_ENCODING", "json"),
        ("TIMEOUT", "1m30s"),
        ("MIN_BACKOFF", "1ms"),
        ("MAX_BACKOFF", "2ms"),
        ("MAX_RETRIES", "0"),
        ("DEADLINE_MARGIN", "500ms"),
        ("PUSH_CONCURRENCY", "9"),
        ("READ_AHEAD", "0"),
        (
            "CONTINUATION_QUEUE_URL",
            "https://sqs.eu-west-1.amazonaws.com/123456789012/objects",
        ),
        ("REPORT_BATCH_ITEM_FAILURES", "true"),
        ("ON_REJECT", "Drop"),
        ("HTTPS_PROXY", "http://me:hunter2@proxy:3128"),
        ("http_proxy", "proxy:3129"),
        ("NO_PROXY", "localhost,.internal"),
        ("S3_LOG_TYPES", OWN_TYPES),
        ("UNKNOWN_S3_TYPE", "Text"),
        ("ALB_LOG_S3", "alb"),
        ("CLOUDFRONT_LOG_S3", "cdn"),
        ("AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/me"),
    ])
    .unwrap();
    let client = settings.client;
    assert_eq!(client.tenant.unwrap(), "blue");
    assert!(matches!(
        client.credentials,
        Credentials::Fixed(SecretHeaders {
            auth: Auth::Bearer(_),
            ..
        })
    ));
    assert_eq!(
        (client.push_concurrency.get(), client.on_reject),
        (9, OnReject::Drop)
    );
    assert_eq!(
        client.proxy.https.unwrap().to_string(),
        "http://me:***@proxy:3128/"
    );
    assert_eq!(client.proxy.http.unwrap().to_string(), "http://proxy:3129/");
    assert_eq!(client.proxy.direct.unwrap(), "localhost,.internal");
    assert_eq!(settings.invocation.deadline_margin, Duration::from_millis(500));
    assert!(settings.invocation.report_batch_item_failures);
    assert_eq!((client.encoding, client.batch_size), (Encoding::Json, 7));
    assert_eq!(client.timeout, Duration::from_secs(90));
    assert_eq!(client.backoff.max, Duration::from_millis(2));
    assert_eq!(client.backoff.max_retries, 0);
    assert!(settings.intake.keep_stream && settings.intake.print_log_line);
    assert_eq!(settings.intake.read_ahead, 0);
    assert_eq!(
        settings.continuation_queue.unwrap().to_string(),
        "https://sqs.eu-west-1.amazonaws.com/123456789012/objects"
    );
    assert_eq!(settings.intake.own_log_group.as_deref(), Some("/aws/lambda/me"));
    assert_eq!(
        settings.intake.s3,
        S3TypeSettings {
            own: OwnTypes::parse(OWN_TYPES).unwrap(),
            unknown: UnknownS3Type::Text,
            alb: Some("alb".to_owned()),
            cloudfront: Some("cdn".to_owned()),
        }
    );
    let labels = settings.pipeline.stream_labels(
        LabelSet::from_iter([("a", "1"), ("b", "2")]),
        &mut log_pipeline::RelabelCounts::default(),
    );
    assert_eq!(
        labels.unwrap().to_string(),
        r#"{__extra_1a="x", __extra_team="shop", a="1"}"#
    );
}

#[test]
fn all_problems_are_found_before_the_first_is_reported() {
    let problems = read(&[
        ("EXTRA_LABELS", "a,b,c"),
        ("USERNAME", "me"),
        ("BEARER_TOKEN", "t0ken"),
        ("TIMEOUT", "5 seconds"),
        ("BATCH_SIZE", "128k"),
    ])
    .unwrap_err();
    assert_eq!(
        problems,
        [
            "WRITE_ADDRESS: required; an example: https://loki.example.com/loki/api/v1/push".to_owned(),
            "EXTRA_LABELS: 3 comma-separated parts; expected name1,value1,name2,value2: an even number"
                .to_owned(),
            r#"BATCH_SIZE: "128k" is not a number of bytes"#.to_owned(),
            "PASSWORD: missing, but USERNAME is set; expected both or neither".to_owned(),
            "BEARER_TOKEN: set together with USERNAME; expected one of the two".to_owned(),
            "TIMEOUT: not a duration; expected one like 100ms, 5s or 1m30s".to_owned(),
        ]
    );
}

#[test]
fn each_wrong_value_names_its_variable() {
    let mut all = String::new();
    for (variable, value, expected) in [
        ("WRITE_ADDRESS", "loki:3100", "scheme \"loki\""),
        ("WRITE_ADDRESS", "loki", "not a URL"),
        ("TENANT_ID", "a\nb", "not allowed in a header"),
        ("EXTRA_LABELS", "a-b,c", "\"__extra_a-b\""),
        ("DROP_LABELS", "a, b", "\" b\""),
        (
            "RELABEL_CONFIGS",
            r#"[{"action": "jump"}]"#,
            "[0].action: there is no action \"jump\"",
        ),
        ("LOKI_STAGE_CONFIGS", r#"[{"jsn": {}}]"#, "[0].jsn"),
        ("PIPELINE_TIMEOUT", "soon", "not a duration"),
        ("BATCH_SIZE", "-1", "not a number of bytes"),
        ("LOG_GROUP_TAGS", "team,", "\"\" is not the key of a tag"),
        ("REDACT_KEY", "too short", "fewer than 16 bytes"),
        ("EXTRA_HEADERS", "Authorization,x,Host,y", "header 2 is host"),
        ("MAX_LINE_SIZE", "256KB", "expected 0, or 4 or more"),
        ("MAX_LINE_SIZE", "3", "expected 0, or 4 or more"),
        (
            "STRUCTURED_METADATA",
            "log_stream,logStream",
            "\"logStream\" cannot be attached",
        ),
        ("USERNAME", "arn:aws:secretsmanager:eu-west-1:1:secret:x", "ARN"),
        ("PASSWORD", "arn:aws:ssm:eu-west-1:1:parameter/x", "ARN"),
        ("BEARER_TOKEN", "arn:aws:ssm:eu-west-1:1:parameter/x", "ARN"),
        ("PUSH_ENCODING", "otlp", "neither protobuf nor json"),
        ("TIMEOUT", "0s", "no time"),
        ("TIMEOUT", "-5s", "negative"),
        ("MIN_BACKOFF", "1", "not a duration"),
        ("MAX_BACKOFF", "x", "not a duration"),
        ("MAX_RETRIES", "-1", "not a number of attempts"),
        ("DEADLINE_MARGIN", "2", "not a duration"),
        ("PUSH_CONCURRENCY", "0", "expected 1 or more"),
        ("PUSH_CONCURRENCY", "many", "expected 1 or more"),
        ("READ_AHEAD", "-1", "not a number of objects"),
        (
            "CONTINUATION_QUEUE_URL",
            "arn:aws:sqs:eu-west-1:123456789012:objects",
            "not the URL of an SQS queue",
        ),
        ("ON_REJECT", "retry", "neither fail nor drop"),
        (
            "TLS_CA_CERT",
            "/no/such.pem",
            "\"/no/such.pem\" is neither PEM text",
        ),
        ("TLS_CA_CERT", "-----BEGIN NOTHING-----", "no certificate in it"),
        (
            "TLS_CLIENT_CERT",
            "/no/such.pem",
            "the path of a file that can be read",
        ),
        (
            "TLS_CLIENT_KEY",
            "-----BEGIN CERTIFICATE-----",
            "no private key in it",
        ),
        ("HTTPS_PROXY", "ftp://proxy", "not a proxy's URL"),
        ("HTTP_PROXY", "http://", "not a proxy's URL"),
        (
            "S3_LOG_TYPES",
            r#"[{"name": "s3_app", "key": "(", "format": "jsn"}]"#,
            "unknown format",
        ),
        ("UNKNOWN_S3_TYPE", "guess", "not one of fail, skip and text"),
    ] {
        let problems = read(&[ADDRESS, (variable, value)]).unwrap_err();
        let start = format!("{variable}: ");
        let named = problems.iter().find(|problem| problem.starts_with(&start));
        assert!(
            named.is_some_and(|problem| problem.contains(expected)),
            "{variable}={value}: {problems:?}"
        );
        all += &format!("{variable}={value:?}\n");
        for problem in problems {
            all += &format!("    {problem}\n");
        }
    }
    assert_snapshot!("wrong_values", all);
}

#[test]
fn headers_and_keys_depend_on_other_settings() {
    for (variables, problem) in [
        (
            [("BEARER_TOKEN", "t0ken"), ("EXTRA_HEADERS", "authorization,x")],
            "EXTRA_HEADERS: has the header authorization, which BEARER_TOKEN sets; expected one of the two",
        ),
        (
            [
                ("WRITE_ADDRESS", "https://me:x@loki/push"),
                ("EXTRA_HEADERS", "Authorization,x"),
            ],
            "EXTRA_HEADERS: has the header authorization, which the user in WRITE_ADDRESS sets; expected one of the two",
        ),
        (
            [("TENANT_ID", "blue"), ("EXTRA_HEADERS", "X-Scope-OrgID,x")],
            "EXTRA_HEADERS: has the header x-scope-orgid, which TENANT_ID sets; expected one of the two",
        ),
        (
            [
                ("KEEP_STREAM", "true"),
                ("LOKI_STAGE_CONFIGS", r#"[{"redact":{"hash":true}}]"#),
            ],
            "REDACT_KEY: missing, but a redact stage of LOKI_STAGE_CONFIGS has \"hash\": true; expected a value or an ARN",
        ),
    ] {
        let [first, second] = variables;
        assert_eq!(read(&[ADDRESS, first, second]).unwrap_err(), [problem]);
    }
    let both = [ADDRESS, ("EXTRA_HEADERS", "Authorization,x,X-Scope-OrgID,y")];
    assert!(read(&both).is_ok());
}

#[test]
fn an_empty_variable_is_not_set() {
    let names = [
        "TENANT_ID",
        "EXTRA_LABELS",
        "BATCH_SIZE",
        "USERNAME",
        "PASSWORD",
        "BEARER_TOKEN",
        "RELABEL_CONFIGS",
    ];
    let empty: Vec<(&str, &str)> = names
        .into_iter()
        .map(|name| (name, ""))
        .chain([ADDRESS])
        .collect();
    assert_eq!(read(&empty).unwrap().client.batch_size, 1_048_576);
}

#[test]
fn the_log_level_never_stops_the_function() {
    let settings = read(&[
        ADDRESS,
        ("LOG_LEVEL", "loud"),
        ("KEEP_STREAM", "yes"),
        ("SKIP_TLS_VERIFY", "true"),
    ])
    .unwrap();
    let warned: Vec<&str> = settings
        .warnings
        .iter()
        .map(|warning| &*warning.variable)
        .collect();
    assert_eq!(warned, ["KEEP_STREAM", "SKIP_TLS_VERIFY", "LOG_LEVEL"]);
    assert!(!settings.intake.keep_stream && settings.client.tls.skip_verify);
}

#[test]
fn secrets_are_never_printed() {
    let variables = [
        ("WRITE_ADDRESS", "https://user:hunter1@loki.example.com/push"),
        ("USERNAME", "hunter2"),
        ("PASSWORD", "hunter3"),
    ];
    let environment: HashMap<&str, &str> = variables.into();
    let settings = Settings::read(&environment).unwrap();
    let shown = format!("{settings:?} {:?}", effective(&environment));
    assert!(
        shown.contains("loki.example.com") && !shown.contains("hunter"),
        "{shown}"
    );

    let token = read(&[ADDRESS, ("BEARER_TOKEN", "hunter4")]).unwrap();
    assert!(!format!("{token:?}").contains("hunter"));
    // Secrets are not shown in errors either.
    let wrong: HashMap<&str, &str> = [
        ("WRITE_ADDRESS", "htp://user:hunter5@loki"),
        ("PASSWORD", "hunter6"),
    ]
    .into();
    let problems = Settings::read(&wrong).unwrap_err();
    let shown = format!("{problems} {problems:?} {:?}", effective(&wrong));
    assert!(!shown.contains("hunter"), "{shown}");
}

#[test]
fn a_dry_run_needs_no_address_but_checks_the_rest() {
    let environment: HashMap<&str, &str> = [("KEEP_STREAM", "true")].into();
    assert!(DryRunSettings::read(&environment).unwrap().intake.keep_stream);
    let environment: HashMap<&str, &str> = [("WRITE_ADDRESS", "loki"), ("USERNAME", "me")].into();
    assert_eq!(DryRunSettings::read(&environment).unwrap_err().errors.len(), 2);
}

#[test]
fn all_effective_settings_are_listed() {
    let environment: HashMap<&str, &str> = [("BATCH_SIZE", "5"), ("PASSWORD", "x")].into();
    let listed = effective(&environment);
    let of = |name| listed.iter().find(|setting| setting.name == name).unwrap();
    let expected = |name, value: &str, origin| Effective {
        name,
        value: value.to_owned(),
        origin,
    };
    assert_eq!(
        *of("BATCH_SIZE"),
        expected("BATCH_SIZE", "5", Origin::Environment)
    );
    assert_eq!(*of("PASSWORD"), expected("PASSWORD", "***", Origin::Environment));
    assert_eq!(*of("TIMEOUT"), expected("TIMEOUT", "5s", Origin::Default));
    assert_eq!(*of("USERNAME"), expected("USERNAME", "", Origin::Default));
}

#[test]
fn the_documentation_has_the_table() {
    let page = include_str!("../../../../docs/src/settings.md");
    let table = markdown_table();
    assert!(
        page.contains(&table),
        "docs/src/settings.md lacks the table that `lambda-promtail-cli check --markdown` prints:\n{table}"
    );
}

/// Base64 that does not occur anywhere else.
const KEY_BODY: &str = "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgmarkerMARKERmarker";

#[test]
fn a_private_key_is_never_repeated_however_it_is_given() {
    let without_first_line = format!("{KEY_BODY}\n-----END PRIVATE KEY-----\n").leak();
    let key = format!("-----BEGIN PRIVATE KEY-----\n{KEY_BODY}").leak();
    for value in [KEY_BODY, &*without_first_line, &*key] {
        let encoded = &*base64_of(value).leak();
        for value in [value, encoded] {
            let problems = read(&[ADDRESS, ("TLS_CLIENT_KEY", value)]).unwrap_err();
            let printed = format!("{problems:?}");
            assert!(printed.contains("TLS_CLIENT_KEY: "), "{printed}");
            for secret in ["marker", "MARKER", &encoded[..20]] {
                assert!(!printed.contains(secret), "{printed}");
            }
        }
    }
}

#[test]
fn pem_may_be_given_as_base64() {
    let pem = testkit::tls::Authority::new().ca_pem().to_owned();
    let encoded = base64_of(&pem);
    let wrapped: Vec<&str> = encoded
        .as_bytes()
        .chunks(76)
        .map(|line| std::str::from_utf8(line).unwrap())
        .collect();
    for value in [encoded.clone(), wrapped.join("\n")] {
        let settings = read(&[ADDRESS, ("TLS_CA_CERT", value.leak())]).unwrap();
        assert!(settings.client.tls.root_certificates.is_some());
    }
}

fn base64_of(text: &str) -> String {
    use base64::Engine;
    base64::prelude::BASE64_STANDARD.encode(text)
}
