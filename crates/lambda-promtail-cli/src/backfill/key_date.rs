//! The date in a key.

use std::sync::LazyLock;

use jiff::civil::DateTime;
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};
use regex::bytes::{Captures, Regex};

/// The date that a key has, as the shortest span of time that its digits name: a day, an hour, a minute or a second.
///
/// Keys of most services have the minute at which the lines of an object end or begin; the folders of others have a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct KeyDate {
    pub(crate) start: Timestamp,
    pub(crate) span: SignedDuration,
}

/// The notations of dates in keys: CloudTrail's `20260304T0506Z`, S3's and Data Firehose's `2026-03-04-05-06-07`, the
/// folders `2026/03/04/05`, and those of Hive. AWS Config writes months and days below ten with one digit.
///
/// A number is not a date if it goes on with another digit or letter.
const NOTATIONS: [&str; 4] = [
    r"(?-u)(?:^|[^0-9])((?:19|20|21)[0-9]{2})([0-9]{2})([0-9]{2})(?:T([0-9]{2})(?:([0-9]{2})([0-9]{2})?)?[0-9]*Z|[^0-9A-Za-z]|$)",
    r"(?-u)(?:^|[^0-9])((?:19|20|21)[0-9]{2})-([0-9]{2})-([0-9]{2})(?:[-T]([0-9]{2})(?:[-:]([0-9]{2})(?:[-:]([0-9]{2}))?)?)?(?:[^0-9A-Za-z]|Z|$)",
    r"(?-u)(?:^|/)((?:19|20|21)[0-9]{2})/([0-9]{1,2})/([0-9]{1,2})(?:/([0-9]{2})(?:/([0-9]{2}))?)?/",
    r"(?-u)(?:^|/)year=([0-9]{4})/month=([0-9]{1,2})/day=([0-9]{1,2})(?:/hour=([0-9]{1,2}))?/",
];

static EXPRESSIONS: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    NOTATIONS
        .iter()
        .filter_map(|notation| Regex::new(notation).ok())
        .collect()
});

impl KeyDate {
    /// Returns the most exact date in the key, or `None` if it has none. Of several that are as exact, the last one
    /// counts, since folders that a user chose come first. All dates in keys of AWS are in UTC.
    pub(crate) fn find(key: &str) -> Option<Self> {
        let dates = EXPRESSIONS.iter().flat_map(|notation| {
            notation.captures_iter(key.as_bytes()).filter_map(|found| {
                let position = found.get(1)?.start();
                Some((position, Self::of(&found)?))
            })
        });
        dates
            .min_by_key(|(position, date)| (date.span, std::cmp::Reverse(*position)))
            .map(|(_, date)| date)
    }

