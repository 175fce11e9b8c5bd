//! The parsed value of each variable, before variables are checked against each other.

use std::borrow::Cow;
use std::num::NonZeroUsize;
use std::time::Duration;

use aws_clients::{QueueUrl, TagKeys};
use http::{HeaderName, HeaderValue};
use ingest::MetadataFields;
use log_pipeline::{LabelNames, Relabel, Stages};
use loki_client::{OnReject, ProxySettings, RootCertificates, WriteAddress};
use loki_push::Encoding;
use secrecy::SecretString;
use tracing::level_filters::LevelFilter;

use crate::secrets::Secret;
use crate::{Bounds, S3TypeSettings};

/// The format of the metrics of an invocation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Metrics {
    #[default]
    None,
    /// CloudWatch's Embedded Metric Format.
    Emf,
}

/// The parsed values of all variables. It is empty until the defaults of the table are written into it; a variable with
/// an invalid value keeps its default.
#[derive(Debug, Default)]
pub(super) struct Raw {
    pub(super) write_address: Option<WriteAddress>,
    pub(super) tenant: Option<HeaderValue>,
    /// The unparsed text: whether a label name is valid depends on the prefix.
    pub(super) extra_labels: String,
    pub(super) omit_extra_labels_prefix: bool,
    pub(super) drop_labels: LabelNames,
    pub(super) keep_stream: bool,
    pub(super) structured_metadata: MetadataFields,
    pub(super) tag_keys: TagKeys,
    pub(super) rules: Relabel,
    pub(super) stages: Stages,
    pub(super) redact_key: Option<Secret>,
    /// The most bytes of a line; 0 stands for no limit.
    pub(super) max_line_size: usize,
    /// Checked, and without effect.
    pub(super) pipeline_timeout: Duration,
    pub(super) batch_size: usize,
    pub(super) username: Option<Secret>,
    pub(super) password: Option<Secret>,
    pub(super) bearer_token: Option<Secret>,
    pub(super) extra_headers: Vec<(HeaderName, Secret)>,
    pub(super) skip_tls_verify: bool,
    pub(super) root_certificates: Option<RootCertificates>,
    pub(super) client_certificate: Option<String>,
    pub(super) client_key: Option<SecretString>,
    pub(super) proxy: ProxySettings,
    pub(super) print_log_line: bool,
    pub(super) log_level: Option<LevelFilter>,
    pub(super) metrics: Metrics,
    pub(super) metrics_namespace: Cow<'static, str>,
    pub(super) encoding: Encoding,
    pub(super) timeout: Duration,
    pub(super) min_backoff: Duration,
    pub(super) max_backoff: Duration,
    pub(super) max_retries: u32,
    pub(super) deadline_margin: Duration,
    pub(super) push_concurrency: Option<NonZeroUsize>,
    pub(super) report_batch_item_failures: bool,
    pub(super) on_reject: OnReject,
    pub(super) s3: S3TypeSettings,
    pub(super) read_ahead: usize,
    pub(super) continuation_queue: Option<QueueUrl>,
    /// The log group of the function's own log, set by Lambda.
    pub(super) own_log_group: Option<String>,
    /// The function's name, set by Lambda.
    pub(super) function_name: Option<String>,
    pub(super) region: Option<String>,
    /// A number that differs for settings that lead to different entries.
    pub(super) fingerprint: u64,
    /// The bounds for the function's memory, which Lambda sets.
    pub(super) bounds: Bounds,
}
