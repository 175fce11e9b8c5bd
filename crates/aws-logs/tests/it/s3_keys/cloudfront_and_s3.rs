//! Keys of CloudFront and of S3 access logs, whose folders the user chooses.

use proptest::prelude::*;

use super::{expect, labels};

#[test]
fn cloudfront() {
    expect(&[
        (
            "example-prefix/EMLARXS9EXAMPLE.2019-11-14-20.RT4KCN4SGK9.gz",
            "s3_cloudfront",
            "EMLARXS9EXAMPLE",
            "example-prefix",
        ),
        (
            "my/bucket/my-prefix/E2K2LNL5N3WR51.2022-07-18-12.a10a8496.gz",
            "s3_cloudfront",
            "E2K2LNL5N3WR51",
            "my/bucket/my-prefix",
        ),
        // Upstream does not support keys without a folder.
        (
            "EMLARXS9EXAMPLE.2019-11-14-20.RT4KCN4SGK9.gz",
            "s3_cloudfront",
            "EMLARXS9EXAMPLE",
            "",
        ),
        (
            "AWSLogs/123456789012/CloudFront/E2K2LNL5N3WR51.2026-03-04-05.a10a8496.gz",
            "s3_cloudfront",
            "E2K2LNL5N3WR51",
            "AWSLogs/123456789012/CloudFront",
        ),
        (
            "AWSLogs/aws-account-id=123456789012/CloudFront/DistributionId=E2K2LNL5N3WR51/year=2026/month=03/day=04/hour=05/E2K2LNL5N3WR51.2026-03-04-05.a10a8496.gz",
            "s3_cloudfront",
            "E2K2LNL5N3WR51",
            "AWSLogs/aws-account-id=123456789012/CloudFront/DistributionId=E2K2LNL5N3WR51",
        ),
        (
            "AWSLogs/123456789012/CloudFront/2026/03/04/05/E2K2LNL5N3WR51/E2K2LNL5N3WR51.2026-03-04-05.a10a8496.gz",
            "s3_cloudfront",
            "E2K2LNL5N3WR51",
            "AWSLogs/123456789012/CloudFront",
        ),
        (
            "2026/03/04/E2K2LNL5N3WR51.2026-03-04-05.a10a8496.gz",
            "s3_cloudfront",
            "E2K2LNL5N3WR51",
            "",
        ),
        // Upstream takes any key of this shape for CloudFront's, and so does this crate.
        (
            "backups/DB1.2024-01-02-full.dump.gz",
            "s3_cloudfront",
            "DB1",
            "backups",
        ),
    ]);
    // The content says what Parquet is, and the key whose it is.
    expect(&[(
        "AWSLogs/123456789012/CloudFront/E2K2LNL5N3WR51.2026-03-04-05.a10a8496.parquet",
        "s3_cloudfront",
        "E2K2LNL5N3WR51",
        "AWSLogs/123456789012/CloudFront",
    )]);
}

proptest! {
    /// The time of an object does not change its labels, wherever a delivery has it as folders.
    #[test]
    fn dates_of_partitions_are_not_labels(
        date in (2020_u32..2100, 1_u32..13, 1_u32..29, 0_u32..24),
        layout in proptest::sample::select(vec![
            "AWSLogs/123456789012/CloudFront/yyyy/MM/dd/HH",
            "AWSLogs/123456789012/CloudFront/E1/yyyy/MM/dd/HH",
            "AWSLogs/123456789012/CloudFront/yyyy/MM/dd/HH/E1",
            "cdn/yyyy-MM-dd/HH",
            "cdn/yyyyMMdd",
            "AWSLogs/aws-account-id=123456789012/CloudFront/DistributionId=E1/year=yyyy/month=MM/day=dd/hour=HH",
        ]),
    ) {
        let key = |(year, month, day, hour): (u32, u32, u32, u32)| {
            let folder = layout
                .replace("yyyy", &format!("{year}"))
                .replace("MM", &format!("{month:02}"))
                .replace("dd", &format!("{day:02}"))
                .replace("HH", &format!("{hour:02}"));
            format!("{folder}/E2K2LNL5N3WR51.{year}-{month:02}-{day:02}-{hour:02}.a10a8496.gz")
        };
        prop_assert_eq!(labels(&key(date)), labels(&key((2026, 3, 4, 5))), "{}", key(date));
    }
}

#[test]
fn s3_access() {
    expect(&[
        (
            "123456789012/us-west-2/amzn-s3-demo-source-bucket/2023/03/01/2023-03-01-21-32-16-E568B2907131C0C0",
            "s3_access",
            "amzn-s3-demo-source-bucket",
            "123456789012",
        ),
        (
            "logs/123456789012/us-gov-west-1/www.example.com/2023/03/01/2023-03-01-00-00-00-E568B2907131C0C0",
            "s3_access",
            "www.example.com",
            "123456789012",
        ),
        (
            "logs-123456789012/us-west-2/source/2023/03/01/2023-03-01-21-32-16-E568B2907131C0C0",
            "s3_access",
            "source",
            "123456789012",
        ),
        ("2023-03-01-21-32-16-E568B2907131C0C0", "s3_access", "", ""),
        (
            "logs/AWSLogs/123456789012/S3AccessLogs/eu-west-1/2026/03/04/05/123456789012_S3AccessLogs_eu-west-1_www.example.com_20260304T0505Z_0a1b2c3d.log.gz",
            "s3_access",
            "www.example.com",
            "123456789012",
        ),
        (
            "AWSLogs/aws-account-id=123456789012/aws-service=s3accesslogs/aws-region=eu-west-1/year=2026/month=03/123456789012_s3accesslogs_eu-west-1_20260304T0505Z_0a1b2c3d.log.gz",
            "s3_access",
            "",
            "123456789012",
        ),
        (
            "logs/access-2023-03-01-21-32-16-E568B2907131C0C0",
            "s3_access",
            "",
            "",
        ),
    ]);
}
