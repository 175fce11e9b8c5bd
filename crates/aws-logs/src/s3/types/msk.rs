//! Broker logs of Amazon Managed Streaming for Apache Kafka.

use crate::s3::LogType;
use crate::s3::format::{Framing, Time};
use crate::s3::key::scan::{after_pattern, is_number, is_uuid};
use crate::s3::key::{Found, Key};
use crate::s3::log_type::Docs;
use crate::s3::time;

pub(crate) static MSK: LogType = LogType {
    token: "s3_msk",
    matcher: broker_log,
    framing: Framing::Lines,
    time: Time::Fixed(time::log4j),
    docs: Docs {
        title: "MSK broker logs",
        src: Some("name of the cluster"),
        owner: Some("account"),
        keys: &["AWSLogs/<account>/KafkaBrokerLogs/<region>/<cluster>/yyyy-mm-dd-hh/Broker-..."],
        example: "AWSLogs/111122223333/KafkaBrokerLogs/eu-west-1/orders-7f6b9b77-24f9-4921-87b6-d29a6401e292-3/2026-03-04-05/Broker-1_05-06_cab960bb.log.gz",
        time: "the line's",
        page: Some("https://docs.aws.amazon.com/msk/latest/developerguide/msk-logging.html"),
    },
};

/// Matches
/// `[prefix/]AWSLogs/<account>/KafkaBrokerLogs/<region>/<cluster>-<uuid>/yyyy-mm-dd-hh/Broker-<n>_...` (MSK
/// developer guide, "Logging"). The source is the cluster's name.
fn broker_log<'k>(key: &Key<'k>) -> Option<Found<'k>> {
    key.vended(|vended| {
        let &[_, cluster, hour] = &*vended.folders else {
            return None;
        };
        (vended.service == "KafkaBrokerLogs"
            && after_pattern(hour, "0000-00-00-00") == Some("")
            && vended.file.starts_with("Broker-"))
        .then_some(Found::Log {
            src: without_uuid(cluster),
            owner: vended.account,
        })
    })
}

/// Returns the name without the suffix `-<uuid>-<number>` that MSK adds, or the whole name if the suffix is
/// missing.
fn without_uuid(cluster: &str) -> &str {
    const UUID_LEN: usize = 36;
    let uuid_end = match cluster.rsplit_once('-') {
        Some((rest, number)) if is_number(number) && number.len() < 12 => rest,
        _ => cluster,
    };
    let Some((name, uuid)) = uuid_end
        .len()
        .checked_sub(UUID_LEN)
        .and_then(|at| uuid_end.split_at_checked(at))
    else {
        return cluster;
    };
    match name.strip_suffix('-') {
        Some(name) if !name.is_empty() && is_uuid(uuid) => name,
        _ => cluster,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clusters_name_is_what_precedes_its_uuid() {
        for (cluster, name) in [
            (
                "msk-test-name-7f6b9b77-24f9-4921-87b6-d29a6401e292-3",
                "msk-test-name",
            ),
            ("msk-7f6b9b77-24f9-4921-87b6-d29a6401e292", "msk"),
            ("orders-2-7f6b9b77-24f9-4921-87b6-d29a6401e292-12", "orders-2"),
            ("msk-7f6b9b77-24f9-4921-87b6-210987654321-3", "msk"),
            ("msk-7f6b9b77-24f9-4921-87b6-210987654321", "msk"),
            ("orders-2", "orders-2"),
            (
                "7f6b9b77-24f9-4921-87b6-d29a6401e292-3",
                "7f6b9b77-24f9-4921-87b6-d29a6401e292-3",
            ),
            (
                "é-f6b9b77-24f9-4921-87b6-d29a6401e292-3",
                "é-f6b9b77-24f9-4921-87b6-d29a6401e292-3",
            ),
            ("", ""),
        ] {
            assert_eq!(without_uuid(cluster), name, "{cluster}");
        }
    }
}