    fn of(found: &Captures<'_>) -> Option<Self> {
        let number = |group| {
            let digits = str::from_utf8(found.get(group)?.as_bytes()).ok()?;
            digits.parse::<i16>().ok()
        };
        let part = |group| number(group).and_then(|number| i8::try_from(number).ok());
        let (hour, minute, second) = (part(4), part(5), part(6));
        let span = match (hour, minute, second) {
            (_, _, Some(_)) => SignedDuration::from_secs(1),
            (_, Some(_), None) => SignedDuration::from_mins(1),
            (Some(_), None, None) => SignedDuration::from_hours(1),
            (None, None, None) => SignedDuration::from_hours(24),
        };
        let (hour, minute, second) = (
            hour.unwrap_or_default(),
            minute.unwrap_or_default(),
            second.unwrap_or_default(),
        );
        let date = DateTime::new(number(1)?, part(2)?, part(3)?, hour, minute, second, 0);
        let start = Offset::UTC.to_timestamp(date.ok()?).ok()?;
        Some(Self { start, span })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_notations_are_known() {
        assert_eq!(EXPRESSIONS.len(), NOTATIONS.len());
    }

    #[test]
    fn the_most_exact_date_of_a_key_counts() {
        for (key, expected) in [
            (
                "AWSLogs/111122223333/elasticloadbalancing/eu-west-1/2026/03/04/111122223333_elasticloadbalancing_eu-west-1_app.shop.0a1b2c3d4e5f6071_20260304T0510Z_10.0.3.4_2et2e1mx.log.gz",
                "2026-03-04T05:10:00Z 1m",
            ),
            (
                "AWSLogs/111122223333/BedrockModelInvocationLogs/eu-west-1/2026/03/04/05/20260304T050607123Z_0a1b2c3d.json.gz",
                "2026-03-04T05:06:07Z 1s",
            ),
            (
                "AWSLogs/111122223333/Config/eu-west-1/2026/3/4/ConfigHistory/111122223333_Config_eu-west-1_ConfigHistory_AWS::EC2::Instance_20260304T050607Z_20260304T060607Z_1.json.gz",
                "2026-03-04T06:06:07Z 1s",
            ),
            (
                "AWSLogs/111122223333/Config/eu-west-1/2026/3/4/x.json.gz",
                "2026-03-04T00:00:00Z 24h",
            ),
            (
                "AWSLogs/111122223333/GuardDuty/eu-west-1/2026/03/04/07a3f2ce-1485-3031-b842-e1f324c4a48d.jsonl.gz",
                "2026-03-04T00:00:00Z 24h",
            ),
            (
                "AWSLogs/111122223333/KafkaBrokerLogs/eu-west-1/orders-7f6b9b77-24f9-4921-87b6-d29a6401e292-3/2026-03-04-05/Broker-1_05-06_cab960bb.log.gz",
                "2026-03-04T05:00:00Z 1h",
            ),
            (
                "AWSLogs/111122223333/CloudFront/E2K2LNL5N3WR51.2026-03-04-05.a10a8498.gz",
                "2026-03-04T05:00:00Z 1h",
            ),
            (
                "AWSLogs/aws-account-id=111122223333/CloudFront/DistributionId=E2/year=2026/month=03/day=04/hour=05/E2",
                "2026-03-04T05:00:00Z 1h",
            ),
            (
                "111122223333/eu-west-1/my-bucket/2026/03/04/2026-03-04-05-06-07-E568B2907131C0C0",
                "2026-03-04T05:06:07Z 1s",
            ),
            (
                "waf/2026/03/04/05/aws-waf-logs-edge-1-2026-03-04-05-06-07-0a1b2c3d-0000-4000-8000-000000000002.gz",
                "2026-03-04T05:06:07Z 1s",
            ),
            ("waf/2026/03/04/05/06/x.gz", "2026-03-04T05:06:00Z 1m"),
            (
                "audit/redshift/2026/03/04/111122223333_redshift_eu-west-1_dwh_userlog_2026-03-04T05:06.gz",
                "2026-03-04T05:06:00Z 1m",
            ),
            (
                "aws/VPC_FLOW/2.0/region=eu-west-1/accountId=111122223333/eventDay=20260304/0a1b2c3d",
                "2026-03-04T00:00:00Z 24h",
            ),
            ("apps/checkout/2026-03-04.log", "2026-03-04T00:00:00Z 24h"),
            (
                "export/0a1b2c3d-0000-4000-8000-000000000001/2026-03-04-[$LATEST]0a1b2c3d/000000.gz",
                "2026-03-04T00:00:00Z 24h",
            ),
            // A folder of the user's choice has a date, too.
            (
                "copy-2026-06-01/AWSLogs/111122223333/GuardDuty/eu-west-1/2026/03/04/x.jsonl.gz",
                "2026-03-04T00:00:00Z 24h",
            ),
            (
                "copy/20260601T0000Z/20260304T0506Z.log",
                "2026-03-04T05:06:00Z 1m",
            ),
            // Numbers that begin like a date.
            ("a/2026-03-04-12ab.log", "2026-03-04T00:00:00Z 24h"),
        ] {
            let date = KeyDate::find(key).unwrap();
            assert_eq!(format!("{} {:#}", date.start, date.span), expected, "{key}");
        }
        for key in [
            "archive/cloudfront.log",
            "202603041234.log",
            "a/2026-13-04.log",
            "a/2026-02-30.log",
            "a/12026-03-04.log",
            "a/2026-03-041.log",
            "20260304a5b6/20260304Tx",
            "é/2026",
            "",
        ] {
            assert_eq!(KeyDate::find(key), None, "{key}");
        }
    }
}
