//! An object of every type, with the expected entries.

use testkit::events::gzip;
use testkit::s3::Object;

/// The time when the objects were written, in seconds.
const WRITTEN: i64 = 1_772_601_000;
/// 2026-03-04T05:06:07Z in nanoseconds, the time of most sample lines.
const AT: i128 = 1_772_600_767_000_000_000;
const MICROS: i128 = 123_456_000;

/// An object and its expected entries.
pub struct Sample {
    pub key: &'static str,
    text: String,
    /// The labels of its stream.
    pub labels: &'static str,
    /// The time in nanoseconds and the line of each entry.
    pub lines: Vec<(i128, String)>,
}

/// Returns a sample of every type, and more samples of types with several formats.
pub fn samples() -> Vec<Sample> {
    let kinds = [load_balancers(), flow_logs(), json_records(), others()];
    kinds.into_iter().flatten().collect()
}

impl Sample {
    /// Returns an object that consists of these lines, all of which are shipped.
    fn new(key: &'static str, labels: &'static str, lines: &[(i128, &str)]) -> Self {
        Self::with_header(key, labels, "", lines)
    }

    /// Returns the object. Its first bytes and never its name decide whether it is gzip.
    pub fn object(&self) -> Object {
        let bytes = match self.key.ends_with(".gz") {
            true => gzip(self.text.as_bytes()),
            false => self.text.clone().into_bytes(),
        };
        Object::new(bytes).last_modified(WRITTEN)
    }

    fn with_header(key: &'static str, labels: &'static str, header: &str, lines: &[(i128, &str)]) -> Self {
        let text: String = lines.iter().map(|(_, line)| format!("{line}\n")).collect();
        Self {
            key,
            text: header.to_owned() + &text,
            labels,
            lines: lines
                .iter()
                .map(|(time, line)| (*time, (*line).to_owned()))
                .collect(),
        }
    }
}

fn load_balancers() -> Vec<Sample> {
    let alb = r#"https 2026-03-04T05:06:07.123456Z app/shop/0a1b2c3d4e5f6071 203.0.113.7:50111 10.0.3.4:8080 0.001 0.012 0.000 200 200 712 1534 "GET https://shop.example.com:443/cart?id=7 HTTP/1.1" "curl/8.5.0" ECDHE-RSA-AES128-GCM-SHA256 TLSv1.2 arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/web/0123456789abcdef "Root=1-65e5a1b2-0123456789abcdef01234567" "shop.example.com" "session-reused" 1 2026-03-04T05:06:07.110000Z "forward" "-" "-" "10.0.3.4:8080" "200" "-" "-" TID_0a1b2c3d4e5f "-" "-" "-""#;
    let connection = r#"2026-03-04T05:06:07.123456Z 203.0.113.7 50111 443 TLSv1.3 TLS_AES_128_GCM_SHA256 4.012 "CN=client,O=Example" NotBefore=2026-01-01T00:00:00Z;NotAfter=2027-01-01T00:00:00Z 0ABC Success TID_0a1b2c3d4e5f"#;
    let health_check =
        "http 2026-03-04T05:06:07.123456Z 0.002 10.0.3.4:8080 targetgroup/web/0123456789abcdef PASS 200 -";
    let nlb = r#"tls 2.0 2026-03-04T05:06:07 net/edge/0a1b2c3d4e5f6071 9f8e7d6c5b4a3928 203.0.113.7:50111 10.0.1.9:443 31 9 812 2210 - arn:aws:acm:eu-west-1:111122223333:certificate/aaaa-bbbb - ECDHE-RSA-AES128-GCM-SHA256 tlsv12 - api.example.com h2 h2 "h2","http/1.1" 2026-03-04T05:06:06"#;
    let classic = r#"2026-03-04T05:06:07.123456Z old-lb 203.0.113.7:50111 10.0.3.4:80 0.000073 0.001048 0.000057 200 200 0 29 "GET http://old.example.com:80/ HTTP/1.1" "curl/8.5.0" - -"#;
    let shop = r#"{__aws_log_type="s3_lb", __aws_s3_lb="shop", __aws_s3_lb_owner="111122223333"}"#;
    vec![
        Sample::new(
            "AWSLogs/111122223333/elasticloadbalancing/eu-west-1/2026/03/04/111122223333_elasticloadbalancing_eu-west-1_app.shop.0a1b2c3d4e5f6071_20260304T0510Z_10.0.3.4_2et2e1mx.log.gz",
            shop,
            &[(AT + MICROS, alb)],
        ),
        Sample::new(
            "AWSLogs/111122223333/elasticloadbalancing/eu-west-1/2026/03/04/conn_log_111122223333_elasticloadbalancing_eu-west-1_app.shop.0a1b2c3d4e5f6071_20260304T0510Z_10.0.3.4_2et2e1mx.log.gz",
            shop,
            &[(AT + MICROS, connection)],
        ),
        Sample::new(
            "AWSLogs/111122223333/elasticloadbalancing/eu-west-1/2026/03/04/health_check_log_111122223333_elasticloadbalancing_eu-west-1_app.shop.0a1b2c3d4e5f6071_20260304T0510Z_10.0.3.4_2et2e1mx.log.gz",
            shop,
            &[(AT + MICROS, health_check)],
        ),
        Sample::new(
            "AWSLogs/111122223333/elasticloadbalancing/eu-west-1/2026/03/04/111122223333_elasticloadbalancing_eu-west-1_net.edge.0a1b2c3d4e5f6071_20260304T0510Z_2et2e1mx.log.gz",
            r#"{__aws_log_type="s3_lb", __aws_s3_lb="edge", __aws_s3_lb_owner="111122223333"}"#,
            &[(AT, nlb)],
        ),
        Sample::new(
            "AWSLogs/111122223333/elasticloadbalancing/eu-west-1/2026/03/04/111122223333_elasticloadbalancing_eu-west-1_old-lb_20260304T0510Z_10.0.3.4_2et2e1mx.log",
            r#"{__aws_log_type="s3_lb", __aws_s3_lb="old-lb", __aws_s3_lb_owner="111122223333"}"#,
            &[(AT + MICROS, classic)],
        ),
    ]
}

