//! The checks of variables against each other, and the assembly of the settings.

use std::num::NonZeroUsize;
use std::sync::Arc;

use aws_clients::AwsAccess;
use dskit_backoff::Backoff;
use http::HeaderName;
use log_pipeline::{ExtraLabels, LineLimit, Pipeline};
use loki_client::{ClientIdentity, ClientSettings, TlsSettings};
use secrecy::ExposeSecret;

use super::error::SettingsError;
use super::raw::{Metrics, Raw};
use super::read::Findings;
use super::table;
use super::{DryRunSettings, Settings};
use crate::clock::wall_clock;
use crate::secrets::{HeaderSettings, KeptRedactKey, Secret, SecretAuth};
use crate::{IntakeSettings, InvocationSettings, MetricsSettings, USER_AGENT};

pub(super) fn settings(raw: Raw, mut findings: Findings) -> Result<Settings, SettingsError> {
    if raw.write_address.is_none() && !findings.has_error("WRITE_ADDRESS") {
        findings.error(
            "WRITE_ADDRESS",
            "required; an example: https://loki.example.com/loki/api/v1/push",
        );
    }
    let extra_labels = extra_labels(&raw, &mut findings);
    let redact_key = redact_key(&raw, &mut findings);
    let auth = auth(&raw, &mut findings);
    let extra = extra_headers(&raw, &mut findings);
    let identity = identity(&raw, &mut findings);
    let Some(write_address) = raw.write_address.clone().filter(|_| findings.errors.is_empty()) else {
        return Err(in_table_order(findings));
    };
    let aws = Arc::new(AwsAccess::from_environment());
    Ok(Settings {
        client: ClientSettings {
            write_address,
            tenant: raw.tenant.clone(),
            credentials: HeaderSettings { auth, extra }.credentials(&aws),
            tls: TlsSettings {
                skip_verify: raw.skip_tls_verify,
                root_certificates: raw.root_certificates.clone(),
                identity,
            },
            proxy: raw.proxy.clone(),
            user_agent: USER_AGENT.to_owned(),
            timeout: raw.timeout,
            backoff: Backoff {
                min: raw.min_backoff,
                max: raw.max_backoff,
                max_retries: raw.max_retries,
            },
            encoding: raw.encoding,
            batch_size: raw.batch_size,
            push_concurrency: raw.push_concurrency.unwrap_or(NonZeroUsize::MIN),
            on_reject: raw.on_reject,
        },
        invocation: InvocationSettings {
            deadline_margin: raw.deadline_margin,
            report_batch_item_failures: raw.report_batch_item_failures,
        },
        metrics: metrics(&raw),
        continuation_queue: raw.continuation_queue.clone(),
        intake: intake(&raw),
        tag_keys: raw.tag_keys.clone(),
        pipeline: pipeline(extra_labels, raw),
        aws,
        redact_key,
        warnings: findings.warnings,
    })
}

pub(super) fn dry_run_settings(raw: Raw, mut findings: Findings) -> Result<DryRunSettings, SettingsError> {
    let extra_labels = extra_labels(&raw, &mut findings);
    redact_key(&raw, &mut findings);
    auth(&raw, &mut findings);
    extra_headers(&raw, &mut findings);
    identity(&raw, &mut findings);
    if !findings.errors.is_empty() {
        return Err(in_table_order(findings));
    }
    Ok(DryRunSettings {
        intake: intake(&raw),
        pipeline: pipeline(extra_labels, raw),
    })
}

fn pipeline(extra_labels: ExtraLabels, raw: Raw) -> Pipeline {
    Pipeline::new(extra_labels, raw.drop_labels)
        .with_rules(raw.rules)
        .with_stages(raw.stages)
        .with_line_limit(LineLimit::new(raw.max_line_size))
}

fn intake(raw: &Raw) -> IntakeSettings {
    IntakeSettings {
        keep_stream: raw.keep_stream,
        structured_metadata: raw.structured_metadata.clone(),
        own_log_group: raw.own_log_group.clone(),
        function_name: raw.function_name.clone(),
        region: raw.region.clone(),
        print_log_line: raw.print_log_line,
        s3: raw.s3.clone(),
        bounds: raw.bounds,
        read_ahead: raw.read_ahead,
        fingerprint: raw.fingerprint,
    }
}

/// Returns the settings of the metrics, if they are wanted and there is a function whose metrics they are.
fn metrics(raw: &Raw) -> Option<MetricsSettings> {
    match raw.metrics {
        Metrics::None => None,
        Metrics::Emf => Some(MetricsSettings {
            namespace: raw.metrics_namespace.clone().into_owned(),
            function: raw.function_name.clone()?,
            clock: wall_clock(),
        }),
    }
}

