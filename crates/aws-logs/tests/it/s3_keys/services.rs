//! Keys of CloudTrail, WAF, GuardDuty, MSK and AWS Config.

use aws_logs::s3::{Classified, Skipped, classify};

use super::{expect, labels, upstream};

#[test]
fn cloudtrail() {
    expect(&[
        (
            "AWSLogs/123456789012/CloudTrail/us-east-1/2022/01/24/123456789012_CloudTrail_us-east-1_20220124T0000Z_4jhzXFO2Jlvu2b3y.json.gz",
            "s3_cloudtrail",
            "4jhzXFO2Jlvu2b3y",
            "123456789012",
        ),
        (
            "my-bucket/AWSLogs/123456789012/CloudTrail/us-gov-east-1/2022/01/24/123456789012_CloudTrail_us-gov-east-1_20220124T0000Z_4jhzXFO2Jlvu2b3y.json.gz",
            "s3_cloudtrail",
            "4jhzXFO2Jlvu2b3y",
            "123456789012",
        ),
        (
            "my-bucket/AWSLogs/o-test123456/123456789012/CloudTrail/us-east-1/2022/01/24/123456789012_CloudTrail_us-east-1_20220124T0000Z_4jhzXFO2Jlvu2b3y.json.gz",
            "s3_cloudtrail",
            "4jhzXFO2Jlvu2b3y",
            "123456789012",
        ),
        (
            "AWSLogs/123456789012/CloudTrail-Insight/us-east-1/2022/01/24/123456789012_CloudTrail-Insight_us-east-1_20220124T0000Z_4jhzXFO2Jlvu2b3y.json.gz",
            "s3_cloudtrail",
            "4jhzXFO2Jlvu2b3y",
            "123456789012",
        ),
    ]);
    for service in ["CloudTrail-NetworkActivity", "CloudTrail-Aggregated"] {
        let key = format!(
            "AWSLogs/o-test123456/123456789012/{service}/us-east-1/2026/03/04/123456789012_{service}_us-east-1_20260304T0510Z_4jhzXFO2Jlvu2b3y.json.gz"
        );
        let expected = upstream("s3_cloudtrail", "4jhzXFO2Jlvu2b3y", "123456789012");
        assert_eq!(labels(&key), expected, "{key}");
    }
    for digest in [
        "AWSLogs/123456789012/CloudTrail-Digest/us-east-1/2022/01/24/123456789012_CloudTrail-Digest_us-east-1_20220124T0000Z_4jhzXFO2Jlvu2b3y.json.gz",
        "p/AWSLogs/o-test123456/123456789012/CloudTrail-Digest/us-east-1/2022/01/24/123456789012_CloudTrail-Digest_us-east-1_my-trail_us-east-1_20220124T000000Z.json.gz",
    ] {
        assert!(
            matches!(classify(digest), Classified::Skipped(Skipped::Digest)),
            "{digest}"
        );
    }
}

#[test]
fn waf_guardduty_msk_and_config() {
    expect(&[
        (
            "prefix/AWSLogs/11111111111/WAFLogs/us-east-1/TEST-WEBACL/2021/10/28/19/50/11111111111_waflogs_us-east-1_TEST-WEBACL_20211028T1950Z_e0ca43b5.log.gz",
            "s3_waf",
            "TEST-WEBACL",
            "11111111111",
        ),
        (
            "my prefix/AWSLogs/11111111111/WAFLogs/us-gov-east-1/my_acl/2021/10/28/19/50/11111111111_waflogs_us-gov-east-1_my_acl_20211028T1950Z_e0ca43b5.log.gz",
            "s3_waf",
            "my_acl",
            "11111111111",
        ),
        (
            "AWSLogs/11111111111/WAFLogs/cloudfront/TEST-WEBACL/2021/10/28/19/50/11111111111_waflogs_cloudfront_TEST-WEBACL_20211028T1950Z_e0ca43b5.log.gz",
            "s3_waf",
            "TEST-WEBACL",
            "11111111111",
        ),
        (
            "AWSLogs/123456789012/GuardDuty/us-east-1/2024/05/30/07a3f2ce-1485-3031-b842-e1f324c4a48d.jsonl.gz",
            "s3_guardduty",
            "",
            "123456789012",
        ),
        (
            "prefix/AWSLogs/111111111111/KafkaBrokerLogs/eu-south-2/msk-test-name-7f6b9b77-24f9-4921-87b6-d29a6401e292-3/2025-07-04-11/Broker-1_11-55_cab960bb.log.gz",
            "s3_msk",
            "msk-test-name",
            "111111111111",
        ),
        (
            "p/AWSLogs/123456789012/Config/eu-west-1/2016/9/27/ConfigHistory/123456789012_Config_eu-west-1_ConfigHistory_AWS::EC2::Instance_20160927T195818Z_20160927T195818Z_1.json.gz",
            "s3_config",
            "ConfigHistory",
            "123456789012",
        ),
        (
            "AWSLogs/123456789012/Config/eu-west-1/2026/3/4/OversizedChangeNotification/AWS::ElasticLoadBalancingV2::LoadBalancer/arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/shop/0a1b2c3d/123456789012_Config_eu-west-1_ChangeNotification_AWS::ElasticLoadBalancingV2::LoadBalancer_arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/shop/0a1b2c3d_20260304T050608Z_1772600768123.json.gz",
            "s3_config",
            "OversizedChangeNotification",
            "123456789012",
        ),
        (
            "AWSLogs/123456789012/Config/eu-west-1/2016/9/27/ConfigSnapshot/123456789012_Config_eu-west-1_ConfigSnapshot_20160927T195818Z_0a1b2c3d-0000-1111-2222-333344445555.json.gz",
            "s3_config",
            "ConfigSnapshot",
            "123456789012",
        ),
    ]);
}

#[test]
fn security_lake() {
    let day = "region=eu-west-1/accountId=123456789012/eventDay=20260304";
    for (folder, src) in [
        ("aws/VPC_FLOW/2.0", "VPC_FLOW"),
        ("aws/CLOUD_TRAIL_MGMT/1.0", "CLOUD_TRAIL_MGMT"),
        ("aws/ROUTE53", "ROUTE53"),
        ("ext/my.own_source-2", "my.own_source-2"),
        ("ext/own/1.0", "own"),
        ("copy/of/aws/LAMBDA_EXECUTION/2.0", "LAMBDA_EXECUTION"),
    ] {
        let key = format!("{folder}/{day}/0a1b2c3d.gz.parquet");
        assert_eq!(
            labels(&key),
            upstream("s3_security_lake", src, "123456789012"),
            "{key}"
        );
    }
    assert_eq!(
        labels("ext/own/region=eu-west-1/accountId=external-id/eventDay=20260304/a.parquet"),
        upstream("s3_security_lake", "own", "external-id")
    );
    for key in [
        "aws/region=eu-west-1/accountId=123456789012/eventDay=20260304/a.parquet",
        "lake/VPC_FLOW/2.0/region=eu-west-1/accountId=123456789012/eventDay=20260304/a.parquet",
        "aws/VPC_FLOW/2.0/region=eu-west-1/accountId=/eventDay=20260304/a.parquet",
        "aws/VPC_FLOW/2.0/region=eu-west-1/accountId=123456789012/eventDay=2026/a.parquet",
        "aws/VPC_FLOW/2.0/accountId=123456789012/region=eu-west-1/eventDay=20260304/a.parquet",
        "aws/VPC_FLOW/2.0/region=eu-west-1/accountId=123456789012/eventDay=20260304/x/a.parquet",
    ] {
        assert!(!labels(key).contains("s3_security_lake"), "{key}");
    }
}