fn flow_logs() -> Vec<Sample> {
    let start = 1_772_600_700_000_000_000;
    let labels = r#"{__aws_log_type="s3_vpc_flow", __aws_s3_vpc_flow="fl-0a1b2c3d", __aws_s3_vpc_flow_owner="111122223333"}"#;
    let default = "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status\n";
    let line = "2 111122223333 eni-0a1b2c3d 10.0.1.5 203.0.113.7 443 50111 6 12 4321 1772600700 1772600760 ACCEPT OK";
    let no_data = "2 111122223333 eni-0a1b2c3d - - - - - - - - - - SKIPDATA";
    vec![
        Sample::with_header(
            "AWSLogs/111122223333/vpcflowlogs/eu-west-1/2026/03/04/111122223333_vpcflowlogs_eu-west-1_fl-0a1b2c3d_20260304T0505Z_0a1b2c3d.log.gz",
            labels,
            default,
            // The second line has no time. It takes that of the line before it, plus 1 ns as the first such line.
            &[(start, line), (start + 1, no_data)],
        ),
        Sample::with_header(
            "AWSLogs/aws-account-id=111122223333/aws-service=vpcflowlogs/aws-region=eu-west-1/year=2026/month=03/day=04/hour=05/111122223333_vpcflowlogs_eu-west-1_fl-0a1b2c3d_20260304T0505Z_0a1b2c3d.log.gz",
            labels,
            "srcaddr end start\n",
            &[(start, "10.0.1.5 1772600760 1772600700")],
        ),
    ]
}