/// Sets the key of stages that hash. Returns it if it must be fetched from AWS first.
fn redact_key(raw: &Raw, findings: &mut Findings) -> Option<KeptRedactKey> {
    let key = raw.stages.redact_key();
    match raw.redact_key.clone() {
        None if key.is_needed() => {
            let expected = "missing, but a redact stage of LOKI_STAGE_CONFIGS has \"hash\": true; expected a value or an ARN";
            findings.error("REDACT_KEY", expected);
        }
        Some(Secret::Value(value)) if !findings.has_error("REDACT_KEY") => {
            if let Err(error) = key.set(value.expose_secret().as_bytes()) {
                findings.error("REDACT_KEY", error);
            }
        }
        Some(Secret::Kept { arn, .. }) if key.is_needed() => {
            return Some(KeptRedactKey {
                arn,
                key: key.clone(),
            });
        }
        _ => {}
    }
    None
}

fn extra_labels(raw: &Raw, findings: &mut Findings) -> ExtraLabels {
    let labels = ExtraLabels::parse(&raw.extra_labels, !raw.omit_extra_labels_prefix);
    labels.unwrap_or_else(|error| {
        findings.error("EXTRA_LABELS", error);
        ExtraLabels::default()
    })
}

fn auth(raw: &Raw, findings: &mut Findings) -> SecretAuth {
    both_or_neither(
        ("USERNAME", raw.username.is_some()),
        ("PASSWORD", raw.password.is_some()),
        findings,
    );
    if raw.bearer_token.is_some() && raw.username.is_some() {
        findings.error(
            "BEARER_TOKEN",
            "set together with USERNAME; expected one of the two",
        );
    }
    match (
        raw.username.clone(),
        raw.password.clone(),
        raw.bearer_token.clone(),
    ) {
        (Some(username), Some(password), _) => SecretAuth::Basic { username, password },
        (_, _, Some(token)) => SecretAuth::Bearer(token),
        _ => SecretAuth::None,
    }
}

/// Returns the further headers, none of which may be one that another setting sets.
fn extra_headers(raw: &Raw, findings: &mut Findings) -> Vec<(HeaderName, Secret)> {
    let has_credentials_in_url = raw.write_address.as_ref().is_some_and(|address| {
        let url = address.url();
        !url.username().is_empty() || url.password().is_some()
    });
    for (name, variable, is_set) in [
        ("authorization", "USERNAME", raw.username.is_some()),
        ("authorization", "BEARER_TOKEN", raw.bearer_token.is_some()),
        (
            "authorization",
            "the user in WRITE_ADDRESS",
            has_credentials_in_url,
        ),
        ("x-scope-orgid", "TENANT_ID", raw.tenant.is_some()),
    ] {
        if is_set && raw.extra_headers.iter().any(|(extra, _)| extra == name) {
            findings.error(
                "EXTRA_HEADERS",
                format!("has the header {name}, which {variable} sets; expected one of the two"),
            );
        }
    }
    raw.extra_headers.clone()
}

/// Returns the client certificate and its key, if both are set.
fn identity(raw: &Raw, findings: &mut Findings) -> Option<ClientIdentity> {
    both_or_neither(
        ("TLS_CLIENT_CERT", raw.client_certificate.is_some()),
        ("TLS_CLIENT_KEY", raw.client_key.is_some()),
        findings,
    );
    let (certificate, key) = (raw.client_certificate.as_deref()?, raw.client_key.as_ref()?);
    if findings.has_error("TLS_CLIENT_KEY") {
        return None;
    }
    let identity = ClientIdentity::from_pem(certificate, key);
    identity
        .map_err(|error| findings.error("TLS_CLIENT_CERT", error))
        .ok()
}

/// Adds an error if only one of two variables is set that must be set together.
fn both_or_neither(one: (&'static str, bool), other: (&'static str, bool), findings: &mut Findings) {
    let ((set, _), (missing, _)) = match (one.1, other.1) {
        (true, false) => (one, other),
        (false, true) => (other, one),
        _ => return,
    };
    if !findings.has_error(missing) {
        findings.error(
            missing,
            format!("missing, but {set} is set; expected both or neither"),
        );
    }
}

fn in_table_order(mut findings: Findings) -> SettingsError {
    findings
        .errors
        .sort_by_key(|finding| table::place(&finding.variable));
    SettingsError {
        errors: findings.errors,
        warnings: findings.warnings,
    }
}
