//! What happens to entries and items that fail.

use loki_client::OnReject;

use super::super::setting::Setting;
use super::super::value::{Words, flag};

pub(super) const SETTINGS: &[Setting] = &[
    Setting {
        name: "REPORT_BATCH_ITEM_FAILURES",
        meaning: "SQS and Kinesis: report failed items with `batchItemFailures`. Set it only together with \
        `ReportBatchItemFailures` in the event source mapping: without that AWS ignores the report and deletes \
        the messages",
        value: &flag(false, |raw| &mut raw.report_batch_item_failures),
        ..Setting::PLAIN
    },
    Setting {
        name: "ON_REJECT",
        meaning: "handling of entries that Loki rejects as invalid (too old, too long, bad labels ...): `fail` their item \
        after everything else is delivered, or `drop` them with a warning and a count; rejected credentials, wrong \
        addresses and redirects always fail",
        value: &Words {
            default: OnReject::Fail,
            field: |raw| &mut raw.on_reject,
            words: &[("fail", OnReject::Fail), ("drop", OnReject::Drop)],
            is_lenient: false,
        },
        ..Setting::PLAIN
    },
];
