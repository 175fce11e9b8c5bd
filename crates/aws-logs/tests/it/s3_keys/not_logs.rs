//! Keys that are not of a log: markers, other keys, and any text.

use aws_logs::s3::{Classified, ObjectType, Skipped, UnknownType, classify};
use proptest::prelude::*;

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
