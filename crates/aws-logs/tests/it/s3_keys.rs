//! The classification of keys.

use aws_logs::s3::{Classified, ObjectType, Skipped, UnknownType, classify};
use proptest::prelude::*;

fn labels(key: &str) -> String {
    match classify(key) {
        Classified::Log(object) => object.labels().to_string(),
        other => format!("{other:?}"),
    }
}

/// Formats upstream's three labels; an empty source or owner gives no label.
fn upstream(token: &str, src: &str, owner: &str) -> String {
    let mut labels = vec![format!(r#"__aws_log_type="{token}""#)];
    if !src.is_empty() {
        labels.push(format!(r#"__aws_{token}="{src}""#));
    }
    if !owner.is_empty() {
        labels.push(format!(r#"__aws_{token}_owner="{owner}""#));
    }
    labels.sort();
    format!("{{{}}}", labels.join(", "))
}

fn expect(table: &[(&str, &str, &str, &str)]) {
    for (key, token, src, owner) in table {
        assert_eq!(labels(key), upstream(token, src, owner), "{key}");
    }
}

#[test]
fn labels_are_written_as_upstream_writes_them() {
    assert_eq!(
        labels(
            "my-bucket/AWSLogs/123456789012/elasticloadbalancing/us-east-1/2022/01/24/123456789012_elasticloadbalancing_us-east-1_app.my-loadbalancer.b13ea9d19f16d015_20220124T0000Z_0.0.0.0_2et2e1mx.log.gz"
        ),
        r#"{__aws_log_type="s3_lb", __aws_s3_lb="my-loadbalancer", __aws_s3_lb_owner="123456789012"}"#
    );
}

#[test]
fn load_balancers() {
    expect(&[
        (
            "AWSLogs/123456789012/elasticloadbalancing/us-east-1/2022/01/24/123456789012_elasticloadbalancing_us-east-1_app.my-lb.b13ea9d19f16d015_20220124T0000Z_0.0.0.0_2et2e1mx.log.gz",
            "s3_lb",
            "my-lb",
            "123456789012",
        ),
        (
            "some/prefix/AWSLogs/123456789012/elasticloadbalancing/us-gov-east-1/2016/05/01/123456789012_elasticloadbalancing_us-gov-east-1_net.nlb-x.1234567890abcdef_201605010000Z_2soosksi.log.gz",
            "s3_lb",
            "nlb-x",
            "123456789012",
        ),
        (
            "AWSLogs/123456789012/elasticloadbalancing/us-west-2/2014/02/15/123456789012_elasticloadbalancing_us-west-2_my-loadbalancer_20140215T2340Z_172.160.001.192_20sg8hgm.log",
            "s3_lb",
            "my-loadbalancer",
            "123456789012",
        ),
        // Upstream takes the first for the application load balancer `server`, the second for the network
        // load balancer `work-x`.
        (
            "AWSLogs/123456789012/elasticloadbalancing/us-west-2/2014/02/15/123456789012_elasticloadbalancing_us-west-2_appserver_20140215T2340Z_172.160.001.192_20sg8hgm.log",
            "s3_lb",
            "appserver",
            "123456789012",
        ),
        (
            "AWSLogs/123456789012/elasticloadbalancing/us-west-2/2014/02/15/123456789012_elasticloadbalancing_us-west-2_network-x_20140215T2340Z_172.160.001.192_20sg8hgm.log",
            "s3_lb",
            "network-x",
            "123456789012",
        ),
        (
            "AWSLogs/123456789012/elasticloadbalancing/us-west-2/2014/02/15/123456789012_elasticloadbalancing_us-west-2_app_20140215T2340Z_172.160.001.192_20sg8hgm.log",
            "s3_lb",
            "app",
            "123456789012",
        ),
        (
            "AWSLogs/123456789012/elasticloadbalancing/eu-west-1/2026/03/04/health_check_log_123456789012_elasticloadbalancing_eu-west-1_app.shop.0a1b2c3d4e5f6071_20260304T0505Z_10.0.3.4_2et2e1mx.log.gz",
            "s3_lb",
            "shop",
            "123456789012",
        ),
        (
            "AWSLogs/123456789012/elasticloadbalancing/eu-west-1/2026/03/04/conn_log_123456789012_elasticloadbalancing_eu-west-1_app.shop.0a1b2c3d4e5f6071_20260304T0505Z_10.0.3.4_2et2e1mx.log.gz",
            "s3_lb",
            "shop",
            "123456789012",
        ),
        (
            "AWSLogs/123456789012/elasticloadbalancing/eu-west-1/2026/03/04/conn_log.123456789012_elasticloadbalancing_eu-west-1_app.shop.0a1b2c3d4e5f6071_20260304T0505Z_10.0.3.4_2et2e1mx.log.gz",
            "s3_lb",
            "shop",
            "123456789012",
        ),
        // A prefix that has the layout itself.
        (
            "AWSLogs/backup/AWSLogs/123456789012/elasticloadbalancing/eu-west-1/2026/03/04/123456789012_elasticloadbalancing_eu-west-1_app.shop.0a1b2c3d4e5f6071_20260304T0505Z_10.0.3.4_2et2e1mx.log.gz",
            "s3_lb",
            "shop",
            "123456789012",
        ),
    ]);
}

#[test]
fn load_balancers_in_folders_that_the_user_chose() {
    let file = "123456789012_elasticloadbalancing_eu-west-1_app.shop.0a1b2c3d4e5f6071_20260304T0505Z_2et2e1mx.log.gz";
    for folder in [
        "",
        "edge/",
        "edge/2026/03/04/05/",
        "AWSLogs/123456789012/elasticloadbalancing/",
        "AWSLogs/aws-account-id=123456789012/aws-service=elasticloadbalancing/aws-region=eu-west-1/year=2026/month=03/day=04/hour=05/",
    ] {
        for prefix in ["", "conn_log_", "health_check_log_"] {
            let key = format!("{folder}{prefix}{file}");
            assert_eq!(labels(&key), upstream("s3_lb", "shop", "123456789012"), "{key}");
        }
    }
}

#[test]
fn flow_logs() {
    let file = "123456789012_vpcflowlogs_us-east-1_fl-1234abcd_20180620T1620Z_fe123456.log.gz";
    for folder in [
        "AWSLogs/123456789012/vpcflowlogs/us-east-1/2018/06/20",
        "my-bucket/AWSLogs/123456789012/vpcflowlogs/us-east-1/2018/06/20",
        "AWSLogs/123456789012/vpcflowlogs/us-east-1/2018/06/20/16",
        "p/AWSLogs/aws-account-id=123456789012/aws-service=vpcflowlogs/aws-region=us-east-1/year=2018/month=06/day=20",
        "AWSLogs/aws-account-id=123456789012/aws-service=vpcflowlogs/aws-region=us-east-1/year=2018/month=06/day=20/hour=16",
    ] {
        let key = format!("{folder}/{file}");
        assert_eq!(
            labels(&key),
            upstream("s3_vpc_flow", "fl-1234abcd", "123456789012"),
            "{key}"
        );
    }
    expect(&[(
        "AWSLogs/123456789012/vpcflowlogs/us-gov-east-1/2022/01/24/123456789012_vpcflowlogs_us-gov-east-1_fl-1234abcd_20180620T1620Z_fe123456.log.gz",
        "s3_vpc_flow",
        "fl-1234abcd",
        "123456789012",
    )]);
    let parquet = "AWSLogs/123456789012/vpcflowlogs/us-east-1/2018/06/20/123456789012_vpcflowlogs_us-east-1_fl-1234abcd_20180620T1620Z_fe123456.log.parquet";
    assert!(matches!(
        classify(parquet),
        Classified::Unknown(UnknownType::Parquet)
    ));
}

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
    let parquet = "AWSLogs/123456789012/CloudFront/E2K2LNL5N3WR51.2026-03-04-05.a10a8496.parquet";
    assert!(matches!(
        classify(parquet),
        Classified::Unknown(UnknownType::Parquet)
    ));
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
fn resolver_firewall_and_accelerator() {
    expect(&[
        (
            "p/AWSLogs/123456789012/vpcdnsquerylogs/vpc-0a1b/2026/03/04/vpc-0a1b_vpcdnsquerylogs_123456789012_20260304T0505Z_0a1b2c3d.log.gz",
            "s3_r53_resolver",
            "vpc-0a1b",
            "123456789012",
        ),
        (
            "AWSLogs/123456789012/network-firewall/alert/eu-west-1/fw/2026/03/04/05/123456789012_network-firewall_alert_eu-west-1_fw_202603040505_0a1b2c3d.log.gz",
            "s3_network_firewall",
            "fw",
            "123456789012",
        ),
        (
            "AWSLogs/123456789012/globalaccelerator/us-west-2/2026/03/04/123456789012_globalaccelerator_aaaa-bbbb_fl_20260304T0505Z_0a1b2c3d.log.gz",
            "s3_global_accelerator",
            "aaaa-bbbb",
            "123456789012",
        ),
    ]);
}

#[test]
fn verified_access_and_redshift() {
    for (service, file, src) in [
        (
            "verified-access",
            "vai-0a1b_20260304T0505Z_0a1b2c3d.log.gz",
            "vai-0a1b",
        ),
        ("verifiedaccess", "20260304T0505Z_0a1b2c3d.log.gz", ""),
    ] {
        let key = format!(
            "AWSLogs/123456789012/{service}/us-east-1/2026/03/04/05/123456789012_{service}_us-east-1_{file}"
        );
        assert_eq!(
            labels(&key),
            upstream("s3_verified_access", src, "123456789012"),
            "{key}"
        );
    }
    expect(&[(
        "AWSLogs/123456789012/redshift/us-east-1/2026/03/04/123456789012_redshift_us-east-1_cluster_connectionlog_2026-03-04T05:06.gz",
        "s3_redshift",
        "cluster",
        "123456789012",
    )]);
}

#[test]
fn cloudwatch_export_and_client_vpn() {
    expect(&[
        (
            "export/0a1b2c3d-0000-1111-2222-333344445555/my-stream/000000.gz",
            "s3_cloudwatch_export",
            "my-stream",
            "",
        ),
        (
            "0a1b2c3d-0000-1111-2222-333344445555/my-stream/000012.gz",
            "s3_cloudwatch_export",
            "my-stream",
            "",
        ),
        (
            "AWSLogs/123456789012/client-vpn/us-east-1/2026/03/04/05/123456789012_client-vpn_us-east-1_20260304T0505Z_0a1b2c3d.log.gz",
            "s3_client_vpn",
            "",
            "123456789012",
        ),
    ]);
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

#[test]
fn markers_are_skipped() {
    for key in [
        "AWSLogs/123456789012/ELBAccessLogTestFile",
        "p/AWSLogs/123456789012/ELBConnectionLogTestFile",
        "AWSLogs/123456789012/ELBHealthCheckLogTestFile",
        "AWSLogs/123456789012/Config/ConfigWritabilityCheckFile",
        "exports/aws-logs-write-test",
        "aws-logs-write-test",
        "AWSLogs/123456789012/BedrockModelInvocationLogs/amazon-bedrock-logs-permission-check",
        "AWSLogs/123456789012/elasticloadbalancing/",
        "folder/",
        "/",
        "",
    ] {
        assert!(
            matches!(classify(key), Classified::Skipped(Skipped::Marker)),
            "{key}"
        );
    }
}

#[test]
fn other_keys_are_unknown() {
    for key in [
        "some-object.json",
        "SOME-PREFIX/AWSLogs/ACCOUNT-ID/vpcflowlogs/us-east-1/2023/01/18/end-of-filename.log.gz",
        "AWSLogs/123456789012/vpcflowlogs/us-east-1/123456789012_vpcflowlogs_us-east-1_fl-1_20180620T1620Z_f.log.gz",
        "AWSLogs/123456789012/CloudTrail-Lake/Query/2026/03/04/0a1b2c3d/result_1.csv.gz",
        "AWSLogs/123456789012/CloudTrail-Lake/Query/2026/03/04/0a1b2c3d/result_sign.json",
        "2026/03/04/05/aws-waf-logs-stream-1-2026-03-04-05-06-07-0a1b2c3d-0000-1111-2222-333344445555",
        "p/2026/03/04/05/stream-1-2026-03-04-05-06-07-0a1b2c3d-0000-1111-2222-333344445555.gz",
        "export/0a1b2c3d-0000-1111-2222-333344445555/000000.gz",
        "export/0a1b2c3d-0000-1111-2222-333344445555/my-stream/data/000000.gz",
        "export/task/my-stream/000000.gz",
        "export/0a1b2c3d-0000-1111-2222-333344445555/my-stream/000000.csv.gz",
        "AWSLogs/123456789012/ClientVPN/us-east-1/2026/03/04/123456789012_VPN_us-east-1_20260304T0505Z_0a1b2c3d.log.gz",
        "edge/123456789012_elasticloadbalancing_eu-west-1_old-lb_20260304T0505Z_10.0.3.4_2et2e1mx.log",
        "edge/123456789012_elasticloadbalancing_eu-west-1_app.shop_20260304T0505Z_2et2e1mx.log.gz",
        "edge/123456789012_elasticloadbalancing_eu-west-1_app.shop.0a1b2c3d4e5f6071_report.csv",
        "edge/123456789012_other_eu-west-1_app.shop.0a1b2c3d4e5f6071_20260304T0505Z_2et2e1mx.log.gz",
        "AWSLogs/123456789012/S3AccessLogs/eu-west-1/report.csv",
        "AWSLogs/123456789012/S3/eu-west-1/123456789012_S3_eu-west-1_my-bucket_20260304T0505Z_0a1b2c3d.log.gz",
        "AWSLogs/123456789012/CloudTrail-Other/us-east-1/2026/03/04/123456789012_CloudTrail-Other_us-east-1_20260304T0510Z_4jhzXFO2Jlvu2b3y.json.gz",
        "AWSLogs/123456789012/Config/eu-west-1/OversizedChangeNotification/a.json.gz",
        "AWSLogs/123456789012/vpcdnsquerylogs/vpc-0a1b/2026/03/04/vpc-0a1c_vpcdnsquerylogs_123456789012_20260304T0505Z_0a1b2c3d.log.gz",
        "AWSLogs/123456789012/network-firewall/other/eu-west-1/fw/2026/03/04/05/123456789012_network-firewall_other_eu-west-1_fw_20260304T0505Z_0a1b2c3d.log.gz",
        "AWSLogs/123456789012/network-firewall/alert/eu-west-1/fw/2026/03/04/05/123456789012_network-firewall_flow_eu-west-1_fw_20260304T0505Z_0a1b2c3d.log.gz",
        "AWSLogs/123456789012/globalaccelerator/us-west-2/2026/03/04/123456789012_accelerator_aaaa-bbbb_fl_20260304T0505Z_0a1b2c3d.log.gz",
        "AWSLogs/123456789012/VpcLattice/AccessLogs/us-east-1/2026/03/04/svc-1/123456789012_VpcLatticeAccessLogs_us-east-1_svc-12_20260304T0505Z_0a1b2c3d.json.gz",
        "AWSLogs/123456789012/verified-access/us-east-1/report.csv",
        "AWSLogs/123456789012/BedrockModelInvocationLogs/us-east-1/2026/03/04/05/data/0a1b2c3d_input.json.gz",
        "AWSLogs/123456789012/BedrockModelInvocationLogs/us-east-1/2026/03/04/05/report.csv",
        "AWSLogs/123456789012/redshift/us-east-1/2026/03/04/123456789012_redshift_us-east-1_cluster_querylog_2026-03-04T05:06.gz",
        "AWSLogs/123456789012/redshift/us-east-1/123456789012_redshift_us-east-1_cluster_userlog_2026-03-04T05:06.gz",
        "logs/e1.2024-01-02-03.abc.gz",
        "123456789012/streams/bucket/2023/03/01/2023-03-01-21-32-16-abc",
        "AWSLogs/",
        "é/AWSLogs/é=é/é",
    ]
    .into_iter()
    .filter(|key| !key.ends_with('/'))
    {
        assert!(
            matches!(classify(key), Classified::Unknown(UnknownType::Key)),
            "{key}: {:?}",
            classify(key)
        );
    }
}

#[test]
fn objects_of_unknown_type_can_be_text() {
    assert_eq!(
        ObjectType::text("my-bucket").labels().to_string(),
        r#"{__aws_log_type="s3_text", __aws_s3_text="my-bucket"}"#
    );
}

proptest! {
    #[test]
    fn no_key_panics(key in any::<String>()) {
        let _ = classify(&key);
    }

    #[test]
    fn no_key_like_a_real_one_panics(parts in proptest::collection::vec(
        proptest::sample::select(vec![
            "AWSLogs", "/", "/", "/", "123456789012", "o-test123456", "aws-account-id=", "aws-service=",
            "elasticloadbalancing", "vpcflowlogs", "CloudTrail", "WAFLogs", "GuardDuty", "KafkaBrokerLogs",
            "Config", "us-east-1", "2022", "01", "_", "_", ".", "-", "app.", "Broker-", "é", "=",
            "vpcdnsquerylogs", "network-firewall", "alert", "globalaccelerator", "VpcLattice", "AccessLogs",
            "VpcLatticeAccessLogs", "verified-access", "BedrockModelInvocationLogs", "redshift", "userlog",
            "20260304T050607Z", "2023-03-01-21-32-16-", "E568B2907131C0C0", "7f6b9b77-24f9-4921-87b6-d29a6401e292", "conn_log_",
        ]),
        0..30,
    )) {
        let _ = classify(&parts.concat());
    }
}