fn json_records() -> Vec<Sample> {
    let cloudtrail = r#"{"eventVersion":"1.09","eventTime":"2026-03-04T05:06:07Z","eventName":"RunInstances","big":9007199254740993,"html":"<&>","nested":{"eventTime":"1999-01-01T00:00:00Z"}}"#;
    let pretty = "{\n  \"eventName\": \"Get\",\n  \"eventTime\": \"2026-03-04T05:06:07Z\"\n}";
    let labels = r#"{__aws_log_type="s3_cloudtrail", __aws_s3_cloudtrail="4jhzXFO2Jlvu2b3y", __aws_s3_cloudtrail_owner="111122223333"}"#;
    let of = |key| Sample {
        key,
        text: format!(r#"{{"Records":[{cloudtrail},{pretty}]}}"#),
        labels,
        lines: vec![(AT, cloudtrail.to_owned()), (AT, pretty.to_owned())],
    };
    let config =
        r#"{"configurationItemCaptureTime":"2026-03-04T05:06:07.123Z","resourceType":"AWS::EC2::Instance"}"#;
    let guardduty = r#"{"schemaVersion":"2.0","accountId":"111122223333","service":{"eventLastSeen":"2026-03-04T05:00:00.000Z"},"createdAt":"2026-03-04T05:01:00.000Z","updatedAt":"2026-03-04T05:06:07.123Z"}"#;
    let waf = r#"{"timestamp":1772600767005,"formatVersion":1,"webaclId":"arn","action":"ALLOW"}"#;
    vec![
        of(
            "AWSLogs/111122223333/CloudTrail/eu-west-1/2026/03/04/111122223333_CloudTrail_eu-west-1_20260304T0510Z_4jhzXFO2Jlvu2b3y.json.gz",
        ),
        of(
            "trail/AWSLogs/o-a1b2c3d4e5/111122223333/CloudTrail/eu-west-1/2026/03/04/111122223333_CloudTrail_eu-west-1_20260304T0510Z_4jhzXFO2Jlvu2b3y.json.gz",
        ),
        Sample {
            key: "AWSLogs/111122223333/Config/eu-west-1/2026/3/4/ConfigHistory/111122223333_Config_eu-west-1_ConfigHistory_AWS::EC2::Instance_20260304T050607Z_20260304T060607Z_1.json.gz",
            text: format!(r#"{{"fileVersion":"1.0","configurationItems":[{config}]}}"#),
            labels: r#"{__aws_log_type="s3_config", __aws_s3_config="ConfigHistory", __aws_s3_config_owner="111122223333"}"#,
            lines: vec![(AT + 123_000_000, config.to_owned())],
        },
        Sample::new(
            "AWSLogs/111122223333/GuardDuty/eu-west-1/2026/03/04/07a3f2ce-1485-3031-b842-e1f324c4a48d.jsonl.gz",
            r#"{__aws_log_type="s3_guardduty", __aws_s3_guardduty_owner="111122223333"}"#,
            &[(AT + 123_000_000, guardduty)],
        ),
        // Upstream reads these 5 ms as 500 ms.
        Sample::new(
            "AWSLogs/111122223333/WAFLogs/eu-west-1/edge/2026/03/04/05/05/111122223333_waflogs_eu-west-1_edge_20260304T0505Z_e0ca43b5.log.gz",
            r#"{__aws_log_type="s3_waf", __aws_s3_waf="edge", __aws_s3_waf_owner="111122223333"}"#,
            &[(AT + 5_000_000, waf)],
        ),
    ]
}

fn others() -> Vec<Sample> {
    let cloudfront = "2026-03-04\t05:06:07\tCDG50-C1\t2390\t203.0.113.7\tGET\td111abc.cloudfront.net\t/index.html\t200\t-\tcurl/8.5.0";
    let access = r#"79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be my-bucket [04/Mar/2026:06:06:07 +0100] 203.0.113.7 - 3E57427F3EXAMPLE REST.GET.OBJECT a.txt "GET /my-bucket/a.txt HTTP/1.1" 200"#;
    let msk = "[2026-03-04 05:06:07,123] INFO [GroupCoordinator 1]: Preparing to rebalance group g1 (kafka.coordinator.group.GroupCoordinator)";
    vec![
        Sample::with_header(
            "cdn/E2K2LNL5N3WR51.2026-03-04-05.a10a8496.gz",
            r#"{__aws_log_type="s3_cloudfront", __aws_s3_cloudfront="E2K2LNL5N3WR51", __aws_s3_cloudfront_owner="cdn"}"#,
            "#Version: 1.0\n#Fields: date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status cs(Referer) cs(User-Agent)\n",
            &[(AT, cloudfront)],
        ),
        Sample::new(
            "111122223333/eu-west-1/my-bucket/2026/03/04/2026-03-04-05-06-07-E568B2907131C0C0",
            r#"{__aws_log_type="s3_access", __aws_s3_access="my-bucket", __aws_s3_access_owner="111122223333"}"#,
            &[(AT, access)],
        ),
        Sample::new(
            "AWSLogs/111122223333/KafkaBrokerLogs/eu-west-1/orders-7f6b9b77-24f9-4921-87b6-d29a6401e292-3/2026-03-04-05/Broker-1_05-06_cab960bb.log.gz",
            r#"{__aws_log_type="s3_msk", __aws_s3_msk="orders", __aws_s3_msk_owner="111122223333"}"#,
            &[(AT + 123_000_000, msk)],
        ),
    ]
}
