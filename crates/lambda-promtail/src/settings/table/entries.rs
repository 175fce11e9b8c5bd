//! What becomes of entries: labels, relabelling rules, stages, batches.

use std::time::Duration;

use aws_clients::TagKeys;
use ingest::MetadataFields;
use log_pipeline::{LabelNames, LineLimit, Relabel, Stages};

use super::super::setting::{Setting, Shown};
use super::super::value::{Optional, Typed, duration, flag, set};
use super::connection::secret;
use crate::clock::wall_clock;

pub(super) const SETTINGS: &[Setting] = &[
    Setting {
        name: "EXTRA_LABELS",
        meaning: "labels for every stream, as `name1,value1,name2,value2`; names get the prefix `__extra_`",
        value: &Optional(|raw, text| {
            text.clone_into(&mut raw.extra_labels);
            Ok(())
        }),
        ..Setting::PLAIN
    },
    Setting {
        name: "OMIT_EXTRA_LABELS_PREFIX",
        meaning: "do not add the prefix `__extra_` to the names in `EXTRA_LABELS`",
        value: &flag(false, |raw| &mut raw.omit_extra_labels_prefix),
        ..Setting::PLAIN
    },
    Setting {
        name: "DROP_LABELS",
        meaning: "comma-separated names of labels to remove from every stream",
        value: &Optional(|raw, text| set(&mut raw.drop_labels, LabelNames::parse(text))),
        ..Setting::PLAIN
    },
    Setting {
        name: "KEEP_STREAM",
        meaning: "add the CloudWatch log stream as the label `__aws_cloudwatch_log_stream`",
        value: &flag(false, |raw| &mut raw.keep_stream),
        ..Setting::PLAIN
    },
    Setting {
        name: "STRUCTURED_METADATA",
        meaning: "comma-separated facts to attach to each entry as structured metadata with the name `aws_<fact>`: \
        `log_stream`, `event_id`, `s3_bucket`, `s3_key`, `account`, `region`, `kinesis_sequence`",
        value: &Optional(|raw, text| set(&mut raw.structured_metadata, MetadataFields::parse(text))),
        ..Setting::PLAIN
    },
    Setting {
        name: "LOG_GROUP_TAGS",
        meaning: "comma-separated keys of tags of the CloudWatch log group that become the labels `__aws_tag_<key>`",
        value: &Optional(|raw, text| set(&mut raw.tag_keys, TagKeys::parse(text))),
        ..Setting::PLAIN
    },
    Setting {
        name: "RELABEL_CONFIGS",
        meaning: "relabelling rules, as a JSON array in Prometheus's format",
        value: &Optional(|raw, text| set(&mut raw.rules, Relabel::parse(text))),
        ..Setting::PLAIN
    },
    Setting {
        name: "LOKI_STAGE_CONFIGS",
        meaning: "pipeline stages, as a JSON array in promtail's format",
        value: &Optional(|raw, text| set(&mut raw.stages, Stages::parse(text, &wall_clock()))),
        ..Setting::PLAIN
    },
    Setting {
        name: "REDACT_KEY",
        meaning: "key of at least 16 bytes for `redact` stages with `hash`: value or ARN",
        shown: Shown::Secret,
        value: &Optional(|raw, text| secret(&mut raw.redact_key, "REDACT_KEY", text)),
        ..Setting::PLAIN
    },
    Setting {
        name: "MAX_LINE_SIZE",
        meaning: "bytes after which a line is cut, after all stages and between two characters; cut lines are counted in \
        the summary; `0`: no limit",
        value: &Typed {
            default: 0,
            field: |raw| &mut raw.max_line_size,
            read: |size, text| {
                let bytes = text
                    .parse()
                    .ok()
                    .filter(|bytes| *bytes == 0 || *bytes >= LineLimit::SMALLEST);
                let expected = || {
                    let smallest = LineLimit::SMALLEST;
                    format!("{text:?} is not a number of bytes; expected 0, or {smallest} or more")
                };
                set(size, bytes.ok_or_else(expected))
            },
            text: ToString::to_string,
        },
        ..Setting::PLAIN
    },
    Setting {
        name: "PIPELINE_TIMEOUT",
        meaning: "accepted for compatibility and ignored; the processing time of a line is always bounded",
        value: &duration(Duration::from_secs(1), |raw| &mut raw.pipeline_timeout),
        ..Setting::PLAIN
    },
    Setting {
        name: "BATCH_SIZE",
        meaning: "size of a batch in bytes, as the body of a push before compression; a batch only exceeds it if a \
        single entry does",
        value: &Typed {
            // An eighth of the pushes, and so of the round trips, that upstream's default of 131072 needs. Promtail's
            // default is the same. It is well below gRPC's limit of 4 MiB and Loki's default burst of 6 MiB per tenant.
            default: 1_048_576,
            field: |raw| &mut raw.batch_size,
            read: |size, text| {
                let bytes = text.parse();
                set(
                    size,
                    bytes.map_err(|_| format!("{text:?} is not a number of bytes")),
                )
            },
            text: ToString::to_string,
        },
        ..Setting::PLAIN
    },
];
