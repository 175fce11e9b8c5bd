//! Keys of load balancers, flow logs, DNS, firewalls and VPNs.

use super::{expect, labels, upstream};

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
    for folder in [
        "AWSLogs/123456789012/vpcflowlogs/us-east-1/2018/06/20",
        "AWSLogs/123456789012/vpcflowlogs/us-east-1/2018/06/20/16",
        "AWSLogs/aws-account-id=123456789012/aws-service=vpcflowlogs/aws-region=us-east-1/year=2018/month=06/day=20/hour=16",
    ] {
        let file = "123456789012_vpcflowlogs_us-east-1_fl-1234abcd_20180620T1620Z_fe123456.log.parquet";
        assert_eq!(
            labels(&format!("{folder}/{file}")),
            upstream("s3_vpc_flow", "fl-1234abcd", "123456789012"),
            "{folder}"
        );
    }
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
