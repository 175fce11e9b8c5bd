//! The parsed value of each variable, before variables are checked against each other.

use std::num::NonZeroUsize;
use std::time::Duration;

use http::HeaderValue;
use log_pipeline::{LabelNames, Relabel, Stages};
use loki_client::{OnReject, ProxySettings, RootCertificates, WriteAddress};
use loki_push::Encoding;
use secrecy::SecretString;
use tracing::level_filters::LevelFilter;

use crate::secrets::Secret;
use crate::{Bounds, S3TypeSettings};

/// The parsed values of all variables. A variable with an invalid value keeps its default.
#[derive(Debug)]
pub(super) struct Raw {
    pub(super) write_address: Option<WriteAddress>,
    pub(super) tenant: Option<HeaderValue>,
    /// The unparsed text: whether a label name is valid depends on the prefix.
    pub(super) extra_labels: String,
    pub(super) omit_extra_labels_prefix: bool,
    pub(super) drop_labels: LabelNames,
    pub(super) keep_stream: bool,
    pub(super) rules: Relabel,
    pub(super) stages: Stages,
    pub(super) batch_size: usize,
    pub(super) username: Option<Secret>,
    pub(super) password: Option<Secret>,
    pub(super) bearer_token: Option<Secret>,
    pub(super) skip_tls_verify: bool,
    pub(super) root_certificates: Option<RootCertificates>,
    pub(super) client_certificate: Option<String>,
    pub(super) client_key: Option<SecretString>,
    pub(super) proxy: ProxySettings,
    pub(super) print_log_line: bool,
    pub(super) log_level: LevelFilter,
    pub(super) encoding: Encoding,
    pub(super) timeout: Duration,
    pub(super) min_backoff: Duration,
    pub(super) max_backoff: Duration,
    pub(super) max_retries: u32,
    pub(super) deadline_margin: Duration,
    pub(super) push_concurrency: NonZeroUsize,
    pub(super) report_batch_item_failures: bool,
    pub(super) on_reject: OnReject,
    pub(super) s3: S3TypeSettings,
    /// The log group of the function's own log, set by Lambda.
    pub(super) own_log_group: Option<String>,
    /// The function's name, set by Lambda.
    pub(super) function_name: Option<String>,
    pub(super) region: Option<String>,
    /// The bounds for the function's memory, which Lambda sets.
    pub(super) bounds: Bounds,
}

impl Raw {
    /// Returns empty values, before the defaults of the table are applied.
    pub(super) fn blank() -> Self {
        Self {
            write_address: None,
            tenant: None,
            extra_labels: String::new(),
            omit_extra_labels_prefix: false,
            drop_labels: LabelNames::default(),
            keep_stream: false,
            rules: Relabel::default(),
            stages: Stages::default(),
            batch_size: 0,
            username: None,
            password: None,
            bearer_token: None,
            skip_tls_verify: false,
            root_certificates: None,
            client_certificate: None,
            client_key: None,
            proxy: ProxySettings::default(),
            print_log_line: false,
            log_level: LevelFilter::INFO,
            encoding: Encoding::default(),
            timeout: Duration::ZERO,
            min_backoff: Duration::ZERO,
            max_backoff: Duration::ZERO,
            max_retries: 0,
            deadline_margin: Duration::ZERO,
            push_concurrency: NonZeroUsize::MIN,
            report_batch_item_failures: false,
            on_reject: OnReject::default(),
            s3: S3TypeSettings::default(),
            own_log_group: None,
            function_name: None,
            region: None,
            bounds: Bounds::default(),
        }
    }
}
